// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/symbolic/calculus.hpp"

namespace ridgepoint::report {

/// One part of the condition of a solution, as a reader would write it.
struct ConditionPart {
  symbolic::Expr left;
  enum class Sign { positive, not_negative, not_zero } sign = Sign::positive;
};

/// The parts of a condition, all of which must hold: min(a, b) > 0 is a > 0 and b > 0,
/// floor(d) + 1 > 0 is d >= 0 and max(d, -d) > 0 is d ≠ 0.
std::vector<ConditionPart> condition_parts(const symbolic::Expr& condition);

}  // namespace ridgepoint::report
