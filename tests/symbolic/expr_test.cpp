// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/symbolic/expr.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdint>
#include <limits>

namespace ridgepoint::symbolic {
namespace {

using testing::ElementsAre;

Expr s(const char* name) { return Expr::symbol(name); }

const Expr B = s("B");
const Expr D = s("D");
const Expr F = s("F");
const Expr R = s("R");
const Expr S = s("S");
const Expr T = s("T");
const Expr x = s("x");
const Expr y = s("y");

TEST(Expr, PrintsTheIntensityOfAMatmulInLowestTerms) {
  EXPECT_EQ(to_text(2 * B * D * F / (2 * B * D + 2 * D * F + 2 * B * F)),
            "B*D*F/(B*D + B*F + D*F)");
}

TEST(Expr, PrintsTheIntensityOfAttentionAndWhatFollowsFromIt) {
  const Expr intensity = 4 * B * S * T * D / (4 * B * S * D + 4 * B * T * D);
  EXPECT_EQ(to_text(intensity), "S*T/(S + T)");
  EXPECT_EQ(to_text(substitute(intensity, {{"T", S}})), "S/2");
  EXPECT_EQ(to_text(substitute(intensity, {{"T", 1}})), "S/(S + 1)");
}

TEST(Expr, OrdersVariablesByNameAndTermsByDegree) {
  EXPECT_EQ(to_text(3 * R * D * F / (3 * D * F - 2 * R * (D + F))),
            "3*D*F*R/(3*D*F - 2*D*R - 2*F*R)");
  EXPECT_EQ(to_text(1 + y + x + y * x + x * x), "x^2 + x*y + x + y + 1");
  EXPECT_EQ(to_text(s("N") / s("K")), "N/K");
}

TEST(Expr, StartsASumWithAPositiveTermIfThereIsOne) {
  EXPECT_EQ(to_text(1 - S), "1 - S");
  EXPECT_EQ(to_text(y - x * x - x), "y - x^2 - x");
  EXPECT_EQ(to_text(-x - y), "-x - y");
}

TEST(Expr, PrintsRationalCoefficientsBehindOneFractionBar) {
  EXPECT_EQ(to_text(Expr::rational(1, 3)), "1/3");
  EXPECT_EQ(to_text(Expr::rational(2, -6)), "-1/3");
  EXPECT_EQ(to_text(Expr::rational(-3, 4) * x), "-3*x/4");
  EXPECT_EQ(to_text(x / 2 + y / 3), "(3*x + 2*y)/6");
  EXPECT_EQ(to_text(1 / (2 * x)), "1/(2*x)");
  EXPECT_EQ(to_text(x / (y * y)), "x/y^2");
}

TEST(Expr, PrintsAFractionAsAPersonWouldWriteIt) {
  EXPECT_EQ(to_text(1 / (1 - S)), "1/(1 - S)");
  EXPECT_EQ(to_text(x / (y - x)), "x/(y - x)");
  EXPECT_EQ(to_text((x * y + x * S) / (x + 1)), "x*(S + y)/(x + 1)");
  EXPECT_EQ(to_text((2 * x + 4 * y) / (S * x + S * y)), "2*(x + 2*y)/(S*(x + y))");
  EXPECT_EQ(to_text(-(x + y) / S), "-(x + y)/S");
  EXPECT_EQ(to_text(2 * x + 4 * y), "2*x + 4*y");
}

TEST(Expr, KeepsTheLeadingCoefficientOfTheDenominatorPositive) {
  EXPECT_EQ(to_text((1 / (1 - S)).denominator()), "S - 1");
  EXPECT_EQ(to_text((x / (y - x)).denominator()), "x - y");
}

TEST(Expr, CancelsCommonFactorsOfSums) {
  EXPECT_EQ(to_text((x * x - y * y) / (x - y)), "x + y");
  EXPECT_EQ(to_text((x * x - y * y) / (x * x - 2 * x * y + y * y)), "(x + y)/(x - y)");
  // 1/(x(x+1)) + 1/(x+1) = (1 + x)/(x(x+1)) = 1/x: the sum shares a factor with its denominator.
  EXPECT_EQ(to_text(1 / (x * (x + 1)) + 1 / (x + 1)), "1/x");
}

TEST(Expr, HasNumeratorAndDenominatorOverIntegers) {
  const Expr e = (x / 2 + 1) / (y / 3);  // (x + 2)/2 · 3/y
  EXPECT_EQ(to_text(e.numerator()), "3*x + 6");
  EXPECT_EQ(to_text(e.denominator()), "2*y");
}

TEST(Expr, KeepsUndefinedThroughEveryOperation) {
  const Expr undefined = x / (y - y);
  EXPECT_TRUE(undefined.is_undefined());
  EXPECT_TRUE((undefined * 0).is_undefined());
  EXPECT_TRUE((undefined + x).is_undefined());
  EXPECT_TRUE((-undefined).is_undefined());
  EXPECT_TRUE(max(x, undefined).is_undefined());
  EXPECT_TRUE(pow(undefined, 0).is_undefined());
  EXPECT_TRUE(substitute(undefined, {{"x", 1}}).is_undefined());
  EXPECT_FALSE(undefined == undefined);
  EXPECT_EQ(to_text(undefined), "undefined");
}

TEST(Expr, IsUndefinedWhereASubstitutionDividesByZero) {
  EXPECT_TRUE(substitute(1 / (x - y), {{"x", y}}).is_undefined());
}

TEST(Expr, ReadsADoubleExactly) {
  EXPECT_EQ(to_text(Expr::from_double(0.1)), "3602879701896397/36028797018963968");
  EXPECT_EQ(to_text(Expr::from_double(-2.5)), "-5/2");
  EXPECT_EQ(to_text(Expr::from_double(9007199254740992.0 * 4)), "36028797018963968");
  EXPECT_TRUE(Expr::from_double(std::numeric_limits<double>::infinity()).is_undefined());
}

TEST(Expr, GivesEveryDoubleBackThatItRead) {
  using Limits = std::numeric_limits<double>;
  for (const double value :
       {0.1, -1.0 / 3.0, 989.4e12, Limits::max(), Limits::lowest(), Limits::min(),
        Limits::denorm_min(), 3 * Limits::denorm_min(), Limits::min() - Limits::denorm_min()})
    EXPECT_EQ(Expr::from_double(value).to_double(), value) << value;
}

TEST(Expr, RoundsAConstantToTheNearestDouble) {
  EXPECT_EQ(Expr::rational(1, 3).to_double(), 1.0 / 3.0);
  // 2^53 + 1 lies between two doubles: to even, so down; a little more and it is up.
  EXPECT_EQ(Expr::from_digits("9007199254740993").to_double(), 9007199254740992.0);
  EXPECT_EQ((Expr::from_digits("9007199254740993") + Expr::rational(1, 1000)).to_double(),
            9007199254740994.0);
  // Half of the least double is a tie and goes to 0, three quarters of it go up.
  const double least = std::numeric_limits<double>::denorm_min();
  EXPECT_EQ((Expr::from_double(least) / 2).to_double(), 0.0);
  EXPECT_EQ((Expr::from_double(least) * Expr::rational(3, 4)).to_double(), least);
  EXPECT_EQ(pow(Expr(10), 400).to_double(), std::numeric_limits<double>::infinity());
  EXPECT_EQ(pow(Expr(10), -400).to_double(), 0.0);
  EXPECT_TRUE(std::isnan(x.to_double()));
}

TEST(Expr, TellsIntegersWithin64Bits) {
  EXPECT_EQ(Expr::from_digits("-9223372036854775808").to_integer(),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(Expr::from_digits("9223372036854775808").to_integer(), std::nullopt);
  EXPECT_EQ(Expr::from_digits("+00012").to_integer(), 12);
  EXPECT_EQ(Expr::rational(1, 2).to_integer(), std::nullopt);
  EXPECT_EQ(x.to_integer(), std::nullopt);
}

TEST(Expr, ReadsIntegersOfAnyLength) {
  const char* digits = "123456789012345678901234567890123456789012345678901234567890";
  EXPECT_EQ(to_text(Expr::from_digits(digits)), digits);
}

TEST(Expr, ListsItsSymbolsInAlphabeticalOrderInsideKernelsToo) {
  EXPECT_THAT(symbols(T * max(S, ceil(B / 16)) / pow(1 - F / D, R)),
              ElementsAre("B", "D", "F", "R", "S", "T"));
  EXPECT_THAT(symbols(x - x), ElementsAre());
}

TEST(Expr, ExpandsIntegerPowersUpToALimit) {
  EXPECT_EQ(to_text(pow(x + 1, 2)), "x^2 + 2*x + 1");
  EXPECT_EQ(to_text(pow(x / y, -2)), "y^2/x^2");
  EXPECT_EQ(to_text(pow(x, 1000)), "x^1000");
  EXPECT_TRUE(pow(x, 1001).is_undefined());
  EXPECT_TRUE(pow(x + y + s("z") + 1, 1000).is_undefined());  // 167 million terms
}

TEST(Expr, IsUndefinedWhereItWouldGrowOutOfBounds) {
  const Expr high = pow(pow(x, 1000), 1000);
  EXPECT_FALSE(high.is_undefined());
  EXPECT_TRUE(pow(high, 1000).is_undefined());
  EXPECT_TRUE(substitute(high, {{"x", high}}).is_undefined());
  EXPECT_TRUE(substitute(pow(x, 1000), {{"x", B + D + F + R}}).is_undefined());
  EXPECT_TRUE(pow(pow(pow(Expr(10), 1000), 1000), 1000).is_undefined());
  Expr squared = high;
  for (int i = 0; i < 8; ++i) squared *= squared;
  EXPECT_TRUE(squared.is_undefined());
}

TEST(Expr, SetsZeroToTheZeroToOneAndZeroToANegativePowerToUndefined) {
  EXPECT_EQ(pow(Expr(0), 0), Expr(1));
  EXPECT_TRUE(pow(Expr(0), -1).is_undefined());
  EXPECT_EQ(pow(Expr(0), Expr::rational(1, 2)), Expr(0));
  EXPECT_TRUE(pow(Expr(0), Expr::rational(-1, 2)).is_undefined());
}

}  // namespace
}  // namespace ridgepoint::symbolic
