// SPDX-License-Identifier: Apache-2.0
#include "predict/closed_loop.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace ridgepoint::predict {
namespace {

// 9·T² + (2 − 9 − 1)·T − 2 = 0: T = (8 + √(64 + 72)) / 18.
TEST(ClosedLoop, IsTheRootOfItsEquation) {
  const ClosedLoop loop{.sequences = 2, .steps = 9, .first_s = 2, .prompt_s = 1};
  EXPECT_NEAR(closed_loop_tpot(loop, 1), (8 + std::sqrt(136.0)) / 18, 1e-12);
}

TEST(ClosedLoop, OfOneSequenceWaitsForNoOtherPrompt) {
  const ClosedLoop loop{.sequences = 1, .steps = 127, .first_s = 0.3, .prompt_s = 0.3};
  EXPECT_NEAR(closed_loop_tpot(loop, 0.02), 0.02, 1e-12);
}

TEST(ClosedLoop, OfOneAnswerTokenHasNoDecodes) {
  const ClosedLoop loop{.sequences = 8, .steps = 0, .first_s = 0.3, .prompt_s = 0.3};
  EXPECT_EQ(closed_loop_tpot(loop, 0.02), 0.02);
}

// In F + m·T each of the others begins once, and delays m·T/(F + m·T) of its prompt's time here.
RC_GTEST_PROP(ClosedLoop, AddsToADecodeWhatOthersPromptsTakeMeanwhile, ()) {
  const ClosedLoop loop{.sequences = *rc::gen::inRange(1, 500) * 1.0,
                        .steps = *rc::gen::inRange(1, 5000) * 1.0,
                        .first_s = *rc::gen::inRange(1, 4000) * 1e-3,
                        .prompt_s = *rc::gen::inRange(0, 2000) * 1e-3};
  const double decode_s = *rc::gen::inRange(1, 100) * 1e-3;
  const double tpot = closed_loop_tpot(loop, decode_s);
  const double period = loop.first_s + loop.steps * tpot;
  const double prompts = (loop.sequences - 1) * loop.prompt_s * loop.steps * tpot / period;
  RC_ASSERT(std::abs(loop.steps * (tpot - decode_s) - prompts) <= 1e-9 * (prompts + tpot));
  RC_ASSERT(decoding_sequences(loop, tpot) <= loop.sequences);
}

// T = d + P·(1 − (1 − q)^r), q = C/(m + F/T).
RC_GTEST_PROP(ClosedLoop, WaitsForWhicheverReplicaReadsAPrompt, ()) {
  const ClosedLoop loop{.sequences = *rc::gen::inRange(1, 64) * 1.0,
                        .replicas = *rc::gen::inRange(2, 64) * 1.0,
                        .steps = *rc::gen::inRange(100, 5000) * 1.0,
                        .first_s = *rc::gen::inRange(1, 4000) * 1e-3,
                        .prompt_s = *rc::gen::inRange(1, 2000) * 1e-3};
  const double decode_s = *rc::gen::inRange(1, 100) * 1e-3;
  const double tpot = closed_loop_tpot(loop, decode_s);
  const double chance = std::min(1.0, loop.sequences / (loop.steps + loop.first_s / tpot));
  const double waited = loop.prompt_s * (1 - std::pow(1 - chance, loop.replicas));
  RC_ASSERT(std::abs(tpot - decode_s - waited) <= 1e-6 * tpot);
}

/// Little's law; and of answers of one token, which nothing decodes, one prompt after the other.
TEST(ClosedLoop, EndsAsManyRequestsAsItsPlacesHave) {
  const ClosedLoop loop{16, 1, 100, 0.5, 0.4};
  const double tpot_s = closed_loop_tpot(loop, 0.02);
  EXPECT_DOUBLE_EQ(closed_loop_requests_per_s(loop, tpot_s) * (0.5 + 100 * tpot_s), 16);
  EXPECT_DOUBLE_EQ(closed_loop_requests_per_s({16, 1, 0, 0.5, 0.4}, 0.02), 2);
}

}  // namespace
}  // namespace ridgepoint::predict
