// SPDX-License-Identifier: Apache-2.0
// Laws that hold whatever the model.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "predict/worked_cases.hpp"
#include "ridgepoint/model/parameters.hpp"
#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::predict {
namespace {

std::int64_t size_in(std::int64_t low, std::int64_t high) {
  return *rc::gen::inRange<std::int64_t>(low, high);
}

model::Architecture random_model() {
  model::Architecture model = testing::llama_2_13b();
  model.hidden_size = size_in(1, 9000);
  model.vocab_size = size_in(1, 200000);
  model.tie_word_embeddings = *rc::gen::arbitrary<bool>();
  model.norm.has_bias = *rc::gen::arbitrary<bool>();
  model.lm_head_bias = *rc::gen::arbitrary<bool>();
  const int runs = *rc::gen::inRange(1, 4);
  model.runs.clear();
  for (int i = 0; i < runs; ++i) {
    model::Attention attention;
    attention.num_key_value_heads = size_in(1, 32);
    attention.num_attention_heads = attention.num_key_value_heads * size_in(1, 9);
    attention.head_dim = size_in(1, 256);
    if (*rc::gen::arbitrary<bool>()) attention.window = size_in(1, 9000);
    attention.qkv_bias = *rc::gen::arbitrary<bool>();
    attention.output_bias = *rc::gen::arbitrary<bool>();
    attention.query_key_norm = *rc::gen::element(
        model::QueryKeyNorm::none, model::QueryKeyNorm::per_head, model::QueryKeyNorm::whole);
    model::Mlp mlp;
    mlp.intermediate_size = size_in(1, 30000);
    mlp.gated = *rc::gen::arbitrary<bool>();
    mlp.has_bias = *rc::gen::arbitrary<bool>();
    model.runs.push_back({size_in(1, 60), attention, mlp, 2});
  }
  return model;
}

StepAnalysis analyse_step(const model::Architecture& model, Phase phase, std::int64_t batch,
                          std::int64_t context) {
  return analyse(model, testing::h100_sxm(), {{phase}, batch, context, native_precision(model)})
      .value()
      .steps.at(0);
}

RC_GTEST_PROP(MemoryLaw, WeightsAreTwoBytesForEveryParameter, ()) {
  const auto model = random_model();
  const auto answer =
      analyse(model, testing::h100_sxm(), {{Phase::decode}, 1, 1, native_precision(model)});
  RC_ASSERT(answer->memory.weights.to_integer() == 2 * model::total_parameters(model).value());
}

RC_GTEST_PROP(StepLaw, BoundIsNeverBelowTheFloor, ()) {
  const auto phase = *rc::gen::element(Phase::prefill, Phase::decode);
  const auto step = analyse_step(random_model(), phase, size_in(1, 512), size_in(1, 20000));
  RC_ASSERT(step.bound_s >= step.floor_s * (1 - 1e-12));
}

RC_GTEST_PROP(StepLaw, TimesAndSharesAddUp, ()) {
  const auto step = analyse_step(random_model(), Phase::decode, size_in(1, 512), size_in(1, 9000));
  double time = 0;
  double share = 0;
  for (const OperatorAnalysis& one : step.operators) {
    time += one.time_s;
    share += one.share;
  }
  RC_ASSERT(std::abs(time - step.bound_s) <= 1e-12 * step.bound_s);
  RC_ASSERT(std::abs(share - 1) <= 1e-12);
}

RC_GTEST_PROP(StepLaw, ProjectionFlopsOfAPrefillAreThoseOfAsManyDecodeSteps, ()) {
  const auto model = random_model();
  const std::int64_t context = size_in(1, 5000);
  const auto prefill = analyse_step(model, Phase::prefill, 2, context);
  const auto decode = analyse_step(model, Phase::decode, 2, context);
  for (std::size_t i = 0; i < prefill.operators.size(); ++i) {
    const std::string& name = prefill.operators[i].name;
    if (name.ends_with("attention") || name == "lm_head") continue;
    RC_ASSERT(prefill.operators[i].flops == Count(context) * decode.operators[i].flops);
  }
}

RC_GTEST_PROP(StepLaw, AttentionFlopsOfAPrefillAreTheSumOverItsDecodeSteps, ()) {
  const auto model = random_model();
  const std::int64_t context = size_in(1, 40);
  const auto prefill = analyse_step(model, Phase::prefill, 1, context);
  for (std::size_t i = 0; i < prefill.operators.size(); ++i) {
    if (!prefill.operators[i].name.ends_with("attention")) continue;
    Count sum;
    for (std::int64_t s = 1; s <= context; ++s) {
      sum += analyse_step(model, Phase::decode, 1, s).operators[i].flops;
    }
    RC_ASSERT(prefill.operators[i].flops == sum);
  }
}

RC_GTEST_PROP(StepLaw, HalvingTheBytesOfACachedElementHalvesTheCache, ()) {
  const auto model = random_model();
  Workload workload{{Phase::decode}, size_in(1, 99), size_in(1, 9000), native_precision(model)};
  const auto wide = analyse(model, testing::h100_sxm(), workload);
  workload.precision.kv_cache = DataType::fp8;
  const auto narrow = analyse(model, testing::h100_sxm(), workload);
  RC_ASSERT(wide->memory.kv_cache == Count(2) * narrow->memory.kv_cache);
  RC_ASSERT(wide->memory.weights == narrow->memory.weights);
}

RC_GTEST_PROP(CrossoverLaw, IsWhereTheVerdictChanges, ()) {
  const auto model = random_model();
  const std::int64_t context = size_in(1, 3000);
  const auto step = analyse_step(model, Phase::decode, 1, context);
  for (std::size_t i = 0; i < step.operators.size(); ++i) {
    const Crossover crossover = step.operators[i].crossover.value();
    const auto verdict_at = [&](std::int64_t batch) {
      return analyse_step(model, Phase::decode, batch, context).operators[i].bound;
    };
    if (crossover.when == Crossover::When::from_batch && crossover.batch < 1'000'000) {
      RC_ASSERT(verdict_at(crossover.batch) == roofline::Bound::compute_bound);
      RC_ASSERT(verdict_at(crossover.batch - 1) == roofline::Bound::memory_bound);
    }
    if (crossover.when == Crossover::When::never) {
      RC_ASSERT(verdict_at(1'000'000) == roofline::Bound::memory_bound);
    }
  }
}

RC_GTEST_PROP(MemoryLaw, TheLargestBatchFitsAndOneMoreDoesNot, ()) {
  const auto model = random_model();
  const std::int64_t context = size_in(1, 9000);
  const auto fits = [&](std::int64_t batch) {
    const Workload workload{{Phase::decode}, batch, context, native_precision(model)};
    return analyse(model, testing::h100_sxm(), workload)->memory.fits;
  };
  const Workload one{{Phase::decode}, 1, context, native_precision(model)};
  const std::int64_t largest = analyse(model, testing::h100_sxm(), one)->memory.max_batch;
  if (largest > 0) RC_ASSERT(fits(largest));
  RC_ASSERT(!fits(largest + 1));
}

}  // namespace
}  // namespace ridgepoint::predict
