// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "symbolic/prove_support.hpp"

namespace ridgepoint::symbolic {
namespace {

using testing::expr;
using ::testing::HasSubstr;
using testing::what;

/// "oo", the text of a finite limit, or "error: …".
std::string limit_of(std::string_view text, std::string_view path) {
  const Result<Path> parsed = parse_path(path);
  if (!parsed) return "bad path: " + what(parsed.error());
  const Result<Limit> result = limit(expr(text), *parsed);
  return result ? to_text(*result) : "error: " + what(result.error());
}

TEST(Limit, OfMatmulIntensityIsTheBatchWhenTheMatrixIsLarge) {
  // B·c²B²/(B·cB + B·cB + c²B²) = B·c/(2 + c) → B.
  EXPECT_EQ(limit_of("B*D*F/(B*D + B*F + D*F)", "D=c*B, F=c*B, c->oo"), "B");
}

TEST(Limit, OfMatmulIntensityAtBatchOneIsOne) {
  EXPECT_EQ(limit_of("D*F/(D + F + D*F)", "D=c, F=c, c->oo"), "1");
}

TEST(Limit, OfMlpIntensityIsBatchTimesTokens) {
  EXPECT_EQ(limit_of("6*B*T*D*F/(6*D*F + 4*B*T*D + 4*B*T*F)", "D=c*B*T, F=c*B*T, c->oo"), "B*T");
}

TEST(Limit, OfAttentionIntensityIsTWhenSIsFarLargerThanT) {
  EXPECT_EQ(limit_of("S*T/(S + T)", "S->oo"), "T");
}

TEST(Limit, OfThroughputIsBandwidthOverCachePerSequence) {
  EXPECT_EQ(limit_of("B*W/(P + B*k)", "B->oo"), "W/k");
}

TEST(Limit, OfWhatDoesNotDependOnTheVariableIsItself) {
  EXPECT_EQ(limit_of("S/(S + 1)", "x->oo"), "S/(S + 1)");
}

TEST(Limit, GoesToPlusAndMinusInfinityWhereTheSignIsKnown) {
  EXPECT_EQ(limit_of("S^2/(S + T)", "S->oo"), "oo");
  EXPECT_EQ(limit_of("(T - S^2)/(S + T)", "S->oo"), "-oo");
}

TEST(Limit, SaysWhichSignItCannotDecide) {
  EXPECT_THAT(limit_of("B*(W - Q)", "B->oo"), HasSubstr("sign of W - Q"));
}

TEST(Limit, IsNotZeroWhereTheLeadingCoefficientBelowMayVanish) {
  // x/((a - b)·x² + x) → 0, but → 1 where a = b.
  EXPECT_THAT(limit_of("x/((a - b)*x^2 + x)", "x->oo"), HasSubstr("sign of a - b"));
}

TEST(Limit, AtAFiniteTargetIsTheValueWhereThereIsOne) {
  EXPECT_EQ(limit_of("(x^2 - 4)/(x - 2)", "x->2"), "4");
  EXPECT_EQ(limit_of("S*T/(S + T)", "S->T"), "T/2");
}

TEST(Limit, AtAFiniteTargetIsTakenFromAbove) {
  EXPECT_EQ(limit_of("1/(x - 2)", "x->2"), "oo");
  EXPECT_EQ(limit_of("1/(2 - x)", "x->2"), "-oo");
  EXPECT_EQ(limit_of("1/x", "x->0"), "oo");
  EXPECT_EQ(limit_of("ceil(x)", "x->2"), "3");
  EXPECT_EQ(limit_of("floor(x)", "x->2"), "2");
}

TEST(Limit, OfBlocksPerTokenForgetsTheRounding) {
  EXPECT_EQ(limit_of("ceil(S/b)/S", "S->oo"), "1/b");
  EXPECT_EQ(limit_of("ceil(S/b)*b/S", "S->oo"), "1");
}

TEST(Limit, OfAFractionalPartIsNone) {
  EXPECT_THAT(limit_of("ceil(S/b)*b - S", "S->oo"), HasSubstr("fractional part"));
}

TEST(Limit, OfARoundedQuantityThatSettlesIsItsRoundedValue) {
  EXPECT_EQ(limit_of("ceil((5*x + 1)/(2*x))", "x->oo"), "3");  // 5/2 + 1/(2x)
  EXPECT_EQ(limit_of("ceil(2 + 1/x)", "x->oo"), "3");          // from above
  EXPECT_EQ(limit_of("ceil(2 - 1/x)", "x->oo"), "2");          // from below
  EXPECT_EQ(limit_of("floor(2 - 1/x)", "x->oo"), "1");
  EXPECT_EQ(limit_of("ceil(S + 1/x)", "x->oo"), "floor(S) + 1");
}

TEST(Limit, OfAMaximumFollowsTheArgumentThatGrowsFaster) {
  EXPECT_EQ(limit_of("max(B*P, W)/B", "B->oo"), "P");
  EXPECT_EQ(limit_of("min(1, B/R)", "B->oo"), "1");
  EXPECT_THAT(limit_of("max(B*P, B*W)/B", "B->oo"), HasSubstr("sign of W - P"));
}

TEST(Limit, KnowsThatALogarithmGrowsSlowerThanAnyPower) {
  EXPECT_EQ(limit_of("log(x)", "x->oo"), "oo");
  EXPECT_EQ(limit_of("log(x)/x", "x->oo"), "0");
  EXPECT_EQ(limit_of("log(x)^9/sqrt(x)", "x->oo"), "0");
  EXPECT_EQ(limit_of("x*log(x)", "x->0"), "0");
  EXPECT_EQ(limit_of("log(1 + x)/x", "x->0"), "1");
  EXPECT_EQ(limit_of("log(2*x^3 + 1) - 3*log(x)", "x->oo"), "log(2)");
}

TEST(Limit, SeesThroughCancellingRoots) {
  // sqrt(x² + x) - x = x/(sqrt(x² + x) + x) → 1/2.
  EXPECT_EQ(limit_of("sqrt(x^2 + x) - x", "x->oo"), "1/2");
}

TEST(Limit, OfAPowerFollowsTheSideOfOneOnWhichItsBaseLies) {
  EXPECT_EQ(limit_of("2^n", "n->oo"), "oo");
  EXPECT_EQ(limit_of("n^9/2^n", "n->oo"), "0");
  EXPECT_EQ(limit_of("(2^n + n^5)/3^n", "n->oo"), "0");
  EXPECT_EQ(limit_of("(k/(k + 1))^n", "n->oo"), "0");
}

TEST(Limit, OfExpertsTouchedIsAllOfThemForManyTokens) {
  EXPECT_EQ(limit_of("E*(1 - (1 - 1/(k + 1))^n)", "n->oo"), "E");
  // Whether (1 - k/E)^n vanishes depends on whether k < E, which nobody has said.
  EXPECT_THAT(limit_of("E*(1 - (1 - k/E)^n)", "n->oo"), HasSubstr("sign of (E - k)/E"));
}

TEST(Limit, OfExpertsTouchedIsTokensTimesChoicesForManyExperts) {
  // (1 - k/E)^n = 1 - n·k/E + O(1/E²).
  EXPECT_EQ(limit_of("E*(1 - (1 - k/E)^n)", "E->oo"), "k*n");
}

TEST(Limit, RefusesAGrowthOutsideItsScale) {
  EXPECT_THAT(limit_of("(1 + 1/n)^n", "n->oo"), HasSubstr("growth"));
  EXPECT_THAT(limit_of("log(log(x))", "x->oo"), HasSubstr("growth"));
}

TEST(Limit, RefusesARootOfWhatBecomesNegative) {
  EXPECT_THAT(limit_of("sqrt(y - x)", "x->oo"), HasSubstr("becomes negative"));
}

TEST(Limit, RefusesATargetOutsideThePositiveNumbers) {
  Path path{{}, "x", false, Expr(-1)};
  EXPECT_FALSE(limit(expr("1/x"), path));
  path.target = expr("x");
  EXPECT_FALSE(limit(expr("1/x"), path));
}

TEST(Limit, OfAnUndefinedExpressionIsAnError) {
  EXPECT_FALSE(limit(Expr::undefined(), {{}, "x", true, {}}));
}

}  // namespace
}  // namespace ridgepoint::symbolic
