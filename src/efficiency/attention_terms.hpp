// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "efficiency/inline_numbers.hpp"
#include "ridgepoint/core/elementary.hpp"
#include "ridgepoint/efficiency/facts.hpp"
#include "ridgepoint/efficiency/shapes.hpp"

namespace ridgepoint::efficiency {

// What the forms of attention have in common.

inline constexpr double kMicro = 1e-6;

/// Fixed times are given at H100's boost clock and scale with its reciprocal: a decode kernel's are
/// 18 to 20 thousand cycles on A100, H100, L40S and B200 alike. 1 where the clock is not known.
inline double cycle_of(const DeviceFacts& device) {
  constexpr double kReferenceHz = 1.83e9;
  return device.clock_hz > 0 ? kReferenceHz / device.clock_hz : 1;
}

/// Share of `bytes` that a cache of `capacity` keeps from call to call: 1 well below it, 0 well
/// above.
inline double share_in_cache(double bytes, double capacity, double steepness) {
  if (!(capacity > 0)) return 0;
  constexpr double kFar = 60;
  const double beyond = std::clamp(steepness * log2(bytes / capacity), -kFar, kFar);
  return 1 / (1 + exp2(beyond));
}

// Features of tables.

/// 0 where each query head has keys of its own, then from 1 with the group's logarithm.
inline double group_feature(const AttentionShape& s) {
  constexpr double kOctaves = 2.5;
  if (s.query_heads == s.kv_heads) return 0;
  return 1 + (log2(s.query_heads / s.kv_heads) - 1) / kOctaves;
}

/// 0 without a window, 1 with one that holds the context, 2 with one that does not.
inline double window_kind(const AttentionShape& s) {
  if (!(s.window > 0)) return 0;
  return s.context > s.window ? 2 : 1;
}

}  // namespace ridgepoint::efficiency
