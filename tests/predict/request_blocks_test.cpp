// SPDX-License-Identifier: Apache-2.0
// Times of many static batches at once are those of `estimate`, to the bit, and so is the room that
// their sequences find.
#include "ridgepoint/predict/request_blocks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "ridgepoint/catalog/calibrations.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/predict/sequence_room.hpp"

namespace ridgepoint::predict {
namespace {

struct Deployed {
  std::string model;
  std::string device;
  Parallelism split;
  Count hit_rate = 0;
};

// Dense, windows, experts, latent attention, recurrent layers; one device, several, stages and
// replicas; a prefix in the cache.
const std::vector<Deployed>& deployments() {
  static const std::vector<Deployed> all{{"llama-2-13b", "h100-sxm", {}},
                                         {"llama-3.1-8b", "a100-sxm-80gb", {2}, {1, 3}},
                                         {"gemma-2-9b", "l40s", {1, 2}},
                                         {"llama-3.3-70b", "h200-sxm", {2, 4}},
                                         {"mixtral-8x7b", "b200-sxm", {2, 1, 2, 4}},
                                         {"deepseek-v3", "b200-sxm", {8}},
                                         {"jamba-1.5-mini", "h100-sxm", {4, 3}},
                                         {"gpt-oss-20b", "mi300x", {}}};
  return all;
}

RequestQuestion question_of(const Deployed& deployed, const model::Architecture& model,
                            const hardware::Device& device) {
  RequestQuestion question;
  question.execution.precision = native_precision(model);
  question.execution.parallelism = deployed.split;
  question.execution.calibration = catalog::calibration_of(device).value();
  question.prefix_hit_rate = deployed.hit_rate;
  question.max_num_batched_tokens = 4096;
  return question;
}

/// Batches of one input, each with an answer of its own.
struct Batches {
  std::int64_t input;
  std::vector<double> batch;
  std::vector<double> output;
  std::vector<double> context;
};

Batches drawn(std::mt19937& random, std::size_t n) {
  // Some above the budget of a step, and many of a step.
  Batches batches{
      static_cast<std::int64_t>(1 + random() % (random() % 2 == 0 ? 300 : 20000)), {}, {}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    batches.batch.push_back(static_cast<double>(1 + random() % (i % 2 == 0 ? 600 : 20)));
    batches.output.push_back(static_cast<double>(1 + random() % 2000));
    batches.context.push_back(static_cast<double>(batches.input) +
                              std::floor((batches.output.back() + 1) / 2));
  }
  return batches;
}

class RequestBlocksTest : public testing::TestWithParam<Reading> {};

TEST_P(RequestBlocksTest, GiveTheBitsOfEstimateForEachInstructionSet) {
  std::mt19937 random(20261122);
  for (const Deployed& deployed : deployments()) {
    SCOPED_TRACE(deployed.model + " on " + deployed.device);
    const auto model = catalog::find_model(deployed.model).value();
    const auto device = catalog::find_device(deployed.device).value();
    RequestQuestion question = question_of(deployed, model, device);
    const SequenceRoom room(model, device, question);
    for (const InstructionSet set : available_instruction_sets()) {
      auto blocks = RequestBlocks::build(model, device, question, GetParam(), set);
      ASSERT_TRUE(blocks);
      for (const std::size_t n : {std::size_t{1}, std::size_t{1500}}) {
        const Batches batches = drawn(random, n);
        std::vector<double> prefill(n);
        std::vector<double> tpot(n);
        blocks->prefill(batches.input, batches.batch, prefill);
        blocks->tpot(batches.batch, batches.context, tpot);
        for (std::size_t i = 0; i < n; i += 97) {
          question.input = batches.input;
          question.batch = static_cast<std::int64_t>(batches.batch[i]);
          question.output = static_cast<std::int64_t>(batches.output[i]);
          const auto answer = estimate(model, device, question);
          ASSERT_TRUE(answer);
          const RequestTimes& times = times_of(*answer, GetParam());
          ASSERT_EQ(prefill[i], times.ttft_s) << question.batch << " of " << question.input;
          ASSERT_EQ(tpot[i], times.tpot_s);
          ASSERT_EQ(room.most_sequences(question.input, question.output), answer->most_sequences);
        }
      }
    }
  }
}

TEST_P(RequestBlocksTest, OfAnEncoderDecoderTakeAStepMoreToTheFirstToken) {
  const auto model = catalog::find_model("flan-t5-xxl").value();
  const auto device = catalog::find_device("h100-sxm").value();
  RequestQuestion question = question_of({}, model, device);
  question.input = 700;
  question.output = 33;
  question.batch = 5;
  auto blocks = RequestBlocks::build(model, device, question, GetParam()).value();
  const double batch = 5;
  const double context = 17;
  double prefill = 0;
  double tpot = 0;
  blocks.prefill(question.input, {&batch, 1}, {&prefill, 1});
  blocks.tpot({&batch, 1}, {&context, 1}, {&tpot, 1});
  const Estimate answer = estimate(model, device, question).value();
  EXPECT_EQ(tpot, times_of(answer, GetParam()).tpot_s);
  EXPECT_EQ(prefill + tpot, times_of(answer, GetParam()).ttft_s);
}

INSTANTIATE_TEST_SUITE_P(Readings, RequestBlocksTest,
                         testing::Values(Reading::floor, Reading::bound, Reading::expected),
                         [](const auto& one) { return std::string(name(one.param)); });

TEST(RequestBlocks, RefuseWhatEstimateRefuses) {
  const auto model = catalog::find_model("llama-2-13b").value();
  const auto device = catalog::find_device("h100-sxm").value();
  RequestQuestion question = question_of({}, model, device);
  question.execution.parallelism.tensor = 3;
  const auto blocks = RequestBlocks::build(model, device, question, Reading::bound);
  ASSERT_FALSE(blocks);
  EXPECT_EQ(blocks.error(), estimate(model, device, question).error());
}

}  // namespace
}  // namespace ridgepoint::predict
