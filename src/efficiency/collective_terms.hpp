// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "efficiency/all_reduce_limits.hpp"
#include "efficiency/inline_numbers.hpp"
#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {

/// Time of a collective over its bytes, with all else worked out once; µs inside.
struct CollectiveTerms {
  struct Line {
    double start = 0;
    double of_byte = 0;
    RIDGEPOINT_INLINE double at(double bytes) const { return start + of_byte * bytes; }
  };

  /// What runs, by the limits of the software, as tables number it.
  enum class Algorithm { nccl, nccl_outside, one_shot, two_shot, symmetric, tuned };
  static constexpr int kAlgorithms = 6;

  bool is_outside = false;  ///< of links and socket
  Line ring;
  double log2_ramp = 0;
  double ramp_power = 1;
  Line in_switch{1e30, 0};  ///< where none is: never the faster one
  // Engines' own.
  bool is_custom = false;
  AllReduceLimits limits;
  Line one_shot;
  Line two_shot;
  Line symmetric;
  double in_engine = 1;
  // Outside of a CUDA graph.
  bool is_eager = false;
  double host = 0;
  double host_symmetric = 0;
  double copy = 0;
  double overlap = 1;
  double of_overlap = 1;

  static CollectiveTerms of(std::span<const double> coefficients, const DeviceFacts& device,
                            const KernelTypes& types, const CollectiveShape& shape);

  /// As a number, which vectors hold.
  RIDGEPOINT_INLINE double algorithm(double bytes) const {
    double runs = is_outside ? 1 : 0;
    runs = bytes < limits.tuned ? 5 : runs;
    runs = bytes < limits.symmetric ? 4 : runs;
    runs = bytes < limits.two_shot ? 3 : runs;
    return bytes < limits.one_shot ? 2 : runs;
  }
  /// Seconds. `log2_bytes`: of one byte at least; `eager_too`: is_eager, known where this is
  /// compiled. A call outside of a CUDA graph returns a copy, and the host hides the device or the
  /// other way round.
  RIDGEPOINT_INLINE double at(double all_bytes, double log2_bytes, bool eager_too) const {
    constexpr double kMicro = 1e-6;
    const double bytes = larger(all_bytes, 1);
    const double ramp = exp2(ramp_power * (log2_ramp - log2_bytes));
    const double by_ring = ring.start + ring.of_byte * bytes * (1 + ramp);
    const double nccl = in_engine * smaller(by_ring, in_switch.at(bytes));
    const double one = one_shot.at(bytes);
    const double two = two_shot.at(bytes);
    double time = nccl;
    time = all_bytes < limits.tuned ? smaller(smaller(one, two), nccl) : time;
    time = all_bytes < limits.symmetric ? symmetric.at(bytes) : time;
    time = all_bytes < limits.two_shot ? two : time;
    time = all_bytes < limits.one_shot ? one : time;
    if (eager_too) {
      const bool is_symmetric = (all_bytes < limits.symmetric) & !(all_bytes < limits.two_shot) &
                                !(all_bytes < limits.one_shot);
      time = smooth_maximum(is_symmetric ? host_symmetric : host, time + copy * bytes, overlap,
                            of_overlap);
    }
    return kMicro * time;
  }
};

}  // namespace ridgepoint::efficiency
