// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "efficiency/inline_numbers.hpp"
#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {

/// An element-wise kernel's time over its rows: launch + smooth maximum of
///   row     one block walks one row, so its time grows with the width
///   memory  bytes over the bandwidth; a share of what fits half of the last cache stays there
///   cores   elements through the units: index arithmetic, whatever memory does
/// PyTorch launches without a graph: its host is hidden by the device or the other way round.
struct ElementwiseTerms {
  double start = 0;   ///< beside the rest; 0 of PyTorch
  double hosted = 0;  ///< of PyTorch: hidden behind the rest
  bool is_hosted = false;
  double log2_hosted = 0;
  double walk = 0;
  double log2_walk = 0;
  double bytes = 0;   ///< of a row, in seconds
  double cached = 0;  ///< half the cache, in seconds
  double hot = 0;
  double cores = 0;  ///< of a row
  double log2_cores = 0;
  double sharpness = 1;
  double of_sharpness = 1;

  static ElementwiseTerms of(std::span<const double> coefficients, const DeviceFacts& device,
                             const KernelTypes& types, const ElementwiseShape& shape);

  /// `hosted_too`: is_hosted, known where this is compiled.
  RIDGEPOINT_INLINE double at(double rows, double log2_rows, bool hosted_too) const {
    const double moved = bytes * rows;
    const double memory = moved - smaller(moved, cached) * hot;
    const double through = cores * rows;
    const double log2_memory = log2(memory);
    const double log2_through = log2_cores + log2_rows;
    double most = larger(walk, larger(memory, through));
    // The largest of the three counts one.
    const double log2_less = smaller(log2_walk, log2_memory);
    const double log2_more = larger(log2_walk, log2_memory);
    const double log2_least = smaller(log2_less, log2_through);
    const double log2_middle = larger(log2_less, smaller(log2_more, log2_through));
    const double log2_first = larger(log2_more, log2_through);
    double sum = 1 + exp2(sharpness * (log2_middle - log2_first)) +
                 exp2(sharpness * (log2_least - log2_first));
    if (hosted_too) {
      const double log2_most = larger(log2_first, log2_hosted);
      most = larger(most, hosted);
      sum = sum * exp2(sharpness * (log2_first - log2_most)) +
            exp2(sharpness * (log2_hosted - log2_most));
    }
    return start + most * exp2(of_sharpness * log2(sum));
  }
};

}  // namespace ridgepoint::efficiency
