// SPDX-License-Identifier: Apache-2.0
// Laws of expected times, of every model of the catalogue on every device with a profile, and on
// some that borrow the kernels of relatives.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ridgepoint/catalog/calibrations.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/catalog/profiles.hpp"
#include "ridgepoint/predict/analysis.hpp"
#include "ridgepoint/predict/batch_curve.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::predict {
namespace {

using CalibrationPointer = std::shared_ptr<const efficiency::Calibration>;

struct Calibrated {
  hardware::Device device;
  CalibrationPointer calibration;
};

Calibrated calibrated(const std::string& name) {
  auto device = catalog::find_device(name).value();
  auto calibration = catalog::calibration_of(device).value();
  return {std::move(device), std::move(calibration)};
}

/// Those with a profile, a near twin of one, a new generation, other makers, a processor.
std::vector<Calibrated> devices() {
  std::vector<std::string> names = catalog::profiled_devices();
  names.insert(names.end(), {"h200-sxm", "gb200", "rtx-4090", "mi300x", "gaudi3"});
  std::vector<Calibrated> all;
  for (const std::string& name : names) {
    if (!catalog::find_device(name)) continue;
    Calibrated one = calibrated(name);
    if (one.calibration) all.push_back(std::move(one));
  }
  return all;
}

Workload workload_of(const model::Architecture& model, const CalibrationPointer& calibration) {
  Workload workload;
  workload.phases = {Phase::prefill, Phase::decode};
  const bool has_chunks = phases_of(model).size() == 2 && !has_stack(model, model::Stack::encoder);
  if (has_chunks) workload.phases.push_back(Phase::mixed);
  workload.batch = 24;
  workload.context = 1500;
  workload.precision = native_precision(model);
  workload.calibration = calibration;
  return workload;
}

void expect_bracketed(const efficiency::Expected& time) {
  EXPECT_TRUE(std::isfinite(time.seconds) && std::isfinite(time.high));
  EXPECT_GE(time.seconds, 0);
  EXPECT_LE(time.low, time.seconds);
  EXPECT_LE(time.seconds, time.high);
  EXPECT_GE(time.low, 0);
}

void check_step(const StepAnalysis& step) {
  ASSERT_TRUE(step.expected);
  expect_bracketed(step.expected->whole);
  EXPECT_GE(step.expected->whole.seconds, step.floor_s);
  double kernels_s = 0;
  for (const OperatorAnalysis& one : step.operators) {
    SCOPED_TRACE(one.name);
    ASSERT_TRUE(one.expected);
    expect_bracketed(one.expected->time);
    EXPECT_FALSE(one.expected->kernel.empty());
    const bool is_elsewhere = one.expected->kernel.starts_with("in ");
    EXPECT_EQ(one.expected->source.empty(), is_elsewhere);
    EXPECT_EQ(one.expected->time.seconds == 0, is_elsewhere);
    kernels_s += one.expected->time.seconds;
  }
  const bool is_at_floor = step.expected->whole.seconds == step.floor_s;
  if (!is_at_floor) {
    EXPECT_NEAR(kernels_s, step.expected->kernels_s, 1e-9 * kernels_s);
  }
  EXPECT_NEAR(step.expected->kernels_s + step.expected->sampling_s + step.expected->host_s,
              step.expected->whole.seconds, 1e-9 * kernels_s);
}

TEST(ExpectedTimes, OfEveryModelOnEveryCalibratedDeviceAreFiniteAndNoLessThanTheFloor) {
  const auto models = catalog::models();
  const auto all = devices();
  ASSERT_GE(all.size(), 5u);
  for (const Calibrated& one : all) {
    for (const catalog::ModelEntry& entry : models) {
      SCOPED_TRACE(entry.name + " on " + one.device.name);
      const auto answer =
          analyse(entry.architecture, one.device, workload_of(entry.architecture, one.calibration));
      if (!answer) continue;  // a type that the device has no peak for
      for (const StepAnalysis& step : answer->steps) {
        SCOPED_TRACE(name(step.phase));
        check_step(step);
      }
      for (const BatchPoint& point : answer->batch_curve) {
        ASSERT_TRUE(point.expected);
        EXPECT_GE(point.expected->seconds, point.floor_s) << point.batch;
      }
    }
  }
}

RequestQuestion question_of(const model::Architecture& model,
                            const CalibrationPointer& calibration) {
  RequestQuestion question;
  question.batch = 16;
  question.execution.precision = native_precision(model);
  question.execution.calibration = calibration;
  return question;
}

void expect_no_faster(const ExpectedRequest& expected, const RequestTimes& floor) {
  for (const auto time : {&RequestTimes::ttft_s, &RequestTimes::tpot_s, &RequestTimes::e2el_s}) {
    EXPECT_TRUE(std::isfinite(expected.slow.*time));
    EXPECT_GE(expected.times.*time, floor.*time);
    EXPECT_LE(expected.fast.*time, expected.times.*time);
    EXPECT_LE(expected.times.*time, expected.slow.*time);
  }
  EXPECT_LE(expected.times.throughput_tokens_per_s, floor.throughput_tokens_per_s);
  EXPECT_GE(expected.fast.throughput_tokens_per_s, expected.times.throughput_tokens_per_s);
}

TEST(ExpectedTimes, OfRequestsBracketThemselvesAndStayAboveTheFloor) {
  const Calibrated h100 = calibrated("h100-sxm");
  for (const catalog::ModelEntry& entry : catalog::models()) {
    SCOPED_TRACE(entry.name);
    const auto answer = estimate(entry.architecture, h100.device,
                                 question_of(entry.architecture, h100.calibration));
    if (!answer) continue;
    ASSERT_TRUE(answer->expected);
    expect_no_faster(*answer->expected, answer->floor);
    EXPECT_FALSE(answer->sources.empty());
    double share = 0;
    for (const ExpectedSource& source : answer->sources) share += source.tpot_share;
    EXPECT_NEAR(share, 1, 1e-9);
  }
}

TEST(ExpectedTimes, OfInstancesApartStayAboveTheirFloor) {
  const Calibrated h100 = calibrated("h100-sxm");
  const auto llama = catalog::find_model("llama-3.1-70b").value();
  RequestQuestion question = question_of(llama, h100.calibration);
  question.input = 4000;
  question.output = 500;
  question.execution.parallelism.tensor = 8;
  question.disaggregation = {2, 4};
  const auto apart = estimate(llama, h100.device, question).value().disaggregated.value();
  ASSERT_TRUE(apart.expected);
  expect_no_faster(apart.expected->request, apart.floor.times);
  EXPECT_LE(apart.expected->reading.requests_per_s(), apart.floor.requests_per_s());
  EXPECT_EQ(apart.expected->reading.transfer_per_s, apart.bound.transfer_per_s);
  EXPECT_EQ(apart.expected->request.times.ttft_s, apart.expected->request.ttft.whole.seconds);
}

TEST(ExpectedTimes, OfABatchCurveAreThoseOfItsEstimates) {
  const Calibrated l40s = calibrated("l40s");
  const auto qwen = catalog::find_model("qwen3-8b").value();
  const auto answer = estimate(qwen, l40s.device, question_of(qwen, l40s.calibration)).value();
  for (const BatchEstimate& point : batch_curve(answer).points) {
    ASSERT_TRUE(point.expected);
    if (point.batch != 16) continue;
    EXPECT_EQ(point.expected->times.tpot_s, answer.expected->times.tpot_s);
  }
}

// The second matrix and what stands around both run in the kernel of the first: its bound and its
// FLOPs are those of all.
TEST(ExpectedOperators, CountWhatTheirKernelTakesAlong) {
  const Calibrated h100 = calibrated("h100-sxm");
  const auto mixtral = catalog::find_model("mixtral-8x7b").value();
  Workload workload = workload_of(mixtral, h100.calibration);
  workload.phases = {Phase::decode};
  const auto answer = analyse(mixtral, h100.device, workload).value();
  double bound_s = 0;
  double flops = 0;
  const OperatorAnalysis* experts = nullptr;
  for (const OperatorAnalysis& one : answer.steps.at(0).operators) {
    if (one.name == "experts_gate_up_proj") experts = &one;
    const bool is_theirs =
        one.name == "experts_gate_up_proj" || one.expected->kernel == "in experts_gate_up_proj";
    if (!is_theirs) continue;
    bound_s += one.time_s;
    flops += one.flops.to_double();
  }
  ASSERT_NE(experts, nullptr);
  EXPECT_GT(flops, experts->flops.to_double());
  EXPECT_DOUBLE_EQ(experts->expected->bound_s, bound_s);
  EXPECT_DOUBLE_EQ(experts->expected->flops, flops);
  EXPECT_GT(experts->expected->efficiency(), 0.2);
  EXPECT_LT(experts->expected->efficiency(), 1);
}

TEST(ExpectedOperators, OfAMixedStepSumToItsKernels) {
  const Calibrated h100 = calibrated("h100-sxm");
  const auto llama = catalog::find_model("llama-3.1-8b").value();
  Workload workload = workload_of(llama, h100.calibration);
  workload.phases = {Phase::prefill, Phase::decode, Phase::mixed};
  workload.chunk = {512, 2048};
  const auto answer = analyse(llama, h100.device, workload).value();
  const StepAnalysis& mixed = answer.steps.at(2);
  check_step(mixed);
  // Both attentions stand apart; the matmuls run once on 24 + 512 tokens.
  const auto is_attention = [](const OperatorAnalysis& one) {
    return one.name.starts_with("attention");
  };
  EXPECT_EQ(std::count_if(mixed.operators.begin(), mixed.operators.end(), is_attention), 2);
  EXPECT_GT(mixed.expected->whole.seconds, answer.steps.at(1).expected->whole.seconds);
}

TEST(ExpectedTimes, AreRaisedToTheFloorWithTheirBands) {
  const ExpectedTime time{{1.0, 0.9, 1.2}, 0.8, 0.2, 0, 0};
  const ExpectedTime raised = time.no_faster_than(1.1);
  EXPECT_DOUBLE_EQ(raised.whole.seconds, 1.1);
  EXPECT_DOUBLE_EQ(raised.whole.low, 1.1);
  EXPECT_DOUBLE_EQ(raised.whole.high, 1.2);
  EXPECT_DOUBLE_EQ(raised.kernels_s + raised.sampling_s, 1.1);
  EXPECT_DOUBLE_EQ(time.no_faster_than(0.5).whole.low, 0.9);
}

TEST(ExpectedTimes, AreNotGivenWithoutACalibrationAndThatIsSaid) {
  const auto llama = catalog::find_model("llama-3.1-8b").value();
  const auto device = catalog::find_device("h100-sxm").value();
  const auto answer = estimate(llama, device, question_of(llama, nullptr)).value();
  EXPECT_FALSE(answer.expected);
  EXPECT_FALSE(answer.steady.expected);
  const auto says = [](const std::string& sentence) {
    return sentence.find("expected times are not known") != std::string::npos;
  };
  EXPECT_EQ(std::count_if(answer.assumptions.begin(), answer.assumptions.end(), says), 1);
}

}  // namespace
}  // namespace ridgepoint::predict
