// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/metric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/text.hpp"

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

}  // namespace ridgepoint::explore
