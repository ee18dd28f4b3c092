// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "ridgepoint/symbolic/parse.hpp"

namespace ridgepoint::symbolic {
namespace {

const Expr a = Expr::symbol("a");
const Expr b = Expr::symbol("b");
const Expr x = Expr::symbol("x");

Expr read(const std::string& text) {
  const Result<Expr> result = parse(text);
  if (!result) {
    ADD_FAILURE() << text << "\n" << result.error()[0].where << ": " << result.error()[0].what;
    return Expr::undefined();
  }
  return *result;
}

TEST(Parse, ReadsTheFourOperationsWithTheirPrecedence) {
  EXPECT_EQ(read("a + b*x"), a + b * x);
  EXPECT_EQ(read("(a + b)*x"), (a + b) * x);
  EXPECT_EQ(read("a - b - x"), (a - b) - x);
  EXPECT_EQ(read("a/b/x"), a / (b * x));
  EXPECT_EQ(read("a/b*x"), a * x / b);
}

TEST(Parse, ReadsPowersFromTheRightAndBelowAMinus) {
  EXPECT_EQ(read("x^2^3"), pow(x, 8));
  EXPECT_EQ(read("x**3"), x * x * x);
  EXPECT_EQ(read("-x^2"), -(x * x));
  EXPECT_EQ(read("(-x)^2"), x * x);
  EXPECT_EQ(read("x^-2"), 1 / (x * x));
  EXPECT_EQ(read("2*-x"), -2 * x);
  EXPECT_EQ(read("--x"), x);
  EXPECT_EQ(read("-x - -x"), Expr(0));
}

TEST(Parse, TakesDecimalsExactly) {
  EXPECT_EQ(read("0.1"), Expr::rational(1, 10));
  EXPECT_EQ(read(".25"), Expr::rational(1, 4));
  EXPECT_EQ(read("3."), Expr(3));
  EXPECT_EQ(read("010"), Expr(10));
  EXPECT_EQ(read("989.4e12"), Expr(989'400'000'000'000));
  EXPECT_EQ(read("1e-3"), Expr::rational(1, 1000));
  EXPECT_EQ(read("2.5E+4"), Expr(25'000));
  EXPECT_EQ(read("1e400/1e399"), Expr(10));
}

TEST(Parse, ReadsTheRidgeOfTheLectureAsAFraction) {
  // 989 TFLOP/s ÷ 3.35 TB/s = 989/3.35 = 98900/335 = 19780/67
  EXPECT_EQ(read("989e12/3.35e12"), Expr::rational(19780, 67));
}

TEST(Parse, ReadsMathematicalCharacters) {
  EXPECT_EQ(read("a·b × x"), a * b * x);
  EXPECT_EQ(read("a ÷ b − x"), a / b - x);
  EXPECT_EQ(read("a\u00A0+\u2009b"), a + b);
}

TEST(Parse, ReadsNamesWithDigitsAndUnderscores) {
  EXPECT_EQ(read("D_model*N1"), Expr::symbol("D_model") * Expr::symbol("N1"));
  EXPECT_EQ(read("e1"), Expr::symbol("e1"));
  EXPECT_EQ(read("o*ooo"), Expr::symbol("o") * Expr::symbol("ooo"));
}

TEST(Parse, CallsTheFunctions) {
  EXPECT_EQ(read("max(a, b)"), max(a, b));
  EXPECT_EQ(read("min(a, b, x)"), min(min(a, b), x));
  EXPECT_EQ(read("ceil(a/b)"), ceil(a / b));
  EXPECT_EQ(read("floor (a/b)"), floor(a / b));
  EXPECT_EQ(read("log(a)"), log(a));
  EXPECT_EQ(read("sqrt(a + b)^2"), a + b);
  EXPECT_EQ(read("2^x"), pow(Expr(2), x));
}

TEST(Parse, ReadsALongSumInLittleWork) {
  std::string text = "x";
  for (int i = 0; i < 20'000; ++i) text += "+x";
  EXPECT_EQ(read(text), 20'001 * x);
}

TEST(Parse, NestsTwoHundredDeepAndNoDeeper) {
  const auto nested = [](std::size_t n) { return std::string(n, '(') + 'x' + std::string(n, ')'); };
  EXPECT_EQ(read(nested(199)), x);
  const Result<Expr> deeper = parse(nested(200));
  ASSERT_FALSE(deeper);
  EXPECT_EQ(deeper.error()[0].where, "expression, column 201");
  EXPECT_TRUE(deeper.error()[0].what.starts_with("nested deeper than 200"));
}

TEST(Parse, RefusesMoreThan64KibibytesOfText) {
  EXPECT_TRUE(parse(std::string(64 * 1024 - 1, ' ') + "x"));
  const Result<Expr> longer = parse(std::string(64 * 1024, ' ') + "x");
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error()[0].what, "65537 bytes of text: at most 65536 are read");
}

class Explosion : public testing::TestWithParam<std::string> {};

TEST_P(Explosion, IsRefusedAtOnce) {
  const Result<Expr> result = parse(GetParam());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().size(), 1U);
}

std::string product_of_sums(int factors) {
  std::string text = "1";
  for (int i = 0; i < factors; ++i) {
    text += "*(x" + std::to_string(i) + "+y" + std::to_string(i) + ")";
  }
  return text;
}

INSTANTIATE_TEST_SUITE_P(Parse, Explosion,
                         testing::Values("(a+b+c+d)^999", "x^1000000", "((x^1000)^1000)^1000",
                                         "((((a+b)^9)^9)^9)^9", "2^1000^1000", "9^9^9^9",
                                         "((1e400)^900)*x", "1e401", "1e99999999999999999999",
                                         std::string(2001, '7'), product_of_sums(30),
                                         "1/" + product_of_sums(30), "sqrt(a+b+c+d)^998",
                                         "x^999*x^999"));

}  // namespace
}  // namespace ridgepoint::symbolic
