// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

#include "ridgepoint/core/data_type.hpp"

/// Marks an operator formula or a sink: inlined always, because the block kernels' target clones
/// vectorise only what lies inside them.
#define RIDGEPOINT_FORMULA [[gnu::always_inline]] inline

namespace ridgepoint::cost {

/// What one step works on: B sequences, T new tokens of each, whose context ends at S tokens (the
/// new ones included). Prefill has T = S, decode T = 1.
template <class N>
struct Shape {
  N batch;       ///< B
  N new_tokens;  ///< T
  N context;     ///< S, in tokens, S >= T
};

/// Bytes per element as the scalar of a formula: int4 is 1/2 in Expr, Count and double alike.
template <class N>
constexpr N scalar(ByteSize size) {
  return N(size.numerator) / N(size.denominator);
}

// Formulas write min, max and ceil without a qualifier: Expr and Count bring their own by
// argument-dependent lookup, double takes these, which vectorise (std::max returns a reference).
RIDGEPOINT_FORMULA double min(double a, double b) { return b < a ? b : a; }
RIDGEPOINT_FORMULA double max(double a, double b) { return a < b ? b : a; }
RIDGEPOINT_FORMULA double ceil(double a) { return std::ceil(a); }

}  // namespace ridgepoint::cost
