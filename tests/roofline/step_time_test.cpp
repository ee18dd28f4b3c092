// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/roofline/step_time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "roofline/devices.hpp"

namespace ridgepoint::roofline {
namespace {

double size_up_to(int limit) { return *rc::gen::inRange(1, limit); }

/// The sizes of a layer at random.
struct Sizes {
  double d = size_up_to(9000);
  double f = size_up_to(30000);
  double heads = size_up_to(128);
  double kv_heads = size_up_to(128);
  double width = size_up_to(256);
  double weight = *rc::gen::element(2.0, 1.0, 0.5, 17.0 / 32);
};

constexpr DataType kBf16 = DataType::bf16;

void add_attention(cost::Step<double>& step, const Sizes& x) {
  using namespace cost;  // NOLINT: the operators' names
  const double a = x.heads;
  const double b = x.kv_heads;
  const double c = x.width;
  step.insert(
      step.end(),
      {{"full", 1, kBf16, Attention<double>{a, b, c, 2, 2, Pairs::full}},
       {"window", 3, kBf16, WindowAttention<double>{a, b, c, 2, 2, size_up_to(5000)}},
       {"chunked", 3, kBf16, ChunkedAttention<double>{a, b, c, 2, 2, size_up_to(9000)}},
       {"cross", 6, kBf16, CrossAttention<double>{a, b, c, 2, 2, size_up_to(5000)}},
       {"cross_kv", 6, kBf16,
        CrossKvProjection<double>{x.d, b, c, size_up_to(5000), 2, 2, 2, b * c}},
       {"encoder", 6, kBf16, EncoderAttention<double>{a, b, c, 2}},
       {"kv_a_proj", 6, kBf16, CacheProjection<double>{x.d, 64 + c, x.weight, 2, 1}},
       {"q_absorb", 6, kBf16, HeadwiseMatmul<double>{a, c, 512, x.weight, 2}},
       {"mla", 6, kBf16, LatentAttention<double>{a, 512, 64, 2, 2, Pairs::causal}},
       {"kv_b_proj", 6, kBf16, LatentUpProjection<double>{a, 512, c, c, x.weight, 2, 1}},
       {"mla_expanded", 6, kBf16, ExpandedLatentAttention<double>{a, c, 64, c, 2, 2}},
       {"indexer", 6, kBf16, SparseIndexer<double>{64, 128, size_up_to(4096), 2, 1, 4}},
       {"sparse", 6, kBf16, SparseLatentAttention<double>{a, 512, 64, size_up_to(4096), 2, 2}}});
}

void add_recurrent(cost::Step<double>& step, const Sizes& x) {
  using namespace cost;  // NOLINT: the operators' names
  const double a = x.heads;
  const double b = x.kv_heads;
  const double c = x.width;
  const double chunk = *rc::gen::element(1.0, 64.0, 128.0, 256.0);
  step.insert(step.end(),
              {{"conv1d", 9, kBf16, CausalConv<double>{x.d, 4, 2, 2, 2, x.d}},
               {"scan", 9, kBf16, SelectiveScan<double>{x.d, 16, 4, 2, 4}},
               {"ssd", 9, kBf16, LinearAttention<double>{a, b, 128, c, a, 3 * a, 4, 2, 4, chunk}},
               {"lightning", 9, kBf16,
                LinearAttention<double>{a, a, c, c, 0, a, 4, 2, 4, chunk, Scan::recurrent}},
               {"rg_lru", 9, kBf16, GatedRecurrence<double>{x.d, x.d, 4, 2, 4}},
               {"gdn", 9, kBf16, DeltaNet<double>{a, b, 128, c, 2 * a, 2 * a, 4, 2, 4, chunk}}});
}

/// A step with every kind of operator, its sizes at random.
cost::Step<double> random_step() {
  using namespace cost;  // NOLINT: the operators' names
  const Sizes x;
  const double experts = size_up_to(512);
  const double chosen = *rc::gen::inRange(1, static_cast<int>(experts) + 1);
  Step<double> step{
      {"embed_tokens", 1, kBf16, Embedding<double>{x.d, 2, 2}},
      {"norm", size_up_to(200), kBf16, Elementwise<double>{x.d, x.d, x.d, 2, 2}},
      {"qkv_proj", 40, kBf16,
       QkvProjection<double>{x.d, x.heads, x.kv_heads, x.width, x.weight, 2, 2}},
      {"attention", 40, kBf16, Attention<double>{x.heads, x.kv_heads, x.width, 2, 2}},
      {"down_proj", 40, kBf16, Matmul<double>{x.f, x.d, x.weight, 2, x.d}},
      {"experts", 40, kBf16, ExpertMatmul<double>{experts, chosen, x.d, 2 * x.f, 1, x.weight, 2}},
      {"lm_head", 1, kBf16, LmHead<double>{x.d, size_up_to(200000), 2, 2}},
      {"sampling", 1, kBf16, Sampling<double>{size_up_to(200000), 4, 4}},
      {"shared_norm", 9, kBf16, SharedElementwise<double>{{x.d, x.d, x.d, 2, 2}, 8}},
      {"all_reduce", 2, kBf16, Collective<double>{CollectiveKind::all_reduce, 8, x.d, 2}},
  };
  add_attention(step, x);
  add_recurrent(step, x);
  return step;
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
      RC_ASSERT(same_bits(times.network_s[i], one.network_s));
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

RC_GTEST_PROP(MixedStep, IsNeverFasterThanAPartNorSlowerThanTheirSum, ()) {
  const auto step = *on_device(random_step(), testing::lecture_h100());
  const cost::Shape<double> chunk{size_up_to(8), size_up_to(2048), 4096};
  const cost::Shape<double> decodes{size_up_to(512), 1, size_up_to(9000)};
  const std::array parts{StepPart{step, chunk}, StepPart{step, decodes}};
  const StepTime mixed = mixed_step_time(parts);
  const StepTime one = step_time(step, chunk);
  const StepTime two = step_time(step, decodes);
  RC_ASSERT(mixed.bound_s >= std::max(one.bound_s, two.bound_s) * (1 - 1e-12));
  RC_ASSERT(mixed.bound_s <= (one.bound_s + two.bound_s) * (1 + 1e-12));
  RC_ASSERT(mixed.floor_s() >= std::max(one.floor_s(), two.floor_s()) * (1 - 1e-12));
}

// One matmul of 1000×1000 in bf16: 2 MB of weights, read once. A chunk of 10 tokens and 6 decodes
// move 16 · (1000 + 1000) · 2 B = 64 kB of activations; 2,064,000 B at 3.35 TB/s.
TEST(MixedStep, ReadsItsWeightsOnce) {
  const cost::Step<double> step{{"up_proj", 1, kBf16, cost::Matmul<double>{1000, 1000, 2, 2}}};
  const auto timed = *on_device(step, testing::lecture_h100());
  const std::array parts{StepPart{timed, {1, 10, 10}}, StepPart{timed, {6, 1, 99}}};
  EXPECT_DOUBLE_EQ(mixed_step_time(parts).bound_s, 2'064'000 / 3.35e12);
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
