// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "symbolic/prove_support.hpp"

namespace ridgepoint::symbolic {
namespace {

using ::testing::ElementsAre;
using testing::expr;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::what;

/// "value if condition", with " (rounded)" behind an inexact one; an error as its one text.
std::vector<std::string> solutions(std::string_view text, std::string_view target,
                                   const std::string& variable, const Bounds& bounds = {}) {
  const auto result = solve(expr(text), expr(target), variable, bounds);
  if (!result) return {"error: " + what(result.error())};
  std::vector<std::string> lines;
  for (const Solution& s : *result) {
    lines.push_back(to_text(s.value) + " if " + to_text(s.condition) +
                    (s.exact ? "" : " (rounded)"));
  }
  return lines;
}

TEST(Solve, FindsTheBatchAtWhichMatmulCrossesTheRidge) {
  // B·D·F = R·(B·D + B·F + D·F)  ⇔  B·(D·F - R·D - R·F) = R·D·F.
  EXPECT_THAT(solutions("B*D*F/(B*D + B*F + D*F)", "R", "B"),
              ElementsAre("D*F*R/(D*F - D*R - F*R) if D*F - D*R - F*R"));
}

TEST(Solve, FindsTheBatchAtWhichTheMlpCrossesTheRidge) {
  const auto found = solve(expr("6*B*D*F/(6*D*F + 4*B*D + 4*B*F)"), expr("R"), "B")
                         .value_or(std::vector<Solution>{});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].value, expr("3*R*D*F/(3*D*F - 2*R*(D + F))"));
  EXPECT_EQ(found[0].condition, expr("3*D*F - 2*R*(D + F)"));
}

TEST(Solve, HasNoConditionWhereTheSolutionIsAlwaysPositive) {
  EXPECT_THAT(solutions("S/2", "R", "S"), ElementsAre("2*R if 1"));
  EXPECT_THAT(solutions("S*(S + 1)/(3*S + 1)", "R", "S"),
              ElementsAre("(3*R + sqrt(9*R^2 - 2*R + 1) - 1)/2 if 1"));
}

TEST(Solve, SaysNeverWithAnEmptyList) {
  EXPECT_THAT(solutions("S/(S + 1)", "2", "S"), IsEmpty());  // S = -2
  EXPECT_THAT(solutions("x^2 + 1", "0", "x"), IsEmpty());
  EXPECT_THAT(solutions("x^2 + a*x", "0", "x"), IsEmpty());  // 0 and -a
  EXPECT_THAT(solutions("a + 1", "0", "x"), IsEmpty());
}

TEST(Solve, SaysNeverWhereTheBoundsExcludeTheSolution) {
  EXPECT_THAT(solutions("S/2", "5", "S", {{"S", Expr(20)}}), IsEmpty());
  EXPECT_THAT(solutions("S/2", "5", "S", {{"S", Expr(10)}}), ElementsAre("10 if 1"));
  // S = R·T/(T - R) needs T > R: never for R >= 2·T, that is R = 2·T + x.
  EXPECT_THAT(solutions("S*T/(S + T)", "R", "S", {{"R", expr("2*T")}}), IsEmpty());
}

TEST(Solve, PutsABoundOnTheUnknownIntoTheCondition) {
  // floor(2·R - 10) + 1 > 0 exactly where 2·R >= 10.
  EXPECT_THAT(solutions("S/2", "R", "S", {{"S", Expr(10)}}),
              ElementsAre("2*R if " + to_text(floor(expr("2*R - 10")) + 1)));
  // For T > 295 the root 295·T/(T - 295) is above 1 anyway.
  EXPECT_THAT(solutions("S*T/(S + T)", "295", "S", {{"S", Expr(1)}}),
              ElementsAre("295*T/(T - 295) if T - 295"));
}

TEST(Solve, GivesBothRootsOfAQuadraticExactly) {
  EXPECT_THAT(solutions("x^2 - 3*x + 2", "0", "x"), ElementsAre("1 if 1", "2 if 1"));
  EXPECT_THAT(solutions("x^2 - x - 1", "0", "x"), ElementsAre("(sqrt(5) + 1)/2 if 1"));
  EXPECT_THAT(solutions("x^2", "2", "x"), ElementsAre("sqrt(2) if 1"));
}

