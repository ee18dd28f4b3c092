// SPDX-License-Identifier: Apache-2.0
#include "derive/sums.hpp"

#include <gtest/gtest.h>

#include "derive/h100.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;

TEST(Sum, OfPowersIsFaulhabersFormula) {
  const Expr n = Expr::symbol("n");
  EXPECT_EQ(sum(1, "t", n), formula("n"));
  EXPECT_EQ(sum(Expr::symbol("t"), "t", n), formula("n*(n + 1)/2"));
  EXPECT_EQ(sum(formula("t^2"), "t", n), formula("n*(n + 1)*(2*n + 1)/6"));
  EXPECT_EQ(sum(formula("t^3"), "t", n), formula("n^2*(n + 1)^2/4"));
}

TEST(Sum, OfAPolynomialIsWhatAddingGives) {
  const Expr summand = formula("5*t^3 - 2*a*t^2 + t/3 + a");
  Expr added;
  for (int t = 1; t <= 6; ++t) added += substitute(summand, {{"t", t}});
  EXPECT_EQ(sum(summand, "t", 6), added);
}

TEST(Sum, OfWhatIsNoSmallPolynomialIsUndefined) {
  EXPECT_TRUE(sum(formula("t^4"), "t", 6).is_undefined());
  EXPECT_TRUE(sum(formula("1/(t + 1)"), "t", 6).is_undefined());
}

}  // namespace
}  // namespace ridgepoint::derive
