// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

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
  std::string_view key;   ///< in JSON and CSV, with its unit
  std::string_view words;
  MetricUnit unit;
  bool is_better_high;
};

inline constexpr std::array kMetrics{
    MetricFacts{Metric::ttft, "ttft", "ttft_s", "TTFT", MetricUnit::seconds, false},
    MetricFacts{Metric::tpot, "tpot", "tpot_s", "TPOT", MetricUnit::seconds, false},
    MetricFacts{Metric::e2el, "e2el", "e2el_s", "E2EL", MetricUnit::seconds, false},
    MetricFacts{Metric::throughput, "throughput", "throughput_tokens_per_s", "throughput",
                MetricUnit::tokens_per_s, true},
    MetricFacts{Metric::throughput_per_device, "throughput_per_device", "per_device_tokens_per_s",
                "throughput per device", MetricUnit::tokens_per_s, true},
    MetricFacts{Metric::throughput_per_user, "throughput_per_user", "per_user_tokens_per_s",
                "throughput per user", MetricUnit::tokens_per_s, true},
    MetricFacts{Metric::cost, "cost", "cost_per_million_tokens", "cost",
                MetricUnit::dollars_per_million_tokens, false},
    MetricFacts{Metric::energy, "energy", "energy_j_per_token", "energy",
                MetricUnit::joules_per_token, false},
    MetricFacts{Metric::devices, "devices", "devices", "devices", MetricUnit::count, false},
    MetricFacts{Metric::batch, "batch", "batch", "batch", MetricUnit::count, true}};

constexpr const MetricFacts& facts(Metric metric) {
  return kMetrics[static_cast<std::size_t>(metric)];
}
std::optional<Metric> metric_named(std::string_view text);
/// "ttft, tpot, …"
std::string metric_names();

/// Of a request whose times are known. REQUIRES: neither devices nor batch.
double value_of(Metric metric, const predict::RequestTimes& times);

/// Whether the metric is 0 for want of a price or a power limit.
constexpr bool is_unknown(Metric metric, const predict::RunningCost& cost) {
  return (metric == Metric::cost && cost.dollars_per_hour == 0) ||
         (metric == Metric::energy && cost.watts == 0);
}

}  // namespace ridgepoint::explore
