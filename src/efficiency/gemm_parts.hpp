// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {

/// Of which a matmul's time is put together; seconds.
struct GemmParts {
  double start;     ///< launch, and one tile that walks through k alone
  double compute;   ///< at the rate that is reached, padding included
  double memory;    ///< likewise
  double both;      ///< compute and memory, overlapped
  double quantise;  ///< the activations, and padding of their rows; 0 where they are not

  double total() const { return start + both + quantise; }
};
GemmParts gemm_parts(std::span<const double> coefficients, const DeviceFacts& device,
                     const KernelTypes& types, const GemmShape& shape);
std::span<const CoefficientFacts> gemm_coefficients();

/// No kernel is faster: arithmetic at the dense peak, weights read once. Weights that stayed in a
/// cache count nothing.
double gemm_floor(const DeviceFacts& device, const KernelTypes& types, const GemmShape& shape);

}  // namespace ridgepoint::efficiency
