// SPDX-License-Identifier: Apache-2.0
// Prefill and decode on devices of their own.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <optional>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/predict/analysis.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::predict {
namespace {

hardware::Device device_named(const char* name) { return catalog::find_device(name).value(); }
model::Architecture model_named(const char* name) { return catalog::find_model(name).value(); }

/// 4000 tokens in, 500 out, 2p4d, on instances of TP 8.
RequestQuestion question_of(const model::Architecture& model, std::int64_t batch) {
  RequestQuestion question;
  question.input = 4000;
  question.output = 500;
  question.batch = batch;
  question.execution.precision = native_precision(model);
  question.execution.parallelism.tensor = 8;
  question.disaggregation = {2, 4};
  return question;
}

Disaggregated answer_of(const model::Architecture& model, const hardware::Device& device,
                        const RequestQuestion& question) {
  return estimate(model, device, question).value().disaggregated.value();
}

// 2·80 layers·8 heads·128·2 B = 327,680 B a token: 4000 of them are 1,310,720,000 B, which eight
// devices send at 50 GB/s each in 3.2768 ms. 48 devices do not stand in one domain of 8.
TEST(Disaggregation, MovesTheCacheOfAPromptOverTheNetwork) {
  const auto llama = model_named("llama-3.1-70b");
  const auto answer = answer_of(llama, device_named("h100-sxm"), question_of(llama, 64));
  EXPECT_EQ(answer.devices, 48);
  EXPECT_EQ(answer.kv_transfer_bytes.to_integer(), 1'310'720'000);
  EXPECT_NEAR(answer.kv_transfer_s, 3.2768e-3, 1e-12);
  EXPECT_EQ(answer.transfer_over, TransferRoute::network);
}

// NVLink5 of a GB200 carries 900 GB/s each way between 72 devices: 48 stand in one domain.
TEST(Disaggregation, MovesItOverTheLinkWhereAllStandInOneDomain) {
  const auto llama = model_named("llama-3.1-70b");
  RequestQuestion question = question_of(llama, 64);
  const auto inside = answer_of(llama, device_named("gb200"), question);
  EXPECT_EQ(inside.transfer_over, TransferRoute::link);
  EXPECT_NEAR(inside.kv_transfer_s, 1'310'720'000 / (8 * 900e9), 1e-12);
  question.disaggregation = {2, 8};
  EXPECT_EQ(answer_of(llama, device_named("gb200"), question).transfer_over,
            TransferRoute::network);
}

// Stages of 40 layers send half the cache each, at the same time.
TEST(Disaggregation, LetsTheStagesOfAPipelineSendAtTheSameTime) {
  const auto llama = model_named("llama-3.1-70b");
  RequestQuestion question = question_of(llama, 64);
  question.execution.parallelism.pipeline = 2;
  const auto answer = answer_of(llama, device_named("h100-sxm"), question);
  EXPECT_EQ(answer.kv_transfer_bytes.to_integer(), 1'310'720'000);
  EXPECT_NEAR(answer.kv_transfer_s, 3.2768e-3 / 2, 1e-12);
}

// DeepSeek-V3 caches 512 + 64 values a token in each of 61 layers; every tensor-parallel device
// holds all of them. gpt-oss-120b keeps 128 tokens in 18 of its 36 layers: 2·8·64·2 B of each.
TEST(Disaggregation, SendsCopiesOnceAndOfWindowsNoMoreThanTheyHold) {
  const auto deepseek = model_named("deepseek-v3");
  EXPECT_EQ(answer_of(deepseek, device_named("h200-sxm"), question_of(deepseek, 64))
                .kv_transfer_bytes.to_integer(),
            4000 * (512 + 64) * 61 * 2);
  const auto oss = model_named("gpt-oss-120b");
  EXPECT_EQ(
      answer_of(oss, device_named("h100-sxm"), question_of(oss, 64)).kv_transfer_bytes.to_integer(),
      (4000 + 128) * 18 * 2048);
}

// The first token comes from a prompt by itself, the others from steps that do nothing but decode.
TEST(Disaggregation, MakesARequestOfPrefillTransferAndDecode) {
  const auto llama = model_named("llama-3.1-70b");
  const auto device = device_named("h100-sxm");
  RequestQuestion question = question_of(llama, 64);
  const auto answer = answer_of(llama, device, question);
  question.disaggregation.reset();
  const auto decode = estimate(llama, device, question).value();
  question.batch = 1;
  const auto prefill = estimate(llama, device, question).value();
  const RequestTimes& bound = answer.bound.times;
  EXPECT_DOUBLE_EQ(bound.ttft_s, prefill.bound.ttft_s);
  EXPECT_DOUBLE_EQ(bound.tpot_s, decode.bound.tpot_s);
  EXPECT_DOUBLE_EQ(bound.e2el_s, prefill.bound.ttft_s + 3.2768e-3 + 499 * decode.bound.tpot_s);
  // 3.3 ms hide behind the 72 ms of prefill.
  EXPECT_DOUBLE_EQ(answer.floor.times.e2el_s, prefill.floor.ttft_s + 499 * decode.floor.tpot_s);
}

// 8192 tokens hold two prompts of 4000; a round of 64 answers takes 499 steps; two of six
// instances send, one request at a time.
TEST(Disaggregation, TakesAsManyRequestsAsItsSlowestPart) {
  const auto llama = model_named("llama-3.1-70b");
  const auto device = device_named("h100-sxm");
  const RequestQuestion question = question_of(llama, 64);
  const auto answer = answer_of(llama, device, question);
  const auto step_s = [&](Phase phase, std::int64_t batch, std::int64_t context) {
    Workload workload{{phase}, batch, context, question.execution.precision};
    workload.parallelism = question.execution.parallelism;
    return analyse(llama, device, workload).value().steps.at(0).bound_s;
  };
  const DisaggregatedReading& bound = answer.bound;
  EXPECT_NEAR(bound.prefill_per_s, 2 * 2 / step_s(Phase::prefill, 2, 4000), 1e-9);
  EXPECT_NEAR(bound.decode_per_s, 4 * 64 / (499 * step_s(Phase::decode, 64, 4250)), 1e-9);
  EXPECT_NEAR(bound.transfer_per_s, 2 / 3.2768e-3, 1e-9);
  EXPECT_EQ(bound.limited_by(), DisaggregationLimit::prefill);
  EXPECT_DOUBLE_EQ(bound.times.throughput_tokens_per_s, 500 * bound.prefill_per_s);
  EXPECT_DOUBLE_EQ(bound.times.per_device_tokens_per_s, bound.times.throughput_tokens_per_s / 48);
  EXPECT_DOUBLE_EQ(bound.times.energy_j_per_token, 700 * 48 / bound.times.throughput_tokens_per_s);
  EXPECT_DOUBLE_EQ(bound.times.cost_per_million_tokens,
                   2.69 * 48 / 3600 / bound.times.throughput_tokens_per_s * 1e6);
  EXPECT_DOUBLE_EQ(balanced_decode_instances_per_prefill(bound, {2, 4}),
                   (bound.prefill_per_s / 2) / (bound.decode_per_s / 4));
}

TEST(Disaggregation, IsLimitedByWhicheverPartIsScarce) {
  const auto llama = model_named("llama-3.1-70b");
  auto device = device_named("h100-sxm");
  RequestQuestion question = question_of(llama, 1);
  question.disaggregation = {8, 1};
  EXPECT_EQ(answer_of(llama, device, question).bound.limited_by(), DisaggregationLimit::decode);
  question.batch = 64;
  question.disaggregation = {8, 8};
  device.network_bandwidth->value = BytesPerSecond(0.1e9);
  EXPECT_EQ(answer_of(llama, device, question).bound.limited_by(), DisaggregationLimit::transfer);
}

// A replica of TP 8 has room for some 200 sequences of 4500 tokens beside its 141 GB of weights.
// A decode replica works on as many sequences as its memory holds, whatever was asked for.
TEST(Disaggregation, DecodesNoMoreSequencesThanMemoryHolds) {
  const auto qwen = model_named("qwen3-8b");
  RequestQuestion question;
  question.batch = 600;
  question.execution.precision = native_precision(qwen);
  question.disaggregation = {1, 1};
  const auto most = answer_of(qwen, device_named("l4"), question).decode_memory.most;
  ASSERT_LT(most, 600);
  const auto asked = answer_of(qwen, device_named("l4"), question);
  question.batch = static_cast<std::int64_t>(most);
  const auto held = answer_of(qwen, device_named("l4"), question);
  EXPECT_NEAR(asked.bound.decode_per_s, held.bound.decode_per_s, 0.05 * held.bound.decode_per_s);
  EXPECT_FALSE(asked.decode_memory.fits);
}

TEST(Disaggregation, SaysOnWhichSideMemoryDoesNotSuffice) {
  const auto llama = model_named("llama-3.1-70b");
  RequestQuestion question = question_of(llama, 64);
  const auto few = answer_of(llama, device_named("h100-sxm"), question);
  EXPECT_TRUE(few.prefill_memory.fits);
  EXPECT_EQ(few.prefill_memory.sequences, 2);
  EXPECT_TRUE(few.decode_memory.fits);
  question.batch = 1000;
  const auto many = answer_of(llama, device_named("h100-sxm"), question);
  EXPECT_TRUE(many.prefill_memory.fits);
  EXPECT_FALSE(many.decode_memory.fits);
  EXPECT_LT(many.decode_memory.most, 1000);
  question.execution.parallelism.tensor = 1;  // 141 GB on 80
  EXPECT_FALSE(answer_of(llama, device_named("h100-sxm"), question).prefill_memory.fits);
}

TEST(Disaggregation, NamesWhatIsMissing) {
  const auto llama = model_named("llama-3.1-8b");
  RequestQuestion question = question_of(llama, 1);
  const auto unknown = estimate(llama, device_named("l40s"), question);
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error()[0].help, "give it: --set-device network_bandwidth=50GB/s");
  question.execution.parallelism.tensor = 1;  // six in one host, over PCI Express 4.0 x16
  EXPECT_NEAR(answer_of(llama, device_named("l40s"), question).kv_transfer_s,
              4000 * 131'072 / (16e9 * 16 / 8 * 128 / 130), 1e-9);
}

TEST(Disaggregation, RefusesWhatHasNothingToSetApart) {
  const auto llama = model_named("llama-3.1-8b");
  RequestQuestion question = question_of(llama, 1);
  question.output = 1;
  question.disaggregation = {0, 4};
  const auto nothing = estimate(llama, device_named("h100-sxm"), question);
  ASSERT_FALSE(nothing.has_value());
  ASSERT_EQ(nothing.error().size(), 2u);
  EXPECT_EQ(nothing.error()[0].where, "--disaggregate");
  EXPECT_EQ(nothing.error()[1].where, "--output");
  const auto t5 = model_named("flan-t5-xxl");
  question = question_of(t5, 1);
  EXPECT_FALSE(estimate(t5, device_named("h100-sxm"), question).has_value());
}

struct Case {
  model::Architecture model =
      catalog::models()[*rc::gen::inRange<std::size_t>(0, catalog::models().size())].architecture;
  hardware::Device device = device_named("h100-sxm");
  RequestQuestion question;

  Case() {
    question.input = *rc::gen::inRange<std::int64_t>(1, 20'000);
    question.output = *rc::gen::inRange<std::int64_t>(2, 4000);
    question.batch = *rc::gen::inRange<std::int64_t>(1, 300);
    question.execution.precision = native_precision(model);
    question.execution.parallelism.tensor = *rc::gen::elementOf(legal_tensor_sizes(model, 8));
    question.disaggregation = {*rc::gen::inRange<std::int64_t>(1, 9),
                               *rc::gen::inRange<std::int64_t>(1, 9)};
  }
  /// Nothing for models that have no prefill of their own.
  std::optional<Disaggregated> answer() const {
    const auto result = estimate(model, device, question);
    return result ? result->disaggregated : std::nullopt;
  }
};

constexpr double kSlack = 1 + 1e-9;

RC_GTEST_PROP(DisaggregationLaw, NoPartTakesMoreThanItCan, ()) {
  const Case c;
  const auto answer = c.answer();
  if (!answer) return;
  for (const DisaggregatedReading& reading : {answer->floor, answer->bound}) {
    const double rate = reading.requests_per_s();
    RC_ASSERT(rate > 0);
    for (const double part :
         {reading.prefill_per_s, reading.decode_per_s, reading.transfer_per_s}) {
      RC_ASSERT(rate <= part);
    }
    RC_ASSERT(reading.times.mfu > 0 && reading.times.mfu <= kSlack);
    RC_ASSERT(reading.times.mbu > 0 && reading.times.mbu <= kSlack);
    RC_ASSERT(reading.times.e2el_s >= reading.times.ttft_s);
  }
  RC_ASSERT(answer->floor.times.e2el_s <= answer->bound.times.e2el_s * kSlack);
  RC_ASSERT(answer->bound.requests_per_s() <= answer->floor.requests_per_s() * kSlack);
  RC_ASSERT(std::abs(answer->ttft_parts.total_s() - answer->bound.times.ttft_s) <=
            1e-12 * answer->bound.times.ttft_s);
}

RC_GTEST_PROP(DisaggregationLaw, TwiceTheInstancesServeTwiceTheRequests, ()) {
  Case c;
  c.device.network_bandwidth->value = BytesPerSecond(1e13);  // the way, however many there are
  const auto one = c.answer();
  if (!one) return;
  c.question.disaggregation->prefill_instances *= 2;
  c.question.disaggregation->decode_instances *= 2;
  const auto two = c.answer();
  RC_ASSERT(two->transfer_over == TransferRoute::network);
  RC_ASSERT(two->devices == 2 * one->devices);
  RC_ASSERT(std::abs(two->bound.requests_per_s() / one->bound.requests_per_s() - 2) <= 1e-12);
  RC_ASSERT(
      std::abs(two->bound.times.per_device_tokens_per_s / one->bound.times.per_device_tokens_per_s -
               1) <= 1e-12);
}

RC_GTEST_PROP(DisaggregationLaw, MoreBandwidthIsNeverSlower, ()) {
  Case c;
  const auto before = c.answer();
  if (!before) return;
  if (*rc::gen::inRange(0, 2) == 0) {
    c.device.network_bandwidth->value = c.device.network_bandwidth->value * 1.5;
  } else {
    c.device.memory_bandwidth.value = c.device.memory_bandwidth.value * 1.5;
  }
  const auto after = c.answer();
  RC_ASSERT(after->kv_transfer_s <= before->kv_transfer_s);
  RC_ASSERT(after->bound.times.e2el_s <= before->bound.times.e2el_s * kSlack);
  RC_ASSERT(after->floor.times.e2el_s <= before->floor.times.e2el_s * kSlack);
  RC_ASSERT(after->bound.requests_per_s() * kSlack >= before->bound.requests_per_s());
}

}  // namespace
}  // namespace ridgepoint::predict
