// SPDX-License-Identifier: Apache-2.0
// Steps of one stage of a pipeline.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/predict/analysis.hpp"
#include "ridgepoint/predict/memory_fit.hpp"

namespace ridgepoint::predict {
namespace {

hardware::Device h100() { return catalog::find_device("h100-sxm").value(); }
model::Architecture llama_70b() { return catalog::find_model("llama-3.1-70b").value(); }

Workload decode_of(const model::Architecture& model, std::int64_t batch, const Parallelism& split,
                   std::optional<std::int64_t> stage = {}) {
  return {{Phase::decode}, batch, 4096, native_precision(model), 1, split, stage};
}

Count weights_read(const StepAnalysis& step) {
  Count sum;
  for (const OperatorAnalysis& one : step.operators) sum += one.weight_bytes;
  return sum;
}

const OperatorAnalysis* find(const StepAnalysis& step, const std::string& name) {
  for (const OperatorAnalysis& one : step.operators) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

// 80 layers in 4 stages of 20 each; the last has the output layer besides, 128256·8192 weights, and
// no stage has less: it is the slowest.
TEST(Stage, IsTheSlowestOneWhenNoneIsAskedFor) {
  const auto model = llama_70b();
  const Analysis answer = analyse(model, h100(), decode_of(model, 64, {4, 4})).value();
  EXPECT_EQ(answer.stage.index, 3);
  EXPECT_EQ(answer.stage.layers, 20);
  EXPECT_TRUE(answer.stage.is_slowest);
  EXPECT_NE(find(answer.steps[0], "lm_head"), nullptr);
  EXPECT_EQ(find(answer.steps[0], "embed_tokens"), nullptr);
  EXPECT_EQ(find(answer.steps[0], "qkv_proj")->count, 20);
}

// Of TP 4, each device hands on a quarter of 64 rows of 8192 bf16 elements.
TEST(Stage, HandsItsPartOfTheResidualStreamOn) {
  const auto model = llama_70b();
  const Analysis answer = analyse(model, h100(), decode_of(model, 64, {4, 4}, 0)).value();
  EXPECT_FALSE(answer.stage.is_slowest);
  const OperatorAnalysis* send = find(answer.steps[0], "stage_send");
  ASSERT_NE(send, nullptr);
  EXPECT_EQ(send->network_bytes, Count(64 * 8192 / 4 * 2));
  EXPECT_EQ(send->bound, roofline::Bound::network_bound);
  EXPECT_EQ(find(answer.steps[0], "lm_head"), nullptr);
}

// A sequence of 4096 tokens has 20 layers · 2 · 2 heads · 128 · 2 B for each of them here; the
// batch of 64 is under way four times.
TEST(Stage, HoldsTheCacheOfAsManyMicroBatchesAsThereAreStages) {
  const auto model = llama_70b();
  const Analysis answer = analyse(model, h100(), decode_of(model, 64, {4, 4})).value();
  EXPECT_EQ(answer.memory.kv_cache_per_sequence, Count(4096LL * 20 * 2 * 2 * 128 * 2));
  EXPECT_EQ(answer.memory.kv_cache, Count(4LL * 64 * 4096 * 20 * 2 * 2 * 128 * 2));
}

// On TP 8 × PP 2 every device has a copy of its stage's norms: 161 of 8192 bf16 weights are read
// seven times more than by one device; 128256 rows of the output layer divide by 8.
TEST(Stage, ReadsTheWeightsOfOneDeviceAndTheReplicatedNorms) {
  const auto model = llama_70b();
  const Analysis one = analyse(model, h100(), decode_of(model, 8, {})).value();
  Count all;
  for (std::int64_t stage = 0; stage < 2; ++stage) {
    const Analysis part = analyse(model, h100(), decode_of(model, 8, {8, 2}, stage)).value();
    all += Count(8) * weights_read(part.steps[0]);
  }
  EXPECT_EQ(all, weights_read(one.steps[0]) + Count(7LL * 161 * 8192 * 2));
}

TEST(Stage, IsRefusedWhereThePipelineHasNone) {
  const auto model = llama_70b();
  const auto beyond = analyse(model, h100(), decode_of(model, 1, {1, 4}, 4));
  ASSERT_FALSE(beyond.has_value());
  EXPECT_EQ(beyond.error()[0].where, "--stage");
  EXPECT_EQ(beyond.error()[0].help, "from 1 to 4");
  EXPECT_FALSE(analyse(model, h100(), decode_of(model, 1, {}, 1)).has_value());
}

/// A decoder of the catalogue and a number of stages that it can have.
struct Pipeline {
  model::Architecture model;
  Parallelism split;
};
Pipeline some_pipeline() {
  std::vector<model::Architecture> decoders;
  for (const auto& entry : catalog::models()) {
    if (!has_stack(entry.architecture, model::Stack::encoder)) {
      decoders.push_back(entry.architecture);
    }
  }
  Pipeline pipeline{*rc::gen::elementOf(decoders), {}};
  const std::int64_t most = std::min<std::int64_t>(6, num_hidden_layers(pipeline.model));
  pipeline.split.pipeline = *rc::gen::inRange<std::int64_t>(1, most + 1);
  return pipeline;
}

RC_GTEST_PROP(StageLaw, TheStagesTogetherReadWhatOneDeviceReads, ()) {
  const Pipeline pipeline = some_pipeline();
  const Phase phase = *rc::gen::element(Phase::prefill, Phase::decode);
  Workload workload{{phase}, 3, 500, native_precision(pipeline.model)};
  const Analysis one = analyse(pipeline.model, h100(), workload).value();
  workload.parallelism = pipeline.split;
  Count weights;
  Count flops;
  std::int64_t layers = 0;
  for (std::int64_t stage = 0; stage < pipeline.split.pipeline; ++stage) {
    workload.stage = stage;
    const Analysis part = analyse(pipeline.model, h100(), workload).value();
    weights += weights_read(part.steps[0]);
    flops += part.steps[0].flops;
    layers += part.stage.layers;
  }
  RC_ASSERT(weights == weights_read(one.steps[0]));
  RC_ASSERT(flops == one.steps[0].flops);
  RC_ASSERT(layers == num_hidden_layers(pipeline.model));
}

RC_GTEST_PROP(StageLaw, HoldsTheWeightsThatFitGivesIt, ()) {
  const Pipeline pipeline = some_pipeline();
  FitQuestion question;
  question.parallelism = pipeline.split;
  question.precision = native_precision(pipeline.model);
  const MemoryFit memory = fit(pipeline.model, h100(), question).value();
  for (std::int64_t stage = 0; stage < pipeline.split.pipeline; ++stage) {
    const Analysis part =
        analyse(pipeline.model, h100(), decode_of(pipeline.model, 2, pipeline.split, stage))
            .value();
    const StageMemory& same = memory.stages[static_cast<std::size_t>(stage)];
    RC_ASSERT(part.memory.weights == same.weight_bytes);
    RC_ASSERT(part.stage.layers == same.layers);
  }
}

RC_GTEST_PROP(StageLaw, NoStageIsSlowerThanTheOneThatIsChosen, ()) {
  const Pipeline pipeline = some_pipeline();
  const Analysis chosen =
      analyse(pipeline.model, h100(), decode_of(pipeline.model, 7, pipeline.split)).value();
  RC_ASSERT(chosen.stage.is_slowest);
  for (std::int64_t stage = 0; stage < pipeline.split.pipeline; ++stage) {
    const Analysis part =
        analyse(pipeline.model, h100(), decode_of(pipeline.model, 7, pipeline.split, stage))
            .value();
    RC_ASSERT(part.steps[0].bound_s <= chosen.steps[0].bound_s);
    RC_ASSERT(part.stage.is_slowest == (part.steps[0].bound_s == chosen.steps[0].bound_s));
  }
}

}  // namespace
}  // namespace ridgepoint::predict
