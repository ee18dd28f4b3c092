// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/subject.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "explore/items.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/core/units.hpp"

namespace ridgepoint::explore {
namespace {

Result<Limit> parse_limit(std::string_view text, std::string_view where) {
  const std::size_t at = text.find_first_of("<>");
  if (at == std::string_view::npos) {
    return fail(std::string(where), fmt::format("\"{}\" sets no limit", shown(text)),
                "write fits, or a metric with its limit: tpot<40ms, throughput_per_device>=1000");
  }
  const bool is_upper = text[at] == '<';
  const bool is_closed = at + 1 < text.size() && text[at + 1] == '=';
  const auto metric = parse_metric(trimmed(text.substr(0, at)), where);
  if (!metric) return fail(metric.error());
  const auto value =
      parse_metric_value(*metric, trimmed(text.substr(at + (is_closed ? 2 : 1))), where);
  if (!value) return fail(value.error());
  const Relation relation = is_upper ? (is_closed ? Relation::at_most : Relation::below)
                                     : (is_closed ? Relation::at_least : Relation::above);
  return Limit{*metric, relation, *value, std::string(text)};
}

/// Whether some number keeps to both.
bool agree(const Limit& a, const Limit& b) {
  if (a.metric != b.metric || a.is_upper() == b.is_upper()) return true;
  const Limit& upper = a.is_upper() ? a : b;
  const Limit& lower = a.is_upper() ? b : a;
  const bool are_closed =
      upper.relation == Relation::at_most && lower.relation == Relation::at_least;
  return lower.value < upper.value || (are_closed && lower.value == upper.value);
}

void add_contradictions(const std::vector<Limit>& limits, std::string_view where,
                        Diagnostics& faults) {
  for (std::size_t i = 0; i < limits.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (agree(limits[j], limits[i])) continue;
      faults.push_back(
          {std::string(where),
           fmt::format("nothing keeps to both {} and {}", limits[j].text, limits[i].text),
           "drop one of the two"});
    }
  }
}

}  // namespace

bool Limit::holds(double number) const {
  switch (relation) {
    case Relation::below:
      return number < value;
    case Relation::at_most:
      return number <= value;
    case Relation::above:
      return number > value;
    case Relation::at_least:
      break;
  }
  return number >= value;
}

Result<Subject> parse_subject(std::string_view text, std::string_view where) {
  Subject subject;
  Diagnostics faults;
  for (const std::string_view item : items_of(text)) {
    if (item == "fits") {
      subject.fits = true;
    } else if (item == "any" && items_of(text).size() == 1) {
      break;
    } else if (auto limit = parse_limit(item, where)) {
      subject.limits.push_back(std::move(*limit));
    } else {
      faults.insert(faults.end(), limit.error().begin(), limit.error().end());
    }
  }
  add_contradictions(subject.limits, where, faults);
  if (!faults.empty()) return fail(std::move(faults));
  return subject;
}

Result<Objective> parse_objective(std::string_view text, std::string_view where) {
  constexpr std::string_view kMax = "max:";
  constexpr std::string_view kMin = "min:";
  const std::string_view all = trimmed(text);
  const bool is_max = all.starts_with(kMax);
  const bool is_said = is_max || all.starts_with(kMin);
  const auto metric = parse_metric(trimmed(is_said ? all.substr(kMax.size()) : all), where);
  if (!metric) return fail(metric.error());
  return Objective{*metric, is_said ? is_max : facts(*metric).is_better_high};
}

std::string name(const Objective& objective) {
  return fmt::format("{}:{}", objective.is_max ? "max" : "min", facts(objective.metric).name);
}

Result<std::vector<Objective>> parse_objectives(std::string_view text, std::string_view where) {
  constexpr std::size_t kFewest = 2;
  constexpr std::size_t kMost = 4;
  std::vector<Objective> objectives;
  Diagnostics faults;
  for (const std::string_view item : items_of(text)) {
    const auto objective = parse_objective(item, where);
    if (!objective) {
      faults.insert(faults.end(), objective.error().begin(), objective.error().end());
      continue;
    }
    const bool is_known = std::any_of(objectives.begin(), objectives.end(), [&](const auto& each) {
      return each.metric == objective->metric;
    });
    if (is_known) {
      faults.push_back({std::string(where),
                        fmt::format("{} stands there twice", facts(objective->metric).name),
                        "name each metric once"});
    }
    objectives.push_back(*objective);
  }
  if (faults.empty() && (objectives.size() < kFewest || objectives.size() > kMost)) {
    faults.push_back({std::string(where), fmt::format("a front of {} metrics", objectives.size()),
                      "name two to four: tpot,throughput_per_device"});
  }
  if (!faults.empty()) return fail(std::move(faults));
  return objectives;
}

}  // namespace ridgepoint::explore
