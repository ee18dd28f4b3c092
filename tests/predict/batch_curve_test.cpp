// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/batch_curve.hpp"

#include <gtest/gtest.h>

#include "ridgepoint/catalog/catalog.hpp"

namespace ridgepoint::predict {
namespace {

/// Llama 2 13B, 1024 tokens in and 128 out.
Estimate estimate_of(const char* device, std::int64_t batch, Parallelism split = {}) {
  const auto llama = catalog::find_model("llama-2-13b").value();
  RequestQuestion question;
  question.batch = batch;
  question.execution.precision = native_precision(llama);
  question.execution.parallelism = split;
  return estimate(llama, catalog::find_device(device).value(), question).value();
}

std::vector<std::int64_t> batches_of(const BatchCurve& curve) {
  std::vector<std::int64_t> batches;
  for (const BatchEstimate& point : curve.points) batches.push_back(point.batch);
  return batches;
}

// An H100 leaves 0.9 · 85,523,536,281 − 26,031,728,640 (weights) − 1,073,741,824 (overhead) =
// 49,865,712,188 B for activations and sequences. A sequence of 1,152 tokens in 40 layers takes
// 2 · 40 · 40 · 128 · 2 · 1,152 = 943,718,400 B: without activations 52.8 of them, and the
// activations (less than 0.7 GB) take less than what is left over.
TEST(BatchCurve, GoesByPowersOfTwoToTwiceTheMemoryWall) {
  const auto curve = batch_curve(estimate_of("h100-sxm", 24));
  EXPECT_EQ(batches_of(curve), (std::vector<std::int64_t>{1, 2, 4, 8, 16, 24, 32, 52, 64}));
}

TEST(BatchCurve, AddsTheBytesOfASequenceForEach) {
  const auto curve = batch_curve(estimate_of("h100-sxm", 1));
  for (const BatchEstimate& point : curve.points) {
    EXPECT_EQ(point.memory_bytes - curve.points.front().memory_bytes,
              Count(943'718'400) * Count(point.batch - 1));
  }
}

TEST(BatchCurve, FitsAsLongAsItsBytesAreUsable) {
  for (const char* device : {"h100-sxm", "h200-sxm", "a100-sxm-80gb", "l40s"}) {
    const auto curve = batch_curve(estimate_of(device, 7));
    const Count usable(curve.memory.usable_bytes);
    for (const BatchEstimate& point : curve.points) {
      EXPECT_EQ(point.fits, !(usable < point.memory_bytes)) << device << " " << point.batch;
    }
    EXPECT_FALSE(curve.points.back().fits) << device;
  }
}

// Half of each prompt of 1,024 tokens is one prefix, kept once: 512 · 819,200 B. A sequence has the
// other 640 of its 1,152 tokens.
TEST(BatchCurve, KeepsACachedPrefixOnce) {
  auto question = estimate_of("h100-sxm", 1).question;
  const auto answer = [&](Count rate) {
    question.prefix_hit_rate = rate;
    return batch_curve(estimate(catalog::find_model("llama-2-13b").value(),
                                catalog::find_device("h100-sxm").value(), question)
                           .value());
  };
  const auto cached = answer(Count(1, 2));
  const auto plain = answer(0);
  EXPECT_EQ(cached.points[0].memory_bytes, plain.points[0].memory_bytes);
  EXPECT_EQ(cached.points[1].memory_bytes - cached.points[0].memory_bytes,
            Count(640 * std::int64_t{819'200}));
  const Count usable(cached.memory.usable_bytes);
  for (const BatchEstimate& point : cached.points) {
    EXPECT_EQ(point.fits, !(usable < point.memory_bytes)) << point.batch;
  }
}

TEST(BatchCurve, AnswersAtEachBatchAsEstimateDoes) {
  const auto curve = batch_curve(estimate_of("h100-sxm", 3, {.tensor = 2}));
  for (const BatchEstimate& point : curve.points) {
    const auto answer = estimate_of("h100-sxm", point.batch, {.tensor = 2});
    EXPECT_EQ(point.bound.tpot_s, answer.bound.tpot_s);
    EXPECT_EQ(point.floor.ttft_s, answer.floor.ttft_s);
    EXPECT_EQ(point.bound.per_device_tokens_per_s, answer.bound.per_device_tokens_per_s);
    EXPECT_EQ(point.fits, answer.fits);
  }
}

TEST(BatchCurve, NeverGivesFewerTokensForMoreSequences) {
  const auto curve = batch_curve(estimate_of("h100-sxm", 1));
  for (std::size_t i = 1; i < curve.points.size(); ++i) {
    EXPECT_GE(curve.points[i].bound.tpot_s, curve.points[i - 1].bound.tpot_s);
    EXPECT_GE(curve.points[i].floor.tpot_s, curve.points[i - 1].floor.tpot_s);
    EXPECT_LE(curve.points[i].floor.tpot_s, curve.points[i].bound.tpot_s);
  }
}

TEST(BatchCurve, HasPointsEvenWhereNothingFits) {
  const auto curve = batch_curve(estimate_of("rtx-4090", 100'000));
  EXPECT_EQ(curve.points.front().batch, 1);
  EXPECT_EQ(curve.points.back().batch, 100'000);
  for (const BatchEstimate& point : curve.points) EXPECT_FALSE(point.fits);
}

}  // namespace
}  // namespace ridgepoint::predict
