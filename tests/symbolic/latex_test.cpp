// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "ridgepoint/symbolic/parse.hpp"

namespace ridgepoint::symbolic {
namespace {

std::string latex(const std::string& text) { return to_latex(parse(text).value()); }

TEST(Latex, SetsTheIntensityOfAMatmulAsTheNotesDo) {
  EXPECT_EQ(latex("B*D*F/(B*D + B*F + D*F)"), R"(\frac{B D F}{B D + B F + D F})");
}

TEST(Latex, KeepsTheOrderOfTheText) {
  EXPECT_EQ(latex("b - a"), "b - a");
  EXPECT_EQ(latex("x^2 + 2*x*y - 3"), "x^{2} + 2 x y - 3");
}

TEST(Latex, PutsAMinusBeforeTheFraction) {
  EXPECT_EQ(latex("-S/2"), R"(-\frac{S}{2})");
  EXPECT_EQ(latex("-x"), "-x");
  EXPECT_EQ(latex("0"), "0");
}

TEST(Latex, SetsWordsUprightAndSubscriptsBelow) {
  EXPECT_EQ(latex("D_model"), R"(D_{\mathrm{model}})");
  EXPECT_EQ(latex("N1"), "N_{1}");
  EXPECT_EQ(latex("x_i_j"), "x_{i,j}");
  EXPECT_EQ(latex("a_"), R"(\mathrm{a\_})");
  EXPECT_EQ(latex("heads"), R"(\mathrm{heads})");
  EXPECT_EQ(latex("heads*width"), R"(\mathrm{heads} \, \mathrm{width})");
  EXPECT_EQ(latex("N1^2"), "N_{1}^{2}");
}

TEST(Latex, SetsFunctionsWithTheirOwnSigns) {
  EXPECT_EQ(latex("max(a, b)"), R"(\max\left(a, b\right))");
  EXPECT_EQ(latex("b*ceil(S/b) - S"), R"(b \, \left\lceil \frac{S}{b} \right\rceil - S)");
  EXPECT_EQ(latex("floor(S/b)"), R"(\left\lfloor \frac{S}{b} \right\rfloor)");
  EXPECT_EQ(latex("log(x)"), R"(\ln\left(x\right))");
  EXPECT_EQ(latex("log(x)^2"), R"(\left(\ln\left(x\right)\right)^{2})");
  EXPECT_EQ(latex("sqrt(a + b)"), R"(\sqrt{a + b})");
}

TEST(Latex, SetsPowersWithExponentsOnOneLine) {
  EXPECT_EQ(latex("x^(2/3)"), "x^{2/3}");
  EXPECT_EQ(latex("(a + b)^(1/3)"), R"(\left(a + b\right)^{1/3})");
  EXPECT_EQ(latex("E*(1 - (1 - k/E)^n)").find("undefined"), std::string::npos);
  EXPECT_EQ(latex("(1 - k/E)^n"), R"(\left(1 - \frac{k}{E}\right)^{n})");
}

TEST(Latex, SeparatesDigitsWithADot) { EXPECT_EQ(latex("3*2^x"), R"(3 \cdot 2^{x})"); }

}  // namespace
}  // namespace ridgepoint::symbolic
