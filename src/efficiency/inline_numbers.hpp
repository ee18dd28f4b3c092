// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

#include "ridgepoint/core/block_loop.hpp"
#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::efficiency {

/// (aᵖ + bᵖ)^(1/p) of a, b ≥ 0, not both 0: the sum at p = 1, the maximum for large p.
RIDGEPOINT_INLINE double smooth_maximum(double a, double b, double p, double inverse_p) {
  constexpr double kLeast = 1e-12;  // of the larger one, so that its logarithm exists
  const double more = larger(a, b);
  const double ratio = larger(smaller(a, b) / more, kLeast);
  return more * pow(1 + pow(ratio, p), inverse_p);
}
RIDGEPOINT_INLINE double smooth_maximum(double a, double b, double p) {
  return smooth_maximum(a, b, p, 1 / p);
}

}  // namespace ridgepoint::efficiency
