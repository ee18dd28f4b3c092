// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/predict/request_rate.hpp"

namespace ridgepoint::explore {

/// What a point of a design space is judged by.
enum class Metric {
  ttft,
  tpot,
  e2el,
  throughput,
  throughput_per_device,
  throughput_per_user,
  cost,
  energy,
  devices,
  batch
};

/// What a number of a metric is told in.
enum class MetricUnit {
  seconds,
  tokens_per_s,
  dollars_per_million_tokens,
  joules_per_token,
  count
};

struct MetricFacts {
  Metric metric;
  std::string_view name;  ///< on the command line
  std::string_view words;
  MetricUnit unit;
  bool is_better_high;
  double predict::RequestTimes::* figure;  ///< null of what is no figure of a request
};

inline constexpr std::array kMetrics{
    MetricFacts{Metric::ttft, "ttft", "TTFT", MetricUnit::seconds, false,
                &predict::RequestTimes::ttft_s},
    MetricFacts{Metric::tpot, "tpot", "TPOT", MetricUnit::seconds, false,
                &predict::RequestTimes::tpot_s},
    MetricFacts{Metric::e2el, "e2el", "E2EL", MetricUnit::seconds, false,
                &predict::RequestTimes::e2el_s},
    MetricFacts{Metric::throughput, "throughput", "throughput", MetricUnit::tokens_per_s, true,
                &predict::RequestTimes::throughput_tokens_per_s},
    MetricFacts{Metric::throughput_per_device, "throughput_per_device", "throughput per device",
                MetricUnit::tokens_per_s, true, &predict::RequestTimes::per_device_tokens_per_s},
    MetricFacts{Metric::throughput_per_user, "throughput_per_user", "throughput per user",
                MetricUnit::tokens_per_s, true, &predict::RequestTimes::per_user_tokens_per_s},
    MetricFacts{Metric::cost, "cost", "cost", MetricUnit::dollars_per_million_tokens, false,
                &predict::RequestTimes::cost_per_million_tokens},
    MetricFacts{Metric::energy, "energy", "energy", MetricUnit::joules_per_token, false,
                &predict::RequestTimes::energy_j_per_token},
    MetricFacts{Metric::devices, "devices", "devices", MetricUnit::count, false, nullptr},
    MetricFacts{Metric::batch, "batch", "batch", MetricUnit::count, true, nullptr}};

constexpr const MetricFacts& facts(Metric metric) {
  return kMetrics[static_cast<std::size_t>(metric)];
}
std::optional<Metric> metric_named(std::string_view text);
/// Errors: an unknown metric, with those near it.
Result<Metric> parse_metric(std::string_view text, std::string_view where);
/// "40ms", in the metric's unit.
Result<double> parse_metric_value(Metric metric, std::string_view text, std::string_view where);

/// Of a request whose times are known. REQUIRES: neither devices nor batch.
inline double value_of(Metric metric, const predict::RequestTimes& times) {
  return times.*facts(metric).figure;
}

/// Whether the metric is 0 for want of a price or a power limit.
constexpr bool is_unknown(Metric metric, const predict::RunningCost& cost) {
  return (metric == Metric::cost && cost.dollars_per_hour == 0) ||
         (metric == Metric::energy && cost.watts == 0);
}

}  // namespace ridgepoint::explore
