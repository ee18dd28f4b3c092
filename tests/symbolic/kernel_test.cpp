// SPDX-License-Identifier: Apache-2.0
// max, min, ceil, floor, log and powers that are not whole.
#include <gtest/gtest.h>

#include "ridgepoint/symbolic/expr.hpp"
#include "symbolic/atom.hpp"
#include "symbolic/fraction.hpp"

namespace ridgepoint::symbolic {
namespace {

const Expr E = Expr::symbol("E");
const Expr k = Expr::symbol("k");
const Expr m = Expr::symbol("m");
const Expr n = Expr::symbol("n");
const Expr x = Expr::symbol("x");
const Expr y = Expr::symbol("y");
const Expr kHalf = Expr::rational(1, 2);

TEST(MaxAndMin, OfNumbersAreNumbers) {
  EXPECT_EQ(max(Expr::rational(1, 3), Expr::rational(1, 4)), Expr::rational(1, 3));
  EXPECT_EQ(min(Expr(-2), Expr(3)), Expr(-2));
}

TEST(MaxAndMin, AreDecidedWhereTheDifferenceHasOneSign) {
  EXPECT_EQ(max(x, x + y), x + y);
  EXPECT_EQ(min(x * y / (x + y), x), x * y / (x + y));  // x - xy/(x+y) = x^2/(x+y) > 0
  EXPECT_EQ(max(Expr(0), x), x);
  EXPECT_EQ(max(x, x), x);
}

TEST(MaxAndMin, AreTheSameKernelInEitherOrder) {
  EXPECT_EQ(max(x, y), max(y, x));
  EXPECT_EQ(to_text(max(y, x)), "max(x, y)");
  EXPECT_EQ(to_text(min(y, 2 * x)), "min(2*x, y)");
  EXPECT_FALSE(max(x, y) == min(x, y));
}

TEST(MaxAndMin, AreTheSameKernelInEveryNesting) {
  EXPECT_EQ(max(max(x, y), k), max(y, max(k, x)));
  EXPECT_EQ(to_text(max(y, max(k, x))), "max(k, x, y)");
  EXPECT_EQ(to_text(max(max(x, k), x + 1)), "max(k, x + 1)");
  EXPECT_EQ(to_text(max(min(x, y), k)), "max(k, min(x, y))");
}

TEST(CeilAndFloor, OfNumbersAreExact) {
  EXPECT_EQ(ceil(Expr::rational(-7, 2)), Expr(-3));
  EXPECT_EQ(floor(Expr::rational(-7, 2)), Expr(-4));
  EXPECT_EQ(ceil(Expr(5)), Expr(5));
  EXPECT_EQ(ceil(Expr::from_digits("1000000000000000000000000000001") / 2),
            Expr::from_digits("500000000000000000000000000001"));
}

TEST(CeilAndFloor, LetIntegersPassThrough) {
  EXPECT_EQ(ceil(x + 3), ceil(x) + 3);
  EXPECT_EQ(to_text(ceil(x / 2 + Expr::rational(7, 2))), "ceil((x + 1)/2) + 3");
  EXPECT_EQ(ceil((x + 1) / x), ceil(1 / x) + 1);
  EXPECT_EQ(ceil(ceil(x)), ceil(x));
  EXPECT_EQ(floor(ceil(x) * 2 + y), ceil(x) * 2 + floor(y));
}

TEST(CeilAndFloor, AreDecidedWhereTheirArgumentLiesBetweenTwoIntegers) {
  EXPECT_EQ(ceil(x / (x + y)), Expr(1));
  EXPECT_EQ(floor(x / (x + y)), Expr(0));
  EXPECT_EQ(ceil((2 * x + y) / (x + y)), Expr(2));  // 1 + x/(x + y)
  EXPECT_EQ(ceil(-x / (x + 1)), Expr(0));
  EXPECT_EQ(floor(-x / (x + 1)), Expr(-1));
}

TEST(CeilAndFloor, StayWhereTheirArgumentMayReachAnInteger) {
  EXPECT_EQ(to_text(ceil(x / y)), "ceil(x/y)");
  EXPECT_EQ(to_text(floor(2 * x / (x + y))), "floor(2*x/(x + y))");  // 1 from x = y on
}

TEST(Log, IsExactAtOneAndUndefinedFromZeroDown) {
  EXPECT_EQ(log(Expr(1)), Expr(0));
  EXPECT_TRUE(log(Expr(0)).is_undefined());
  EXPECT_TRUE(log(Expr(-2)).is_undefined());
  EXPECT_EQ(to_text(log(x / y)), "log(x/y)");
}

TEST(Power, WithASymbolicExponentIsAKernelThatReadsAsWritten) {
  EXPECT_EQ(to_text(pow(1 - k / E, n)), "(1 - k/E)^n");
  EXPECT_EQ(to_text(E * (1 - pow(1 - k / E, n))), "E - E*(1 - k/E)^n");
  EXPECT_EQ(to_text(pow(x, n / (m + 1))), "x^(n/(m + 1))");
}

TEST(Power, SplitsIntegersOffASymbolicExponent) {
  EXPECT_EQ(pow(x, n + 1), x * pow(x, n));
  EXPECT_EQ(pow(x, 2 * n), pow(pow(x, n), 2));
  EXPECT_EQ(to_text(pow(x, 2 * n)), "x^(2*n)");
  EXPECT_EQ(pow(x, n - m), pow(x, n) / pow(x, m));
  EXPECT_EQ(pow(x, n / 2) * pow(x, n / 2), pow(x, n));
  EXPECT_EQ(pow(x, -n), 1 / pow(x, n));
  EXPECT_EQ(pow(pow(x, n), m), pow(x, n * m));
  EXPECT_EQ(pow(Expr(4), n), pow(Expr(2), 2 * n));
}

TEST(Power, BecomesAnOrdinaryPowerOnceTheExponentIsKnown) {
  EXPECT_EQ(substitute(pow(1 - k / E, n), {{"n", 2}}), (1 - k / E) * (1 - k / E));
  EXPECT_EQ(substitute(pow(x, n), {{"n", kHalf}}), sqrt(x));
}

TEST(Root, OfACompositeNumberIsWrittenAsOne) {
  EXPECT_EQ(to_text(sqrt(Expr(6)) * x / 2), "sqrt(6)*x/2");
  EXPECT_EQ(to_text(sqrt(Expr(12))), "2*sqrt(3)");
  EXPECT_EQ(to_latex(sqrt(Expr(6))), "\\sqrt{6}");
}

TEST(Root, ReducesWhenItIsMultiplied) {
  EXPECT_EQ(sqrt(x) * sqrt(x), x);
  EXPECT_EQ(to_text(sqrt(x) * sqrt(x)), "x");
  EXPECT_EQ(pow(sqrt(x), 3), x * sqrt(x));
  EXPECT_EQ(pow(x, Expr::rational(7, 3)), x * x * pow(x, Expr::rational(1, 3)));
  EXPECT_EQ(sqrt(x + 1) * sqrt(x + 1), x + 1);
  EXPECT_EQ((sqrt(x) + 1) * (sqrt(x) - 1), x - 1);
}

TEST(Root, CancelsFromFractions) {
  EXPECT_EQ(to_text(x / sqrt(x)), "sqrt(x)");
  EXPECT_EQ(to_text(1 / sqrt(x)), "1/sqrt(x)");
  EXPECT_EQ(to_text((x + 1) / sqrt(x + 1)), "sqrt(x + 1)");
  EXPECT_EQ(to_text((x - 1) / (sqrt(x) - 1)), "sqrt(x) + 1");
  EXPECT_EQ(1 / sqrt(x + 1), sqrt(x + 1) / (x + 1));
}

TEST(Root, OfDifferentOrdersMeetInOneForm) {
  EXPECT_EQ(to_text(pow(x, Expr::rational(1, 3)) * pow(x, Expr::rational(1, 6))), "sqrt(x)");
  EXPECT_EQ(to_text(sqrt(sqrt(x)) * sqrt(x)), "x^(3/4)");
}

TEST(Root, IsExactForSquares) {
  EXPECT_EQ(sqrt(Expr::rational(9, 4)), Expr::rational(3, 2));
  EXPECT_EQ(sqrt(4 * x * x / (y * y)), 2 * x / y);
  EXPECT_EQ(to_text(sqrt(x * x + 2 * x + 1)), "x + 1");
  EXPECT_EQ(pow(Expr(-8), Expr::rational(1, 3)).is_undefined(), true);
  EXPECT_EQ(sqrt(Expr::from_digits("10000000000000000000000000000000000000000")),
            Expr::from_digits("100000000000000000000"));
}

TEST(Root, KeepsItsSignWhereTheSquareRootOfASquareWouldLoseIt) {
  EXPECT_EQ(to_text(sqrt(pow(x - 1, 2))), "sqrt(x^2 - 2*x + 1)");  // |x - 1|, not x - 1
}

TEST(Root, OfNumbersIsSplitIntoPrimes) {
  EXPECT_EQ(to_text(sqrt(Expr(12))), "2*sqrt(3)");
  EXPECT_EQ(to_text(1 / sqrt(Expr(2))), "sqrt(2)/2");
  EXPECT_EQ(sqrt(Expr(2)) * sqrt(Expr(3)), sqrt(Expr(6)));
  EXPECT_TRUE(sqrt(Expr(-1)).is_undefined());
  EXPECT_TRUE(sqrt(-x).is_undefined());
}

TEST(SurelyPositive, HoldsForWhatCannotVanishOrTurnNegative) {
  using detail::is_surely_positive;
  EXPECT_TRUE(is_surely_positive(x / (x + y)));
  EXPECT_FALSE(is_surely_positive(x - y));
  EXPECT_FALSE(is_surely_positive(-x));
  EXPECT_FALSE(is_surely_positive(x - x));
  EXPECT_TRUE(is_surely_positive(ceil(x / 16)));
  EXPECT_FALSE(is_surely_positive(floor(x / 16)));  // 0 for x < 16
  EXPECT_FALSE(is_surely_positive(log(x)));
  EXPECT_TRUE(is_surely_positive(max(x - y, y)));
  EXPECT_FALSE(is_surely_positive(min(x - y, y)));
  EXPECT_TRUE(is_surely_positive(pow(x + 1, n)));
  EXPECT_FALSE(is_surely_positive(pow(1 - k / E, n)));
}

}  // namespace
}  // namespace ridgepoint::symbolic
