// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ridgepoint/calibrate/fit.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/efficiency/profile.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::calibrate {

struct DeviceFit {
  efficiency::Profile profile;
  Diagnostics not_fitted;  ///< each kernel that is none, and why
};

/// Called after each kernel, never twice at once.
using FitProgress = std::function<void(std::size_t done, std::size_t kernels)>;

/// Fits all kernels of one device, the largest first, on as many threads. The profile is the same
/// whatever their number, its kernels in the order of class, types, stack and name.
DeviceFit fit_device(std::span<const KernelRows> kernels, const hardware::Device& device,
                     std::size_t threads, const FitProgress& progress = {});

}  // namespace ridgepoint::calibrate
