// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/metric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/core/units.hpp"

namespace ridgepoint::explore {
namespace {

std::vector<std::string> names_of_metrics() {
  std::vector<std::string> names;
  names.reserve(kMetrics.size());
  for (const MetricFacts& each : kMetrics) names.emplace_back(each.name);
  return names;
}

}  // namespace

std::optional<Metric> metric_named(std::string_view text) {
  const auto* found = std::find_if(kMetrics.begin(), kMetrics.end(),
                                   [&](const MetricFacts& each) { return each.name == text; });
  if (found == kMetrics.end()) return std::nullopt;
  return found->metric;
}

Result<Metric> parse_metric(std::string_view text, std::string_view where) {
  if (const auto metric = metric_named(text)) return *metric;
  const auto names = names_of_metrics();
  return fail(std::string(where), fmt::format("\"{}\" is no metric", shown(text)),
              did_you_mean_or_list(text, names, names));
}

Result<double> parse_metric_value(Metric metric, std::string_view text, std::string_view where) {
  switch (facts(metric).unit) {
    case MetricUnit::seconds:
      return parse_time(text, where).map([](Seconds time) { return time.value(); });
    case MetricUnit::tokens_per_s:
      return parse_token_rate(text, where);
    case MetricUnit::dollars_per_million_tokens:
      return parse_token_price(text, where);
    case MetricUnit::joules_per_token:
      return parse_token_energy(text, where);
    case MetricUnit::count:
      break;
  }
  return parse_count(text, where).map([](std::int64_t count) {
    return static_cast<double>(count);
  });
}

}  // namespace ridgepoint::explore
