// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {

/// Documented rules of a family of kernels for mixtures of experts, which no fit has to find.
struct ExpertsKernel {
  std::string_view family;  ///< part of the kernel's name
  double launches;          ///< from the choice of experts to the sum, on activations of 16 bits
  double quantises;         ///< more of them, where activations are narrower
  double by_block;          ///< likewise, where they have scales by block
  bool is_of_ampere;        ///< multiplies by mma.sync, whatever the device has beside it
  std::string_view source;
};

/// Of the first family that the kernel's name has; Triton's for any other name.
const ExpertsKernel& experts_kernel(std::string_view name);

/// Kernels that one call launches.
double launches_of(const KernelTypes& types);

/// The share of the dense peak at 16 bits that mma.sync can reach: 1024 multiply-adds a cycle of
/// each unit, those of an A100; newer tensor cores have instructions of their own for more.
double peak_share_of_ampere(const DeviceFacts& device);

}  // namespace ridgepoint::efficiency
