// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/analysis.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "predict/worked_cases.hpp"

namespace ridgepoint::predict {
namespace {

Analysis analyse_llama(Phase phase, std::int64_t batch, std::int64_t context) {
  const auto llama = testing::llama_2_13b();
  return analyse(llama, testing::h100_sxm(), {{phase}, batch, context, native_precision(llama)})
      .value();
}

const OperatorAnalysis& find(const StepAnalysis& step, const std::string& name) {
  const auto found = std::find_if(step.operators.begin(), step.operators.end(),
                                  [&](const auto& one) { return one.name == name; });
  EXPECT_NE(found, step.operators.end()) << name;
  return *found;
}

TEST(Analysis, OfADecodeStepOfLlama2OnAnH100) {
  const Analysis answer = analyse_llama(Phase::decode, 1, 1024);
  const StepAnalysis& step = answer.steps.at(0);
  // Weights without the embedding table, with norms: 2·(13,015,864,320 − 163,840,000), KV read
  // 838,860,800 and written 819,200 bytes.
  EXPECT_EQ(step.compulsory_bytes.to_integer(), 25'704'048'640 + 838'860'800 + 819'200);
  EXPECT_NEAR(step.floor_s, 7.92e-3, 0.005e-3);
  EXPECT_GE(step.bound_s, step.floor_s);
  EXPECT_LE(step.bound_s, 1.01 * step.floor_s);
  EXPECT_EQ(step.limit, roofline::Bound::memory_bound);
}

TEST(Analysis, CountsTheOperatorsOfADecodeStepExactly) {
  const StepAnalysis step = analyse_llama(Phase::decode, 1, 1024).steps.at(0);
  const auto& qkv = find(step, "qkv_proj");
  EXPECT_EQ(qkv.count, 40);
  EXPECT_EQ(qkv.flops.to_integer(), 40LL * 2 * 5120 * 15360);
  EXPECT_EQ(qkv.weight_bytes.to_integer(), 40LL * 2 * 5120 * 15360);
  EXPECT_EQ(qkv.kv_bytes.to_integer(), 819'200);  // 40 layers · 2 · 40 · 128 · 2 bytes
  const auto& attention = find(step, "attention");
  EXPECT_EQ(attention.flops.to_integer(), 40LL * 4 * 40 * 128 * 1024);
  EXPECT_EQ(attention.kv_bytes.to_integer(), 838'860'800);
  const auto& gate_up = find(step, "gate_up_proj");
  EXPECT_EQ(gate_up.flops.to_integer(), 40LL * 2 * 5120 * 27648);
  EXPECT_EQ(gate_up.activation_bytes.to_integer(), 40LL * 2 * (5120 + 27648));
  EXPECT_EQ(find(step, "lm_head").weight_bytes.to_integer(), 2LL * 5120 * 32000);
  EXPECT_EQ(find(step, "embed_tokens").activation_bytes.to_integer(), 2 * 5120 + 2 * 5120);
  EXPECT_EQ(find(step, "embed_tokens").weight_bytes.to_integer(), 0);
  EXPECT_EQ(find(step, "norm").weight_bytes.to_integer(), 2 * 5120);
}

TEST(Analysis, CountsCausalPairsInPrefill) {
  // 1024·1025/2 pairs, 4·128 FLOPs each, 40 heads, 40 layers.
  const StepAnalysis step = analyse_llama(Phase::prefill, 1, 1024).steps.at(0);
  EXPECT_EQ(find(step, "attention").flops.to_integer(), 1024LL * 1025 / 2 * 4 * 128 * 40 * 40);
  EXPECT_EQ(find(step, "lm_head").flops.to_integer(), 2LL * 5120 * 32000);
  EXPECT_EQ(find(step, "gate_up_proj").bound, roofline::Bound::compute_bound);
}

TEST(Analysis, FindsTheBatchAtWhichAProjectionCrossesTheRidge) {
  // R·D·F/(D·F − R·(D + F)) with R = 989.4/3.35 = 295.343, D = 5120, F = 27648:
  // 295.3433·141557760/(141557760 − 295.3433·32768) = 295.3433/0.931633 = 317.02, so 318
  const StepAnalysis step = analyse_llama(Phase::decode, 1, 1024).steps.at(0);
  const Crossover gate_up = find(step, "gate_up_proj").crossover.value();
  EXPECT_EQ(gate_up.when, Crossover::When::from_batch);
  EXPECT_NEAR(gate_up.exact, 317.02, 0.01);
  EXPECT_EQ(gate_up.batch, 318);
}

TEST(Analysis, SaysThatDecodeAttentionNeverCrosses) {
  const StepAnalysis step = analyse_llama(Phase::decode, 1, 1024).steps.at(0);
  EXPECT_EQ(find(step, "attention").crossover->when, Crossover::When::never);
  EXPECT_EQ(find(step, "input_layernorm").crossover->when, Crossover::When::never);
}

TEST(Analysis, SaysThatTheDecodeStepAtS1024NeverCrosses) {
  // Per sequence 2·12,851,609,600 + 4·5120·40·1024 FLOPs over 839,680,000 bytes of cache: the
  // intensity tends to 31.6 < 295.
  const Analysis answer = analyse_llama(Phase::decode, 1 << 20, 1024);
  const StepAnalysis& step = answer.steps.at(0);
  EXPECT_EQ(step.crossover->when, Crossover::When::never);
  EXPECT_NEAR(step.flops.to_double() / step.compulsory_bytes.to_double(), 31.6, 0.05);
}

TEST(Analysis, FindsTheStepsCrossoverAtAShortContext) {
  // At S = 16 the cache costs 13.1 MB + 0.8 MB a sequence against 25.7 GFLOP: 1850 FLOP/byte.
  const StepAnalysis step = analyse_llama(Phase::decode, 1, 16).steps.at(0);
  ASSERT_EQ(step.crossover->when, Crossover::When::from_batch);
  const auto at = [](std::int64_t batch) {
    return analyse_llama(Phase::decode, batch, 16).steps.at(0).limit;
  };
  EXPECT_EQ(at(step.crossover->batch), roofline::Bound::compute_bound);
  EXPECT_EQ(at(step.crossover->batch - 1), roofline::Bound::memory_bound);
}

TEST(Analysis, SaysThatPrefillIsAlwaysComputeBound) {
  const StepAnalysis step = analyse_llama(Phase::prefill, 1, 1024).steps.at(0);
  EXPECT_EQ(step.crossover->when, Crossover::When::always);
  EXPECT_EQ(step.limit, roofline::Bound::compute_bound);
}

TEST(Analysis, KnowsTheMemoryWall) {
  // Weights 2·13,015,864,320; (80e9 − 26,031,728,640) ÷ 838,860,800 = 64.3.
  const MemoryUse memory = analyse_llama(Phase::decode, 64, 1024).memory;
  EXPECT_EQ(memory.weights.to_integer(), 26'031'728'640);
  EXPECT_EQ(memory.kv_cache.to_integer(), 64 * 838'860'800LL);
  EXPECT_EQ(memory.max_batch, 64);
  EXPECT_TRUE(memory.fits);
  EXPECT_FALSE(analyse_llama(Phase::decode, 65, 1024).memory.fits);
}

TEST(Analysis, PutsTheWallOnTheBatchCurve) {
  const Analysis answer = analyse_llama(Phase::decode, 1, 2000);
  const auto at_wall = [&](const BatchPoint& p) { return p.batch == answer.memory.max_batch; };
  EXPECT_EQ(std::count_if(answer.batch_curve.begin(), answer.batch_curve.end(), at_wall), 1);
  EXPECT_TRUE(answer.batch_curve.front().fits);
  EXPECT_FALSE(answer.batch_curve.back().fits);
}

TEST(Analysis, ReadsOnlyTheWindowOfTheCache) {
  model::Architecture mistral = testing::llama_2_13b();
  std::get<model::Attention>(mistral.runs[0].mixer).window = 100;
  const auto answer =
      analyse(mistral, testing::h100_sxm(), {{Phase::decode}, 1, 1024, native_precision(mistral)});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(find(answer->steps[0], "attention").kv_bytes.to_integer(), 838'860'800 / 1024 * 100);
}

TEST(Analysis, RefusesCountsBeyond64Bits) {
  const auto llama = testing::llama_2_13b();
  const auto answer = analyse(
      llama, testing::h100_sxm(),
      {{Phase::prefill}, std::int64_t{1} << 40, std::int64_t{1} << 40, native_precision(llama)});
  ASSERT_FALSE(answer.has_value());
  EXPECT_NE(answer.error()[0].what.find("2^63"), std::string::npos);
}

TEST(Analysis, ExplainsAnOperatorInLettersAndInNumbers) {
  const StepAnalysis step = analyse_llama(Phase::decode, 8, 1024).steps.at(0);
  const auto& lines = find(step, "o_proj").formula;
  const auto compute = std::find_if(lines.begin(), lines.end(), [](const FormulaLine& line) {
    return line.entry.action == cost::Action::compute;
  });
  ASSERT_NE(compute, lines.end());
  EXPECT_EQ(symbolic::to_text(compute->entry.flops), "2*B*D*H*N");
  EXPECT_EQ(compute->value.to_integer(), 2LL * 8 * 5120 * 5120);
}

}  // namespace
}  // namespace ridgepoint::predict
