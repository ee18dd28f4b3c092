// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "ridgepoint/roofline/step_time.hpp"

namespace ridgepoint::roofline {

/// An operator of a mixed step: where it stands in the step of each part, if that part has it.
struct MixedOperator {
  std::vector<std::optional<std::size_t>> places;

  /// The first part that has it.
  std::size_t owner() const;
  bool is_common() const;  ///< to all parts
};

/// Every operator of the parts once, in an order in which each part's own operators stand as in
/// its step. Operators are the same when all about them is: name, count, rates, sizes.
std::vector<MixedOperator> mixed_operators(std::span<const TimedStep* const> steps);

}  // namespace ridgepoint::roofline
