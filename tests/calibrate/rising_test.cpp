// SPDX-License-Identifier: Apache-2.0
#include "calibrate/rising.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <vector>

namespace ridgepoint::calibrate {
namespace {

using efficiency::Correction;

double nothing(std::span<const double>) { return 0; }

Correction of_one_axis(std::vector<double> values) {
  const std::size_t knots = values.size();
  return {.axes = {{.first = 0, .step = 1, .knots = knots}}, .values = std::move(values)};
}

// 3, 1 become 2, 2; that with 0: (2 + 2 + 0) ÷ 3 = 4/3 each; 5 stays.
TEST(Rising, PoolsNeighboursThatFallAtTheirMean) {
  Correction table = of_one_axis({3, 1, 0, 5});
  make_rising(table, nothing);
  for (const std::size_t i : {0U, 1U, 2U}) EXPECT_NEAR(table.values[i], 4.0 / 3, 1e-15);
  EXPECT_EQ(table.values[3], 5);
}

TEST(Rising, LeavesATableThatRisesAsItIs) {
  Correction table = of_one_axis({-0.5, 0, 0, 0.25});
  make_rising(table, nothing);
  EXPECT_EQ(table.values, (std::vector{-0.5, 0.0, 0.0, 0.25}));
}

// By the form time grows by e a knot: corrections 0, −0.5 leave it growing, 1 and 1.5 do not:
// ln times 0, 0.5 stay; 3, 2.5 become 2.75 each.
TEST(Rising, HoldsTimesToItAndNotCorrections) {
  Correction table = of_one_axis({0, -0.5, 1, -0.5});
  make_rising(table, [](std::span<const double> features) { return features[0]; });
  EXPECT_EQ(table.values[0], 0);
  EXPECT_EQ(table.values[1], -0.5);
  EXPECT_NEAR(table.values[2], 2.75 - 2, 1e-15);
  EXPECT_NEAR(table.values[3], 2.75 - 3, 1e-15);
}

// First axis of 2 knots from 10 in steps of 2, second of 3 from 5: values go 10/5, 10/6, 10/7,
// 12/5, 12/6, 12/7. Along the first 1 → 0 falls, 2 → 4 and 3 → 3 do not; along the second nothing
// is held.
TEST(Rising, GoesAlongTheFirstAxisAtEachKnotOfTheOthers) {
  Correction table{
      .axes = {{.first = 10, .step = 2, .knots = 2}, {.first = 5, .step = 1, .knots = 3}},
      .values = {1, 2, 3, 0, 4, 3}};
  std::vector<std::vector<double>> asked;
  make_rising(table, [&](std::span<const double> features) {
    asked.emplace_back(features.begin(), features.end());
    return 0.0;
  });
  EXPECT_EQ(table.values, (std::vector{0.5, 2.0, 3.0, 0.5, 4.0, 3.0}));
  const std::vector<std::vector<double>> knots{{10, 5}, {12, 5}, {10, 6},
                                               {12, 6}, {10, 7}, {12, 7}};
  EXPECT_EQ(asked, knots);
}

RC_GTEST_PROP(RisingLaw, TimesNeverFallKeepTheirMeanAndStayAsTheyAreTheSecondTime, ()) {
  std::vector<double> values;
  for (int i = *rc::gen::inRange(1, 12); i > 0; --i) {
    values.push_back(*rc::gen::inRange(-100, 101) / 64.0);
  }
  Correction table = of_one_axis(values);
  const auto ln_time = [](std::span<const double> features) { return 0.25 * features[0]; };
  make_rising(table, ln_time);
  double before = 0;
  double after = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    before += values[i];
    after += table.values[i];
    if (i > 0) RC_ASSERT(table.values[i] - table.values[i - 1] >= -0.25 - 1e-12);
  }
  RC_ASSERT(std::abs(before - after) < 1e-9);
  Correction again = table;
  make_rising(again, ln_time);
  for (std::size_t i = 0; i < values.size(); ++i) {
    RC_ASSERT(std::abs(again.values[i] - table.values[i]) < 1e-12);
  }
}

}  // namespace
}  // namespace ridgepoint::calibrate
