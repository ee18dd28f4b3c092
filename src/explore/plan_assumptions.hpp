// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/explore/plan.hpp"

namespace ridgepoint::explore {

/// What a plan takes for granted, in sentences.
std::vector<std::string> plan_assumptions(const Axes& axes, const PlanQuestion& question);

}  // namespace ridgepoint::explore
