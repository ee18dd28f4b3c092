// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "efficiency/kinship.hpp"
#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::efficiency {

/// Where coefficients come from and where they go.
struct Passage {
  DeviceFacts source;
  DeviceFacts target;
  KernelTypes types;  ///< of the kernel on the target
};

/// A kernel's coefficients as another device is expected to have them: those that are cycles rather
/// than times follow the clock, those that are rules of the software the target's kernel.
std::vector<double> coefficients_on(const KernelProfile& kernel, const Passage& passage);

}  // namespace ridgepoint::efficiency
