// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/inverse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/text.hpp"

namespace ridgepoint::explore {
namespace {

using predict::Estimate;
using predict::Parameter;
using predict::Reading;

constexpr std::string_view kFor = "--for";

struct Range {
  double low;
  double high;
};

/// Values at which the goal is tried first, rising to where nothing changes any more. Times only
/// fall with a rate, so that its ends are enough; where steps are added as a whole number grows
/// they do not change in one direction alone.
std::vector<double> grid_of(const Parameter& parameter, Reading reading) {
  if (!parameter.is_whole()) {
    const double reach = reading == Reading::expected ? 0x1p10 : 0x1p60;
    return {parameter.value / reach, parameter.value * reach};
  }
  const bool is_far = parameter.name == "batch" && reading != Reading::expected;
  const int last = is_far ? 30 : 20;
  std::vector<double> grid;
  for (int power = 0; power <= last; ++power) grid.push_back(std::ldexp(1.0, power));
  return grid;
}

/// Half way between two values, by bits of doubles: equal to one where no other is between them.
double between(const Parameter& parameter, const Range& range) {
  if (parameter.is_whole()) return std::floor((range.low + range.high) / 2);
  const auto low = std::bit_cast<std::uint64_t>(range.low);
  const auto high = std::bit_cast<std::uint64_t>(range.high);
  return std::bit_cast<double>(low + (high - low) / 2);
}

/// Answers with the unknown at any value.
class Search {
 public:
  Search(const model::Architecture& architecture, const hardware::Device& device,
         const InverseQuestion& question, const Parameter& unknown)
      : architecture_(architecture), device_(device), question_(question), unknown_(unknown) {}

  Result<Inverse> solve() const {
    const auto now = at(unknown_.value);
    if (!now) return fail(now.error());
    Inverse answer{question_, unknown_, metric_of(*now), Met::always, 0, 0, 0, *now, {}};
    const std::vector<double> grid = grid_of(unknown_, question_.reading);
    std::vector<bool> met;
    for (std::size_t i = 0; i < grid.size(); ++i) {
      auto point = at(grid[i]);
      if (!point) return fail(point.error());
      met.push_back(is_met(*point));
      const double metric = metric_of(*point);
      if (i > 0 && !is_better(metric, answer.nearest_met)) continue;
      answer.nearest_met = metric;
      answer.nearest_value = grid[i];
      answer.at = std::move(*point);
    }
    find_edge(grid, met, answer);
    return answer;
  }

 private:
  Result<Estimate> at(double value) const {
    hardware::Device device = device_;
    predict::RequestQuestion request = question_.request;
    set_parameter(unknown_, value, device, request);
    return predict::estimate_static(architecture_, device, request);
  }
  double metric_of(const Estimate& answer) const {
    return value_of(question_.goal.metric, times_of(answer, question_.reading));
  }
  bool is_met(const Estimate& answer) const { return question_.goal.is_met_by(metric_of(answer)); }
  bool is_better(double a, double b) const {
    return facts(question_.goal.metric).is_better_high ? a > b : a < b;
  }

  /// Between which two points of the grid the goal begins to be met: the first such place, or the
  /// last one of a goal that is met at the lower end.
  void find_edge(const std::vector<double>& grid, const std::vector<bool>& met,
                 Inverse& answer) const {
    const auto first = std::find(met.begin(), met.end(), true);
    if (first == met.end()) {
      answer.met = Met::never;
      return;
    }
    const bool is_from = !met.front();
    const auto last = std::find(met.rbegin(), met.rend(), true);
    if (!is_from && met.back()) return;
    answer.met = is_from ? Met::from : Met::up_to;
    const auto i = static_cast<std::size_t>(is_from ? first - met.begin() : met.rend() - last);
    answer.value = bisect({grid[i - 1], grid[i]}, is_from);
    answer.at = *at(answer.value);
  }

