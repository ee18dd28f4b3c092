// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "efficiency/kinship.hpp"
#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::efficiency {

/// What decode attention finds in the last cache of what the call before has left there.
struct CacheUse {
  double kept;   ///< share of the cache within which keys and values stay
  double speed;  ///< bandwidth of the cache ÷ that of memory
};

/// Of the decode kernel whose rows tell most of it; none where those of no kernel do.
std::optional<CacheUse> cache_use(const Profile& profile);

/// Where coefficients come from and where they go.
struct Passage {
  DeviceFacts source;
  DeviceFacts target;
  KernelTypes types;                   ///< of the kernel on the target
  std::optional<CacheUse> cache = {};  ///< what is known of it, for decode attention
  double more_launches = 0;            ///< of the kernel on the target, for decode attention
};

/// A kernel's coefficients as another device is expected to have them: those that are cycles rather
/// than times follow the clock, those that wait for memory the bandwidth of a unit, those that are
/// rules of the software the target's kernel.
std::vector<double> coefficients_on(const KernelProfile& kernel, const Passage& passage);

}  // namespace ridgepoint::efficiency
