// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

namespace ridgepoint {

// exp2, log2 and pow of our own: the same bits on every machine (libm's differ with and without
// FMA), without branches or calls, so that loops over them vectorise.

namespace detail {

inline constexpr double kRoundToInteger = 6755399441055744.0;  // 1.5·2⁵²: leaves no bits after the
                                                               // point

/// 2^f for |f| ≤ 1/2: Σ (f·ln 2)^k / k! up to k = 13, whose next term is below 1e-17.
[[gnu::always_inline]] constexpr double exp2_fraction(double f) {
  const double x = f * 0.693147180559945309417;
  double sum = 1.6059043836821613e-10;  // 1/13!
  sum = sum * x + 2.08767569878681e-09;
  sum = sum * x + 2.505210838544172e-08;
  sum = sum * x + 2.755731922398589e-07;
  sum = sum * x + 2.7557319223985893e-06;
  sum = sum * x + 2.48015873015873e-05;
  sum = sum * x + 0.0001984126984126984;
  sum = sum * x + 0.001388888888888889;
  sum = sum * x + 0.008333333333333333;
  sum = sum * x + 0.041666666666666664;
  sum = sum * x + 0.16666666666666666;
  sum = sum * x + 0.5;
  sum = sum * x + 1.0;
  return sum * x + 1.0;
}

/// log2 m for m between √½ and √2: 2·atanh(s)/ln 2 with s = (m − 1)/(m + 1), |s| < 0.172.
[[gnu::always_inline]] constexpr double log2_mantissa(double m) {
  const double s = (m - 1.0) / (m + 1.0);
  const double q = s * s;
  double sum = 1.0 / 21;
  sum = sum * q + 1.0 / 19;
  sum = sum * q + 1.0 / 17;
  sum = sum * q + 1.0 / 15;
  sum = sum * q + 1.0 / 13;
  sum = sum * q + 1.0 / 11;
  sum = sum * q + 1.0 / 9;
  sum = sum * q + 1.0 / 7;
  sum = sum * q + 1.0 / 5;
  sum = sum * q + 1.0 / 3;
  sum = sum * q + 1.0;
  return 2.8853900817779268 * s * sum;  // 2 / ln 2
}

}  // namespace detail

/// 2^x; x is taken as −1000 below that and as 1000 above. Relative error below 4e-16.
[[gnu::always_inline]] constexpr double exp2(double x) {
  const double below = x < 1000.0 ? x : 1000.0;
  const double inside = below > -1000.0 ? below : -1000.0;
  const double rounded = inside + detail::kRoundToInteger;
  const double fraction = inside - (rounded - detail::kRoundToInteger);
  const auto exponent = std::bit_cast<std::uint64_t>(rounded) << 52U;
  const auto bits = std::bit_cast<std::uint64_t>(detail::exp2_fraction(fraction)) + exponent;
  return std::bit_cast<double>(bits);
}

/// log2 x. REQUIRES: x is positive, finite and not subnormal. Error below 4e-16·max(1, |log2 x|).
[[gnu::always_inline]] constexpr double log2(double x) {
  constexpr std::uint64_t kOne = 0x3ff0000000000000U;
  constexpr std::uint64_t kRootOfHalf = 0x3fe6a09e667f3bcdU;
  constexpr std::uint64_t kInteger = 0x4330000000000000U;  // 2⁵² with an integer in its last bits
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const std::uint64_t exponent = (bits + (kOne - kRootOfHalf)) >> 52U;  // biased by 1023
  const double e = std::bit_cast<double>(exponent | kInteger) - (4503599627370496.0 + 1023.0);
  const double m = std::bit_cast<double>(bits - (exponent << 52U) + kOne);
  return e + detail::log2_mantissa(m);
}

/// x^y of a positive x: 2^(y·log2 x).
[[gnu::always_inline]] constexpr double pow(double x, double y) { return exp2(y * log2(x)); }

inline constexpr double kLog2OfE = 1.4426950408889634;
/// e^x.
[[gnu::always_inline]] constexpr double exp(double x) { return exp2(x * kLog2OfE); }

// As selections, which vectorise; std::max and std::min take references.
[[gnu::always_inline]] constexpr double larger(double a, double b) { return a < b ? b : a; }
[[gnu::always_inline]] constexpr double smaller(double a, double b) { return b < a ? b : a; }

/// A whole number from 0 to 2⁵² as an index, without a conversion that only some vectors have.
[[gnu::always_inline]] constexpr std::int64_t as_index(double whole) {
  constexpr double kInteger = 4503599627370496.0;
  return std::bit_cast<std::int64_t>(whole + kInteger) - std::bit_cast<std::int64_t>(kInteger);
}

}  // namespace ridgepoint
