// SPDX-License-Identifier: Apache-2.0
#include "symbolic/fraction.hpp"

#include <memory>
#include <utility>

namespace ridgepoint::symbolic::detail {

Fraction::Fraction(Polynomial numerator, Polynomial denominator)
    : numerator_(std::move(numerator)), denominator_(std::move(denominator)) {
  const bool roots = has_roots(numerator_) || has_roots(denominator_);
  if (roots) unfold_roots(numerator_, denominator_);
  reduce();
  if (roots) {
    fold_roots(numerator_, denominator_);
    if (has_roots_of_sums(numerator_) || has_roots_of_sums(denominator_)) is_canonical_ = false;
  }
  if (denominator_.is_zero())
    make_undefined();
  else
    make_denominator_positive();
}

Fraction Fraction::from_coprime(Polynomial numerator, Polynomial denominator) {
  Fraction fraction;
  fraction.numerator_ = std::move(numerator);
  fraction.denominator_ =
      fraction.numerator_.is_zero() ? Polynomial(Integer(1)) : std::move(denominator);
  fraction.make_denominator_positive();
  return fraction;
}

Fraction Fraction::negated() const {
  Fraction fraction = *this;
  fraction.numerator_ = -fraction.numerator_;
  return fraction;
}

void Fraction::make_undefined() {
  numerator_ = Polynomial();
  denominator_ = Polynomial();
}

void Fraction::reduce() {
  if (denominator_.is_zero() || denominator_.is_one()) return;
  if (numerator_.is_zero()) {
    denominator_ = Polynomial(Integer(1));
    return;
  }
  const std::optional<Polynomial> common = gcd(numerator_, denominator_);
  if (!common) {
    is_canonical_ = false;
  } else if (!common->is_one()) {
    numerator_ = quotient(numerator_, *common);
    denominator_ = quotient(denominator_, *common);
  }
}

void Fraction::make_denominator_positive() {
  if (denominator_.leading_coefficient() > 0) return;
  numerator_ = -numerator_;
  denominator_ = -denominator_;
}

Expr make_expr(Polynomial numerator, Polynomial denominator) {
  return Expr(std::make_shared<const Fraction>(std::move(numerator), std::move(denominator)));
}

Expr make_coprime_expr(Polynomial numerator, Polynomial denominator) {
  return Expr(std::make_shared<const Fraction>(
      Fraction::from_coprime(std::move(numerator), std::move(denominator))));
}

Expr atom_expr(const Atom* atom) { return make_coprime_expr(Polynomial(atom)); }

Expr integer_expr(Integer value) { return make_coprime_expr(Polynomial(std::move(value))); }

Rational rational_value(const Expr& expr) {
  return {expr.fraction().numerator().constant(), expr.fraction().denominator().constant()};
}

Expr rational_expr(const Rational& value) {
  return make_coprime_expr(Polynomial(numerator(value)), Polynomial(denominator(value)));
}

}  // namespace ridgepoint::symbolic::detail
