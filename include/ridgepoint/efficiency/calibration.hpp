// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ridgepoint/efficiency/kernel_choice.hpp"

namespace ridgepoint::efficiency {

/// A kernel as it stands for the one that was asked for.
struct KernelInUse {
  KernelProfile kernel;        ///< at the types asked for
  bool is_other_type = false;  ///< fitted at another type, at the asked type's bytes and peak here
  /// "gemm bf16 of sglang-0.5.10: 10,883 rows of 253 shapes, left out 4.4 %".
  std::string evidence;
};

/// All kernels that times on a device can be expected from: those that were measured on it, and
/// those of other devices where it has none.
class Calibration {
 public:
  /// Either may be without kernels.
  Calibration(Profile own, Profile transferred);

  const std::string& device() const { return own_.device; }
  bool is_empty() const { return own_.kernels.empty() && transferred_.kernels.empty(); }
  const Profile& own() const { return own_; }
  const Profile& transferred() const { return transferred_; }

  /// The nearest kernel: the device's own, then its own at a kindred type (a matmul of 4-bit
  /// weights is one of 16 bits that reads fewer bytes), then likewise those of other devices. The
  /// band of one that was fitted at another type is wider. None where nothing is near.
  std::optional<KernelInUse> find(const KernelQuery& query) const;

 private:
  Profile own_;
  Profile transferred_;
};

}  // namespace ridgepoint::efficiency
