// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/roofline/step_time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <cstdint>

#include "roofline/devices.hpp"

namespace ridgepoint::roofline {
namespace {

double size_up_to(int limit) { return *rc::gen::inRange(1, limit); }

/// A step with every kind of operator, its sizes at random.
cost::Step<double> random_step() {
  const double d = size_up_to(9000);
  const double f = size_up_to(30000);
  const double heads = size_up_to(128);
  const double kv_heads = size_up_to(128);
  const double width = size_up_to(256);
  const double weight = *rc::gen::element(2.0, 1.0, 0.5, 17.0 / 32);
  const DataType bf16 = DataType::bf16;
  return {
      {"embed_tokens", 1, bf16, cost::Embedding<double>{d, 2, 2}},
      {"norm", size_up_to(200), bf16, cost::Elementwise<double>{d, d, d, 2, 2}},
      {"qkv_proj", 40, bf16, cost::QkvProjection<double>{d, heads, kv_heads, width, weight, 2, 2}},
      {"attention", 40, bf16, cost::Attention<double>{heads, kv_heads, width, 2, 2}},
      {"full", 1, bf16, cost::Attention<double>{heads, kv_heads, width, 2, 2, cost::Pairs::full}},
      {"window", 3, bf16,
       cost::WindowAttention<double>{heads, kv_heads, width, 2, 2, size_up_to(5000)}},
      {"down_proj", 40, bf16, cost::Matmul<double>{f, d, weight, 2, d}},
      {"lm_head", 1, bf16, cost::LmHead<double>{d, size_up_to(200000), 2, 2}},
  };
}

/// Points of mixed phases; their number is rarely a multiple of a vector's width.
struct Points {
  std::vector<double> batch, new_tokens, context;
  PointBlock block() const { return {batch, new_tokens, context}; }
};

Points random_points() {
  Points points;
  const int n = *rc::gen::inRange(1, static_cast<int>(kBlockSize) + 1);
  std::uint64_t state = *rc::gen::arbitrary<std::uint64_t>();
  const auto next = [&](std::uint64_t limit) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(1 + (state >> 33) % limit);
  };
  for (int i = 0; i < n; ++i) {
    points.batch.push_back(next(4096));
    points.new_tokens.push_back(next(3) == 1 ? next(9000) : 1);
    points.context.push_back(points.new_tokens.back() + next(130000));
  }
  return points;
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

RC_GTEST_PROP(BlockKernels, AreBitEqualToTheScalarPathOnEveryInstructionSet, ()) {
  const auto step = on_device(random_step(), testing::lecture_h100());
  RC_ASSERT(step.has_value());
  const Points points = random_points();
  for (const InstructionSet set : available_instruction_sets()) {
    StepTimes times;
    step_times(*step, points.block(), times, set);
    for (std::size_t i = 0; i < points.batch.size(); ++i) {
      const StepTime one =
          step_time(*step, {points.batch[i], points.new_tokens[i], points.context[i]});
      RC_ASSERT(same_bits(times.bound_s[i], one.bound_s));
      RC_ASSERT(same_bits(times.compute_s[i], one.compute_s));
      RC_ASSERT(same_bits(times.compulsory_memory_s[i], one.compulsory_memory_s));
    }
  }
}

StepTime time_on(const hardware::Device& device, const cost::Step<double>& step,
                 const cost::Shape<double>& shape) {
  return step_time(*on_device(step, device), shape);
}

RC_GTEST_PROP(StepTime, BoundIsNeverBelowTheFloor, ()) {
  const Points points = random_points();
  const StepTime time = time_on(testing::lecture_h100(), random_step(),
                                {points.batch[0], points.new_tokens[0], points.context[0]});
  RC_ASSERT(time.bound_s >= time.floor_s() * (1 - 1e-12));
  RC_ASSERT(time.floor_s() > 0);
}

RC_GTEST_PROP(StepTime, IsNeverSlowerWithMoreBandwidthOrMoreFlops, ()) {
  const auto step = random_step();
  const cost::Shape<double> shape{size_up_to(512), 1, size_up_to(9000)};
  const hardware::Device base = testing::lecture_h100();
  hardware::Device faster = base;
  if (*rc::gen::arbitrary<bool>()) {
    faster.memory_bandwidth.value = base.memory_bandwidth.value * 1.5;
  } else {
    faster.dense_peaks[0].figure.value = base.dense_peaks[0].figure.value * 1.5;
  }
  RC_ASSERT(time_on(faster, step, shape).bound_s <= time_on(base, step, shape).bound_s);
}

RC_GTEST_PROP(StepTime, OfTwiceTheBatchIsBetweenTheSameAndTwice, ()) {
  const auto step = random_step();
  const double batch = size_up_to(2048);
  const double context = size_up_to(9000);
  const StepTime one = time_on(testing::lecture_h100(), step, {batch, 1, context});
  const StepTime two = time_on(testing::lecture_h100(), step, {2 * batch, 1, context});
  RC_ASSERT(two.bound_s >= one.bound_s);
  RC_ASSERT(two.bound_s <= 2 * one.bound_s * (1 + 1e-12));
}

TEST(StepTime, BelowTheRidgeMemoryBindsAboveItComputeBinds) {
  const hardware::Device h100 = testing::lecture_h100();
  const cost::Matmul<double> op{65536, 65536, 2, 2};
  for (const double batch : {1.0, 64.0, 290.0, 305.0, 4096.0}) {
    const auto totals = cost::totals(op, cost::Shape<double>{batch, 1, 1});
    const OperatorTime time = operator_time(totals, *rates(h100, DataType::bf16));
    const bool above = totals.flops / totals.bytes() >= 989e12 / 3.35e12;
    EXPECT_EQ(time.compute_s >= time.memory_s, above) << batch;
  }
}

}  // namespace
}  // namespace ridgepoint::roofline
