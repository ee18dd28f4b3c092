// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "ridgepoint/calibrate/measurements.hpp"
#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::calibrate {

struct KernelChoice {
  const efficiency::KernelProfile* kernel = nullptr;  ///< none: no kernel of that class and type
  bool is_exact = false;                              ///< of this stack, kernel and type
};

/// The kernel that a row was run by, or the nearest of its class that does the same work in the
/// same types (16-bit types are near, in collectives all are): of the same engine first, then of
/// the same name; of equally near ones that with the most rows.
KernelChoice choose_kernel(std::span<const efficiency::KernelProfile* const> kernels,
                           const Measurement& row);

}  // namespace ridgepoint::calibrate
