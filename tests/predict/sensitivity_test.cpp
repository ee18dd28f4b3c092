// SPDX-License-Identifier: Apache-2.0
// Laws of elasticities, and figures worked by hand.
#include "ridgepoint/predict/sensitivity.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "predict/beside_point.hpp"
#include "predict/request_sample.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::predict {
namespace {

using test::device_named;
using test::question_of;

/// A deployment of the catalogue with what it is asked.
struct Case {
  const char* model;
  const char* device;
  Parallelism split = {};
  std::int64_t input = 1000;
  std::int64_t output = 201;
  std::int64_t batch = 12;

  RequestQuestion question(const model::Architecture& architecture) const {
    RequestQuestion asked = question_of(architecture, input, output, batch);
    asked.execution.parallelism = split;
    return asked;
  }
};

// Dense, grouped, mixed windows, experts, latent attention, recurrent, an encoder before a decoder;
// whole, split, in stages, over the network and over PCI Express.
const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"llama-2-13b", "h100-sxm"},
      {"llama-3.1-8b", "h100-sxm", {}, 20'000},
      {"llama-3.1-8b", "mi300x", {}, 1000, 201, 300},
      {"llama-3.3-70b", "h100-sxm", {.tensor = 8}},
      {"llama-3.3-70b", "h100-sxm", {.tensor = 4, .pipeline = 3}},
      {"llama-3.3-70b", "h100-sxm", {.tensor = 8, .sequence = true}},
      {"llama-3.1-8b", "l40s", {.tensor = 4}},
      {"gpt-oss-20b", "h100-sxm"},
      {"mixtral-8x7b", "h200-sxm", {}, 100, 50, 5},
      {"deepseek-v3", "h200-sxm", {.tensor = 1, .data = 16, .expert = 16}},
      {"deepseek-v3.2", "b200-sxm", {.tensor = 8}, 5000},
      {"llama-4-scout", "b200-sxm", {.tensor = 8}, 9000},
      {"mamba-2.8b", "a100-sxm-80gb"},
      {"qwen3-next-80b-a3b", "h200-sxm", {.tensor = 2}},
      {"gemma-3-27b", "tpu-v5p", {.tensor = 2}, 3000},
      {"flan-t5-xxl", "h100-sxm"}};
  return all;
}

Sensitivity sensitivity_of(const Case& one, Reading reading) {
  const auto model = catalog::find_model(one.model).value();
  return sensitivity(model, device_named(one.device), {one.question(model), reading}).value();
}

const Elasticity& elasticity(const Sensitivity& answer, std::string_view parameter,
                             double RequestTimes::* figure) {
  for (const ParameterSensitivity& each : answer.parameters) {
    if (each.parameter.name == parameter) return each.of(figure);
  }
  ADD_FAILURE() << "no " << parameter;
  static const Elasticity kNone;
  return kNone;
}

TEST(Sensitivity, BesideNothingIsWhatEstimateSays) {
  for (const Case& one : cases()) {
    const auto model = catalog::find_model(one.model).value();
    const auto device = device_named(one.device);
    const auto estimated = estimate_static(model, device, one.question(model)).value();
    for (const Reading reading : {Reading::floor, Reading::bound}) {
      const auto times = beside(model, device, one.question(model), reading, {});
      const RequestTimes& expected = times_of(estimated, reading);
      EXPECT_NEAR(times.ttft_s.value / expected.ttft_s, 1, 1e-12) << one.model;
      EXPECT_NEAR(times.tpot_s.value / expected.tpot_s, 1, 1e-12) << one.model;
      EXPECT_NEAR(times.throughput_tokens_per_s.value / expected.throughput_tokens_per_s, 1, 1e-12);
      EXPECT_EQ(times.tpot_s.slope, 0) << one.model;
    }
  }
}

