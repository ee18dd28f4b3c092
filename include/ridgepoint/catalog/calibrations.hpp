// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/efficiency/calibration.hpp"
#include "ridgepoint/efficiency/transfer.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::catalog {

/// What expected times on a device rest on: its profile in the catalogue, or `own` in its place,
/// and for what that has not the kernels of its relatives. Null where there is neither.
Result<std::shared_ptr<const efficiency::Calibration>> calibration_of(
    const hardware::Device& device, std::optional<efficiency::Profile> own = {});

/// As though the device had not been measured.
Result<std::shared_ptr<const efficiency::Calibration>> calibration_from_relatives(
    const hardware::Device& device);

/// What all devices with a profile in the catalogue lend to another one, and what they don't. All
/// profiles are read when it is first asked for.
Result<efficiency::Transfer> transfer_to(const hardware::Device& device);

}  // namespace ridgepoint::catalog
