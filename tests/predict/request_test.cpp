// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/request.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cmath>

#include "predict/request_sample.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::predict {
namespace {

using test::device_named;
using test::model_named;
using test::question_of;

StepAnalysis step_of(const model::Architecture& model, Phase phase, std::int64_t batch,
                     std::int64_t context) {
  const Workload workload{{phase}, batch, context, native_precision(model)};
  return analyse(model, device_named("h100-sxm"), workload).value().steps.at(0);
}

// What a request takes is made of the steps that roofline shows: the prefill of 1024 tokens, and
// 127 decode steps at 1024 + 128/2 tokens. An H100 of 700 W at 2.69 $/h.
TEST(Estimate, OfLlama2OnAnH100IsMadeOfTheStepsOfRoofline) {
  const auto llama = model_named("llama-2-13b");
  const auto answer =
      estimate(llama, device_named("h100-sxm"), question_of(llama, 1024, 128, 1)).value();
  const auto prefill = step_of(llama, Phase::prefill, 1, 1024);
  const auto decode = step_of(llama, Phase::decode, 1, 1088);
  EXPECT_EQ(answer.decode_context, 1088);
  EXPECT_DOUBLE_EQ(answer.floor.ttft_s, prefill.floor_s);
  EXPECT_DOUBLE_EQ(answer.bound.ttft_s, prefill.bound_s);
  EXPECT_DOUBLE_EQ(answer.floor.tpot_s, decode.floor_s);
  EXPECT_DOUBLE_EQ(answer.bound.tpot_s, decode.bound_s);
  const double e2el_s = prefill.bound_s + 127 * decode.bound_s;
  EXPECT_DOUBLE_EQ(answer.bound.e2el_s, e2el_s);
  EXPECT_DOUBLE_EQ(answer.bound.throughput_tokens_per_s, 128 / e2el_s);
  EXPECT_DOUBLE_EQ(answer.bound.per_user_tokens_per_s, 1 / decode.bound_s);
  EXPECT_DOUBLE_EQ(answer.bound.energy_j_per_token, 700 * e2el_s / 128);
  EXPECT_DOUBLE_EQ(answer.bound.cost_per_million_tokens, 2.69 / 3600 * e2el_s / 128 * 1e6);
  EXPECT_EQ(answer.ttft_limit.by, roofline::Bound::compute_bound);
  EXPECT_EQ(answer.tpot_limit.by, roofline::Bound::memory_bound);
  EXPECT_TRUE(answer.fits);
}

// Decoding for one user computes nothing that memory does not outlast. A step reads all
// 13,015,864,320 parameters but the table of 32,000·5120 (its one row counts as activations), in
// bf16; of the KV cache 1088 entries of 2·40·40·128·2 B = 819,200 B, and writes one; at 3.35 TB/s.
TEST(Estimate, TellsForWhatTheTimeOfADecodeStepGoes) {
  const auto llama = model_named("llama-2-13b");
  const auto answer =
      estimate(llama, device_named("h100-sxm"), question_of(llama, 1024, 128, 1)).value();
  const roofline::TimeParts& parts = answer.tpot_parts;
  EXPECT_NEAR(parts.weights_s, 2 * (13'015'864'320.0 - 32'000 * 5120) / 3.35e12, 1e-12);
  EXPECT_NEAR(parts.kv_cache_s, 1089 * 819'200 / 3.35e12, 1e-12);
  EXPECT_EQ(parts.compute_s, 0);
  EXPECT_EQ(parts.state_s, 0);
  EXPECT_EQ(parts.network_s, 0);
  EXPECT_GT(answer.ttft_parts.compute_s, 0.8 * answer.bound.ttft_s);
}

// 20 prompts of 1000 tokens with a budget of 8192: eight at a time, and four.
TEST(Estimate, PrefillsAsManyPromptsAtATimeAsTheBudgetHolds) {
  const auto llama = model_named("llama-2-13b");
  const auto answer =
      estimate(llama, device_named("h100-sxm"), question_of(llama, 1000, 2, 20)).value();
  const double expected = 2 * step_of(llama, Phase::prefill, 8, 1000).bound_s +
                          step_of(llama, Phase::prefill, 4, 1000).bound_s;
  EXPECT_NEAR(answer.bound.ttft_s, expected, 1e-12);
}

// A prompt in four chunks reads its weights four times, and engines make logits after each: three
// lm_heads of 2·4096·128256 FLOPs at 989.4 TFLOP/s more. The rest are the same FLOPs.
TEST(Estimate, OfALongPromptIsNoFasterInChunks) {
  const auto llama = model_named("llama-3.1-8b");
  RequestQuestion question = question_of(llama, 32768, 2, 1);
  const auto chunked = estimate(llama, device_named("h100-sxm"), question).value();
  question.max_num_batched_tokens = 32768;
  const auto whole = estimate(llama, device_named("h100-sxm"), question).value();
  EXPECT_GT(chunked.bound.ttft_s, whole.bound.ttft_s);
  const double heads_s = 3.0 * 2 * 4096 * 128256 / 989.4e12;
  EXPECT_NEAR(chunked.floor.ttft_s, whole.floor.ttft_s + heads_s, 1e-12);
}

// One prompt through two stages waits for both; a batch of two keeps both busy, so that a round of
// two micro-batches takes no longer than one token alone, if the stages are equal.
// Two chunks of 2048 tokens make a prompt of 4096; with its first half in the cache, the second
// chunk is all that is left.
TEST(Estimate, PrefillsOnlyWhatIsNotInTheCache) {
  const auto llama = model_named("llama-3.1-8b");
  RequestQuestion question = question_of(llama, 4096, 128, 1);
  question.max_num_batched_tokens = 2048;
  const auto whole = estimate(llama, device_named("h100-sxm"), question).value();
  question.prefix_hit_rate = Count(1, 2);
  const auto half = estimate(llama, device_named("h100-sxm"), question).value();
  const auto first =
      estimate(llama, device_named("h100-sxm"), question_of(llama, 2048, 128, 1)).value();
  EXPECT_NEAR(half.bound.ttft_s, whole.bound.ttft_s - first.bound.ttft_s, 1e-12);
  EXPECT_DOUBLE_EQ(half.bound.tpot_s, whole.bound.tpot_s);
  EXPECT_LT(half.steady.bound.ttft_s, whole.steady.bound.ttft_s);
  EXPECT_GE(half.most_sequences, whole.most_sequences);
}

// What the runtime may use decides how many sequences fit, not what it was called with elsewhere.
TEST(Estimate, AsksAboutMemoryWithTheLimitsThatWereGiven) {
  const auto llama = model_named("llama-3.1-8b");
  RequestQuestion question = question_of(llama, 1024, 128, 64);
  question.memory.memory_utilization = Count(3, 10);
  FitQuestion asked;
  asked.memory_utilization = Count(3, 10);
  asked.precision = native_precision(llama);
  asked.max_model_len = asked.mean_length = 1152;
  const auto held = fit(llama, device_named("h100-sxm"), asked).value();
  const auto answer = estimate(llama, device_named("h100-sxm"), question).value();
  EXPECT_EQ(answer.most_sequences, std::floor(held.sequences_at_max_length));
  EXPECT_FALSE(answer.fits);
}

// Flan-T5 XXL: 24 decoder layers, 64 heads of 64, fp32: 2·24·64·64·4 = 786,432 bytes a token in
// each of its two caches. It keeps 512 tokens of the encoder and 512 of its own.
TEST(Estimate, KeepsTheEncodersTokensInOneCacheAndTheDecodersInTheOther) {
  const auto t5 = model_named("flan-t5-xxl");
  const RequestQuestion question = question_of(t5, 512, 512, 1);
  const auto held = fit(t5, device_named("h200-sxm"), memory_question(t5, question)).value();
  EXPECT_EQ(held.stage().sequence_bytes, Count(2 * 512 * 786'432LL));
}

TEST(Estimate, OfAPipelineHidesAllButOneWayThrough) {
  auto model = model_named("llama-2-7b");
  RequestQuestion question = question_of(model, 512, 16, 1);
  question.execution.parallelism.pipeline = 2;
  const auto one = estimate(model, device_named("h100-sxm"), question).value();
  question.batch = 2;
  const auto two = estimate(model, device_named("h100-sxm"), question).value();
  EXPECT_LT(two.bound.tpot_s, 1.05 * one.bound.tpot_s);
  question.execution.parallelism.pipeline = 1;
  question.batch = 1;
  const auto single = estimate(model, device_named("h100-sxm"), question).value();
  EXPECT_GE(one.bound.tpot_s, single.bound.tpot_s * (1 - 1e-9));
}

// TP 8 fills the domain of an H100: the next stage stands behind the network.
TEST(Estimate, SendsBetweenDomainsOverTheNetwork) {
  const auto llama = model_named("llama-3.3-70b");
  RequestQuestion question = question_of(llama, 1024, 16, 8);
  question.execution.parallelism = {8, 2, 1, 1};
  auto device = device_named("h100-sxm");
  const auto fast = estimate(llama, device, question).value();
  device.network_bandwidth->value = BytesPerSecond(0.1e9);
  const auto slow = estimate(llama, device, question).value();
  // 8·1024 tokens of 8192/8 elements in bf16 at 0.1 GB/s.
  EXPECT_GT(slow.bound.ttft_s, fast.bound.ttft_s + 0.9 * 8 * 1024 * 1024 * 2 / 0.1e9);
}

TEST(Estimate, KeepsContinuousBatchingWithinTheTokenBudgetAndTheMemory) {
  const auto llama = model_named("llama-3.3-70b");
  RequestQuestion question = question_of(llama, 100'000, 1, 4);
  question.execution.parallelism.tensor = 8;
  const auto prompts = estimate(llama, device_named("h100-sxm"), question).value();
  EXPECT_TRUE(prompts.steady.is_prompt_limited);
  EXPECT_LE(prompts.steady.prompt_tokens + prompts.steady.decodes, 8192);
  // 100,000 prompt tokens for each answer token: no more answers than prompts are worked off.
  EXPECT_LE(prompts.steady.bound.throughput_tokens_per_s * 100'000,
            1.001 * 8192 / prompts.steady.bound.tpot_s);
  question = question_of(llama, 8000, 1000, 100'000);
  question.execution.parallelism.tensor = 8;
  const auto full = estimate(llama, device_named("h100-sxm"), question).value();
  EXPECT_TRUE(full.steady.is_memory_limited);
  EXPECT_LE(full.steady.decodes, full.most_sequences);
}

// The encoder's pass gives no token: the first one is a step of the decoder, whose own context is
// that of the output.
TEST(Estimate, OfAnEncoderAndDecoderStartsWithBoth) {
  const auto t5 = model_named("flan-t5-xxl");
  const auto answer = estimate(t5, device_named("h100-sxm"), question_of(t5, 1024, 128, 1)).value();
  EXPECT_EQ(answer.decode_context, 64);
  const auto encoder = step_of(t5, Phase::prefill, 1, 1024);
  EXPECT_DOUBLE_EQ(answer.bound.ttft_s, encoder.bound_s + answer.bound.tpot_s);
}

TEST(Estimate, RefusesWhatGeneratesNothing) {
  const auto bert = model::read_architecture(R"({"model_type": "bert"})", "config.json").value();
  const auto answer = estimate(bert, device_named("h100-sxm"), question_of(bert, 128, 2, 1));
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error()[0].what, "an encoder generates no tokens");
}

struct Case {
  model::Architecture model =
      catalog::models()[*rc::gen::inRange<std::size_t>(0, catalog::models().size())].architecture;
  RequestQuestion question = question_of(model, *rc::gen::inRange<std::int64_t>(1, 20'000),
                                         *rc::gen::inRange<std::int64_t>(1, 4000),
                                         *rc::gen::inRange<std::int64_t>(1, 300));
  bool generates() const { return phases_of(model).size() == 2; }
};

RC_GTEST_PROP(EstimateLaw, NothingIsFasterThanTheFloorOrBusierThanAllOfTheTime, ()) {
  const Case c;
  if (!c.generates()) return;
  const auto answer = estimate(c.model, device_named("h100-sxm"), c.question).value();
  const double slack = 1 + 1e-9;
  RC_ASSERT(answer.floor.ttft_s <= answer.bound.ttft_s * slack);
  RC_ASSERT(answer.floor.tpot_s <= answer.bound.tpot_s * slack);
  for (const RequestTimes& times :
       {answer.floor, answer.bound, answer.steady.floor, answer.steady.bound}) {
    RC_ASSERT(times.mfu <= slack);
    RC_ASSERT(times.mbu <= slack);
    RC_ASSERT(times.e2el_s >= times.ttft_s);
  }
}

std::array<double, 6> values(const roofline::TimeParts& parts) {
  return {parts.compute_s, parts.weights_s,     parts.kv_cache_s,
          parts.state_s,   parts.activations_s, parts.network_s};
}

RC_GTEST_PROP(EstimateLaw, ThePartsOfTheTimesAddUpToTheBounds, ()) {
  const Case c;
  if (!c.generates()) return;
  RequestQuestion question = c.question;
  Parallelism& split = question.execution.parallelism;
  split.tensor = *rc::gen::elementOf(legal_tensor_sizes(c.model, 8));
  split.pipeline = *rc::gen::inRange<std::int64_t>(1, 4);
  if (!illegal_splits(c.model, split).empty()) return;
  const auto answer = estimate(c.model, device_named("h100-sxm"), question).value();
  const auto adds_up = [](const roofline::TimeParts& parts, double bound_s) {
    double sum = 0;
    for (const double part : values(parts)) {
      RC_ASSERT(part >= 0);
      sum += part;
    }
    RC_ASSERT(std::abs(sum - bound_s) <= 1e-12 * bound_s);
  };
  adds_up(answer.ttft_parts, answer.bound.ttft_s);
  adds_up(answer.tpot_parts, answer.bound.tpot_s);
  const bool talks = split.tensor * split.pipeline > 1;
  RC_ASSERT((answer.ttft_parts.network_s > 0) == talks);
}

RC_GTEST_PROP(EstimateLaw, NarrowerWeightsAreWaitedForLess, ()) {
  const Case c;
  if (!c.generates()) return;
  const auto device = device_named("h100-sxm");
  RequestQuestion question = c.question;
  question.batch = 1;
  question.execution.precision.weights = DataType::bf16;
  const auto wide = estimate(c.model, device, question).value();
  question.execution.precision.weights = DataType::fp8;
  const auto narrow = estimate(c.model, device, question).value();
  RC_ASSERT(narrow.tpot_parts.weights_s < wide.tpot_parts.weights_s);
}

// Attention of one query reads S entries and writes one: 2·S + 1 of S + 1.
TEST(Estimate, WaitsTwiceAsLongForACacheOfTwiceTheContext) {
  for (const char* name : {"llama-2-13b", "qwen3-8b", "llama-3.3-70b"}) {
    const auto model = model_named(name);
    RequestQuestion question = question_of(model, 1024, 128, 4);
    question.context = 10'000;
    const auto one = estimate(model, device_named("h100-sxm"), question).value();
    question.context = 20'000;
    const auto two = estimate(model, device_named("h100-sxm"), question).value();
    EXPECT_NEAR(two.tpot_parts.kv_cache_s / one.tpot_parts.kv_cache_s, 20'001.0 / 10'001, 1e-9)
        << name;
    EXPECT_DOUBLE_EQ(two.tpot_parts.weights_s, one.tpot_parts.weights_s) << name;
  }
}

RC_GTEST_PROP(EstimateLaw, PriceAndEnergyFollowFromTime, ()) {
  const Case c;
  if (!c.generates()) return;
  const auto device = device_named("h100-sxm");
  const auto answer = estimate(c.model, device, c.question).value();
  for (const RequestTimes& times : {answer.floor, answer.bound, answer.steady.bound}) {
    if (answer.has_encoder && times.ttft_s == 0) continue;  // no continuous batching
    const double seconds_per_token = 1 / times.throughput_tokens_per_s;
    RC_ASSERT(std::abs(times.energy_j_per_token - 700 * seconds_per_token) <=
              1e-9 * times.energy_j_per_token);
    RC_ASSERT(std::abs(times.cost_per_million_tokens - 2.69e6 / 3600 * seconds_per_token) <=
              1e-9 * times.cost_per_million_tokens);
  }
}

RC_GTEST_PROP(EstimateLaw, MoreBandwidthFlopsOrLinksAreNeverSlower, ()) {
  const Case c;
  if (!c.generates()) return;
  RequestQuestion question = c.question;
  const auto legal = legal_tensor_sizes(c.model, 8);
  question.execution.parallelism.tensor = *rc::gen::elementOf(legal);
  if (!illegal_splits(c.model, question.execution.parallelism).empty()) return;
  const auto base = device_named("h100-sxm");
  hardware::Device more = base;
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      more.memory_bandwidth.value = base.memory_bandwidth.value * 1.5;
      break;
    case 1:
      for (auto& peak : more.dense_peaks) peak.figure.value = peak.figure.value * 1.5;
      break;
    default:
      more.link->bandwidth_per_direction.value = base.link->bandwidth_per_direction.value * 1.5;
  }
  const auto before = estimate(c.model, base, question).value();
  const auto after = estimate(c.model, more, question).value();
  RC_ASSERT(after.bound.e2el_s <= before.bound.e2el_s * (1 + 1e-12));
  RC_ASSERT(after.floor.e2el_s <= before.floor.e2el_s * (1 + 1e-12));
  RC_ASSERT(after.steady.bound.tpot_s <= before.steady.bound.tpot_s * (1 + 1e-12));
}

}  // namespace
}  // namespace ridgepoint::predict