// Whatever layers a model has: its formulas are read with dual numbers as with plain ones, and no
// size of one makes its times jump.
TEST(Sensitivity, OfEveryModelOfTheCatalogueIsExact) {
  const auto h100 = device_named("h100-sxm");
  for (const catalog::ModelEntry& entry : catalog::models()) {
    const model::Architecture& model = entry.architecture;
    const RequestQuestion question = question_of(model, 100, 50, 3);
    const auto answer = sensitivity(model, h100, {question, Reading::bound});
    if (!answer) {
      EXPECT_EQ(phases_of(model).size(), 1u) << model.name;
      continue;
    }
    const auto times = beside(model, h100, question, Reading::bound, {});
    EXPECT_NEAR(times.e2el_s.value / answer->times().e2el_s, 1, 1e-12) << model.name;
    for (const ParameterSensitivity& each : answer->parameters) {
      for (const Elasticity& one : each.elasticities) {
        EXPECT_EQ(one.method, Method::exact) << model.name << " " << each.parameter.name;
        EXPECT_TRUE(std::isfinite(one.magnitude())) << model.name << " " << each.parameter.name;
      }
    }
  }
}

// Times are sums and maxima of work ÷ rate: twice all rates, half the time.
TEST(Sensitivity, OfTimesToAllRatesAddsUpToMinusOne) {
  for (const Case& one : cases()) {
    for (const Reading reading : {Reading::floor, Reading::bound}) {
      const Sensitivity answer = sensitivity_of(one, reading);
      for (const auto figure :
           {&RequestTimes::ttft_s, &RequestTimes::tpot_s, &RequestTimes::e2el_s}) {
        double sum = 0;
        for (const ParameterSensitivity& each : answer.parameters) {
          if (each.parameter.kind != ParameterKind::rate) continue;
          EXPECT_LE(each.of(figure).magnitude(), 1 + 1e-12);
          EXPECT_LE(each.of(figure).more, 0);
          sum += each.of(figure).more;
        }
        EXPECT_NEAR(sum, -1, 1e-9) << one.model;
      }
    }
  }
}

TEST(Sensitivity, OfThroughputIsThatOfTheWholeRequestTurnedRound) {
  for (const Case& one : cases()) {
    const Sensitivity answer = sensitivity_of(one, Reading::bound);
    for (const ParameterSensitivity& each : answer.parameters) {
      const std::string& name = each.parameter.name;
      const double own = name == "batch" || name == "output" ? 1 : 0;
      const double e2el = each.of(&RequestTimes::e2el_s).more;
      const double throughput = each.of(&RequestTimes::throughput_tokens_per_s).more;
      EXPECT_NEAR(throughput, own - e2el, 1e-9) << one.model << " " << name;
      const double cost = each.of(&RequestTimes::cost_per_million_tokens).more;
      if (answer.times().cost_per_million_tokens == 0) {
        EXPECT_EQ(cost, 0);
      } else {
        EXPECT_NEAR(cost, (name == "price" ? 1 : 0) - throughput, 1e-9) << one.model << " " << name;
      }
    }
  }
}

double logarithmic_slope(double before, double after, double ratio) {
  return std::log(after / before) / std::log(ratio);
}

// The same question on a device whose figure is 0.1 % smaller and larger: the derivative of a
// smooth function lies between both, to the square of that; a kink is told by both sides.
TEST(Sensitivity, ToADevicesFiguresIsWhatEstimateSaysWhenTheyChange) {
  constexpr double kRatio = 1.001;
  for (const Case& one : cases()) {
    const auto model = catalog::find_model(one.model).value();
    const Sensitivity answer = sensitivity_of(one, Reading::bound);
    const auto ttft_at = [&](const Parameter& parameter, double factor) {
      auto device = device_named(one.device);
      RequestQuestion question = one.question(model);
      set_parameter(parameter, parameter.value * factor, device, question);
      return estimate_static(model, device, question).value().bound.ttft_s;
    };
    for (const ParameterSensitivity& each : answer.parameters) {
      if (!each.parameter.rate || !can_change(each.parameter)) continue;
      const double at = ttft_at(each.parameter, 1);
      const Elasticity& exact = each.of(&RequestTimes::ttft_s);
      const std::string where = std::string(one.model) + " " + each.parameter.name;
      EXPECT_NEAR(exact.more, logarithmic_slope(at, ttft_at(each.parameter, kRatio), kRatio), 5e-3)
          << where;
      EXPECT_NEAR(exact.less,
                  logarithmic_slope(at, ttft_at(each.parameter, 1 / kRatio), 1 / kRatio), 5e-3)
          << where;
    }
  }
}

