// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/inverse.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ridgepoint/catalog/calibrations.hpp"
#include "ridgepoint/catalog/catalog.hpp"

namespace ridgepoint::explore {
namespace {

using predict::Reading;

hardware::Device h100() { return catalog::find_device("h100-sxm").value(); }
model::Architecture model_named(const char* name) { return catalog::find_model(name).value(); }

InverseQuestion question_of(const model::Architecture& model, const char* goal,
                            const char* unknown) {
  InverseQuestion question;
  question.request.execution.precision = predict::native_precision(model);
  question.goal = parse_goal(goal, "--solve").value();
  question.unknown = unknown;
  return question;
}

/// The metric with the unknown at a value, asked of `estimate`.
double metric_at(const model::Architecture& model, const InverseQuestion& question,
                 const predict::Parameter& unknown, double value) {
  auto device = h100();
  predict::RequestQuestion request = question.request;
  set_parameter(unknown, value, device, request);
  const auto answer = predict::estimate(model, device, request).value();
  return value_of(question.goal.metric, times_of(answer, question.reading));
}

// The lecture's step of one sequence at 1088 tokens moves 2·(13,015,864,320 − 32,000·5120) B of
// weights and 1089·819,200 B of cache: in 10 ms at 2.66 TB/s.
TEST(Inverse, OfADecodeFloorIsBytesOverTime) {
  const auto llama = model_named("llama-2-13b");
  auto question = question_of(llama, "tpot=10ms", "memory_bandwidth");
  question.reading = Reading::floor;
  const Inverse answer = solve(llama, h100(), question).value();
  const double bytes = 2 * (13'015'864'320.0 - 32'000 * 5120) + 1089 * 819'200.0;
  EXPECT_EQ(answer.met, Met::from);
  EXPECT_NEAR(answer.value / (bytes / 0.010), 1, 1e-12);
}

// To the last bit: the goal is met there, and not by the neighbour.
TEST(Inverse, IsTheEdgeOfWhatEstimateSays) {
  const auto llama = model_named("llama-3.1-8b");
  for (const auto& [goal, unknown] :
       std::vector<std::pair<const char*, const char*>>{{"tpot=3ms", "memory_bandwidth"},
                                                        {"ttft=40ms", "bf16_peak"},
                                                        {"e2el=500ms", "memory_bandwidth"},
                                                        {"throughput=1000", "batch"},
                                                        {"tpot=12ms", "batch"},
                                                        {"ttft=200ms", "input"},
                                                        {"cost=0.5", "price"},
                                                        {"energy=1", "power"},
                                                        {"tpot=6ms", "context"},
                                                        {"e2el=2s", "output"}}) {
    const auto question = question_of(llama, goal, unknown);
    const Inverse answer = solve(llama, h100(), question).value();
    ASSERT_TRUE(answer.met == Met::from || answer.met == Met::up_to) << goal << " " << unknown;
    const auto is_met = [&](double value) {
      return question.goal.is_met_by(metric_at(llama, question, answer.unknown, value));
    };
    const double out = answer.met == Met::from ? 0 : INFINITY;
    const double beside = answer.unknown.is_whole()
                              ? answer.value + (answer.met == Met::from ? -1 : 1)
                              : std::nextafter(answer.value, out);
    EXPECT_TRUE(is_met(answer.value)) << goal << " " << unknown;
    EXPECT_FALSE(is_met(beside)) << goal << " " << unknown;
  }
}

// However fast memory is, FLOPs take their time: 64 sequences at 989.4 TFLOP/s need the sum of
// compute, which the floor tells.
TEST(Inverse, SaysHowGoodItGetsWhereNothingWillDo) {
  const auto llama = model_named("llama-3.1-8b");
  auto question = question_of(llama, "tpot=0.1ms", "memory_bandwidth");
  question.request.batch = 64;
  const Inverse answer = solve(llama, h100(), question).value();
  EXPECT_EQ(answer.met, Met::never);
  auto device = h100();
  device.memory_bandwidth.value = BytesPerSecond(1e30);
  const auto limit = predict::estimate(llama, device, question.request).value();
  EXPECT_NEAR(answer.nearest_met / limit.floor.tpot_s, 1, 1e-9);
  EXPECT_NEAR(answer.at.tpot_parts.compute_s / answer.nearest_met, 1, 1e-9);
}

// Cost of a token falls while the prompt is shared out among more of them, and rises with their
// context: one valley, held against `estimate` at every value but those next to its ends, where odd
// and even outputs, half of which the context has, take turns.
TEST(Inverse, FindsBothEndsOfAValley) {
  const auto llama = model_named("llama-3.1-8b");
  auto question = question_of(llama, "cost=0.1515", "output");
  question.request.input = 2000;
  question.request.batch = 64;
  question.request.output = 100;
  const Inverse answer = solve(llama, h100(), question).value();
  ASSERT_EQ(answer.met, Met::between);
  EXPECT_FALSE(answer.is_met_elsewhere);
  for (double output = answer.value - 50; output <= answer.last + 50; output += 1) {
    const double to_end =
        std::min(std::fabs(output - answer.value), std::fabs(output - answer.last));
    if (to_end < 4) continue;
    const bool is_inside = output >= answer.value && output <= answer.last;
    EXPECT_EQ(metric_at(llama, question, answer.unknown, output) <= 0.1515, is_inside) << output;
  }
}

// A step of 257 sequences is padded to the next size that was captured.
TEST(Inverse, SaysThatOtherValuesMeetTheGoalToo) {
  const auto llama = model_named("llama-3.1-8b");
  auto question = question_of(llama, "throughput=3720", "batch");
  question.reading = Reading::expected;
  question.request.input = 1024;
  question.request.output = 128;
  question.request.execution.calibration = catalog::calibration_of(h100()).value();
  const Inverse answer = solve(llama, h100(), question).value();
  ASSERT_EQ(answer.met, Met::between);
  EXPECT_EQ(answer.last, 256);
  EXPECT_TRUE(answer.is_met_elsewhere);
  EXPECT_LT(metric_at(llama, question, answer.unknown, 257), 3720);
}

TEST(Inverse, SaysThatAMetricDoesNotHangOnIt) {
  const auto llama = model_named("llama-3.1-8b");
  const Inverse answer = solve(llama, h100(), question_of(llama, "tpot=1ms", "price")).value();
  EXPECT_EQ(answer.met, Met::never);
  EXPECT_FALSE(answer.depends);
}

TEST(Inverse, SaysWhereEveryValueWillDo) {
  const auto llama = model_named("llama-3.1-8b");
  EXPECT_EQ(solve(llama, h100(), question_of(llama, "tpot=1s", "price")).value().met, Met::always);
  EXPECT_EQ(solve(llama, h100(), question_of(llama, "tpot=1ms", "price")).value().met, Met::never);
}

// One sequence of 128 tokens on one device: price · E2EL ÷ 128 · 10⁶ ÷ 3600 $ for a million tokens.
TEST(Inverse, OfACostIsAPrice) {
  const auto llama = model_named("llama-3.1-8b");
  const auto question = question_of(llama, "cost=0.5", "price");
  const Inverse answer = solve(llama, h100(), question).value();
  const double e2el_s = predict::estimate(llama, h100(), question.request).value().bound.e2el_s;
  EXPECT_NEAR(answer.value, 0.5 * 3600 * 128 / e2el_s / 1e6, 1e-9);
  EXPECT_EQ(answer.met, Met::up_to);
}

TEST(Inverse, RefusesWhatHasNoAnswer) {
  for (const char* text :
       {"tpot", "tpot<10ms", "speed=3", "tpot=3 apples", "devices=3", "tpot=-1ms"}) {
    EXPECT_FALSE(parse_goal(text, "--solve")) << text;
  }
  const auto llama = model_named("llama-3.1-8b");
  EXPECT_FALSE(solve(llama, h100(), question_of(llama, "tpot=1ms", "link_bandwidth")));
  EXPECT_FALSE(solve(llama, h100(), question_of(llama, "tpot=1ms", "hidden_size")));
  auto free = h100();
  free.price_dollars_per_hour.reset();
  EXPECT_FALSE(solve(llama, free, question_of(llama, "cost=1", "memory_bandwidth")));
}

}  // namespace
}  // namespace ridgepoint::explore
