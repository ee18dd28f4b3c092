// SPDX-License-Identifier: Apache-2.0
// A static batch whose tokens are proposed and checked: its time is that of `speculate`, its memory
// holds what proposes, and many such batches at once are each of them, to the bit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

#include "ridgepoint/catalog/calibrations.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/model/storage.hpp"
#include "ridgepoint/predict/continuous_batching.hpp"
#include "ridgepoint/predict/request_blocks.hpp"
#include "ridgepoint/predict/sensitivity.hpp"
#include "ridgepoint/predict/sequence_room.hpp"
#include "ridgepoint/predict/speculation.hpp"

namespace ridgepoint::predict {
namespace {

model::Architecture model_named(const char* name) { return catalog::find_model(name).value(); }
hardware::Device h100() { return catalog::find_device("h100-sxm").value(); }

SpeculativeDecoding proposed(std::int64_t tokens, const char* draft = nullptr) {
  SpeculativeDecoding decoding{tokens, 0.8, nullptr};
  if (draft != nullptr) {
    decoding.draft = std::make_shared<const model::Architecture>(model_named(draft));
  }
  return decoding;
}

RequestQuestion question_of(const model::Architecture& model, SpeculativeDecoding decoding,
                            Parallelism split = {}) {
  RequestQuestion question;
  question.batch = 6;
  question.execution.precision = native_precision(model);
  question.execution.parallelism = split;
  question.speculation = std::move(decoding);
  return question;
}

SpeculationRow row_of(const model::Architecture& model, const RequestQuestion& question,
                      Reading reading) {
  SpeculationQuestion asked;
  static_cast<SpeculativeDecoding&>(asked) = question.speculation;
  asked.batches = {question.batch};
  asked.context = question.input + (question.output + 1) / 2;
  asked.reading = reading;
  asked.execution = question.execution;
  return speculate(model, h100(), asked).value().rows.at(0);
}

struct Proposer {
  std::int64_t tokens;
  const char* draft;
  Parallelism split;
};
const std::vector<Proposer>& proposers() {
  static const std::vector<Proposer> all{
      {3, "llama-3.2-1b", {2}}, {1, "llama-3.1-8b", {4, 1, 2}}, {8, nullptr, {}}};
  return all;
}

TEST(SpeculativeRequest, TakesForATokenARoundOverItsTokens) {
  const auto model = model_named("llama-3.1-70b");
  for (const Proposer& one : proposers()) {
    const RequestQuestion question = question_of(model, proposed(one.tokens, one.draft), one.split);
    RequestQuestion plain = question;
    plain.speculation = {};
    const Estimate answer = estimate(model, h100(), question).value();
    const Estimate alone = estimate(model, h100(), plain).value();
    for (const Reading reading : {Reading::floor, Reading::bound}) {
      const SpeculationRow row = row_of(model, question, reading);
      const double tpot_s = times_of(answer, reading).tpot_s;
      EXPECT_DOUBLE_EQ(tpot_s, (row.propose_s + row.check_s) / row.tokens_per_step);
      EXPECT_NEAR(times_of(alone, reading).tpot_s / tpot_s, row.speedup, 1e-12 * row.speedup);
    }
    EXPECT_EQ(answer.speculation->check_s, row_of(model, question, Reading::bound).check_s);
    EXPECT_FALSE(answer.expected);
    EXPECT_FALSE(answer.has_steady_state());
  }
}

// A draft reads the prompts as well, each step of it behind one of the model; heads do not.
TEST(SpeculativeRequest, WaitsForADraftToReadThePrompts) {
  const auto model = model_named("llama-3.1-70b");
  const auto ttft = [&](const model::Architecture& one, SpeculativeDecoding decoding) {
    return estimate(one, h100(), question_of(one, std::move(decoding))).value().bound.ttft_s;
  };
  const double alone = ttft(model, {});
  EXPECT_DOUBLE_EQ(ttft(model, proposed(4, "llama-3.2-1b")),
                   alone + ttft(model_named("llama-3.2-1b"), {}));
  EXPECT_EQ(ttft(model, proposed(4)), alone);
}

TEST(SpeculativeRequest, WithoutProposedTokensIsAPlainOne) {
  const auto model = model_named("llama-3.1-8b");
  const Estimate none =
      estimate(model, h100(), question_of(model, proposed(0, "llama-3.2-1b"))).value();
  const Estimate plain = estimate(model, h100(), question_of(model, {})).value();
  EXPECT_EQ(none.bound.tpot_s, plain.bound.tpot_s);
  EXPECT_EQ(none.floor.ttft_s, plain.floor.ttft_s);
  EXPECT_EQ(none.most_sequences, plain.most_sequences);
  EXPECT_EQ(none.assumptions, plain.assumptions);
}

struct Held {
  double weight_bytes;
  double sequence_bytes;
  double budget_bytes;
};

Held held(const model::Architecture& model, const SpeculativeDecoding& decoding) {
  FitQuestion question;
  question.precision = native_precision(model);
  question.max_model_len = question.mean_length = 1152;
  question.max_num_seqs = 1;  // so that no logits are the largest of what is alive at once
  question.speculation = decoding;
  const StageMemory stage = fit(model, h100(), question).value().stages.at(0);
  return {stage.weight_bytes.to_double(), stage.sequence_bytes.to_double(),
          stage.kv_budget_bytes.to_double()};
}

// Llama 3.2 1B: 1,235,814,400 weights of 2 bytes; 16 layers, 8 heads of 64 for keys and for values:
// 32,768 bytes a token.
TEST(SpeculativeRequest, LeavesTheRoomThatADraftDoesNotTake) {
  const auto model = model_named("llama-3.1-8b");
  const Held plain = held(model, {});
  const Held with_draft = held(model, proposed(4, "llama-3.2-1b"));
  EXPECT_EQ(with_draft.weight_bytes - plain.weight_bytes, 2 * 1'235'814'400.0);
  EXPECT_EQ(with_draft.sequence_bytes - plain.sequence_bytes, 1152 * 32'768.0);
  EXPECT_EQ(plain.budget_bytes - with_draft.budget_bytes, 2 * 1'235'814'400.0);
}

// Of Llama 3.1 8B, D = 4096 and V = 128,256: each head is a D×D with D biases and a D×V.
TEST(SpeculativeRequest, LeavesTheRoomThatHeadsDoNotTake) {
  const auto model = model_named("llama-3.1-8b");
  const Held plain = held(model, {});
  const Held with_heads = held(model, proposed(3));
  const double bytes = 3 * 2.0 * (4096.0 * 4096 + 4096 + 4096.0 * 128'256);
  EXPECT_EQ(with_heads.weight_bytes - plain.weight_bytes, bytes);
  EXPECT_EQ(with_heads.sequence_bytes, plain.sequence_bytes);
  EXPECT_EQ(plain.budget_bytes - with_heads.budget_bytes, bytes);
}

TEST(SpeculativeRequest, IsTheSameAmongManyAtOnceForEachInstructionSet) {
  std::mt19937 random(20261123);
  const auto model = model_named("llama-3.1-70b");
  const auto device = h100();
  for (const Proposer& one : proposers()) {
    RequestQuestion question = question_of(model, proposed(one.tokens, one.draft), one.split);
    question.max_num_batched_tokens = 4096;
    const SequenceRoom room(model, device, question);
    for (const Reading reading : {Reading::floor, Reading::bound}) {
      for (const InstructionSet set : available_instruction_sets()) {
        auto blocks = RequestBlocks::build(model, device, question, reading, set).value();
        for (const std::int64_t input : {37, 3000, 9001}) {
          std::vector<double> batch;
          std::vector<double> context;
          for (int i = 0; i < 1500; ++i) {
            batch.push_back(static_cast<double>(1 + random() % 300));
            context.push_back(static_cast<double>(1 + random() % 20'000));
          }
          std::vector<double> prefill(batch.size());
          std::vector<double> tpot(batch.size());
          blocks.prefill(input, batch, prefill);
          blocks.tpot(batch, context, tpot);
          for (std::size_t i = 0; i < batch.size(); i += 97) {
            question.input = input;
            question.batch = static_cast<std::int64_t>(batch[i]);
            question.context = static_cast<std::int64_t>(context[i]);
            const Estimate answer = estimate_static(model, device, question).value();
            ASSERT_EQ(prefill[i], times_of(answer, reading).ttft_s);
            ASSERT_EQ(tpot[i], times_of(answer, reading).tpot_s);
            ASSERT_EQ(room.most_sequences(input, question.output), answer.most_sequences);
          }
        }
      }
    }
  }
}

std::string fault_of(const model::Architecture& model, const RequestQuestion& question) {
  const auto answer = estimate(model, h100(), question);
  return answer ? "" : answer.error().at(0).where + ": " + answer.error().at(0).what;
}

TEST(SpeculativeRequest, IsRefusedWhereItIsNotKnown) {
  using ::testing::HasSubstr;
  const auto model = model_named("llama-3.1-8b");
  EXPECT_THAT(fault_of(model, question_of(model, proposed(4, "qwen3-8b"))),
              HasSubstr("its vocabulary has 151936 tokens"));
  EXPECT_THAT(fault_of(model, question_of(model, proposed(4), {1, 2})),
              HasSubstr("a round is looked at on one stage"));
  const auto with_encoder = model_named("flan-t5-xxl");
  EXPECT_THAT(fault_of(with_encoder, question_of(with_encoder, proposed(4))),
              HasSubstr("models and drafts with an encoder"));
  RequestQuestion apart = question_of(model, proposed(4));
  apart.disaggregation = Disaggregation{};
  EXPECT_THAT(fault_of(model, apart), HasSubstr("--disaggregate: is not told yet"));
  const RequestQuestion question = question_of(model, proposed(4));
  EXPECT_FALSE(sensitivity(model, h100(), {question, Reading::bound}));
  EXPECT_FALSE(ContinuousBatching::build(model, h100(), question, Reading::bound));
  EXPECT_FALSE(RequestBlocks::build(model, h100(), question, Reading::expected));
}

}  // namespace
}  // namespace ridgepoint::predict
