// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/predict/build_step.hpp"

namespace ridgepoint::predict {

/// What expected times assume of engine, kernels and bands; without a calibration why there are
/// none.
std::vector<std::string> expected_assumptions(const hardware::Device& device,
                                              const Execution& execution);

}  // namespace ridgepoint::predict
