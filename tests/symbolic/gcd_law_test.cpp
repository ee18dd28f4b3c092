// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "symbolic/polynomial.hpp"
#include "symbolic/polynomial_random.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

PolynomialShape shape(RandomPolynomial& random) {
  return {.variables = 1 + random.below(8),
          .terms = 1 + random.below(8),
          .degree = static_cast<std::uint32_t>(1 + random.below(4)),
          .size = random.below(4) == 0 ? 1'000'000'000'000 : 9};
}

RC_GTEST_PROP(GcdLaw, ACommonFactorDividesTheGcdAndTheGcdDividesBoth, (std::uint32_t seed)) {
  RandomPolynomial random(seed);
  const PolynomialShape of = shape(random);
  const Polynomial common = random(of);
  const Polynomial a = common * random(of);
  const Polynomial b = common * random(of);
  const std::optional<Polynomial> g = gcd(a, b);
  RC_ASSERT(g.has_value());
  RC_ASSERT(exact_quotient(*g, common).has_value());
  const std::optional<Polynomial> rest_a = exact_quotient(a, *g);
  const std::optional<Polynomial> rest_b = exact_quotient(b, *g);
  RC_ASSERT(rest_a.has_value() && rest_b.has_value());
  RC_ASSERT(gcd(*rest_a, *rest_b)->is_one());
  RC_ASSERT(g->leading_coefficient() > 0);
}

RC_GTEST_PROP(GcdLaw, TheOrderOfTheArgumentsDoesNotMatter, (std::uint32_t seed)) {
  RandomPolynomial random(seed);
  const PolynomialShape of = shape(random);
  const Polynomial common = random(of);
  const Polynomial a = common * random(of);
  const Polynomial b = common * common * random(of);
  RC_ASSERT(*gcd(a, b) == *gcd(b, a));
  RC_ASSERT(*gcd(-a, b) == *gcd(a, b));
}

RC_GTEST_PROP(PolynomialLaw, AProductIsDividedByItsFactors, (std::uint32_t seed)) {
  RandomPolynomial random(seed);
  const PolynomialShape of = shape(random);
  const Polynomial a = random(of);
  const Polynomial b = random(of);
  RC_ASSERT(*exact_quotient(a * b, b) == a);
  RC_ASSERT(a * b == b * a);
}

RC_GTEST_PROP(PolynomialLaw, CoefficientsPutTogetherGiveThePolynomial, (std::uint32_t seed)) {
  RandomPolynomial random(seed);
  const Polynomial p = random(shape(random));
  const Atom* x = intern_symbol("x0");
  Polynomial sum;
  Polynomial power(Integer(1));
  for (const Polynomial& coefficient : p.coefficients_in(x)) {
    sum = sum + coefficient * power;
    power = power * Polynomial(x);
  }
  RC_ASSERT(sum == p);
}

}  // namespace
}  // namespace ridgepoint::symbolic::detail
