// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "ridgepoint/symbolic/parse.hpp"

namespace ridgepoint::symbolic {
namespace {

/// Without the <math> element around it.
std::string mathml(const std::string& text) {
  const std::string open = R"(<math xmlns="http://www.w3.org/1998/Math/MathML">)";
  const std::string close = "</math>";
  const std::string result = to_mathml(parse(text).value());
  EXPECT_TRUE(result.starts_with(open) && result.ends_with(close)) << result;
  return result.substr(open.size(), result.size() - open.size() - close.size());
}

TEST(Mathml, SetsFractionsWithInvisibleTimes) {
  EXPECT_EQ(mathml("S*T/(S + T)"),
            "<mfrac><mrow><mi>S</mi><mo>&#x2062;</mo><mi>T</mi></mrow>"
            "<mrow><mi>S</mi><mo>+</mo><mi>T</mi></mrow></mfrac>");
}

TEST(Mathml, SetsSignsAsOperators) {
  EXPECT_EQ(mathml("x - 1"), "<mrow><mi>x</mi><mo>&#x2212;</mo><mn>1</mn></mrow>");
  EXPECT_EQ(mathml("-x"), "<mrow><mo>&#x2212;</mo><mi>x</mi></mrow>");
  EXPECT_EQ(mathml("-S/2"), "<mrow><mo>&#x2212;</mo><mfrac><mi>S</mi><mn>2</mn></mfrac></mrow>");
}

TEST(Mathml, SetsPowersRootsAndSubscripts) {
  EXPECT_EQ(mathml("x^2"), "<msup><mi>x</mi><mn>2</mn></msup>");
  EXPECT_EQ(mathml("x^(2/3)"),
            "<msup><mi>x</mi><mrow><mn>2</mn><mo>/</mo><mn>3</mn></mrow></msup>");
  EXPECT_EQ(mathml("sqrt(x)"), "<msqrt><mi>x</mi></msqrt>");
  EXPECT_EQ(mathml("D_model"), "<msub><mi>D</mi><mi>model</mi></msub>");
  EXPECT_EQ(mathml("N1"), "<msub><mi>N</mi><mn>1</mn></msub>");
}

TEST(Mathml, SetsFunctionsAndBrackets) {
  EXPECT_EQ(mathml("max(a, b)"),
            "<mrow><mi>max</mi><mo>&#x2061;</mo><mrow><mo>(</mo><mi>a</mi><mo>,</mo><mi>b</mi>"
            "<mo>)</mo></mrow></mrow>");
  EXPECT_EQ(mathml("ceil(x)"), "<mrow><mo>&#x2308;</mo><mi>x</mi><mo>&#x2309;</mo></mrow>");
  EXPECT_EQ(mathml("floor(x)"), "<mrow><mo>&#x230A;</mo><mi>x</mi><mo>&#x230B;</mo></mrow>");
}

TEST(Mathml, SeparatesDigitsWithADot) {
  EXPECT_EQ(mathml("3*2^x"),
            "<mrow><mn>3</mn><mo>&#xB7;</mo><msup><mn>2</mn><mi>x</mi></msup></mrow>");
}

}  // namespace
}  // namespace ridgepoint::symbolic
