// SPDX-License-Identifier: Apache-2.0
#include "report/shown_metric.hpp"

#include <fmt/format.h>

#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {

using explore::Metric;
using explore::MetricUnit;

std::string ShownMetric::words() const {
  const std::string_view name = explore::facts(metric).words;
  return unit.empty() ? std::string(name) : fmt::format("{} ({})", name, unit);
}

double ShownMetric::of(const explore::SweepRow& row, predict::Reading reading) const {
  if (metric == Metric::batch) return static_cast<double>(row.candidate.question.batch);
  if (metric == Metric::devices) {
    return static_cast<double>(row.candidate.question.execution.parallelism.devices());
  }
  return scale * explore::value_of(metric, times_of(row.estimate, reading));
}

std::string ShownMetric::show(double value) const { return format_number(scale * value); }

std::string ShownMetric::show_with_unit(double value) const {
  return unit.empty() ? format_number(scale * value) : show(value) + " " + unit;
}

ShownMetric shown(Metric metric) {
  switch (explore::facts(metric).unit) {
    case MetricUnit::seconds:
      return {metric, 1e3, "ms"};
    case MetricUnit::tokens_per_s:
      return {metric, 1, "tokens/s"};
    case MetricUnit::dollars_per_million_tokens:
      return {metric, 1, "$/M tokens"};
    case MetricUnit::joules_per_token:
      return {metric, 1, "J/token"};
    case MetricUnit::count:
      break;
  }
  return {metric, 1, ""};
}

}  // namespace ridgepoint::report
