// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::symbolic {
namespace {

using testing::HasSubstr;

const Expr E = Expr::symbol("E");
const Expr S = Expr::symbol("S");
const Expr T = Expr::symbol("T");
const Expr k = Expr::symbol("k");
const Expr n = Expr::symbol("n");

TEST(Evaluate, GivesTheValueOfAFormula) {
  EXPECT_EQ(*evaluate(S * T / (S + T), {{"S", 3.0}, {"T", 6.0}}), 2.0);
  EXPECT_EQ(*evaluate(Expr::rational(1, 4), {}), 0.25);
}

TEST(Evaluate, GivesTheValueOfKernels) {
  EXPECT_EQ(*evaluate(16 * ceil(S / 16), {{"S", 33.0}}), 48.0);
  EXPECT_EQ(*evaluate(floor(-S / 2), {{"S", 3.0}}), -2.0);
  EXPECT_EQ(*evaluate(max(S, T) - min(S, T), {{"S", 2.0}, {"T", 5.0}}), 3.0);
  EXPECT_EQ(*evaluate(sqrt(S), {{"S", 2.0}}), std::sqrt(2.0));
  EXPECT_EQ(*evaluate(log(S), {{"S", 2.0}}), std::log(2.0));
  // (1 - 2/8)^3 = 27/64
  EXPECT_EQ(*evaluate(pow(1 - k / E, n), {{"k", 2.0}, {"E", 8.0}, {"n", 3.0}}), 27.0 / 64.0);
}

TEST(Evaluate, NamesAllSymbolsThatHaveNoValue) {
  const Result<double> result = evaluate(S * ceil(T / n), {{"n", 2.0}});
  ASSERT_FALSE(result);
  ASSERT_EQ(result.error().size(), 1U);
  EXPECT_THAT(result.error()[0].what, HasSubstr("S, T"));
}

TEST(Evaluate, SurvivesPowersBeyondTheRangeOfADouble) {
  EXPECT_EQ(*evaluate(S * T / (S + T), {{"S", 1e300}, {"T", 1e300}}), 1e300 / 2);
  EXPECT_EQ(*evaluate(S / (S * S + T * T), {{"S", 1e-300}, {"T", 1e-300}}), 1 / (2 * 1e-300));
}

TEST(Evaluate, OfTheUndefinedIsNotANumber) {
  EXPECT_TRUE(std::isnan(*evaluate(Expr::undefined(), {})));
}

}  // namespace
}  // namespace ridgepoint::symbolic
