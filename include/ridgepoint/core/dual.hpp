// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <concepts>
#include <numbers>

#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint {

/// A number just beside a point: what a quantity tends to as its variable leaves the point in one
/// direction, and how fast it then changes. Formulas read with it give exact one-sided derivatives:
/// where arguments of min and max are equal the slopes decide, and at a whole number ceil and floor
/// go where the slope leads.
struct Dual {
  double value = 0;
  double slope = 0;  ///< for a step of 1 of the variable in its direction

  constexpr Dual() = default;
  template <class T>
    requires std::integral<T> || std::floating_point<T>
  constexpr Dual(T constant) : value(static_cast<double>(constant)) {}  // NOLINT: 2 * x
  constexpr Dual(double at, double change) : value(at), slope(change) {}

  friend constexpr Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.slope + b.slope}; }
  friend constexpr Dual operator-(Dual a, Dual b) { return {a.value - b.value, a.slope - b.slope}; }
  friend constexpr Dual operator*(Dual a, Dual b) {
    return {a.value * b.value, a.slope * b.value + a.value * b.slope};
  }
  friend constexpr Dual operator/(Dual a, Dual b) {
    return {a.value / b.value, (a.slope * b.value - a.value * b.slope) / (b.value * b.value)};
  }
  constexpr Dual& operator+=(Dual other) { return *this = *this + other; }
  constexpr Dual& operator*=(Dual other) { return *this = *this * other; }
  friend constexpr bool operator==(const Dual&, const Dual&) = default;
};

namespace detail {

/// Whether two values differ by no more than sums of them are rounded by: 2^-45 of the larger.
inline bool are_equal_to_rounding(double a, double b) {
  constexpr double kRounding = 0x1p-45;
  return std::fabs(a - b) <= kRounding * std::fmax(std::fabs(a), std::fabs(b));
}

}  // namespace detail

/// Whether a is below b beside the point: by value, or by slope where the values are equal.
inline bool operator<(Dual a, Dual b) {
  return detail::are_equal_to_rounding(a.value, b.value) ? a.slope < b.slope : a.value < b.value;
}
inline Dual min(Dual a, Dual b) { return b < a ? b : a; }
inline Dual max(Dual a, Dual b) { return a < b ? b : a; }

inline Dual floor(Dual a) {
  const double below = std::floor(a.value);
  return {below == a.value && a.slope < 0 ? below - 1 : below, 0};
}
inline Dual ceil(Dual a) {
  const double above = std::ceil(a.value);
  return {above == a.value && a.slope > 0 ? above + 1 : above, 0};
}

/// base^exponent. REQUIRES: base >= 0, exponent >= 1 where the base is 0.
inline Dual pow(Dual base, Dual exponent) {
  if (base.value == 0) return {0, exponent.value == 1 ? base.slope : 0};
  const double power = pow(base.value, exponent.value);
  const double growth = exponent.value * base.slope / base.value +
                        exponent.slope * std::numbers::ln2 * log2(base.value);
  return {power, power * growth};
}

}  // namespace ridgepoint
