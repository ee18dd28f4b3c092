// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "app/common_options.hpp"
#include "ridgepoint/efficiency/calibration.hpp"
#include "ridgepoint/predict/build_step.hpp"

namespace ridgepoint::app {

/// --engine, --enforce-eager and --profile: what expected times rest on.
const std::vector<Option>& calibration_options();

/// What a profile of another device is: a fault, or another column's.
enum class ForeignProfiles { refused, allowed };

/// All three, into how a deployment runs.
void read_calibration_into(const Arguments& arguments, const hardware::Device& device,
                           predict::Execution& execution, Faults& faults,
                           ForeignProfiles foreign = ForeignProfiles::refused);

predict::Engine read_engine(const Arguments& arguments, Faults& faults);

/// Of the device: the profile of --profile that names it, else the catalogue's. Null where nothing
/// is known, and after a fault.
std::shared_ptr<const efficiency::Calibration> read_calibration(
    const Arguments& arguments, const hardware::Device& device, Faults& faults,
    ForeignProfiles foreign = ForeignProfiles::refused);

}  // namespace ridgepoint::app
