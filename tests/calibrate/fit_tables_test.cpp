// SPDX-License-Identifier: Apache-2.0
#include "calibrate/fit_tables.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ridgepoint::calibrate {
namespace {

using efficiency::correction;
using efficiency::Correction;

double sum_at(const std::vector<Correction>& tables, const std::vector<double>& features) {
  double sum = 0;
  for (const Correction& table : tables) sum += correction(table, features);
  return sum;
}

/// Of three features: one table on the first two, one on the third.
FitPlan two_tables() {
  FitPlan plan{.bending = 0.3, .size = 1e-9};
  plan.tables = {{{0, 0, 2, 3}, {1, 0, 1, 3}}, {{2, 0, 1, 5}}};
  return plan;
}

double left_over(double x, double y, double z) { return 0.1 * x - 0.2 * y + 0.05 * z; }

TEST(FitTables, AddUpToWhatNeitherHoldsAlone) {
  std::vector<TablePoint> points;
  for (double x = 0; x <= 4; x += 0.5) {
    for (double y = 0; y <= 2; y += 0.5) {
      for (double z = 0; z <= 4; z += 0.5) points.push_back({{x, y, z}, left_over(x, y, z)});
    }
  }
  const auto tables = fit_tables(points, two_tables());
  ASSERT_EQ(tables.size(), 2U);
  EXPECT_EQ(tables[0].features, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(tables[0].values.size(), 9U);
  EXPECT_EQ(tables[1].features, (std::vector<std::size_t>{2}));
  EXPECT_EQ(tables[1].values.size(), 5U);
  EXPECT_NEAR(sum_at(tables, {1.3, 0.7, 2.9}), left_over(1.3, 0.7, 2.9), 1e-5);
}

// What one kind has says nothing of the next: 0.3 and −0.3 stand side by side, and a kind that was
// not seen stays at 0. With a smooth axis it would not.
TEST(FitTables, DoNotSmoothFromOneCategoryToTheNext) {
  const std::vector<TablePoint> points{{{0}, 0.3}, {{1}, -0.3}};
  FitPlan plan{.bending = 3, .size = 1e-3, .slope = 1};
  plan.tables = {{{0, 0, 1, 3, true}}};
  const auto apart = fit_tables(points, plan);
  EXPECT_NEAR(sum_at(apart, {0}), 0.3, 1e-3);
  EXPECT_NEAR(sum_at(apart, {1}), -0.3, 1e-3);
  EXPECT_EQ(sum_at(apart, {2}), 0);
  plan.tables[0][0].is_category = false;
  const auto smooth = fit_tables(points, plan);
  EXPECT_LT(sum_at(smooth, {0}), 0.25);
  EXPECT_LT(sum_at(smooth, {2}), -0.05);
}

// Nine points at 0 and one at 0.5: their mean is 0.05; reweighted, the one counts little.
TEST(FitTables, HeedOutliersLessOnceReweighted) {
  std::vector<TablePoint> points(9, {{0}, 0.0});
  points.push_back({{0}, 0.5});
  FitPlan plan{.loss_scale = 0.01, .size = 1e-9};
  plan.tables = {{{0, 0, 1, 1}}};
  EXPECT_NEAR(sum_at(fit_tables(points, plan), {0}), 0.05, 1e-6);
  plan.reweightings = 3;
  EXPECT_LT(sum_at(fit_tables(points, plan), {0}), 0.01);
}

// Two knots a = 0.1 and b = 0.3 by one point each and nothing else but the slope, of weight 1:
// (a − 0.1)² + (b − 0.3)² + (a − b)² is least at 1/6 and 7/30.
TEST(FitTables, DrawNeighboursTogether) {
  FitPlan plan{.bending = 0, .size = 0, .slope = 1};
  plan.tables = {{{0, 0, 1, 2}}};
  const auto tables = fit_tables({{{0}, 0.1}, {{1}, 0.3}}, plan);
  EXPECT_NEAR(sum_at(tables, {0}), 1.0 / 6, 1e-12);
  EXPECT_NEAR(sum_at(tables, {1}), 7.0 / 30, 1e-12);
}

}  // namespace
}  // namespace ridgepoint::calibrate
