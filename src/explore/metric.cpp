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

std::string metric_names() {
  std::string names;
  for (const MetricFacts& each : kMetrics) {
    names += (names.empty() ? "" : ", ") + std::string(each.name);
  }
  return names;
}

double value_of(Metric metric, const predict::RequestTimes& times) {
  switch (metric) {
    case Metric::ttft:
      return times.ttft_s;
    case Metric::tpot:
      return times.tpot_s;
    case Metric::e2el:
      return times.e2el_s;
    case Metric::throughput:
      return times.throughput_tokens_per_s;
    case Metric::throughput_per_device:
      return times.per_device_tokens_per_s;
    case Metric::throughput_per_user:
      return times.per_user_tokens_per_s;
    case Metric::cost:
      return times.cost_per_million_tokens;
    case Metric::energy:
      return times.energy_j_per_token;
    case Metric::devices:
    case Metric::batch:
      break;
  }
  return 0;
}

}  // namespace ridgepoint::explore
