// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ridgepoint/symbolic/expr.hpp"
#include "symbolic/expr_random.hpp"

namespace ridgepoint::symbolic {
namespace {

/// The arithmetic of constants: substitution gives the value of a rational function.
Expr at(const Expr& expr, const Substitution& point) { return substitute(expr, point); }

RC_GTEST_PROP(ExprLaw, SumsAndProductsFormAField, (std::uint32_t seed)) {
  RandomExpr random(seed);
  const Expr a = random.expression();
  const Expr b = random.expression();
  const Expr c = random.expression(2);
  RC_ASSERT(a + b == b + a);
  RC_ASSERT(a * b == b * a);
  RC_ASSERT((a + b) + c == a + (b + c));
  RC_ASSERT((a * b) * c == a * (b * c));
  RC_ASSERT(a * (b + c) == a * b + a * c);
  RC_ASSERT((a - a).is_zero());
  RC_ASSERT(b.is_zero() || a / b * b == a);
}

RC_GTEST_PROP(ExprLaw, EqualFunctionsPrintTheSameText, (std::uint32_t seed)) {
  RandomExpr random(seed);
  const Expr a = random.expression();
  const Expr b = random.expression();
  const Expr c = random.expression(2);
  RC_ASSERT(to_text(a * (b + c)) == to_text(c * a + b * a));
  RC_ASSERT(to_text((a + b) * (a - b)) == to_text(a * a - b * b));
  RC_ASSERT(c.is_zero() || to_text(a / c + b / c) == to_text((b + a) / c));
}

RC_GTEST_PROP(ExprLaw, ValuesFollowTheOperations, (std::uint32_t seed)) {
  RandomExpr random(seed);
  const Expr a = random.expression();
  const Expr b = random.expression();
  const Substitution point = random.point();
  const Expr value_a = at(a, point);
  const Expr value_b = at(b, point);
  RC_PRE(!value_a.is_undefined() && !value_b.is_undefined());
  RC_ASSERT(at(a + b, point) == value_a + value_b);
  RC_ASSERT(at(a - b, point) == value_a - value_b);
  RC_ASSERT(at(a * b, point) == value_a * value_b);
  if (!value_b.is_zero()) RC_ASSERT(at(a / b, point) == value_a / value_b);
}

RC_GTEST_PROP(ExprLaw, NumeratorAndDenominatorAreCoprime, (std::uint32_t seed)) {
  RandomExpr random(seed);
  const Expr e = random.expression() * random.expression();
  const Expr common = random.expression(2).numerator();
  RC_PRE(!common.is_zero());
  const Expr widened = (e.numerator() * common) / (e.denominator() * common);
  RC_ASSERT(to_text(widened.numerator()) == to_text(e.numerator()));
  RC_ASSERT(to_text(widened.denominator()) == to_text(e.denominator()));
}

RC_GTEST_PROP(ExprLaw, SubstitutionsCompose, (std::uint32_t seed)) {
  RandomExpr random(seed);
  const Expr e = random.expression();
  const Expr inner = random.expression(2);
  const Substitution point = random.point();
  const Expr value = at(inner, point);
  const Expr once = substitute(e, {{"x", inner}});
  RC_PRE(!value.is_undefined() && !once.is_undefined());
  Substitution direct = point;
  direct["x"] = value;
  RC_PRE(!at(e, direct).is_undefined());
  RC_ASSERT(at(once, point) == at(e, direct));
}

RC_GTEST_PROP(ExprLaw, DerivativesFollowLeibniz, (std::uint32_t seed)) {
  RandomExpr random(seed);
  const Expr a = random.expression(2);
  const Expr b = random.expression(2);
  const auto slope = [](const Expr& e) { return *differentiate(e, "x"); };
  RC_ASSERT(slope(a * b) == slope(a) * b + a * slope(b));
  RC_ASSERT(slope(a + b) == slope(a) + slope(b));
  RC_ASSERT(b.is_zero() || slope(a / b) == (slope(a) * b - a * slope(b)) / (b * b));
}

RC_GTEST_PROP(ExprLaw, DoublesComeBackUnchanged, (double value)) {
  RC_ASSERT(Expr::from_double(value).to_double() == value);
}

RC_GTEST_PROP(ExprLaw, PowersOfOneBaseAddTheirExponents, (std::uint32_t seed)) {
  RandomExpr random(seed);
  const Expr base = Expr::symbol("x") + random.integer(0, 1) * Expr::symbol("y");
  const Expr n = Expr::symbol("n");
  const auto exponent = [&] {
    return Expr::rational(random.integer(-6, 6), random.integer(1, 4)) +
           n * Expr::rational(random.integer(-2, 2), random.integer(1, 2));
  };
  const Expr a = exponent();
  const Expr b = exponent();
  RC_ASSERT(pow(base, a) * pow(base, b) == pow(base, a + b));
  RC_ASSERT(pow(base, a) / pow(base, b) == pow(base, a - b));
  RC_ASSERT(pow(pow(base, a), 2) == pow(base, 2 * a));
}

}  // namespace
}  // namespace ridgepoint::symbolic
