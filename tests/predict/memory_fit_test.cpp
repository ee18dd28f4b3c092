// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/memory_fit.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "predict/worked_cases.hpp"
#include "ridgepoint/catalog/calibrations.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/model/parameters.hpp"
#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::predict {
namespace {

const model::Architecture& llama_70b() {
  static const auto model = catalog::find_model("llama-3.3-70b").value();
  return model;
}
hardware::Device h200() { return catalog::find_device("h200-sxm").value(); }

FitQuestion fp8_question() {
  FitQuestion question;
  question.precision = {DataType::fp8, DataType::bf16, DataType::fp8};
  return question;
}

// Llama 3.3 70B with fp8 matrices on an H200, whose driver reports 143,771 MiB:
//   usable      0.9 · 143,771 MiB = 126.4 GiB
//   weights     70,553,706,496 parameters; tables 2·128256·8192 and norms 161·8192 stay bf16:
//               70,553,706,496 + 2,101,346,304 + 1,318,912 = 72,656,371,712 B
//   activations residual 8192·8192·2 B and gate_up's 8192·(8192 + 57344)·2 B = 1,207,959,552 B
//   overhead    2^30 B
//   KV cache    2·80·8·128 = 163,840 B a token, 1.25 GiB for 8192 of them
TEST(Fit, OfLlama70BInFp8OnAnH200IsWorkedByHand) {
  const MemoryFit answer = fit(llama_70b(), h200(), fp8_question()).value();
  ASSERT_EQ(answer.stages.size(), 1u);
  EXPECT_TRUE(answer.fits);
  EXPECT_EQ(answer.stage().weight_bytes, Count(72'656'371'712));
  EXPECT_EQ(answer.stage().sequence_bytes, Count(8192 * 163'840));
  const std::int64_t capacity = 143'771LL << 20;
  EXPECT_EQ(answer.capacity_bytes, capacity);
  const std::int64_t usable = answer.usable_bytes;
  EXPECT_EQ(usable, capacity * 9 / 10);
  EXPECT_EQ(answer.stage().kv_budget_bytes, Count(usable) - Count(72'656'371'712) -
                                                answer.stage().activation_bytes -
                                                Count(std::int64_t{1} << 30));
}

// gate_up is the widest operator of Llama: it reads D and writes 2·F elements for each token, and
// its output is alive beside the residual stream.
TEST(Fit, CountsTheActivationsOfTheWidestOperator) {
  FitQuestion question;
  question.max_num_batched_tokens = 1000;
  question.max_num_seqs = 1;
  const MemoryFit answer = fit(testing::llama_2_13b(), testing::h100_sxm(), question).value();
  // residual 1000·5120·2, act_fn reads 2·13824 and writes 13824: 1000·41472·2.
  EXPECT_EQ(answer.stage().activation_bytes, Count(10'240'000 + 82'944'000));
}

// 141.1 GB of weights are 65.7 GiB for each of two H100s, of whose 71.7 usable GiB activations and
// overhead leave some 4: three sequences of 8192 tokens at 1.25 GiB, not one of 32,768 at 5.
TEST(Fit, NamesTheSmallestLegalNumberOfDevices) {
  FitQuestion question;
  question.max_model_len = 32768;
  const MemoryFit answer =
      fit(llama_70b(), catalog::find_device("h100-sxm").value(), question).value();
  EXPECT_FALSE(answer.fits);
  ASSERT_TRUE(answer.smallest.has_value());
  // 141 GB of weights, 72 GiB each: two are too few. Three stages do; matrices split by four.
  EXPECT_EQ(answer.smallest->devices, 3);
  EXPECT_EQ(answer.smallest->parallelism, (Parallelism{1, 3, 1, 1}));
  EXPECT_FALSE(answer.changes.empty());
}

// Latents are not split: eight devices cache what one does, of a model an eighth as large.
TEST(Fit, KeepsTheWholeLatentCacheOnEveryDevice) {
  FitQuestion question;
  question.parallelism.tensor = 8;
  const auto answer = fit(catalog::find_model("deepseek-v3").value(), h200(), question).value();
  EXPECT_EQ(answer.stage().sequence_bytes, Count(8192 * 70'272));
}

TEST(Fit, KeepsASharedPrefixOnce) {
  FitQuestion question = fp8_question();
  question.shared_prefix = 1024;
  const auto answer = fit(llama_70b(), h200(), question).value();
  EXPECT_EQ(answer.stage().prefix_bytes, Count(1024 * 163'840));
  EXPECT_EQ(answer.stage().sequence_bytes, Count((8192 - 1024) * 163'840));
}

// Half of 8192 tokens found in the cache are a prefix of 4096; of a mean length of 4096, 2048.
TEST(Fit, TakesAHitRateAsTheShareOfEachSequenceThatIsKeptOnce) {
  FitQuestion question = fp8_question();
  question.prefix_hit_rate = Count(1, 2);
  const auto answer = fit(llama_70b(), h200(), question).value();
  EXPECT_EQ(answer.stage().prefix_bytes, Count(4096 * 163'840));
  EXPECT_EQ(answer.stage().sequence_bytes, Count(4096 * 163'840));
  EXPECT_EQ(answer.stage().mean_sequence_bytes, Count(2048 * 163'840));
  question.shared_prefix = 16;
  EXPECT_FALSE(fit(llama_70b(), h200(), question));
}

// Gemma 3 27B has 10 full and 52 sliding layers of 1024 tokens; of 16 heads of 128 two devices hold
// 8 each, 4 KiB a token and layer. Behind a prefix of 32,000 tokens a sequence of 64,000 keeps its
// own 32,000 in full layers and its own last 1024 in sliding ones.
TEST(Fit, KeepsEachSequencesOwnWindowBehindASharedPrefix) {
  FitQuestion question;
  question.max_model_len = 64'000;
  question.mean_length = 48'000;
  question.shared_prefix = 32'000;
  question.parallelism.tensor = 2;
  const auto gemma = catalog::find_model("gemma-3-27b").value();
  const auto answer = fit(gemma, h200(), question).value();
  EXPECT_EQ(answer.stage().sequence_bytes, Count(32'000 * 40'960LL + 1024 * 52 * 4096LL));
}

struct Case {
  model::Architecture model =
      catalog::models()[*rc::gen::inRange<std::size_t>(0, catalog::models().size())].architecture;
  hardware::Device device =
      catalog::devices()[*rc::gen::inRange<std::size_t>(0, catalog::devices().size())];
  FitQuestion question;

  Case() {
    question.precision = native_precision(model);
    question.max_model_len = *rc::gen::inRange<std::int64_t>(16, 100'000);
    question.mean_length = *rc::gen::inRange<std::int64_t>(1, question.max_model_len + 1);
    question.block_size = *rc::gen::element<std::int64_t>(1, 16, 64);
    question.parallelism.tensor = *rc::gen::elementOf(legal_tensor_sizes(model, 32));
    question.parallelism.pipeline = *rc::gen::inRange<std::int64_t>(1, 4);
    if (!illegal_splits(model, question.parallelism).empty()) question.parallelism = {};
  }
};

RC_GTEST_PROP(FitLaw, WhatIsAdmittedFitsAndOneSequenceMoreDoesNot, ()) {
  const Case c;
  const MemoryFit answer = fit(c.model, c.device, c.question).value();
  if (!answer.has_cache) return;
  const StageMemory& stage = answer.stage();
  const Count used = stage.weight_bytes + stage.activation_bytes +
                     Count(c.question.overhead_bytes) + stage.prefix_bytes;
  const auto bytes_with = [&](std::int64_t sequences) {
    return used + Count(sequences) * stage.sequence_bytes;
  };
  const auto admitted = static_cast<std::int64_t>(answer.sequences_at_max_length);
  RC_ASSERT(answer.fits == (admitted >= 1));
  if (admitted >= 1) RC_ASSERT(!(Count(answer.usable_bytes) < bytes_with(admitted)));
  RC_ASSERT(Count(answer.usable_bytes) < bytes_with(admitted + 1));
}

/// Whether some way to split a replica over so many devices of one link's domain, times stages,
/// holds a sequence.
bool some_split_fits(const Case& c, std::int64_t devices) {
  FitQuestion question = c.question;
  for (const std::int64_t tensor : legal_tensor_sizes(c.model, hardware::local_devices(c.device))) {
    if (devices % tensor != 0) continue;
    question.parallelism = {tensor, devices / tensor, 1, 1};
    const auto answer = fit(c.model, c.device, question);
    if (answer && answer->fits) return true;
  }
  return false;
}

RC_GTEST_PROP(FitLaw, NoFewerDevicesDoThanTheSmallestNumberNamed, ()) {
  Case c;
  c.question.parallelism = {};
  const auto smallest = fit(c.model, c.device, c.question).value().smallest;
  constexpr std::int64_t kTried = 12;
  const std::int64_t devices = smallest ? smallest->devices : kTried + 1;
  for (std::int64_t fewer = 1; fewer < std::min(devices, kTried); ++fewer) {
    RC_ASSERT(!some_split_fits(c, fewer));
  }
  if (!smallest) return;
  c.question.parallelism = smallest->parallelism;
  RC_ASSERT(fit(c.model, c.device, c.question).value().fits);
}

RC_GTEST_PROP(FitLaw, MoreMemoryNeverFitsLess, ()) {
  Case c;
  const auto before = fit(c.model, c.device, c.question).value();
  c.device.memory_capacity_bytes.value += 10'000'000'000;
  if (c.device.reported_capacity_bytes) c.device.reported_capacity_bytes->value += 10'000'000'000;
  const auto after = fit(c.model, c.device, c.question).value();
  RC_ASSERT(after.sequences_at_max_length >= before.sequences_at_max_length);
  RC_ASSERT(after.fits || !before.fits);
}

// Both read the same storage: a device that holds the whole model holds what roofline says it does.
RC_GTEST_PROP(FitLaw, OfOneDeviceAgreesWithTheBytesOfRoofline, ()) {
  Case c;
  c.question.parallelism = {};
  const auto answer = fit(c.model, c.device, c.question).value();
  Workload workload{phases_of(c.model), 1, 1024, c.question.precision};
  const auto device = catalog::find_device("h100-sxm").value();
  const auto roofline = analyse(c.model, device, workload).value();
  RC_ASSERT(answer.stage().weight_bytes == roofline.memory.weights);
}

// The step that roofline shows at as many sequences: memory of an H100 holds so many of 1024
// tokens.
TEST(Fit, TimesADecodeStepOfAsManySequencesAsMemoryHolds) {
  const auto llama = catalog::find_model("llama-2-13b").value();
  const auto h100 = catalog::find_device("h100-sxm").value();
  FitQuestion question;
  question.precision = native_precision(llama);
  question.max_model_len = 2048;
  question.mean_length = 1024;
  question.calibration = catalog::calibration_of(h100).value();
  const MemoryFit answer = fit(llama, h100, question).value();
  ASSERT_TRUE(answer.full_step.has_value());
  const double sequences = std::floor(answer.sequences_at_mean_length);
  EXPECT_EQ(answer.full_step->sequences, sequences);
  EXPECT_GT(sequences, 40);
  Workload workload{
      {Phase::decode}, static_cast<std::int64_t>(sequences), 1024, native_precision(llama)};
  workload.calibration = question.calibration;
  const StepAnalysis step = analyse(llama, h100, workload).value().steps.at(0);
  EXPECT_NEAR(answer.full_step->bound_s, step.bound_s, 1e-12);
  EXPECT_NEAR(answer.full_step->expected->whole.seconds, step.expected->whole.seconds, 1e-12);

  question.max_num_seqs = 8;
  EXPECT_EQ(fit(llama, h100, question)->full_step->sequences, 8);
  question.max_model_len = 1'000'000;
  question.mean_length = 900'000;
  EXPECT_FALSE(fit(llama, h100, question)->full_step.has_value()) << "none of them fits";
}

}  // namespace
}  // namespace ridgepoint::predict
