// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::efficiency {

/// The band of a kernel's times at a shape, whatever varies of the shape: wider where nothing like
/// it was measured.
Band band_at(const KernelProfile& kernel, const Shape& shape);

/// Another error of ln time beside the band's own, in quadrature: so far to either side.
void widen(Band::Class& band, double below, double above);
inline void widen(Band::Class& band, double by) { widen(band, by, by); }

}  // namespace ridgepoint::efficiency
