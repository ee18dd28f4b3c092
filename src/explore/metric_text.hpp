// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/explore/metric.hpp"

namespace ridgepoint::explore {

/// A metric by its name; an unknown one gets the nearest names.
Result<Metric> parse_metric(std::string_view text, std::string_view where);
/// "40ms", in the metric's unit.
Result<double> parse_metric_value(Metric metric, std::string_view text, std::string_view where);

}  // namespace ridgepoint::explore
