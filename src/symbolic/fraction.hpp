// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "symbolic/polynomial.hpp"

namespace ridgepoint::symbolic::detail {

/// What an Expr holds: numerator / denominator, coprime (unless the gcd ran out of budget), the
/// leading coefficient of the denominator positive. A zero denominator means undefined.
class Fraction {
 public:
  Fraction(Polynomial numerator, Polynomial denominator);  // brings it into canonical form
  /// REQUIRES: coprime over the integers, the denominator not 0, no root (see has_roots).
  static Fraction from_coprime(Polynomial numerator, Polynomial denominator);

  /// REQUIRES: not undefined.
  Fraction negated() const;

  const Polynomial& numerator() const { return numerator_; }
  const Polynomial& denominator() const { return denominator_; }
  bool is_undefined() const { return denominator_.is_zero(); }
  /// Whether different fractions of this kind are different functions: the gcd was found, and no
  /// root of a sum stands in it, whose powers may hide an equality.
  bool is_canonical() const { return is_canonical_; }

 private:
  Fraction() = default;
  void make_undefined();
  void reduce();
  void make_denominator_positive();

  Polynomial numerator_;
  Polynomial denominator_;
  bool is_canonical_ = true;
};

Expr make_expr(Polynomial numerator, Polynomial denominator = Polynomial(Integer(1)));
/// REQUIRES: as Fraction::from_coprime.
Expr make_coprime_expr(Polynomial numerator, Polynomial denominator = Polynomial(Integer(1)));
Expr atom_expr(const Atom* atom);
Expr integer_expr(Integer value);
/// REQUIRES: is_constant() of a defined expression.
Rational rational_value(const Expr& expr);
Expr rational_expr(const Rational& value);

// Roots: kernels pow(b, u/q), whose q-th power is pow(b, u). See fraction_roots.cpp.

/// Larger roots stay opaque: their powers would not fit into exponents.
inline constexpr std::uint32_t kMaxRoot = 1U << 16;
bool has_roots(const Polynomial& p);
/// Rewrites roots so that common factors become visible to the gcd.
void unfold_roots(Polynomial& numerator, Polynomial& denominator);
/// Brings roots into their final form after the gcd: powers below q, smallest q.
void fold_roots(Polynomial& numerator, Polynomial& denominator);
/// Whether some root has a base that is not a variable, so that coprime does not mean unique.
bool has_roots_of_sums(const Polynomial& p);

}  // namespace ridgepoint::symbolic::detail
