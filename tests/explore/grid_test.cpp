// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/grid.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ridgepoint::explore {
namespace {

Axes some_axes() {
  Axes axes;
  axes.models.resize(2);
  axes.devices.resize(1);
  axes.tensor = {1, 2, 4};
  axes.weights = {std::nullopt, DataType::fp8};
  axes.input = {10, 20, 30};
  axes.batch = {1, 2, 3, 4, 5};
  return axes;
}

TEST(Axis, IsKnownByItsKeyAndItsFlags) {
  for (const AxisFacts& each : kAxisFacts) {
    EXPECT_EQ(axis_named(each.key), each.axis);
    if (!each.flag.empty()) {
      EXPECT_EQ(axis_named(each.flag), each.axis);
    }
    EXPECT_EQ(facts(each.axis).key, each.key);
  }
  EXPECT_EQ(axis_named("tensor-parallel-size"), Axis::tensor);
  EXPECT_EQ(axis_named("KV-cache-dtype"), Axis::kv_cache);
  EXPECT_FALSE(axis_named(""));
  EXPECT_FALSE(axis_named("ttft"));
}

TEST(Axis, LiesInTheNumbersOfPointsAsItsStrideSays) {
  const Space space = Space::of(some_axes()).value();
  for (std::uint64_t i = 0; i < space.points(); ++i) {
    const Candidate one = space.point(i);
    const auto digit = [&](Axis axis) { return i / space.stride(axis) % space.size(axis); };
    EXPECT_EQ(one.question.batch, space.axes().batch[digit(Axis::batch)]);
    EXPECT_EQ(one.question.input, space.axes().input[digit(Axis::input)]);
    EXPECT_EQ(one.question.execution.precision.weights, space.axes().weights[digit(Axis::weights)]);
    EXPECT_EQ(one.question.execution.parallelism.tensor, space.axes().tensor[digit(Axis::tensor)]);
    EXPECT_EQ(one.model, &space.axes().models[digit(Axis::model)]);
  }
}

// Each pair of axes, in stretches of any length: as the digits of each point have it.
TEST(Cells, HoldEachPointOnce) {
  const Space space = Space::of(some_axes()).value();
  for (const AxisFacts& x : kAxisFacts) {
    for (const AxisFacts& y : kAxisFacts) {
      if (x.axis == y.axis) continue;
      SCOPED_TRACE(std::string(x.key) + " " + std::string(y.key));
      const Cells cells(space, {{x.axis, y.axis}});
      ASSERT_EQ(cells.count(), space.size(x.axis) * space.size(y.axis));
      for (const std::uint64_t step : {1U, 7U, 64U, 1000U}) {
        std::uint64_t seen = 0;
        for (std::uint64_t first = 0; first < space.points(); first += step) {
          const std::uint64_t n = std::min<std::uint64_t>(step, space.points() - first);
          cells.for_each_run(first, n, [&](std::uint64_t cell, std::uint64_t i, std::uint64_t end) {
            for (; i < end; ++i) {
              const std::uint64_t point = first + i;
              ASSERT_EQ(point, seen++);
              EXPECT_EQ(cell, point / space.stride(x.axis) % space.size(x.axis) +
                                  space.size(x.axis) *
                                      (point / space.stride(y.axis) % space.size(y.axis)));
            }
          });
        }
        EXPECT_EQ(seen, space.points());
      }
    }
  }
}

std::string fault(const Result<Grid>& grid) { return grid ? "" : grid.error().front().what; }

TEST(Grid, IsOfAxesThatThereAre) {
  EXPECT_EQ(parse_heatmap(" batch, tp", "").value(), (Grid{{Axis::batch, Axis::tensor}}));
  EXPECT_EQ(parse_group("device", "").value(), (Grid{{Axis::device}}));
  EXPECT_EQ(fault(parse_heatmap("batch,speed", "")), "\"speed\" is no axis");
  EXPECT_EQ(fault(parse_heatmap("batch", "")), "a heat map of 1 axes");
  EXPECT_EQ(fault(parse_heatmap("batch,input,output", "")), "a heat map of 3 axes");
  EXPECT_EQ(fault(parse_heatmap("batch,b", "")), "batch stands there twice");
  EXPECT_EQ(fault(parse_group("batch,input", "")), "groups by 2 axes");
  EXPECT_EQ(fault(parse_group("", "")), "\"\" is no axis");
  EXPECT_EQ(parse_heatmap("x,y", "").error().size(), 2U);
}

TEST(Grid, HasNoMoreCellsThanCanBeTold) {
  Axes axes = some_axes();
  axes.batch.assign(101, 1);
  axes.input.assign(100, 1);
  const Grid grid{{Axis::batch, Axis::input}};
  EXPECT_EQ(faults_of(grid, axes, "--heatmap").size(), 1U);
  axes.batch.resize(100);
  EXPECT_TRUE(faults_of(grid, axes, "--heatmap").empty());
}

TEST(Grid, IsOfNoAxisThatFollowsFromOthers) {
  Axes axes = some_axes();
  EXPECT_EQ(faults_of(Grid{{Axis::devices}}, axes, "").size(), 1U);
  axes.device_counts = {1, 2, 4};
  EXPECT_TRUE(faults_of(Grid{{Axis::devices}}, axes, "").empty());
  EXPECT_TRUE(faults_of(Grid{{Axis::tensor}}, axes, "").empty());
  axes.tensor = {std::nullopt};
  EXPECT_EQ(faults_of(Grid{{Axis::tensor}}, axes, "").size(), 1U);
}

}  // namespace
}  // namespace ridgepoint::explore
