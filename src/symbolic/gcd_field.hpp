// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "symbolic/polynomial.hpp"

namespace ridgepoint::symbolic::detail {

/// Arithmetic modulo an odd prime below 2^62. Residues are in Montgomery form: x·2^64 mod p.
class Field {
 public:
  explicit Field(std::uint64_t prime) : p_(prime) {
    std::uint64_t inverse = prime;  // of p modulo 2^64, the number of right bits doubles each time
    for (int i = 0; i < 5; ++i) inverse *= 2 - prime * inverse;
    minus_inverse_ = 0 - inverse;
    const Wide r = (Wide{1} << 64) % prime;
    one_ = static_cast<std::uint64_t>(r);
    r2_ = static_cast<std::uint64_t>(r * r % prime);
  }

  std::uint64_t prime() const { return p_; }
  std::uint64_t one() const { return one_; }
  std::uint64_t enter(std::uint64_t value) const { return mul(value % p_, r2_); }
  std::uint64_t enter(const Integer& value) const {
    const auto rest = static_cast<std::uint64_t>(abs(value) % p_);
    return mul(value < 0 && rest != 0 ? p_ - rest : rest, r2_);
  }
  std::uint64_t leave(std::uint64_t residue) const { return reduce(residue); }

  std::uint64_t add(std::uint64_t a, std::uint64_t b) const {
    const std::uint64_t sum = a + b;
    return sum >= p_ ? sum - p_ : sum;
  }
  std::uint64_t sub(std::uint64_t a, std::uint64_t b) const { return a >= b ? a - b : a + p_ - b; }
  std::uint64_t mul(std::uint64_t a, std::uint64_t b) const { return reduce(Wide{a} * b); }
  std::uint64_t pow(std::uint64_t base, std::uint64_t exponent) const {
    std::uint64_t power = one_;
    for (; exponent != 0; exponent >>= 1, base = mul(base, base))
      if ((exponent & 1) != 0) power = mul(power, base);
    return power;
  }
  /// REQUIRES: a is not 0.
  std::uint64_t inverse(std::uint64_t a) const { return pow(a, p_ - 2); }

 private:
  __extension__ using Wide = unsigned __int128;

  std::uint64_t reduce(Wide t) const {
    const std::uint64_t m = static_cast<std::uint64_t>(t) * minus_inverse_;
    const auto reduced = static_cast<std::uint64_t>((t + Wide{m} * p_) >> 64);
    return reduced >= p_ ? reduced - p_ : reduced;
  }

  std::uint64_t p_;
  std::uint64_t minus_inverse_;
  std::uint64_t one_;
  std::uint64_t r2_;
};

/// The largest primes below 2^61, as distances from it.
inline constexpr std::array<std::uint64_t, 24> kPrimeDistances{
    1,   31,  45,  229, 259, 283, 339, 391, 403, 465,  531,  579,
    675, 759, 799, 819, 829, 843, 859, 939, 985, 1015, 1153, 1195};
inline std::uint64_t prime(std::size_t index) {
  return (std::uint64_t{1} << 61) - kPrimeDistances[index];
}

/// Evaluation points: the same sequence in every run (splitmix64).
class Points {
 public:
  explicit Points(std::uint64_t seed) : state_(seed) {}
  /// Not 0.
  std::uint64_t next(const Field& field) {
    for (;;) {
      std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
      if (const std::uint64_t point = (z ^ (z >> 31)) % field.prime()) return point;
    }
  }

 private:
  std::uint64_t state_;
};

}  // namespace ridgepoint::symbolic::detail
