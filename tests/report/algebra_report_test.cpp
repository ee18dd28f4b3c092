// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/algebra_report.hpp"

#include <gmock/gmock.h>

#include "report/markup.hpp"
#include "ridgepoint/symbolic/parse.hpp"

namespace ridgepoint::report {
namespace {

using symbolic::Expr;
using ::testing::HasSubstr;

Expr expr(const char* text) { return *symbolic::parse(text); }

AlgebraAnswer solved(const char* text, const char* variable) {
  AlgebraAnswer answer;
  answer.result = {symbolic::LimitKind::finite, expr(text)};
  answer.solving = {variable, *symbolic::solve(expr(text), 0, variable)};
  return answer;
}

AlgebraAnswer compared(const char* left, symbolic::Relation relation, const char* right) {
  AlgebraAnswer answer;
  answer.result = {symbolic::LimitKind::finite, expr(left)};
  answer.comparison = {relation, expr(right), symbolic::prove(expr(left), relation, expr(right))};
  return answer;
}

TEST(Condition, IsWrittenAsAReaderWouldWriteIt) {
  const auto words = [](const char* condition) {
    return condition_text({.value = 1, .condition = expr(condition), .exact = true});
  };
  EXPECT_EQ(words("1"), "always");
  EXPECT_EQ(words("D - R"), "D - R > 0");
  EXPECT_EQ(words("floor(a^2 - 4) + 1"), "a^2 - 4 >= 0");
  EXPECT_EQ(words("min(floor(a - b) + 1, c - 2)"), "c - 2 > 0 and a - b >= 0");
}

TEST(Condition, KeepsAStepThatIsNoThreshold) {
  const Expr steps = expr("2*floor(a) - b");
  EXPECT_EQ(condition_text({.value = 1, .condition = steps, .exact = true}),
            to_text(steps) + " > 0");
}

TEST(AlgebraText, GivesTheDiscriminantOfAQuadraticAsTheCondition) {
  // x^2 - a*x + 1 has real roots exactly where a^2 - 4 >= 0.
  EXPECT_THAT(to_text(solved("x^2 - a*x + 1", "x")), HasSubstr("if a^2 - 4 >= 0"));
}

TEST(AlgebraText, GivesABracketedRootAsADecimal) {
  // 1.1673039782614187 is the real root of x^5 - x - 1.
  EXPECT_EQ(to_text(solved("x^5 - x - 1", "x")), "x ≈ 1.16730397826\n");
}

TEST(AlgebraMathml, SaysTheRelationTheVerdictAndTheWitness) {
  const std::string text = to_mathml(compared("x", symbolic::Relation::less, "1"));
  EXPECT_EQ(test::markup_fault(text), "");
  for (const char* words : {"<mi>x</mi><mo>&lt;</mo><mn>1</mn>", "disproved", "at "}) {
    EXPECT_THAT(text, HasSubstr(words));
  }
}

TEST(AlgebraMathml, SaysWhichSymbolASolutionIsOfOrNever) {
  const std::string text = to_mathml(solved("x - 2*a", "x"));
  EXPECT_EQ(test::markup_fault(text), "");
  EXPECT_THAT(text, HasSubstr("<mi>x</mi><mo>=</mo>"));
  EXPECT_THAT(to_mathml(solved("x + 1", "x")), HasSubstr("never"));
}

TEST(AlgebraLatex, NamesTheWitness) {
  EXPECT_THAT(to_latex(compared("x", symbolic::Relation::less, "1")), HasSubstr("at } x = "));
}

}  // namespace
}  // namespace ridgepoint::report
