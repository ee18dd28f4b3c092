// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;

std::string answer(std::vector<std::string> words) {
  words.insert(words.begin(), "algebra");
  const auto outcome = run(words);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  return outcome.out;
}

TEST(Algebra, SimplifiesTheIntensityOfAMatmul) {
  EXPECT_EQ(answer({"2*B*D*F/(2*B*D + 2*D*F + 2*B*F)"}), "B*D*F/(B*D + B*F + D*F)\n");
}

TEST(Algebra, TakesTheLimitAlongAPath) {
  const std::string intensity = "B*D*F/(B*D + D*F + B*F)";
  EXPECT_EQ(answer({intensity, "--limit", "D=c*B, F=c*B, c->oo"}), "B\n");
  EXPECT_EQ(answer({intensity, "--subs", "B=1", "--limit", "D=c, F=c, c->oo"}), "1\n");
  EXPECT_EQ(answer({"x^2/(x + 1)", "--limit", "x->oo"}), "oo\n");
}

TEST(Algebra, TakesAnExpressionThatBeginsWithAMinus) {
  EXPECT_EQ(answer({"-S/2"}), "-S/2\n");
  EXPECT_EQ(answer({"-S + T", "--subs", "S=-1"}), "T + 1\n");
  EXPECT_EQ(answer({"--subs", "S=2", "-S*T"}), "-2*T\n");
}

TEST(Algebra, ProvesAndDisproves) {
  EXPECT_EQ(answer({"S/(S+1)", "--compare", "< 1"}), "S/(S + 1) < 1: proved\n");
  EXPECT_EQ(answer({"S*T/(S+T)", "--compare", "< S"}), "S*T/(S + T) < S: proved\n");
  EXPECT_EQ(answer({"S - 1", "--compare", ">= 0", "--where", "S>=1"}), "S - 1 >= 0: proved\n");
  EXPECT_NE(answer({"S", "--compare", "< 1"}).find("disproved at S = "), std::string::npos);
}

TEST(Algebra, GivesAWitnessInJson) {
  const auto json = run({"algebra", "S - 1", "--compare", ">= 0", "--json"}).json();
  EXPECT_EQ(json["schema"], "ridgepoint/algebra/1");
  EXPECT_EQ(json["verdict"], "disproved");
  EXPECT_EQ(json["result"], "S - 1");
  EXPECT_TRUE(json["witness"].contains("S"));
}

TEST(Algebra, SolvesForTheCrossover) {
  const auto json =
      run({"algebra", "B*D*F/(B*D + D*F + B*F)", "--solve", "B", "--equals", "R", "--json"}).json();
  ASSERT_EQ(json["solutions"].size(), 1u);
  EXPECT_EQ(json["solutions"][0]["value"], "D*F*R/(D*F - D*R - F*R)");
  EXPECT_EQ(json["solutions"][0]["condition"], "D*F - D*R - F*R > 0");
}

TEST(Algebra, SaysNeverWhenNothingSolvesIt) {
  EXPECT_EQ(answer({"S/(S+1)", "--solve", "S", "--equals", "295"}), "never\n");
  const auto json = run({"algebra", "S/(S+1)", "--solve", "S", "--equals", "295", "--json"}).json();
  EXPECT_TRUE(json["solutions"].empty());
}

TEST(Algebra, SolvesQuadraticsExactly) {
  EXPECT_EQ(answer({"x^2 + x", "--solve", "x", "--equals", "6"}), "x = 2\n");
}

TEST(Algebra, Differentiates) {
  EXPECT_EQ(answer({"S*T/(S+T)", "--diff", "S"}), "T^2/(S^2 + 2*S*T + T^2)\n");
}

TEST(Algebra, PrintsLatexAndMathml) {
  EXPECT_EQ(answer({"S*T/(S+T)", "--format", "latex"}), "\\frac{S T}{S + T}\n");
  EXPECT_NE(answer({"S/2", "--format", "mathml"}).find("<mfrac>"), std::string::npos);
}

TEST(Algebra, ReadsItsOwnJsonBack) {
  const auto first = run({"algebra", "(a+b)^2/(a - b)*max(a, 3)", "--json"}).json();
  const auto second = run({"algebra", first["result"].get<std::string>(), "--json"}).json();
  EXPECT_EQ(first["result"], second["result"]);
}

}  // namespace
}  // namespace ridgepoint::app