/// A size of a config.json, and what the sensitivity calls it.
struct SizeCase {
  const char* model;
  const char* key;
  const char* name;
  Overrides rest = {};  ///< what the file leaves to the size
};

// The config with one more and one less of a size, read again: central differences over 2/size.
TEST(Sensitivity, ToAModelsSizesIsWhatEstimateSaysOfAnotherConfig) {
  const Overrides heads{{"head_dim", "128", "--set"}};
  for (const SizeCase& one :
       std::vector<SizeCase>{{"llama-3.1-8b", "hidden_size", "hidden_size", heads},
                             {"llama-3.1-8b", "intermediate_size", "intermediate_size"},
                             {"llama-3.1-8b", "num_hidden_layers", "layers"},
                             {"llama-3.1-8b", "vocab_size", "vocab_size"},
                             {"llama-3.1-8b", "head_dim", "head_dim"},
                             {"mixtral-8x7b", "intermediate_size", "width of an expert"},
                             {"qwen3-30b-a3b", "num_experts", "experts"},
                             {"deepseek-v2-lite", "kv_lora_rank", "kv_lora_rank"},
                             {"deepseek-v2-lite", "qk_rope_head_dim", "qk_rope_head_dim"},
                             {"deepseek-v2-lite", "v_head_dim", "v_head_dim"},
                             {"mamba-2.8b", "state_size", "state_size"},
                             {"gemma-3-27b", "sliding_window", "sliding window in tokens"}}) {
    const auto h100 = device_named("h100-sxm");
    const auto model = catalog::find_model(one.model, one.rest).value();
    const auto answer =
        sensitivity(model, h100, {question_of(model, 3000, 100, 2), Reading::bound}).value();
    double size = 0;
    for (const auto& each : answer.parameters) {
      if (each.parameter.name == one.name) size = each.parameter.value;
    }
    ASSERT_GT(size, 0) << one.model << " " << one.name;
    const auto times_at = [&](double value) {
      Overrides overrides = one.rest;
      overrides.push_back({one.key, std::to_string(std::llround(value)), "--set"});
      const auto other = catalog::find_model(one.model, overrides).value();
      return estimate_static(other, h100, question_of(other, 3000, 100, 2)).value().bound;
    };
    const RequestTimes below = times_at(size - 1);
    const RequestTimes above = times_at(size + 1);
    for (const auto figure : {&RequestTimes::ttft_s, &RequestTimes::tpot_s}) {
      const double slope = logarithmic_slope(below.*figure, above.*figure, (size + 1) / (size - 1));
      EXPECT_NEAR(elasticity(answer, one.name, figure).more, slope, 2e-3)
          << one.model << " " << one.name;
    }
  }
}

// Euler: in a Llama head_dim stands beside a number of heads in every term that either is in, so
// that the terms are of degree 1 in head_dim, and of degree 1 in both numbers of heads together.
TEST(Sensitivity, ToHeadDimIsThatToBothNumbersOfHeads) {
  for (const char* name : {"llama-2-13b", "llama-3.1-8b", "llama-3.3-70b"}) {
    for (const Reading reading : {Reading::floor, Reading::bound}) {
      const Sensitivity answer = sensitivity_of({name, "h100-sxm"}, reading);
      for (const auto figure : {&RequestTimes::ttft_s, &RequestTimes::tpot_s}) {
        const auto to = [&](const char* size) { return elasticity(answer, size, figure).more; };
        EXPECT_NEAR(to("head_dim"), to("num_attention_heads") + to("num_key_value_heads"), 1e-12);
      }
    }
  }
}

// Twice the layers take twice the time of what is in layers: their share by `roofline`.
TEST(Sensitivity, ToTheLayersIsTheShareOfWhatStandsInThem) {
  const auto llama = catalog::find_model("llama-3.1-8b").value();
  const auto h100 = device_named("h100-sxm");
  const RequestQuestion question = question_of(llama, 1024, 128, 4);
  const auto answer = sensitivity(llama, h100, {question, Reading::bound}).value();
  const Workload workload{{Phase::decode}, 4, 1088, native_precision(llama)};
  const StepAnalysis step = analyse(llama, h100, workload).value().steps.at(0);
  double layers_s = 0;
  for (const OperatorAnalysis& one : step.operators) {
    if (one.count >= 32) layers_s += one.time_s;
  }
  EXPECT_NEAR(elasticity(answer, "layers", &RequestTimes::tpot_s).more, layers_s / step.bound_s,
              1e-12);
}

