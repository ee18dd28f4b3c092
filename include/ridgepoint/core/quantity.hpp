// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>

namespace ridgepoint {

/// A real number with a dimension: FLOP^F · byte^B · second^S, stored in base units.
/// Adding FLOPs to bytes does not compile; FLOPs ÷ FLOP/s is seconds.
template <int F, int B, int S>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(double base_units) : value_(base_units) {}

  /// The number in base units: FLOP, byte, second and their quotients.
  constexpr double value() const { return value_; }

  friend constexpr auto operator<=>(Quantity, Quantity) = default;
  friend constexpr Quantity operator+(Quantity a, Quantity b) {
    return Quantity(a.value_ + b.value_);
  }
  friend constexpr Quantity operator-(Quantity a, Quantity b) {
    return Quantity(a.value_ - b.value_);
  }
  friend constexpr Quantity operator*(Quantity a, double factor) {
    return Quantity(a.value_ * factor);
  }
  friend constexpr Quantity operator*(double factor, Quantity a) {
    return Quantity(factor * a.value_);
  }
  friend constexpr Quantity operator/(Quantity a, double divisor) {
    return Quantity(a.value_ / divisor);
  }
  constexpr Quantity& operator+=(Quantity other) {
    value_ += other.value_;
    return *this;
  }

 private:
  double value_ = 0;
};

template <int F1, int B1, int S1, int F2, int B2, int S2>
constexpr auto operator*(Quantity<F1, B1, S1> a, Quantity<F2, B2, S2> b) {
  return Quantity<F1 + F2, B1 + B2, S1 + S2>(a.value() * b.value());
}

template <int F1, int B1, int S1, int F2, int B2, int S2>
constexpr auto operator/(Quantity<F1, B1, S1> a, Quantity<F2, B2, S2> b) {
  return Quantity<F1 - F2, B1 - B2, S1 - S2>(a.value() / b.value());
}

using Ratio = Quantity<0, 0, 0>;
using Flops = Quantity<1, 0, 0>;
using Bytes = Quantity<0, 1, 0>;
using Seconds = Quantity<0, 0, 1>;
using PerSecond = Quantity<0, 0, -1>;
using FlopsPerSecond = Quantity<1, 0, -1>;
using BytesPerSecond = Quantity<0, 1, -1>;
using FlopsPerByte = Quantity<1, -1, 0>;

}  // namespace ridgepoint
