// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "symbolic/prove_support.hpp"

namespace ridgepoint::symbolic {
namespace {

using testing::expr;

/// "proved", "unknown", or "disproved S=1, T=2".
std::string verdict(std::string_view left, std::string_view relation, const Bounds& bounds = {}) {
  const auto parsed = parse_relation(relation);
  if (!parsed) return "bad relation";
  const Proof proof = prove(expr(left), parsed->first, parsed->second, bounds);
  std::string text = to_text(proof.verdict);
  for (const auto& [name, value] : proof.witness) {
    text += (text == "disproved" ? " " : ", ") + name + "=" + to_text(value);
  }
  return text;
}

TEST(Prove, BoundsTheLectureIntensities) {
  EXPECT_EQ(verdict("S/(S + 1)", "< 1"), "proved");
  EXPECT_EQ(verdict("S*T/(S + T)", "< S"), "proved");
  EXPECT_EQ(verdict("S*T/(S + T)", "< T"), "proved");
  EXPECT_EQ(verdict("B*D*F/(B*D + B*F + D*F)", "< B"), "proved");
  EXPECT_EQ(verdict("S/(S + 1)", "<= 1"), "proved");
}

TEST(Prove, SeesThatIntensityRisesWithTheBatch) {
  for (const char* text : {"B*D*F/(B*D + B*F + D*F)", "B*W/(P + B*q)"}) {
    const Result<Expr> slope = differentiate(expr(text), "B");
    ASSERT_TRUE(slope);
    EXPECT_EQ(prove(*slope, Relation::greater, 0).verdict, Verdict::proved) << text;
    const Result<Expr> curvature = differentiate(*slope, "B");
    ASSERT_TRUE(curvature);
    EXPECT_EQ(prove(*curvature, Relation::less, 0).verdict, Verdict::proved) << text;
  }
}

TEST(Prove, UsesLowerBounds) {
  EXPECT_EQ(verdict("S - 1", ">= 0", {{"S", 1}}), "proved");
  EXPECT_EQ(verdict("S - 1", ">= 0"), "disproved S=1/2");
  EXPECT_EQ(verdict("S^2", ">= S", {{"S", 1}}), "proved");
}

TEST(Prove, IsStrictAtTheBoundItself) {
  EXPECT_EQ(verdict("S", "> 1", {{"S", 1}}), "disproved S=1");
  EXPECT_EQ(verdict("S + T", "> 1", {{"S", 1}}), "proved");  // T > 0
}

TEST(Prove, UsesBoundsThatAreExpressions) {
  // The causal pairs T·(S - T) + T·(T + 1)/2 are at most S·T for 1 <= T <= S.
  const Bounds bounds{{"S", expr("T")}, {"T", 1}};
  EXPECT_EQ(verdict("T*(S - T) + T*(T + 1)/2", "<= S*T", bounds), "proved");
  EXPECT_EQ(verdict("T*(S - T) + T*(T + 1)/2", "< S*T", bounds), "disproved S=1, T=1");
  const Substitution s_above_t{{"S", expr("T + x")}};
  const Expr pairs = substitute(expr("T*(S - T) + T*(T + 1)/2"), s_above_t);
  EXPECT_EQ(prove(pairs, Relation::less_equal, expr("(T + x)*T"), {{"T", 1}}).verdict,
            Verdict::proved);
}

TEST(Prove, DisprovesWithAWitness) {
  EXPECT_EQ(verdict("S*T/(S + T)", "> 1"), "disproved S=1, T=1");
  EXPECT_EQ(verdict("x^2 + y^2", "> 2*x*y"), "disproved x=1, y=1");
  EXPECT_EQ(verdict("x", "< 1000"), "disproved x=1000000");
}

TEST(Prove, FindsAWitnessBetweenTwoCloseRoots) {
  EXPECT_EQ(verdict("(x - 1000)^2", "> 0"), "disproved x=1000");
  EXPECT_EQ(verdict("(x - 1000)^2 + 1/1000", "> 0"), "proved");
  EXPECT_EQ(verdict("(1000*x - 777)*(1000*x - 778)", ">= 0"), "disproved x=311/400");  // 777.5/1000
}

TEST(Prove, ComparesSums) {
  EXPECT_EQ(verdict("x^2 + y^2", ">= 2*x*y"), "proved");
  EXPECT_EQ(verdict("x^2 + 4*y^2", ">= 4*x*y"), "proved");
  EXPECT_EQ(verdict("x^2 + y^2 + z^2", ">= x*y + y*z + z*x"), "proved");
  EXPECT_EQ(verdict("x^3 + y^3 + z^3", ">= 3*x*y*z"), "proved");
  EXPECT_EQ(verdict("a/(b + c) + b/(a + c) + c/(a + b)", ">= 3/2"), "proved");
}

TEST(Prove, EqualityByCanonicalForm) {
  EXPECT_EQ(verdict("(x + y)^2", "= x^2 + 2*x*y + y^2"), "proved");
  EXPECT_EQ(verdict("(x + y)^2", "= x^2 + y^2"), "disproved x=1, y=1");
}

TEST(Prove, TakesMaximaByCases) {
  EXPECT_EQ(verdict("max(x, y)", ">= x"), "proved");
  EXPECT_EQ(verdict("max(x, y)", "< x + y"), "proved");
  EXPECT_EQ(verdict("max(x, y)*min(x, y)", "= x*y"), "proved");
  EXPECT_EQ(verdict("max(x, y)", "> x"), "disproved x=1, y=1");
  EXPECT_EQ(verdict("max(a + b, c + d)", "<= max(a, c) + max(b, d)"), "proved");
  EXPECT_EQ(verdict("max(max(a, b), c)", ">= (a + b + c)/3"), "proved");
}

TEST(Prove, KnowsThatRoundingUpWastesLessThanABlock) {
  EXPECT_EQ(verdict("ceil(S/b)*b", ">= S"), "proved");
  EXPECT_EQ(verdict("ceil(S/b)*b", "< S + b"), "proved");
  EXPECT_EQ(verdict("ceil(S/b)", ">= 1"), "proved");
  EXPECT_EQ(verdict("floor(S/b)*b", "<= S"), "proved");
  EXPECT_EQ(verdict("floor(S/b)*b", "> S - b"), "proved");
}

TEST(Prove, DoesNotTakeAFloorOrALogarithmForPositive) {
  EXPECT_EQ(verdict("floor(x)", "> 0"), "disproved x=1/2");
  EXPECT_EQ(verdict("floor(x)", ">= 0"), "proved");
  EXPECT_EQ(verdict("floor(x)", "> 0", {{"x", 1}}), "proved");
  EXPECT_EQ(verdict("log(x)", "> 0"), "disproved x=1");
  EXPECT_EQ(verdict("log(x)", "> 0", {{"x", 2}}), "proved");
  EXPECT_EQ(verdict("log(x)^2", ">= 0"), "proved");
}

TEST(Prove, KnowsRootsAndPowers) {
  EXPECT_EQ(verdict("sqrt(x)", "<= (x + 1)/2"), "proved");
  EXPECT_EQ(verdict("sqrt(x*y)", "<= (x + y)/2"), "proved");
  EXPECT_EQ(verdict("sqrt(a^2 + b^2)", "< a + b"), "proved");
  EXPECT_EQ(verdict("sqrt(a^2 + b^2)", "> a"), "proved");
  EXPECT_EQ(verdict("a^(1/3) + b^(1/3)", ">= (a + b)^(1/3)"), "proved");
  EXPECT_EQ(verdict("2^n", "> 1"), "proved");
  EXPECT_EQ(verdict("(k/(k + 1))^n", "< 1"), "proved");
}

TEST(Prove, EnclosesIrrationalNumbers) {
  EXPECT_EQ(verdict("sqrt(2)", "< 1.4142135624"), "proved");
  EXPECT_EQ(verdict("sqrt(2)", "> 1.4142135624"), "disproved");
  EXPECT_EQ(verdict("sqrt(2)*x", "> 1.41*x"), "proved");
  EXPECT_EQ(verdict("log(2)", "< 0.6931471806"), "proved");
}

TEST(Prove, AdmitsWhatItDoesNotKnow) {
  // True only where 1 - 1/x has a real power at all.
  EXPECT_EQ(verdict("(1 - 1/x)^n", "< 1"), "unknown");
  // True, but rounding is not taken apart that far.
  EXPECT_EQ(verdict("ceil(x) + ceil(y)", ">= ceil(x + y)"), "unknown");
  EXPECT_EQ(prove(Expr::undefined(), Relation::less, 1).verdict, Verdict::unknown);
}

TEST(Prove, DoesNotProveAcrossAPole) {
  EXPECT_EQ(verdict("1/(x - y)", "> 0"), "disproved x=1/2, y=1");
  EXPECT_EQ(verdict("1/(x - y)^2", "> 0"), "unknown");  // undefined at x = y
}

TEST(Prove, ComparesNumbers) {
  EXPECT_EQ(verdict("1/3", "< 0.3333"), "disproved");
  EXPECT_EQ(verdict("1/3", "> 0.3333"), "proved");
}

TEST(Prove, NamesVerdictsAndRelations) {
  EXPECT_EQ(to_text(Verdict::unknown), "unknown");
  EXPECT_EQ(to_text(Relation::greater_equal), ">=");
  EXPECT_EQ(to_text(Relation::equal), "=");
}

}  // namespace
}  // namespace ridgepoint::symbolic