  /// REQUIRES: the goal is met at one end alone.
  double bisect(Range range, bool is_met_high) const {
    for (;;) {
      const double middle = between(unknown_, range);
      if (middle <= range.low || middle >= range.high) break;
      const auto answer = at(middle);
      const bool is_above = answer && is_met(*answer) == is_met_high;
      (is_above ? range.high : range.low) = middle;
    }
    return is_met_high ? range.high : range.low;
  }

  const model::Architecture& architecture_;
  const hardware::Device& device_;
  const InverseQuestion& question_;
  const Parameter& unknown_;
};

/// The context of the decode step is told by input and output, but can be asked for.
std::vector<Parameter> unknowns_of(std::vector<Parameter> parameters,
                                   const model::Architecture& architecture,
                                   const predict::RequestQuestion& question) {
  std::erase_if(parameters, [](const Parameter& one) { return !can_change(one); });
  if (!question.context) {
    parameters.push_back({predict::ParameterKind::sequence, "context",
                          static_cast<double>(decode_context(architecture, question))});
  }
  return parameters;
}

Result<Parameter> unknown_named(const std::string& text, const std::vector<Parameter>& known) {
  std::vector<std::string> names;
  for (const Parameter& each : known) {
    if (each.name == text) return each;
    names.push_back(each.name);
  }
  return fail(
      std::string(kFor),
      fmt::format("\"{}\" is nothing that these times hang on and that can be given another "
                  "value",
                  shown(text)),
      did_you_mean_or_list(text, names, names));
}

std::vector<std::string> assumptions(const Inverse& answer) {
  std::vector<std::string> sentences{"all else stays as it is"};
  if (answer.question.reading == Reading::expected) {
    sentences.emplace_back(
        "the profile's kernels are taken to reach the same shares of another device's peaks");
  }
  if (answer.unknown.is_whole()) {
    sentences.emplace_back(
        "tried at powers of two, and between two of them by halves: the neighbour of the number "
        "does "
        "not meet the goal");
  }
  return sentences;
}

}  // namespace

bool Goal::is_met_by(double number) const {
  return facts(metric).is_better_high ? number >= value : number <= value;
}

Result<Goal> parse_goal(std::string_view text, std::string_view where) {
  const std::size_t at = text.find('=');
  if (at == std::string_view::npos) {
    return fail(std::string(where), fmt::format("\"{}\" says nothing to solve for", shown(text)),
                "write a metric and what it is to be, tpot=10ms, or an operator and what is to "
                "limit it, attention=compute_bound");
  }
  const auto metric = parse_metric(trimmed(text.substr(0, at)), where);
  if (!metric) return fail(metric.error());
  if (facts(*metric).figure == nullptr) {
    return fail(std::string(where),
                fmt::format("{} is asked for, not answered", facts(*metric).name),
                "name a time, a rate, energy or cost");
  }
  const auto value = parse_metric_value(*metric, trimmed(text.substr(at + 1)), where);
  if (!value) return fail(value.error());
  return Goal{*metric, *value, std::string(text)};
}

Result<Inverse> solve(const model::Architecture& architecture, const hardware::Device& device,
                      const InverseQuestion& question) {
  if (is_unknown(question.goal.metric, predict::running_cost(device))) {
    const bool is_cost = question.goal.metric == Metric::cost;
    return fail(
        device.name, fmt::format("its {} is not known", is_cost ? "price" : "power limit"),
        is_cost ? "give it: --set-device price=\"2.5 $/h\"" : "give it: --set-device power=700W");
  }
  const auto parameters = parameters_of(architecture, device, question.request);
  if (!parameters) return fail(parameters.error());
  const auto unknown =
      unknown_named(question.unknown, unknowns_of(*parameters, architecture, question.request));
  if (!unknown) return fail(unknown.error());
  auto answer = Search(architecture, device, question, *unknown).solve();
  if (answer) answer->assumptions = assumptions(*answer);
  return answer;
}

}  // namespace ridgepoint::explore
