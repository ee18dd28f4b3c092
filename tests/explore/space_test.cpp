// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/space.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ridgepoint::explore {
namespace {

Axes axes() {
  Axes axes;
  axes.models = {{"a", {}}, {"b", {}}};
  axes.devices = {{"x", {}, nullptr}, {"y", {}, nullptr}, {"z", {}, nullptr}};
  axes.tensor = {1, 2};
  axes.input = {100, 200, 300};
  axes.output = {10, 20};
  axes.batch = {1, 2, 4, 8, 16};
  return axes;
}

TEST(Space, HasEachPointOnceTheLastAxisFastest) {
  const Space space = Space::of(axes()).value();
  EXPECT_EQ(space.deployments(), 12U);
  EXPECT_EQ(space.loads(), 30U);
  ASSERT_EQ(space.points(), 360U);
  std::vector<std::string> seen;
  for (std::uint64_t i = 0; i < space.points(); ++i) {
    const Candidate one = space.point(i);
    seen.push_back(one.model->name + one.device->name +
                   std::to_string(one.question.execution.parallelism.tensor) + "/" +
                   std::to_string(one.question.input) + "/" + std::to_string(one.question.output) +
                   "/" + std::to_string(one.question.batch));
  }
  EXPECT_EQ(seen[0], "ax1/100/10/1");
  EXPECT_EQ(seen[1], "ax1/100/10/2");
  EXPECT_EQ(seen[5], "ax1/100/20/1");
  EXPECT_EQ(seen[10], "ax1/200/10/1");
  EXPECT_EQ(seen[30], "ax2/100/10/1");
  EXPECT_EQ(seen[60], "ay1/100/10/1");
  EXPECT_EQ(seen[359], "bz2/300/20/16");
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
}

TEST(Space, ReadsTheSplitAsOneDeploymentsWordsAre) {
  Axes all = axes();
  all.device_counts = {8};
  all.tensor = {std::nullopt, 2};
  all.pipeline = {2};
  all.expert = {std::nullopt};
  const Space space = Space::of(all).value();
  const Candidate filled = space.deployment(0);
  EXPECT_EQ(filled.question.execution.parallelism.tensor, 4);
  EXPECT_EQ(filled.question.execution.parallelism.expert, 1);  // it has no experts
  const Candidate given = space.deployment(1);
  EXPECT_EQ(given.question.execution.parallelism.tensor, 2);
  EXPECT_FALSE(faults_of(given).empty());  // 2 · 2 are not 8
}

TEST(Space, NamesEachEmptyAxis) {
  Axes all = axes();
  all.batch.clear();
  all.devices.clear();
  const auto space = Space::of(all);
  ASSERT_FALSE(space);
  ASSERT_EQ(space.error().size(), 2U);
  EXPECT_EQ(space.error()[0].where, "devices");
  EXPECT_EQ(space.error()[1].where, "batches");
}

TEST(Space, OfMorePointsThanNumbersIsRefusedWithTheirCount) {
  Axes all = axes();
  all.batch.assign(1'000'000, 1);
  all.input.assign(1'000'000, 1);
  all.output.assign(1'000'000, 1);
  all.pipeline.assign(1'000'000, 1);
  EXPECT_EQ(count_points(all), 1.2e25);
  const auto space = Space::of(all);
  ASSERT_FALSE(space);
  EXPECT_THAT(space.error().front().what, testing::HasSubstr("1.2e+25"));
}

}  // namespace
}  // namespace ridgepoint::explore
