// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/operator_crossover.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::predict {
namespace {

using roofline::Bound;

hardware::Device h100() { return catalog::find_device("h100-sxm").value(); }
model::Architecture model_named(const char* name) { return catalog::find_model(name).value(); }

OperatorQuestion question_of(const model::Architecture& model, const char* op,
                             const char* unknown) {
  OperatorQuestion question;
  question.request.execution.precision = native_precision(model);
  question.op = op;
  question.unknown = unknown;
  return question;
}

// Decode attention in 16 bits does 4·S·N·H FLOPs and moves 4·(S·K + N)·H bytes for each sequence:
// S·N/(S·K + N) = r has K = N·(S − r)/(S·r). With N = 40, S = 1024 + 64 and the H100's
// r = 989.4/3.35 = 295.34 that is 0.0987: not even one head is few enough.
TEST(OperatorCrossover, OfAttentionNeedsFewerThanOneHeadOfKeys) {
  const auto llama = model_named("llama-2-13b");
  const auto answer =
      solve_operator(llama, h100(), question_of(llama, "attention", "num_key_value_heads")).value();
  const double ridge = 989.4 / 3.35;
  EXPECT_NEAR(answer.crossover.value(), 40 * (1088 - ridge) / (1088 * ridge), 1e-9);
  EXPECT_FALSE(answer.is_met());
  EXPECT_FALSE(answer.below);
  EXPECT_EQ(answer.above->value, 1);
  EXPECT_NEAR(answer.above->intensity, 1088.0 * 40 / (1088 + 40), 1e-9);
  EXPECT_EQ(answer.above->bound(), Bound::memory_bound);
}

// K = 40·(1088 − r)/(1088·r) = 6.1 at r = 6.4: of the divisors of 40 that is between 5 and 8.
TEST(OperatorCrossover, NamesTheDivisorsOnEachSide) {
  const auto llama = model_named("llama-2-13b");
  auto device = h100();
  device.memory_bandwidth.value = BytesPerSecond(989.4e12 / 6.4);
  const auto answer = solve_operator(llama, device, question_of(llama, "attention", "K")).value();
  EXPECT_EQ(answer.meaning, "num_key_value_heads");
  EXPECT_EQ(answer.below->value, 5);
  EXPECT_EQ(answer.above->value, 8);
  EXPECT_EQ(answer.below->bound(), Bound::compute_bound);
  EXPECT_EQ(answer.above->bound(), Bound::memory_bound);
  EXPECT_TRUE(answer.is_met());
  EXPECT_FALSE(answer.is_met_above());
}

// What `roofline` calls each operator's crossover is the same question asked of the batch.
TEST(OperatorCrossover, OfTheBatchIsTheOneOfRoofline) {
  for (const char* name : {"llama-2-13b", "mixtral-8x7b", "deepseek-v2-lite", "mamba-2.8b"}) {
    const auto model = model_named(name);
    const Workload workload{{Phase::decode}, 1, 1088, native_precision(model)};
    const StepAnalysis step = analyse(model, h100(), workload).value().steps.at(0);
    int compared = 0;
    for (const OperatorAnalysis& one : step.operators) {
      const auto first =
          std::find_if(step.operators.begin(), step.operators.end(),
                       [&](const OperatorAnalysis& other) { return other.name == one.name; });
      const bool crosses = one.crossover && one.crossover->when == Crossover::When::from_batch;
      if (&*first != &one || !crosses) continue;
      const auto answer =
          solve_operator(model, h100(), question_of(model, one.name.c_str(), "batch"));
      ASSERT_TRUE(answer) << name << " " << one.name;
      EXPECT_NEAR(answer->crossover.value() / one.crossover->exact, 1, 1e-9) << one.name;
      EXPECT_EQ(answer->above->value, static_cast<double>(one.crossover->batch)) << one.name;
      EXPECT_EQ(answer->above->bound(), Bound::compute_bound);
      EXPECT_EQ(answer->below->bound(), Bound::memory_bound);
      ++compared;
    }
    EXPECT_GT(compared, 2) << name;
  }
}

// The ridge of 989.4e12 FLOP/s comes down to an intensity at the bandwidth peak ÷ intensity: there
// the operator is on the ridge, which counts as compute-bound.
TEST(OperatorCrossover, OfARateIsWhereTheRidgeIsTheIntensity) {
  const auto llama = model_named("llama-3.1-8b");
  auto question = question_of(llama, "gate_up_proj", "memory_bandwidth");
  question.request.batch = 400;
  const auto answer = solve_operator(llama, h100(), question).value();
  // X 4096, W 4096·28,672, Y 28,672, all of 2 bytes, for 400 rows.
  const double flops = 2.0 * 400 * 4096 * 28'672;
  const double bytes = 2.0 * (400 * 4096 + 4096 * 28'672 + 400 * 28'672);
  EXPECT_NEAR(answer.crossover.value(), 989.4e12 / (flops / bytes), 1);
  EXPECT_TRUE(answer.is_met_above());
  question.wanted = Bound::memory_bound;
  EXPECT_FALSE(solve_operator(llama, h100(), question).value().is_met_above());
}

// B sequences bring B caches and B times the work: the intensity stays.
TEST(OperatorCrossover, RefusesWhatChangesNothing) {
  const auto llama = model_named("llama-2-13b");
  const auto refused = [&](const char* op, const char* unknown) {
    return !solve_operator(llama, h100(), question_of(llama, op, unknown));
  };
  EXPECT_TRUE(refused("attention", "batch"));
  EXPECT_TRUE(refused("attention", "colour"));
  EXPECT_TRUE(refused("no_such_operator", "batch"));
  EXPECT_TRUE(refused("input_layernorm", "batch"));
}

// However many tokens stand in the cache, decode attention does less than N/K FLOPs for a byte.
TEST(OperatorCrossover, SaysThatNoContextWillDo) {
  const auto llama = model_named("llama-2-13b");
  const auto answer =
      solve_operator(llama, h100(), question_of(llama, "attention", "context")).value();
  EXPECT_FALSE(answer.crossover);
  EXPECT_FALSE(answer.is_met());
  EXPECT_LT(answer.above->intensity, 1);
}

}  // namespace
}  // namespace ridgepoint::predict
