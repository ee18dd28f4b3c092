// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::symbolic {
namespace {

using testing::HasSubstr;

const Expr S = Expr::symbol("S");
const Expr T = Expr::symbol("T");
const Expr n = Expr::symbol("n");
const Expr x = Expr::symbol("x");

std::string slope(const Expr& expr, const char* name) {
  const Result<Expr> result = differentiate(expr, name);
  return result ? to_text(*result) : result.error()[0].what;
}

TEST(Differentiate, UsesTheQuotientRule) {
  EXPECT_EQ(slope(S * T / (S + T), "S"), "T^2/(S^2 + 2*S*T + T^2)");
  EXPECT_EQ(slope(1 / x, "x"), "-1/x^2");
  EXPECT_EQ(slope(S * T / (S + T), "B"), "0");
}

TEST(Differentiate, RaisesTheDenominatorByOnePowerOnly) {
  // (1/(x+1)^2)' = -2/(x+1)^3
  EXPECT_EQ(slope(1 / pow(x + 1, 2), "x"), "-2/(x^3 + 3*x^2 + 3*x + 1)");
}

TEST(Differentiate, GoesThroughLogarithmsAndPowers) {
  EXPECT_EQ(slope(log(x * x + 1), "x"), "2*x/(x^2 + 1)");
  EXPECT_EQ(slope(sqrt(x), "x"), "1/(2*sqrt(x))");
  EXPECT_EQ(slope(pow(x, n), "x"), "n*x^n/x");
  EXPECT_EQ(slope(pow(x, n), "n"), "log(x)*x^n");
  EXPECT_EQ(*differentiate(pow(x, 2 * n), "x"), 2 * n * pow(x, 2 * n) / x);
  EXPECT_EQ(*differentiate(sqrt(1 + x), "x"), 1 / (2 * sqrt(1 + x)));
}

TEST(Differentiate, RefusesAStepThatDependsOnTheVariableAndNamesIt) {
  EXPECT_THAT(slope(T * ceil(S / 16), "S"), HasSubstr("ceil(S/16)"));
  EXPECT_EQ(slope(T * ceil(S / 16), "T"), "ceil(S/16)");
  EXPECT_THAT(slope(log(1 + max(S, T)), "T"), HasSubstr("max(S, T)"));
}

TEST(Differentiate, NamesEveryStepThatStandsInTheWay) {
  const Result<Expr> result = differentiate(floor(x / 2) + ceil(x / 2), "x");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().size(), 2U);
}

}  // namespace
}  // namespace ridgepoint::symbolic
