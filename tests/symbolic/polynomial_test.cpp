// SPDX-License-Identifier: Apache-2.0
#include "symbolic/polynomial.hpp"

#include <gtest/gtest.h>

#include "symbolic/fraction.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

const Polynomial x(intern_symbol("x"));
const Polynomial y(intern_symbol("y"));
const Polynomial z(intern_symbol("z"));
const Polynomial one(Integer(1));

std::string text(const Polynomial& p) { return to_text(make_expr(p)); }

Polynomial gcd_of(const Polynomial& a, const Polynomial& b) {
  const std::optional<Polynomial> result = gcd(a, b);
  EXPECT_TRUE(result);
  return result.value_or(Polynomial());
}

TEST(Polynomial, KeepsTermsInGradedLexicographicOrder) {
  const Polynomial p = one + y * y + x * z + z + x * y * z;
  EXPECT_EQ(text(p), "x*y*z + x*z + y^2 + z + 1");
}

TEST(Polynomial, ForgetsVariablesThatNoLongerOccur) {
  const Polynomial p = (x + y) - y;
  EXPECT_EQ(p.variables().size(), 1U);
  EXPECT_TRUE(p == x);
  EXPECT_TRUE((p - x).is_zero());
}

TEST(Polynomial, KnowsItsDegreesAndCoefficients) {
  const Polynomial p = pow(x, 3) * y + Integer(2) * x * x + z;
  EXPECT_EQ(p.degree(x.variables()[0]), 3U);
  EXPECT_EQ(p.total_degree(), 4U);
  const auto coefficients = p.coefficients_in(x.variables()[0]);
  ASSERT_EQ(coefficients.size(), 4U);
  EXPECT_TRUE(coefficients[0] == z);
  EXPECT_TRUE(coefficients[1].is_zero());
  EXPECT_TRUE(coefficients[3] == y);
}

TEST(Polynomial, DividesOnlyWhereTheQuotientIsAPolynomial) {
  EXPECT_TRUE(*exact_quotient(x * x - y * y, x - y) == x + y);
  EXPECT_FALSE(exact_quotient(x * x + y * y, x - y));
  EXPECT_FALSE(exact_quotient(x + one, Polynomial(Integer(2))));
  EXPECT_FALSE(exact_quotient(x, y));
}

TEST(Polynomial, MultipliesBeyondTheReachOfPackedExponents) {
  // 40 variables and 128 bits leave 3 bits for each exponent: x39^9 needs the plain way.
  Polynomial sum = one;
  for (int i = 0; i < 40; ++i) sum = sum + Polynomial(intern_symbol("w" + std::to_string(i)));
  const Polynomial high = pow(Polynomial(intern_symbol("w39")), 9) - one;
  const Polynomial product = sum * high;
  EXPECT_EQ(product.terms().size(), 82U);
  EXPECT_TRUE(*exact_quotient(product, high) == sum);
  EXPECT_TRUE(gcd_of(product, sum * (high + x)) == sum);
}

TEST(Gcd, IncludesTheContentAndHasAPositiveLead) {
  EXPECT_EQ(text(gcd_of(Integer(-6) * x * y, Integer(4) * x * x)), "2*x");
  EXPECT_EQ(text(gcd_of(Polynomial(), -x)), "x");
  EXPECT_EQ(text(gcd_of(Polynomial(Integer(-12)), Integer(18) * x)), "6");
}

TEST(Gcd, OfCoprimePolynomialsIsOne) {
  EXPECT_TRUE(gcd_of(x + y, x + one).is_one());
  EXPECT_TRUE(gcd_of(x * y + one, x * y - one).is_one());
}

TEST(Gcd, FindsFactorsWhoseLeadingCoefficientsAreNotOne) {
  const Polynomial g = Integer(6) * x * y + Integer(10) * z * x + Integer(15) * y + one;
  const Polynomial a = (y + z) * x * x + Integer(3) * z;
  const Polynomial b = (y + z) * x + Integer(7) * one;
  EXPECT_TRUE(gcd_of(g * a, g * b) == g);
  EXPECT_TRUE(gcd_of(g * g * a, g * b) == g);
  EXPECT_TRUE(gcd_of(g * g * a, g * g * b) == g * g);
}

TEST(Gcd, FindsAFactorThatIsFreeOfSomeVariable) {
  EXPECT_TRUE(gcd_of((y + z) * (x + y), (y + z) * (x + z)) == y + z);
  EXPECT_TRUE(gcd_of((y + z) * (x * x + y), (y + z) * (y * x + z)) == y + z);
}

TEST(Gcd, FindsCoefficientsLargerThanAPrime) {
  const Integer large = boost::multiprecision::pow(Integer(10), 60) + 7;
  const Polynomial g = large * x * x + Integer(3) * y - large * large * one;
  EXPECT_TRUE(gcd_of(g * (x * y + x + one), g * (x * y - y + Integer(2) * one)) == g);
}

TEST(Gcd, GivesUpWithinItsBudgetInsteadOfTakingForEver) {
  // (sum of 12 variables + 1)^5 has 6188 terms and takes that many images for each point.
  Polynomial sum = one;
  for (int i = 0; i < 12; ++i) sum = sum + Polynomial(intern_symbol("v" + std::to_string(i)));
  const Polynomial g = pow(sum, 5) + x;
  const auto result = gcd(g * (x + y), g * (x - z));
  EXPECT_TRUE(!result || *result == g);
}

}  // namespace
}  // namespace ridgepoint::symbolic::detail
