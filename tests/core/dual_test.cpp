// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/dual.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ridgepoint {
namespace {

constexpr Dual variable(double at, double direction = 1) { return {at, direction}; }

// f(x) = (3x² + 1)/x at x = 2: 13/2, and f' = 3 − 1/x² = 11/4.
TEST(Dual, DifferentiatesARationalFunction) {
  const Dual x = variable(2);
  const Dual f = (3 * x * x + 1) / x;
  EXPECT_DOUBLE_EQ(f.value, 6.5);
  EXPECT_DOUBLE_EQ(f.slope, 2.75);
  EXPECT_DOUBLE_EQ((1 - x).slope, -1);
}

// max(x, 4 − x) has its kink at 2: −1 before it, 1 after it; min the other way round.
TEST(Dual, TakesTheSideOfAKinkThatItsDirectionLeadsTo) {
  const auto up = [](Dual x) { return max(x, Dual(4 - x)); };
  EXPECT_EQ(up(variable(2, 1)).slope, 1);
  EXPECT_EQ(up(variable(2, -1)).slope, 1);  // one to the left of 2 is 3: it grows to the left, too
  EXPECT_EQ(min(variable(2, 1), Dual(4 - variable(2, 1))).slope, -1);
  EXPECT_EQ(up(variable(3)).value, 3);
  EXPECT_EQ(up(variable(1)).slope, -1);
}

// Sums of many terms differ in their last bits: 0.1 + 0.2 and 0.3 are one value.
TEST(Dual, SeesAKinkWhereValuesAreEqualToRounding) {
  EXPECT_EQ(max(Dual(0.1 + 0.2, 1), Dual(0.3, 2)).slope, 2);
  EXPECT_EQ(max(Dual(0.1 + 0.2, 2), Dual(0.3, 1)).slope, 2);
}

// ceil(3 + h) is 4 and ceil(3 − h) is 3; floor(3 − h) is 2; between whole numbers nothing moves.
TEST(Dual, StepsAtWholeNumbersWhereTheSlopeLeads) {
  EXPECT_EQ(ceil(variable(3, 1)).value, 4);
  EXPECT_EQ(ceil(variable(3, -1)).value, 3);
  EXPECT_EQ(floor(variable(3, 1)).value, 3);
  EXPECT_EQ(floor(variable(3, -1)).value, 2);
  EXPECT_EQ(ceil(variable(2.5)).value, 3);
  EXPECT_EQ(ceil(variable(2.5)).slope, 0);
  EXPECT_EQ(ceil(Dual(3)).value, 3);
}

// x^n: d/dx = n·x^(n−1), d/dn = x^n·ln x. At (1/2)^3: 1/8, 3/4 and −0.0866433975699931…
TEST(Dual, DifferentiatesPowersByBaseAndExponent) {
  EXPECT_NEAR(pow(Dual(0.5, 1), Dual(3)).value, 0.125, 1e-15);
  EXPECT_NEAR(pow(Dual(0.5, 1), Dual(3)).slope, 0.75, 1e-15);
  EXPECT_NEAR(pow(Dual(0.5), Dual(3, 1)).slope, 0.125 * std::log(0.5), 1e-15);
  EXPECT_EQ(pow(Dual(0, 1), Dual(1)).slope, 1);
  EXPECT_EQ(pow(Dual(0, 1), Dual(2)).slope, 0);
}

}  // namespace
}  // namespace ridgepoint
