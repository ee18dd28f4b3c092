// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>

#include "ridgepoint/efficiency/correction.hpp"

namespace ridgepoint::calibrate {

/// ln of a form's time at a knot's log2 features.
using LnTimeAt = std::function<double(std::span<const double>)>;

/// The nearest table with which times at its knots never fall along its first axis. REQUIRES: one
/// algorithm.
void make_rising(efficiency::Correction& table, const LnTimeAt& ln_time);

}  // namespace ridgepoint::calibrate