TEST(Solve, GivesADoubleRootOnce) {
  EXPECT_THAT(solutions("x^2 + 1", "2*x", "x"), ElementsAre("1 if 1"));
  EXPECT_THAT(solutions("(x - 1)^3", "0", "x"), ElementsAre("1 if 1"));
  EXPECT_THAT(solutions("x^2 - 2*a*x + a^2", "0", "x"), ElementsAre("a if 1"));
}

TEST(Solve, ConditionsSymbolicRootsOnTheirDiscriminant) {
  // Sum a and product b are positive: both roots are, where they are real. floor(d) + 1 > 0 exactly
  // where d >= 0.
  EXPECT_THAT(solutions("x^2 + b", "a*x", "x"),
              ElementsAre("(a - sqrt(a^2 - 4*b))/2 if floor(a^2 - 4*b) + 1",
                          "(a + sqrt(a^2 - 4*b))/2 if floor(a^2 - 4*b) + 1"));
  // Product -b: one root is positive, always.
  EXPECT_THAT(solutions("x^2 + a*x", "b", "x"), ElementsAre("(sqrt(a^2 + 4*b) - a)/2 if 1"));
}

TEST(Solve, TakesRootsOfPowers) {
  EXPECT_THAT(solutions("x^3", "a", "x"), ElementsAre("a^(1/3) if 1"));
  EXPECT_THAT(solutions("x^4 - 5*x^2 + 4", "0", "x"), ElementsAre("1 if 1", "2 if 1"));
}

TEST(Solve, BracketsRootsOfHigherDegreeToTheNearestDouble) {
  // x⁵ - x - 1 has the one real root 1.16730397826141868425…
  const auto found = solve(expr("x^5 - x - 1"), 0, "x").value_or(std::vector<Solution>{});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FALSE(found[0].exact);
  EXPECT_EQ(found[0].value.to_double(), 1.16730397826141868425);
}

TEST(Solve, FindsRationalRootsOfHigherDegreeExactly) {
  const auto found =
      solve(expr("(x - 1)*(3*x - 1)*(x^3 - 2)"), 0, "x").value_or(std::vector<Solution>{});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].value, Expr::rational(1, 3));
  EXPECT_TRUE(found[0].exact);
  EXPECT_EQ(found[1].value, Expr(1));
  EXPECT_EQ(found[2].value.to_double(), 1.25992104989487316477);  // the cube root of 2
  EXPECT_FALSE(found[2].exact);
}

TEST(Solve, TellsRootsApartThatLieCloseTogether) {
  // 10⁻⁶ apart, and a third far away.
  EXPECT_THAT(solutions("(x - 1)*(x - 1000001/1000000)*(x - 1000000)*(x + 1)", "0", "x"),
              ElementsAre("1 if 1", "1000001/1000000 if 1", "1000000 if 1"));
}

TEST(Solve, ExcludesWhereTheFractionIsUndefined) {
  // x = a, unless a = b: |a - b| > 0.
  EXPECT_THAT(solutions("(x - a)/(x - b)", "0", "x"), ElementsAre("a if max(a - b, b - a)"));
}

TEST(Solve, RefusesAnIdentity) {
  EXPECT_THAT(solutions("a*x", "x*a", "x"), ElementsAre(HasSubstr("every positive x solves it")));
}

TEST(Solve, RefusesAnEquationWithoutTheVariable) {
  EXPECT_THAT(solutions("a", "b", "x"), ElementsAre(HasSubstr("does not depend on x")));
}

TEST(Solve, RefusesAVariableInsideAKernel) {
  EXPECT_THAT(solutions("max(x, 2)", "R", "x"), ElementsAre(HasSubstr("inside max(2, x)")));
}

TEST(Solve, RefusesHigherDegreeWithSymbols) {
  EXPECT_THAT(solutions("x^3 - a", "x", "x"), ElementsAre(HasSubstr("degree 3 in x")));
}

TEST(Solve, RefusesAnUndefinedEquation) { EXPECT_FALSE(solve(Expr::undefined(), 1, "x")); }

}  // namespace
}  // namespace ridgepoint::symbolic
