// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ridgepoint/efficiency/profile.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::efficiency {

/// A device with the kernels that were fitted to times measured on it. REQUIRES: both are there.
struct Relative {
  const hardware::Device* device = nullptr;
  const Profile* profile = nullptr;
};

/// Kernels that a device is expected to run like others, and what it gets none of.
struct Transfer {
  Profile profile;                   ///< each kernel's evidence says whose it is
  std::vector<std::string> missing;  ///< sentences: which kernels, and why
};

/// The kernels of a device that was not measured, from its nearest relatives:
///   of the same chip       theirs, tables included
///   of its architecture    their forms with its figures
///   of other generations   the geometric mean of their forms' times with its figures, the nearer
///                          the heavier
/// Rules of the software follow the device: which attention kernel it runs, at which peak that
/// multiplies, how many kernels it launches, what its links can do. Bands are as wide as leaving
/// devices out showed. The device itself among the relatives is passed over. Types that no relative
/// ran or that the device has no peak for stay unknown; other than GPUs nothing is transferred.
Transfer transferred_profile(const hardware::Device& target, std::span<const Relative> relatives);

}  // namespace ridgepoint::efficiency
