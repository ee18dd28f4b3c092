// SPDX-License-Identifier: Apache-2.0
// Steps that decode for a batch and work on a chunk of a prompt.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "predict/worked_cases.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/predict/analysis.hpp"
#include "ridgepoint/roofline/mixed_step.hpp"

namespace ridgepoint::predict {
namespace {

Workload mixed(const model::Architecture& model, std::int64_t batch, std::int64_t context,
               PromptChunk chunk) {
  return {.phases = {Phase::mixed},
          .batch = batch,
          .context = context,
          .precision = native_precision(model),
          .chunk = chunk};
}

StepAnalysis step_of(const model::Architecture& model, std::int64_t batch, std::int64_t context,
                     PromptChunk chunk) {
  return analyse(model, catalog::find_device("h100-sxm").value(),
                 mixed(model, batch, context, chunk))
      .value()
      .steps.at(0);
}

const OperatorAnalysis& named(const StepAnalysis& step, const std::string& name) {
  const auto found = std::find_if(step.operators.begin(), step.operators.end(),
                                  [&](const auto& one) { return one.name == name; });
  if (found != step.operators.end()) return *found;
  ADD_FAILURE() << name;
  return step.operators.front();
}

// 8 decodes at 1024 tokens and tokens 201 … 300 of a prompt: 108 tokens go through the matrices,
// whose weights are read once.
TEST(MixedStep, OfLlama2ReadsItsWeightsOnceForAllTokens) {
  const auto step = step_of(testing::llama_2_13b(), 8, 1024, {100, 300});
  const auto& qkv = named(step, "qkv_proj");
  EXPECT_EQ(qkv.part, Phase::mixed);
  EXPECT_EQ(qkv.count, 40);
  EXPECT_EQ(qkv.flops, Count(40LL * 2 * 108 * 5120 * 15360));
  EXPECT_EQ(qkv.weight_bytes, Count(40LL * 2 * 5120 * 15360));
  EXPECT_EQ(qkv.activation_bytes, Count(40LL * 2 * 108 * (5120 + 5120)));
  EXPECT_EQ(qkv.kv_bytes, Count(40LL * 2 * 108 * 2 * 5120));
  EXPECT_EQ(named(step, "input_layernorm").weight_bytes, Count(40LL * 2 * 5120));
}

// Pairs: 8·1024 of the decodes; of the chunk 100·200 with what came before and 100·101/2 among
// itself. 4·128 FLOPs each in 40 heads and 40 layers. K and V of 8·1024 + 300 tokens are read.
TEST(MixedStep, OfLlama2AttendsForBothParts) {
  const auto step = step_of(testing::llama_2_13b(), 8, 1024, {100, 300});
  const auto& attention = named(step, "attention");
  EXPECT_EQ(attention.flops, Count((8192LL + 20'000 + 5050) * 4 * 128 * 40 * 40));
  EXPECT_EQ(attention.kv_bytes, Count((8192LL + 300) * 2 * 5120 * 2 * 40));
  EXPECT_EQ(attention.activation_bytes, Count(108LL * 2 * 5120 * 2 * 40));
}

// Logits of 8 decodes and of the last token of the chunk.
TEST(MixedStep, MakesLogitsOfEachDecodeAndOfTheEndOfTheChunk) {
  const auto& head = named(step_of(testing::llama_2_13b(), 8, 1024, {100, 300}), "lm_head");
  EXPECT_EQ(head.flops, Count(9LL * 2 * 5120 * 32000));
  EXPECT_EQ(head.weight_bytes, Count(2LL * 5120 * 32000));
  EXPECT_EQ(head.activation_bytes, Count(9LL * 2 * (5120 + 32000)));
}

// Mixtral: a decode and one token of a prompt choose 2 of 8 experts each, 8·(1 − (3/4)²) = 3.5
// distinct ones; gate_up has 4096·28672 weights, in 32 layers.
TEST(MixedStep, ReadsTheDistinctExpertsOfAllItsTokens) {
  const auto step = step_of(catalog::find_model("mixtral-8x7b").value(), 1, 1024, {1, 1});
  EXPECT_EQ(named(step, "experts_gate_up_proj").weight_bytes, Count(7LL * 32 * 4096 * 28672));
  EXPECT_EQ(named(step, "experts_gate_up_proj").flops, Count(2LL * 2 * 2 * 32 * 4096 * 28672));
}

// DeepSeek-V3 expands its latents for the chunk and absorbs kv_b for the decodes: rows of one part
// stand between those that both have, the chunk's first.
TEST(MixedStep, KeepsTheTwoFormsOfLatentAttentionApart) {
  const auto step = step_of(catalog::find_model("deepseek-v3").value(), 64, 4096, {512, 2048});
  std::vector<std::string> names;
  for (const OperatorAnalysis& one : step.operators) {
    if (one.part != Phase::mixed) names.push_back(one.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"kv_b_proj (prefill)", "attention (prefill)",
                                             "q_absorb_proj (decode)", "attention (decode)",
                                             "v_up_proj (decode)"}));
  const auto& latent = named(step, "attention (decode)");
  EXPECT_EQ(latent.part, Phase::decode);
  EXPECT_EQ(latent.flops, Count(61LL * 64 * 4096 * 128 * 2 * (2 * 512 + 64)));
  const auto at = [&](const std::string& name) { return &named(step, name) - &step.operators[0]; };
  EXPECT_LT(at("kv_a_proj_with_mqa"), at("kv_b_proj (prefill)"));
  EXPECT_LT(at("v_up_proj (decode)"), at("o_proj"));
}

TEST(MixedStep, ExplainsItsOperatorsInTheLettersOfBothParts) {
  const auto step = step_of(testing::llama_2_13b(), 8, 1024, {100, 300});
  const auto& lines = named(step, "attention").formula;
  const auto keys = std::find_if(lines.begin(), lines.end(),
                                 [](const auto& line) { return line.entry.what == "K"; });
  ASSERT_NE(keys, lines.end());
  EXPECT_EQ(symbolic::to_text(keys->entry.bytes), "2*B*H*K*S + 2*H*K*S_p");
  EXPECT_EQ(keys->value, Count((8192LL + 300) * 5120 * 2));
}

// The prompt holds 300 tokens of 819,200 B beside 8 sequences of 1024.
TEST(MixedStep, HoldsThePromptInMemoryToo) {
  const auto model = testing::llama_2_13b();
  const auto answer = analyse(model, testing::h100_sxm(), mixed(model, 8, 1024, {100, 300}));
  EXPECT_EQ(answer->memory.chunk_cache, Count(300LL * 819'200));
  EXPECT_EQ(answer->memory.kv_cache, Count((8 * 1024LL + 300) * 819'200));
  EXPECT_TRUE(answer->batch_curve.empty());
}

TEST(MixedStep, IsRefusedWhereNoPromptCanBeCut) {
  const auto bert = catalog::find_model("bert-base").value();
  const auto encoder = analyse(bert, testing::h100_sxm(), mixed(bert, 8, 128, {64, 64}));
  ASSERT_FALSE(encoder.has_value());
  EXPECT_NE(encoder.error()[0].what.find("encoder"), std::string::npos);
  const auto llama = testing::llama_2_13b();
  const auto empty = analyse(llama, testing::h100_sxm(), mixed(llama, 8, 128, {64, 63}));
  ASSERT_FALSE(empty.has_value());
  EXPECT_EQ(empty.error()[0].where, "--chunk-context");
}

/// A mixed step of some decoder of the catalogue, and its parts as steps of their own.
struct Mixture {
  model::Architecture model;
  StepAnalysis both;
  std::array<roofline::TimedStep, 2> steps;
  std::array<cost::Shape<double>, 2> shapes;

  Mixture() {
    std::vector<model::Architecture> decoders;
    for (const auto& entry : catalog::models()) {
      if (phases_of(entry.architecture).size() == 1) continue;
      if (has_stack(entry.architecture, model::Stack::encoder)) continue;
      decoders.push_back(entry.architecture);
    }
    model = *rc::gen::elementOf(decoders);
    const auto size = [](std::int64_t most) {
      return *rc::gen::inRange<std::int64_t>(1, most + 1);
    };
    const std::int64_t batch = size(300);
    const std::int64_t context = size(9000);
    const std::int64_t tokens = size(3000);
    const PromptChunk chunk{tokens, tokens - 1 + size(5000)};
    both = step_of(model, batch, context, chunk);
    const Execution execution{native_precision(model)};
    const auto device = catalog::find_device("h100-sxm").value();
    const auto timed = [&](Phase phase) {
      return *roofline::on_device(build_step<double>(model, execution, phase), device);
    };
    steps = {timed(Phase::prefill), timed(Phase::decode)};
    const auto number = [](std::int64_t value) { return static_cast<double>(value); };
    shapes = {
        {{1, number(chunk.tokens), number(chunk.context)}, {number(batch), 1, number(context)}}};
  }

  double alone(std::size_t part) const {
    return roofline::step_time(steps[part], shapes[part]).bound_s;
  }
};

RC_GTEST_PROP(MixedStepLaw, ItsOperatorsAddUpToTheTimeOfAMixedStep, ()) {
  const Mixture mixture;
  double time = 0;
  double share = 0;
  for (const OperatorAnalysis& one : mixture.both.operators) {
    time += one.time_s;
    share += one.share;
  }
  const std::array<roofline::StepPart, 2> parts{
      {{mixture.steps[0], mixture.shapes[0]}, {mixture.steps[1], mixture.shapes[1]}}};
  RC_ASSERT(mixture.both.bound_s == roofline::mixed_step_time(parts).bound_s);
  RC_ASSERT(std::abs(time - mixture.both.bound_s) <= 1e-12 * time);
  RC_ASSERT(std::abs(share - 1) <= 1e-12);
}

RC_GTEST_PROP(MixedStepLaw, LiesBetweenItsSlowerPartAndTheSumOfBoth, ()) {
  const Mixture mixture;
  const double chunk = mixture.alone(0);
  const double decodes = mixture.alone(1);
  RC_ASSERT(mixture.both.bound_s >= std::max(chunk, decodes) * (1 - 1e-12));
  RC_ASSERT(mixture.both.bound_s <= (chunk + decodes) * (1 + 1e-12));
  RC_ASSERT(mixture.both.bound_s >= mixture.both.floor_s * (1 - 1e-12));
  RC_ASSERT(mixture.both.parts.at(0).bound_s == chunk);
  RC_ASSERT(mixture.both.parts.at(1).bound_s == decodes);
}

// Each line of a formula, summed over the lines, is what the operator moves and computes.
RC_GTEST_PROP(MixedStepLaw, ItsFormulasHoldWhatItsOperatorsCount, ()) {
  const Mixture mixture;
  for (const OperatorAnalysis& one : mixture.both.operators) {
    Count flops;
    Count bytes;
    for (const FormulaLine& line : one.formula) {
      (line.entry.action == cost::Action::compute ? flops : bytes) += line.value;
    }
    RC_ASSERT(Count(one.count) * flops == one.flops);
    RC_ASSERT(Count(one.count) * bytes == one.bytes() + one.network_bytes);
  }
}

RC_GTEST_PROP(MixedStepLaw, KeepsTheOrderOfEachPart, ()) {
  const Mixture mixture;
  const std::array<const roofline::TimedStep*, 2> steps{&mixture.steps[0], &mixture.steps[1]};
  const auto merged = roofline::mixed_operators(steps);
  RC_ASSERT(merged.size() == mixture.both.operators.size());
  for (std::size_t part = 0; part < 2; ++part) {
    std::size_t next = 0;
    for (const roofline::MixedOperator& one : merged) {
      if (!one.places[part]) continue;
      RC_ASSERT(*one.places[part] == next);
      ++next;
    }
    RC_ASSERT(next == steps[part]->size());
  }
}

}  // namespace
}  // namespace ridgepoint::predict
