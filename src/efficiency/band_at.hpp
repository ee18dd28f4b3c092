// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::efficiency {

/// The band of a kernel's times at a shape, whatever varies of the shape: wider where nothing like
/// it was measured.
Band band_at(const KernelProfile& kernel, const Shape& shape);

}  // namespace ridgepoint::efficiency
