// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ridgepoint/symbolic/parse.hpp"

namespace ridgepoint::symbolic {
namespace {

using testing::ElementsAre;

const Expr B = Expr::symbol("B");
const Expr S = Expr::symbol("S");
const Expr T = Expr::symbol("T");
const Expr c = Expr::symbol("c");

/// "column: first line of what", for every fault.
template <class T>
std::vector<std::string> faults(const Result<T>& result) {
  std::vector<std::string> lines;
  if (result) return lines;
  for (const Diagnostic& fault : result.error()) {
    lines.push_back(fault.where + ": " + fault.what.substr(0, fault.what.find('\n')));
  }
  return lines;
}

TEST(ParseSubstitution, ReadsAssignments) {
  const Result<Substitution> values = parse_substitution("T=1, D=c*B");
  ASSERT_TRUE(values);
  EXPECT_EQ(*values, (Substitution{{"T", Expr(1)}, {"D", c * B}}));
}

TEST(ParseSubstitution, OfNothingIsEmpty) {
  const Result<Substitution> values = parse_substitution(" ");
  ASSERT_TRUE(values);
  EXPECT_TRUE(values->empty());
}

TEST(ParsePath, OfTooMuchTextHasOneFault) {
  EXPECT_THAT(faults(parse_path(std::string(70'000, 'x'))),
              ElementsAre("limit: 70000 bytes of text: at most 65536 are read"));
}

TEST(ParseSubstitution, StopsAfterTwentyFaults) {
  std::string text = "=";
  for (int i = 0; i < 30'000; ++i) text += ",=";
  EXPECT_EQ(faults(parse_substitution(text)).size(), 20U);
}

TEST(ParseSubstitution, FindsAllFaultsAtOnce) {
  EXPECT_THAT(faults(parse_substitution("T=, =3, D=max(c, *), S=1, S=2, max=3, K 4")),
              ElementsAre("substitution, column 3: expected a number, a name or '(' but found ','",
                          "substitution, column 5: expected a name but found '='",
                          "substitution, column 18: expected a number, a name or '(' but found '*'",
                          "substitution, column 27: 'S' is given twice",
                          "substitution, column 32: 'max' is a function, not a symbol",
                          "substitution, column 41: expected '=' after 'K' but found '4'"));
}

TEST(ParsePath, EndsWithAnArrow) {
  const Result<Path> path = parse_path("D=c*B, F=c*B, c->oo");
  ASSERT_TRUE(path);
  EXPECT_EQ(path->along, (Substitution{{"D", c * B}, {"F", c * B}}));
  EXPECT_EQ(path->variable, "c");
  EXPECT_TRUE(path->to_infinity);
}

TEST(ParsePath, MayLeadToAValueInsteadOfInfinity) {
  const Result<Path> zero = parse_path("c->0");
  ASSERT_TRUE(zero);
  EXPECT_FALSE(zero->to_infinity);
  EXPECT_EQ(zero->target, Expr(0));
  const Result<Path> ratio = parse_path("S → T/B");
  ASSERT_TRUE(ratio);
  EXPECT_EQ(ratio->target, T / B);
  EXPECT_TRUE(parse_path("c → ∞")->to_infinity);
}

TEST(ParsePath, RefusesWhatIsNoPath) {
  EXPECT_THAT(faults(parse_path("D=c*B")),
              ElementsAre("limit, column 6: expected an arrow at the end"));
  EXPECT_THAT(faults(parse_path("c->oo, D=c*B")),
              ElementsAre("limit, column 8: nothing may follow the arrow"));
  EXPECT_THAT(faults(parse_path("c->c+1")),
              ElementsAre("limit, column 4: the target depends on 'c' itself"));
  EXPECT_THAT(faults(parse_path("c->-1")),
              ElementsAre("limit, column 4: symbols are positive: the target is oo, or 0 or more"));
  EXPECT_THAT(faults(parse_path("c=2, c->oo")),
              ElementsAre("limit, column 6: 'c' is replaced and cannot tend to anything"));
  EXPECT_THAT(faults(parse_path("c->oo*2")),
              ElementsAre("limit, column 6: expected ',' or the end but found '*'"));
}

TEST(ParseRelation, ReadsEverySignAndTheRightSide) {
  const auto relation = [](const std::string& text) { return parse_relation(text)->first; };
  EXPECT_EQ(relation("< B"), Relation::less);
  EXPECT_EQ(relation("<= B"), Relation::less_equal);
  EXPECT_EQ(relation("≤ B"), Relation::less_equal);
  EXPECT_EQ(relation("= B"), Relation::equal);
  EXPECT_EQ(relation("== B"), Relation::equal);
  EXPECT_EQ(relation("≥ B"), Relation::greater_equal);
  EXPECT_EQ(relation(">= B"), Relation::greater_equal);
  EXPECT_EQ(relation(">B"), Relation::greater);
  EXPECT_EQ(parse_relation(">= 2*S")->second, 2 * S);
}

TEST(ParseRelation, RefusesWhatIsNoRelation) {
  EXPECT_THAT(faults(parse_relation("B")),
              ElementsAre("comparison, column 1: expected <, <=, =, >= or > but found 'B'"));
  EXPECT_THAT(faults(parse_relation("<")),
              ElementsAre("comparison, column 2: expected a number, a name or '(' but found the "
                          "end"));
}

TEST(ParseBounds, ReadsLowerBounds) {
  const Result<Bounds> bounds = parse_bounds("S>=1, T ≥ 3/2");
  ASSERT_TRUE(bounds);
  EXPECT_EQ(*bounds, (Bounds{{"S", Expr(1)}, {"T", Expr::rational(3, 2)}}));
}

TEST(ParseBounds, FindsAllFaultsAtOnce) {
  const Result<Bounds> bounds = parse_bounds("S>0, T<=3, K>=-1, N>=x, B=1, H>=1, H>=2");
  EXPECT_THAT(faults(bounds), ElementsAre("bounds, column 2: a lower bound is written with >=",
                                          "bounds, column 7: only lower bounds are taken",
                                          "bounds, column 15: a lower bound is a number, 0 or more",
                                          "bounds, column 22: a lower bound is a number, 0 or more",
                                          "bounds, column 26: only lower bounds are taken",
                                          "bounds, column 36: 'H' is given twice"));
  ASSERT_FALSE(bounds);
  EXPECT_EQ(bounds.error()[0].help, "symbols are positive already; write S>=1 for integers");
  EXPECT_EQ(bounds.error()[1].help, "write T>=1");
}

}  // namespace
}  // namespace ridgepoint::symbolic
