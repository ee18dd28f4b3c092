// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "symbolic/polynomial.hpp"

namespace ridgepoint::symbolic::detail {

/// A polynomial in one variable: the coefficient of x^i at index i, the last one not 0.
using Univariate = std::vector<Integer>;

/// Longer ones are left alone: a Sturm chain's coefficients grow with the square of its length.
inline constexpr std::size_t kMaxSturmSize = 101;

/// REQUIRES: p has at most one variable.
Univariate to_univariate(const Polynomial& p);

/// The sign of p at x, exactly: -1, 0 or 1.
int sign_at(const Univariate& p, const Rational& x);

/// One real root: low == high when it is rational, otherwise it lies strictly between.
struct RootInterval {
  Rational low;
  Rational high;
  bool is_rational() const { return low == high; }
};

/// All distinct positive roots, ascending, in intervals that share at most an end point: by
/// Sturm's theorem and bisection. Rational roots are found exactly. REQUIRES: p is not 0.
std::vector<RootInterval> positive_roots(const Univariate& p);

Expr to_expr(const Rational& value);

/// Narrows the interval of an irrational root until every number in it has the same nearest double.
double nearest_double(const Univariate& p, RootInterval root);
double nearest_double(const Rational& value);

/// One point before, between and after the positive roots: p keeps its sign between two of them.
std::vector<Rational> points_between_roots(const std::vector<RootInterval>& roots);

}  // namespace ridgepoint::symbolic::detail
