// SPDX-License-Identifier: Apache-2.0
#include "calibrate/fit_table.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace ridgepoint::calibrate {
namespace {

using efficiency::Axis;
using efficiency::correction;
using efficiency::Correction;
using efficiency::stencil;
using efficiency::Stencil;

double plane(double x, double y) { return 0.1 + 0.02 * x - 0.03 * y; }

/// A plane over 0 … 8 × 2 … 5.
Correction fitted_plane() {
  std::vector<TablePoint> points;
  for (int i = 0; i <= 32; ++i) {
    for (int j = 0; j <= 12; ++j) {
      const double x = 0.25 * i;
      const double y = 2 + 0.25 * j;
      points.push_back({{x, y}, plane(x, y)});
    }
  }
  return fit_table(points, {.steps = {2, 1.5}, .bending = 3, .size = 1e-9});
}

double at(const Correction& table, double x, double y, int algorithm = 0) {
  const std::vector<double> features{x, y};
  return correction(table, features, algorithm);
}

// A plane does not bend: nothing draws its table away from it.
TEST(FitTable, ReproducesAPlane) {
  const Correction table = fitted_plane();
  ASSERT_EQ(table.axes.size(), 2U);
  EXPECT_EQ(table.knots(), 5U * 3U);  // 0, 2, … 8; 2, 3.5, 5
  for (const double x : {0.0, 0.7, 3.3, 8.0}) {
    for (const double y : {2.0, 2.9, 5.0}) EXPECT_NEAR(at(table, x, y), plane(x, y), 1e-6);
  }
}

TEST(FitTable, IsConstantBeyondItsPoints) {
  const Correction table = fitted_plane();
  EXPECT_EQ(at(table, 100, 3), at(table, 8, 3));
  EXPECT_EQ(at(table, -100, 3), at(table, 0, 3));
  EXPECT_EQ(at(table, 100, -100), at(table, 8, 2));
}

// One knot with one point: (1 + size)·value = 1.
TEST(FitTable, DrawsValuesOfFewPointsTowardsNothing) {
  const Correction table = fit_table({{{3}, 1.0}}, {.steps = {1}, .size = 0.25});
  EXPECT_NEAR(correction(table, std::vector{3.0}), 0.8, 1e-12);
}

// A hat function between knots 0 and 1 with a step of 1: 0.25 of the way.
TEST(FitTable, InterpolatesBetweenKnots) {
  const Correction table{.axes = {{.first = 0, .step = 1, .knots = 2}}, .values = {0.4, 0.8}};
  EXPECT_NEAR(correction(table, std::vector{0.25}), 0.5, 1e-15);
}

TEST(FitTable, LearnsEachAlgorithmByItself) {
  std::vector<TablePoint> points;
  for (int i = 0; i < 10; ++i) {
    const double x = i;
    points.push_back({{x, 0}, 0.2, 2});
    points.push_back({{x, 0}, -0.3, 5});
  }
  const Correction table = fit_table(points, {.steps = {1, 1}, .size = 1e-9});
  EXPECT_EQ(table.algorithms, (std::vector{2, 5}));
  EXPECT_EQ(table.values.size(), 2 * table.knots());
  EXPECT_NEAR(at(table, 4.5, 0, 2), 0.2, 1e-6);
  EXPECT_NEAR(at(table, 4.5, 0, 5), -0.3, 1e-6);
  EXPECT_EQ(at(table, 4.5, 0, 3), 0);  // never seen
}

RC_GTEST_PROP(StencilLaw, WeightsSumToOneOverKnotsThatAreThere, ()) {
  const auto axis_count = *rc::gen::inRange<std::size_t>(0, efficiency::kMostAxes + 1);
  std::vector<Axis> axes;
  std::vector<double> point;
  std::size_t knots = 1;
  for (std::size_t i = 0; i < axis_count; ++i) {
    axes.push_back({*rc::gen::inRange(-50, 50) / 10.0, *rc::gen::inRange(1, 50) / 10.0,
                    *rc::gen::inRange<std::size_t>(1, 9)});
    point.push_back(*rc::gen::inRange(-1000, 1000) / 10.0);
    knots *= axes.back().knots;
  }
  const Stencil around = stencil(axes, point);
  double sum = 0;
  for (std::size_t i = 0; i < around.size; ++i) {
    RC_ASSERT(around.index[i] < knots);
    RC_ASSERT(around.weight[i] >= 0);
    sum += around.weight[i];
  }
  RC_ASSERT(std::abs(sum - 1) < 1e-12);
}

}  // namespace
}  // namespace ridgepoint::calibrate
