// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/metric.hpp"

#include <algorithm>

namespace ridgepoint::explore {

std::optional<Metric> metric_named(std::string_view text) {
  const auto* found = std::find_if(kMetrics.begin(), kMetrics.end(),
                                   [&](const MetricFacts& each) { return each.name == text; });
  if (found == kMetrics.end()) return std::nullopt;
  return found->metric;
}

}  // namespace ridgepoint::explore
