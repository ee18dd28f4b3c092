// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "ridgepoint/efficiency/facts.hpp"
#include "ridgepoint/efficiency/shapes.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::efficiency {

/// How two devices are related, the nearest first.
enum class Kinship { same_chip, same_architecture, other_generation, other_maker };
/// "the same chip", "its architecture", …
std::string_view words(Kinship kinship);

/// What engines run on an architecture by default, as far as times depend on it.
struct EngineKernels {
  std::string_view prefill;      ///< on a cache of 16 bits
  std::string_view prefill_fp8;  ///< on one of fp8
  std::string_view decode;
  std::string_view decode_fp8;
  std::string_view experts;
  std::string_view experts_w4a16;
  /// Which kernels of latent attention: they share a context out ("split") or walk it alone
  /// ("whole"); one tells nothing of the other. Empty: not known.
  std::string_view latent;
  /// The parts of a split context; others launch a second kernel for that.
  bool latent_sums_inside;
  std::string_view source;
};

struct Architecture {
  std::string_view device;  ///< the catalogue's names of its devices begin so
  std::string_view name;
  std::string_view chip;
  const EngineKernels* kernels;
};

/// Of a GPU; null where it is not known to be one.
const Architecture* architecture_of(const hardware::Device& device);

/// REQUIRES: both have an architecture.
Kinship kinship(const hardware::Device& a, const hardware::Device& b);

/// Squared, in octaves: of compute per byte, compute per unit, bandwidth and, at a quarter, cache.
double squared_distance(const DeviceFacts& a, const DeviceFacts& b);

}  // namespace ridgepoint::efficiency