// The lecture's decode of Llama 2 13B on an H100: latency = bytes ÷ bandwidth. A step at 1088
// tokens reads 2·(13,015,864,320 − 32,000·5120) B of weights and moves 1089·819,200 B of cache for
// each sequence: the share of the cache is what one more sequence adds.
TEST(Sensitivity, OfTheLecturesDecodeIsBytesOverBandwidth) {
  const auto llama = catalog::find_model("llama-2-13b").value();
  const auto answer = sensitivity(llama, device_named("h100-sxm"),
                                  {question_of(llama, 1024, 128, 8), Reading::floor})
                          .value();
  const auto of = [&](const char* name) { return elasticity(answer, name, &RequestTimes::tpot_s); };
  EXPECT_DOUBLE_EQ(of("memory_bandwidth").more, -1);
  EXPECT_EQ(of("fp16_peak").more, 0);
  const double cache = 8.0 * 1089 * 819'200;
  const double weights = 2 * (13'015'864'320.0 - 32'000 * 5120);
  EXPECT_NEAR(of("batch").more, cache / (cache + weights), 1e-12);
  EXPECT_NEAR(of("input").more, 8.0 * 1024 * 819'200 / (cache + weights), 1e-12);
  EXPECT_EQ(of("batch").method, Method::exact);
}

// On the ridge less bandwidth makes a prefill wait for memory, and more gains nothing: the floor is
// the larger of two sums, which this bandwidth makes equal.
TEST(Sensitivity, AtAKinkIsToldFromBothSides) {
  const auto llama = catalog::find_model("llama-2-13b").value();
  auto device = device_named("h100-sxm");
  const Workload workload{{Phase::prefill}, 1, 1024, native_precision(llama)};
  const StepAnalysis step = analyse(llama, device, workload).value().steps.at(0);
  const double bytes = step.compulsory_bytes.to_double();
  device.memory_bandwidth.value = BytesPerSecond(bytes / step.compute_s);
  const auto answer =
      sensitivity(llama, device, {question_of(llama, 1024, 128, 1), Reading::floor}).value();
  const Elasticity& bandwidth = elasticity(answer, "memory_bandwidth", &RequestTimes::ttft_s);
  EXPECT_TRUE(bandwidth.is_kink());
  EXPECT_NEAR(bandwidth.less, -1, 1e-12);
  EXPECT_EQ(bandwidth.more, 0);
  const Elasticity& peak = elasticity(answer, "fp16_peak", &RequestTimes::ttft_s);
  EXPECT_NEAR(peak.less, -1, 1e-12);
  EXPECT_EQ(peak.more, 0);
}

// Eight prompts of 1024 tokens fill a step of 8192: the ninth takes one more, so that there is no
// derivative. A decode step has one.
TEST(Sensitivity, SaysWhereOneMoreRequestAddsAStep) {
  const auto llama = catalog::find_model("llama-2-13b").value();
  const auto answer = sensitivity(llama, device_named("h100-sxm"),
                                  {question_of(llama, 1024, 128, 8), Reading::bound})
                          .value();
  EXPECT_EQ(elasticity(answer, "batch", &RequestTimes::ttft_s).method, Method::difference);
  EXPECT_EQ(elasticity(answer, "batch", &RequestTimes::tpot_s).method, Method::exact);
}

// Eight key/value heads on eight devices: fewer are copied, and none is saved.
TEST(Sensitivity, ToHeadsThatDevicesReplicateIsOneSided) {
  const Sensitivity answer =
      sensitivity_of({"llama-3.3-70b", "h100-sxm", {.tensor = 8}}, Reading::bound);
  const Elasticity& heads = elasticity(answer, "num_key_value_heads", &RequestTimes::tpot_s);
  EXPECT_EQ(heads.less, 0);
  EXPECT_GT(heads.more, 0.01);
}

}  // namespace
}  // namespace ridgepoint::predict
