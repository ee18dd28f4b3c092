// SPDX-License-Identifier: Apache-2.0
// A closed loop, at many numbers of sequences: what `estimate` says, and never better than floors.
#include "ridgepoint/predict/continuous_batching.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ridgepoint/catalog/calibrations.hpp"
#include "ridgepoint/catalog/catalog.hpp"

namespace ridgepoint::predict {
namespace {

struct Case {
  std::string model;
  std::string device;
  Parallelism split = {};
  std::int64_t input = 2000;
  std::int64_t output = 300;
  std::int64_t budget = 8192;
};

std::vector<Case> cases() {
  return {{"llama-3.1-8b", "h100-sxm"},
          {"llama-3.1-8b", "l40s", {}, 9000, 7, 2048},
          {"llama-3.3-70b", "h200-sxm", {4, 2, 1, 1, false}},
          {"mixtral-8x7b", "a100-sxm-80gb", {4, 1, 1, 4, false}, 500, 500},
          {"deepseek-v3", "b200-sxm", {1, 1, 16, 16, false}, 4000, 1000},
          {"qwen3-8b", "b200-sxm", {2, 1, 3, 1, false}, 64, 1}};
}

RequestQuestion question_of(const Case& one, const hardware::Device& device) {
  RequestQuestion question;
  question.input = one.input;
  question.output = one.output;
  question.max_num_batched_tokens = one.budget;
  question.execution.parallelism = one.split;
  question.execution.precision = native_precision(catalog::find_model(one.model).value());
  question.execution.calibration = catalog::calibration_of(device).value();
  return question;
}

/// The rate too: its floor, which no rate exceeds by construction, is never what decides.
TEST(ContinuousBatching, SaysOfExpectedTimesWhatEstimateSays) {
  for (const Case& one : cases()) {
    const auto model = catalog::find_model(one.model).value();
    const auto device = catalog::find_device(one.device).value();
    RequestQuestion question = question_of(one, device);
    const auto loop = ContinuousBatching::build(model, device, question, Reading::expected).value();
    for (const std::int64_t batch : {1, 2, 7, 16, 50, 200, 900}) {
      question.batch = batch;
      const Estimate answer = estimate(model, device, question).value();
      if (!answer.fits) continue;
      const RequestTimes& steady = answer.steady.expected->times;
      const LoopFigures figures = loop.at(static_cast<double>(batch));
      EXPECT_EQ(figures.ttft_s, steady.ttft_s) << one.model << ' ' << batch;
      EXPECT_EQ(figures.tpot_s, steady.tpot_s) << one.model << ' ' << batch;
      const double requests_per_s =
          steady.throughput_tokens_per_s / static_cast<double>(one.output * one.split.data);
      EXPECT_NEAR(figures.requests_per_s / requests_per_s, 1, 1e-12) << one.model << ' ' << batch;
    }
  }
}

TEST(ContinuousBatching, IsNeverBetterThanItsFloors) {
  for (const Case& one : cases()) {
    const auto model = catalog::find_model(one.model).value();
    const auto device = catalog::find_device(one.device).value();
    const RequestQuestion question = question_of(one, device);
    for (const Reading reading : {Reading::floor, Reading::bound, Reading::expected}) {
      const auto loop = ContinuousBatching::build(model, device, question, reading).value();
      for (const double sequences : {1., 2., 3., 8., 100., 1000., 5000.}) {
        const LoopFigures figures = loop.at(sequences);
        const LoopFloor floor = loop.floor(sequences, sequences);
        const std::string where = one.model + ' ' + std::string(name(reading)) + ' ' +
                                  std::to_string(static_cast<int>(sequences));
        EXPECT_LE(floor.ttft_s, figures.ttft_s) << where;
        EXPECT_LE(floor.tpot_s, figures.tpot_s) << where;
        EXPECT_LE(figures.requests_per_s, floor.requests_per_s) << where;
      }
    }
  }
}

/// What a limit on TPOT leaves of the rate: a loop that keeps to the limit is never faster than the
/// floor of as many decodes as the limit admits.
TEST(ContinuousBatching, KnowsWhatALimitOnTpotLeavesOfTheRate) {
  for (const Case& one : cases()) {
    if (one.output == 1) continue;
    const auto model = catalog::find_model(one.model).value();
    const auto device = catalog::find_device(one.device).value();
    const RequestQuestion question = question_of(one, device);
    const auto loop = ContinuousBatching::build(model, device, question, Reading::bound).value();
    for (const double sequences : {1., 16., 200., 3000.}) {
      const LoopFigures figures = loop.at(sequences);
      const double most = loop.most_decodes(figures.tpot_s, sequences);
      EXPECT_GE(most, 1) << one.model;
      EXPECT_LE(figures.requests_per_s, loop.floor(sequences, most).requests_per_s) << one.model;
    }
  }
}

TEST(ContinuousBatching, FindsTheMostDecodesByGoingThroughThem) {
  const Case one = cases().front();
  const auto model = catalog::find_model(one.model).value();
  const auto device = catalog::find_device(one.device).value();
  RequestQuestion question = question_of(one, device);
  question.execution.calibration = nullptr;
  const auto loop = ContinuousBatching::build(model, device, question, Reading::floor).value();
  for (const double tpot_s : {1e-3, 5.1e-3, 8e-3, 20e-3}) {
    double most = 0;
    for (std::int64_t batch = 1; batch <= 300; ++batch) {
      question.batch = batch;
      if (estimate_static(model, device, question)->floor.tpot_s <= tpot_s) {
        most = static_cast<double>(batch);
      }
    }
    EXPECT_EQ(loop.most_decodes(tpot_s, 300), most) << tpot_s;
  }
}

/// Decode of one sequence, read to its end and begun again: TTFT and each token by hand.
TEST(ContinuousBatching, OfOneSequenceIsOneRequestAfterTheOther) {
  const auto model = catalog::find_model("llama-2-7b").value();
  const auto device = catalog::find_device("a100-sxm-80gb").value();
  RequestQuestion question;
  question.input = 512;
  question.output = 65;
  const auto loop = ContinuousBatching::build(model, device, question, Reading::bound).value();
  const LoopFigures figures = loop.at(1);
  const Estimate alone = estimate_static(model, device, question).value();
  EXPECT_DOUBLE_EQ(figures.tpot_s, alone.bound.tpot_s);
  EXPECT_DOUBLE_EQ(figures.requests_per_s, 1 / (figures.ttft_s + 64 * figures.tpot_s));
  EXPECT_GE(figures.ttft_s, alone.bound.ttft_s);
}

TEST(ContinuousBatching, RefusesEncoders) {
  const auto model = catalog::find_model("flan-t5-xxl").value();
  const auto device = catalog::find_device("h100-sxm").value();
  const auto loop = ContinuousBatching::build(model, device, {}, Reading::bound);
  ASSERT_FALSE(loop);
  EXPECT_NE(loop.error().front().what.find("no steady state"), std::string::npos);
}

}  // namespace
}  // namespace ridgepoint::predict
