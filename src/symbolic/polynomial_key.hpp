// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "symbolic/polynomial.hpp"

namespace ridgepoint::symbolic::detail {

__extension__ using Wide = unsigned __int128;

/// Monomials as 128-bit numbers: the total degree, then each exponent, in fields whose top bit
/// stays free. Comparing numbers is then graded lexicographic order, adding them multiplies
/// monomials, and the free bits show whether a difference is a monomial.
class PackedKeys {
 public:
  using Key = Wide;

  static bool fits(std::size_t variables, std::uint64_t total_degree) {
    return static_cast<unsigned>(std::bit_width(total_degree)) < field_bits(variables);
  }
  explicit PackedKeys(std::size_t variables) : variables_(variables), bits_(field_bits(variables)) {
    for (std::size_t i = 0; i <= variables; ++i) guards_ = (guards_ << bits_) | top_bit();
  }

  /// `positions[i]` is where the i-th exponent of the term stands among all variables.
  Key pack(const Exponents& exponents, const std::vector<std::size_t>& positions) const {
    Wide key = 0;
    Wide total = 0;
    for (std::size_t i = 0; i < exponents.size(); ++i) {
      key |= Wide{exponents[i]} << (bits_ * (variables_ - 1 - positions[i]));
      total += exponents[i];
    }
    return key | (total << (bits_ * variables_));
  }
  Exponents unpack(Key key) const {
    Exponents exponents(variables_);
    for (std::size_t i = variables_; i-- > 0; key >>= bits_)
      exponents[i] = static_cast<std::uint32_t>(key & (top_bit() - 1));
    return exponents;
  }
  Key multiply(Key a, Key b) const { return a + b; }
  Key divide(Key a, Key b) const { return a - b; }
  bool divides(Key divisor, Key key) const {
    return (((key | guards_) - divisor) & guards_) == guards_;
  }
  static bool before(Key a, Key b) { return a > b; }

 private:
  static unsigned field_bits(std::size_t variables) {
    return std::min(33U, static_cast<unsigned>(128 / (variables + 1)));
  }
  Wide top_bit() const { return Wide{1} << (bits_ - 1); }

  std::size_t variables_;
  unsigned bits_;
  Wide guards_ = 0;
};

/// The same for monomials that do not fit: plain exponents.
class PlainKeys {
 public:
  using Key = Exponents;

  explicit PlainKeys(std::size_t variables) : variables_(variables) {}

  Key pack(const Exponents& exponents, const std::vector<std::size_t>& positions) const {
    Exponents key(variables_);
    for (std::size_t i = 0; i < exponents.size(); ++i) key[positions[i]] = exponents[i];
    return key;
  }
  Exponents unpack(const Key& key) const { return key; }
  Key multiply(Key a, const Key& b) const {
    for (std::size_t i = 0; i < variables_; ++i) a[i] += b[i];
    return a;
  }
  Key divide(Key a, const Key& b) const {
    for (std::size_t i = 0; i < variables_; ++i) a[i] -= b[i];
    return a;
  }
  bool divides(const Key& divisor, const Key& key) const {
    return std::equal(divisor.begin(), divisor.end(), key.begin(), std::less_equal<>{});
  }
  static bool before(const Key& a, const Key& b) { return compare(a, b) < 0; }

 private:
  std::size_t variables_;
};

}  // namespace ridgepoint::symbolic::detail
