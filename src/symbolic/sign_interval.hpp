// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "symbolic/polynomial.hpp"

namespace ridgepoint::symbolic::detail {

/// A closed interval that surely contains a value; one point when the value is known exactly.
struct Interval {
  Rational low;
  Rational high;
  bool is_exact() const { return low == high; }
};

using Point = std::map<std::string, Rational, std::less<>>;

/// Encloses the value at a point, exactly where only rational operations, max, min, ceil, floor and
/// perfect powers are met. nullopt where it has no real value, where an interval would be too wide
/// to say (a denominator around 0), or where a symbol has no value.
std::optional<Interval> enclose(const Expr& e, const Point& point);
std::optional<Interval> enclose(const Polynomial& p, const Point& point);

/// The nearest double at a point, NaN where there is none: quick, and proof of nothing.
using DoublePoint = std::map<std::string, double, std::less<>>;
double approximate(const Expr& e, const DoublePoint& point);

/// A polynomial's value in double, and the sum of its terms' magnitudes to measure rounding by.
struct Approximation {
  double value = 0;
  double magnitude = 0;
};
Approximation approximate(const Polynomial& p, const DoublePoint& point);

}  // namespace ridgepoint::symbolic::detail
