// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::symbolic {
namespace {

const Expr B = Expr::symbol("B");
const Expr D = Expr::symbol("D");
const Expr F = Expr::symbol("F");
const Expr S = Expr::symbol("S");
const Expr T = Expr::symbol("T");
const Expr c = Expr::symbol("c");

TEST(Substitute, ReplacesAllAtOnce) {
  EXPECT_EQ(to_text(substitute(S / (T + 1), {{"S", T}, {"T", S}})), "T/(S + 1)");
}

TEST(Substitute, ReducesTheResult) {
  const Expr intensity = B * D * F / (B * D + B * F + D * F);
  // D = F = cB: c^2 B^3 / (2cB^2 + c^2 B^2) = cB/(c + 2)
  EXPECT_EQ(to_text(substitute(intensity, {{"D", c * B}, {"F", c * B}})), "B*c/(c + 2)");
  // B = 1/S, D = F = 1: (1/S) / (2/S + 1) = 1/(S + 2)
  EXPECT_EQ(to_text(substitute(intensity, {{"B", 1 / S}, {"D", 1}, {"F", 1}})), "1/(S + 2)");
}

TEST(Substitute, GoesInsideKernelsAndSimplifiesThem) {
  EXPECT_EQ(substitute(ceil(S / 16), {{"S", 33}}), Expr(3));
  EXPECT_EQ(substitute(max(S, T), {{"S", T + 1}}), T + 1);
  EXPECT_EQ(to_text(substitute(ceil(max(S, T) / B), {{"B", c}})), "ceil(max(S, T)/c)");
  EXPECT_TRUE(substitute(log(S), {{"S", 0}}).is_undefined());
}

TEST(Substitute, LeavesOtherExpressionsAsTheyAre) {
  EXPECT_EQ(substitute(S + T, {{"B", D}}), S + T);
  EXPECT_EQ(substitute(S + T, {}), S + T);
}

TEST(Substitute, PutsRootsTogether) {
  EXPECT_EQ(substitute(S * S + 1, {{"S", sqrt(T)}}), T + 1);
  EXPECT_EQ(substitute(sqrt(S), {{"S", 4 * T * T}}), 2 * T);
}

}  // namespace
}  // namespace ridgepoint::symbolic
