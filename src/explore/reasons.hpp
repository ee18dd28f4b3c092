// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ridgepoint/explore/metric.hpp"
#include "ridgepoint/explore/space.hpp"
#include "ridgepoint/explore/sweep_state.hpp"
#include "ridgepoint/predict/reading.hpp"

namespace ridgepoint::explore {

/// Why deployments are left out, by what is said, so that the order hangs on nothing else.
using Reasons = std::map<std::pair<std::string, std::string>, LeftOut>;
void add(Reasons& reasons, const LeftOut& left_out);
std::vector<LeftOut> listed(Reasons reasons);

/// A device whose price or power nobody has told cannot be judged by it.
Diagnostics unknown_costs(const std::vector<Metric>& metrics, const DeviceChoice& device);

/// By which times points of a space are judged, and what those rest on.
std::vector<std::string> reading_assumptions(const Axes& axes, predict::Reading reading);

}  // namespace ridgepoint::explore
