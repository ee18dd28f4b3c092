// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/elementary.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

namespace ridgepoint {
namespace {

/// Between the two, evenly over a million steps.
double between(double low, double high) {
  constexpr int kSteps = 1'000'000;
  return low + (high - low) * (*rc::gen::inRange(0, kSteps + 1) / double{kSteps});
}

RC_GTEST_PROP(Exp2, AgreesWithLongDouble, ()) {
  const double x = between(-999, 999);
  const long double exact = std::exp2(static_cast<long double>(x));
  RC_ASSERT(std::abs(exp2(x) / exact - 1) < 4e-16L);
}

RC_GTEST_PROP(Log2, AgreesWithLongDouble, ()) {
  const double x = std::exp2(between(-900, 900));
  const long double exact = std::log2(static_cast<long double>(x));
  RC_ASSERT(std::abs(log2(x) - exact) <= 4e-16L * std::max(1.0L, std::abs(exact)));
}

RC_GTEST_PROP(Log2, IsAsExactNearOne, ()) {
  const double x = between(0.7, 1.42);
  const long double exact = std::log2(static_cast<long double>(x));
  RC_ASSERT(std::abs(log2(x) - exact) <= 2e-15L * std::abs(exact));
}

RC_GTEST_PROP(Pow, AgreesWithLongDouble, ()) {
  const double x = std::exp2(between(-40, 40));
  const double y = between(-4, 4);
  const long double exact = std::pow(static_cast<long double>(x), static_cast<long double>(y));
  RC_ASSERT(std::abs(pow(x, y) / exact - 1) < 1e-13L);
}

RC_GTEST_PROP(Exp2, NeverFalls, ()) {
  const double x = between(-30, 30);
  RC_ASSERT(exp2(x) <= exp2(std::nextafter(x, 1e9)));
}

TEST(Exp2, IsExactAtIntegers) {
  for (int n = -1000; n <= 1000; ++n) EXPECT_EQ(exp2(n), std::ldexp(1.0, n)) << n;
}

TEST(Log2, IsExactAtPowersOfTwo) {
  for (int n = -1000; n <= 1000; ++n) EXPECT_EQ(log2(std::ldexp(1.0, n)), n) << n;
}

TEST(Exp2, StaysFiniteFarOutside) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(exp2(kInfinity), exp2(1000));
  EXPECT_EQ(exp2(-kInfinity), exp2(-1000));
  EXPECT_EQ(exp2(1e300), exp2(1000));
}

TEST(Elementary, IsKnownWhenCompiling) {
  static_assert(exp2(3.0) == 8.0);
  static_assert(log2(1024.0) == 10.0);
}

}  // namespace
}  // namespace ridgepoint
