// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>

namespace ridgepoint {

/// An exact count of FLOPs, bytes or elements: a rational number with checked arithmetic.
///
/// Bytes of sub-byte types are fractions (int4 is 1/2 byte), so a count is one too. What does not
/// fit into 128 bits overflows into a state of its own, which every later operation keeps: a sum
/// is never wrapped, and the fault shows where the count is read.
class Count {
 public:
  constexpr Count() = default;
  template <std::integral I>
  constexpr Count(I value) : numerator_(value) {}  // NOLINT: 2 * x reads as it does on paper
  /// REQUIRES: denominator > 0.
  constexpr Count(std::int64_t numerator, std::int64_t denominator)
      : numerator_(numerator), denominator_(denominator) {
    reduce();
  }

  static constexpr Count overflow() {
    Count result;
    result.denominator_ = 0;
    return result;
  }

  /// False once a step on the way to this count did not fit (or divided by zero).
  constexpr bool is_valid() const { return denominator_ != 0; }

  /// The integer, if this is one and at most 2^63 − 1.
  constexpr std::optional<std::int64_t> to_integer() const {
    if (denominator_ != 1 || numerator_ > std::numeric_limits<std::int64_t>::max() ||
        numerator_ < std::numeric_limits<std::int64_t>::min()) {
      return std::nullopt;
    }
    return static_cast<std::int64_t>(numerator_);
  }

  /// Numerator and denominator in lowest terms, if both fit 64 bits.
  struct Fraction {
    std::int64_t numerator;
    std::int64_t denominator;
  };
  constexpr std::optional<Fraction> to_fraction() const {
    const Count top(numerator_, 1, Reduced{});
    const Count bottom(denominator_, 1, Reduced{});
    if (!is_valid() || !top.to_integer() || !bottom.to_integer()) return std::nullopt;
    return Fraction{*top.to_integer(), *bottom.to_integer()};
  }

  /// The nearest double; NaN after an overflow.
  constexpr double to_double() const {
    if (!is_valid()) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(numerator_) / static_cast<double>(denominator_);
  }

  friend constexpr Count operator+(Count a, Count b) {
    if (!a.is_valid() || !b.is_valid()) return overflow();
    if (a.denominator_ == b.denominator_ && a.denominator_ == 1) {
      Wide sum = 0;
      if (__builtin_add_overflow(a.numerator_, b.numerator_, &sum)) return overflow();
      return Count(sum, 1, Reduced{});
    }
    Wide left = 0;
    Wide right = 0;
    Wide sum = 0;
    Wide denominator = 0;
    if (__builtin_mul_overflow(a.numerator_, b.denominator_, &left) ||
        __builtin_mul_overflow(b.numerator_, a.denominator_, &right) ||
        __builtin_add_overflow(left, right, &sum) ||
        __builtin_mul_overflow(a.denominator_, b.denominator_, &denominator)) {
      return overflow();
    }
    return quotient(sum, denominator);
  }
  friend constexpr Count operator-(Count a) {
    a.numerator_ = -a.numerator_;
    return a;
  }
  friend constexpr Count operator-(Count a, Count b) { return a + -b; }
  friend constexpr Count operator*(Count a, Count b) {
    if (!a.is_valid() || !b.is_valid()) return overflow();
    if (a.denominator_ == 1 && b.denominator_ == 1) {
      Wide product = 0;
      if (__builtin_mul_overflow(a.numerator_, b.numerator_, &product)) return overflow();
      return Count(product, 1, Reduced{});
    }
    const Wide left = gcd(a.numerator_, b.denominator_);
    const Wide right = gcd(b.numerator_, a.denominator_);
    Wide numerator = 0;
    Wide denominator = 0;
    if (__builtin_mul_overflow(a.numerator_ / left, b.numerator_ / right, &numerator) ||
        __builtin_mul_overflow(a.denominator_ / right, b.denominator_ / left, &denominator)) {
      return overflow();
    }
    return quotient(numerator, denominator);
  }
  friend constexpr Count operator/(Count a, Count b) {
    if (!b.is_valid() || b.numerator_ == 0) return overflow();
    const Wide sign = b.numerator_ < 0 ? -1 : 1;
    return a * Count(sign * b.denominator_, sign * b.numerator_, Reduced{});
  }
  constexpr Count& operator+=(Count other) { return *this = *this + other; }
  constexpr Count& operator*=(Count other) { return *this = *this * other; }

  friend constexpr bool operator==(const Count&, const Count&) = default;
  /// REQUIRES: both valid, and the cross products within 128 bits.
  friend constexpr bool operator<(Count a, Count b) {
    return a.numerator_ * b.denominator_ < b.numerator_ * a.denominator_;
  }

  friend constexpr Count min(Count a, Count b) { return pick(a, b, b < a); }
  friend constexpr Count max(Count a, Count b) { return pick(a, b, a < b); }
  /// The smallest integer that is not below a.
  friend constexpr Count ceil(Count a) {
    if (!a.is_valid()) return a;
    const Wide quotient = a.numerator_ / a.denominator_;
    const bool up = a.numerator_ % a.denominator_ > 0;
    return Count(quotient + (up ? 1 : 0), 1, Reduced{});
  }

 private:
  __extension__ using Wide = __int128;
  struct Reduced {};

  constexpr Count(Wide numerator, Wide denominator, Reduced)
      : numerator_(numerator), denominator_(denominator) {}
  static constexpr Count quotient(Wide numerator, Wide denominator) {
    Count result(numerator, denominator, Reduced{});
    result.reduce();
    return result;
  }

  static constexpr Wide gcd(Wide a, Wide b) {
    while (b != 0) {
      const Wide rest = a % b;
      a = b;
      b = rest;
    }
    if (a == 0) return 1;
    return a < 0 ? -a : a;
  }
  constexpr void reduce() {
    if (denominator_ == 1) return;
    const Wide divisor = gcd(numerator_, denominator_);
    numerator_ /= divisor;
    denominator_ /= divisor;
  }
  static constexpr Count pick(Count first, Count second, bool take_second) {
    if (!first.is_valid() || !second.is_valid()) return overflow();
    return take_second ? second : first;
  }

  Wide numerator_ = 0;
  Wide denominator_ = 1;  // 0 marks an overflow
};

}  // namespace ridgepoint
