// SPDX-License-Identifier: Apache-2.0
// Sequence parallelism: between the tensor-parallel matrices each device has a share of the tokens.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/predict/analysis.hpp"
#include "ridgepoint/predict/memory_fit.hpp"

namespace ridgepoint::predict {
namespace {

constexpr Parallelism kPlain{.tensor = 8};
constexpr Parallelism kShared{.tensor = 8, .sequence = true};

model::Architecture llama_70b() { return catalog::find_model("llama-3.1-70b").value(); }

/// On A100s, whose switches do not add up.
StepAnalysis step_of(const model::Architecture& model, Phase phase, std::int64_t batch,
                     std::int64_t context, const Parallelism& split) {
  const Workload workload{{phase}, batch, context, native_precision(model), 1, split};
  return analyse(model, catalog::find_device("a100-sxm-80gb").value(), workload).value().steps[0];
}

const OperatorAnalysis& named(const StepAnalysis& step, const std::string& name) {
  const auto found = std::find_if(step.operators.begin(), step.operators.end(),
                                  [&](const auto& one) { return one.name == name; });
  if (found != step.operators.end()) return *found;
  ADD_FAILURE() << name;
  return step.operators.front();
}

// 80 layers, D = 8192, bf16: a norm reads and writes 2·8192 B of each token, a sum reads 4·8192 B
// and writes 2·8192 B; of 4096 tokens a device has 512.
TEST(SequenceParallel, DividesTheBytesOfNormsAndSumsByTheDevices) {
  const auto plain = step_of(llama_70b(), Phase::prefill, 1, 4096, kPlain);
  const auto shared = step_of(llama_70b(), Phase::prefill, 1, 4096, kShared);
  for (const char* norm : {"input_layernorm", "post_attention_layernorm"}) {
    EXPECT_EQ(named(plain, norm).activation_bytes, Count(80LL * 4 * 8192 * 4096));
    EXPECT_EQ(named(shared, norm).activation_bytes, Count(80LL * 4 * 8192 * 512));
    EXPECT_EQ(named(shared, norm).weight_bytes, Count(80LL * 8192 * 2));
  }
  for (const char* sum : {"attention_residual", "mlp_residual"}) {
    EXPECT_EQ(named(plain, sum).activation_bytes, Count(80LL * 6 * 8192 * 4096));
    EXPECT_EQ(named(shared, sum).activation_bytes, Count(80LL * 6 * 8192 * 512));
  }
  EXPECT_EQ(named(shared, "norm").activation_bytes, Count(4LL * 8192 * 512));
  EXPECT_EQ(named(shared, "act_fn").activation_bytes, named(plain, "act_fn").activation_bytes);
}

// 161 all-reduces of 4096·8192 bf16 elements become 161 reduce-scatters and 161 all-gathers of the
// same payload. In a ring an all-reduce sends 2·7/8 of it, each of the two 7/8, at 300 GB/s.
TEST(SequenceParallel, ExchangesTheSameBytesInARing) {
  const auto plain = step_of(llama_70b(), Phase::prefill, 1, 4096, kPlain);
  const auto shared = step_of(llama_70b(), Phase::prefill, 1, 4096, kShared);
  constexpr double kPayload = 4096.0 * 8192 * 2;
  const auto exchanges = [](const StepAnalysis& step, const std::string& kind) {
    std::int64_t count = 0;
    for (const OperatorAnalysis& one : step.operators) {
      if (one.name.ends_with(kind) && one.name != "logits_all_gather") count += one.count;
    }
    return count;
  };
  EXPECT_EQ(exchanges(plain, "_all_reduce"), 161);
  EXPECT_EQ(exchanges(shared, "_all_reduce"), 0);
  EXPECT_EQ(exchanges(shared, "_reduce_scatter"), 161);
  EXPECT_EQ(exchanges(shared, "_all_gather"), 161);
  EXPECT_EQ(named(shared, "mlp_reduce_scatter").network_bytes,
            named(plain, "mlp_all_reduce").network_bytes);
  EXPECT_EQ(named(shared, "mlp_all_gather").network_bytes,
            named(plain, "mlp_all_reduce").network_bytes);
  EXPECT_NEAR(named(shared, "mlp_all_gather").time_s, 80 * 0.875 * kPayload / 300e9, 1e-12);
  EXPECT_NEAR(shared.network_s, plain.network_s, 1e-12);
}

// Three decodes over eight devices: one token each on some, none on others; the busiest sets the
// pace. A norm moves 4·8192 B of it.
TEST(SequenceParallel, RoundsFewTokensUp) {
  const auto step = step_of(llama_70b(), Phase::decode, 3, 1024, kShared);
  EXPECT_EQ(named(step, "input_layernorm").activation_bytes, Count(80LL * 4 * 8192));
  const auto nine = step_of(llama_70b(), Phase::decode, 9, 1024, kShared);
  EXPECT_EQ(named(nine, "input_layernorm").activation_bytes, Count(2LL * 80 * 4 * 8192));
}

TEST(SequenceParallel, SaysInItsFormulaThatItRoundsUp) {
  const auto step = step_of(llama_70b(), Phase::decode, 3, 1024, kShared);
  const FormulaLine& line = named(step, "input_layernorm").formula.front();
  EXPECT_EQ(symbolic::to_text(line.entry.bytes), "2*D*ceil(B/t)");
  EXPECT_EQ(line.value, Count(2 * 8192));
}

// 8192 tokens of 8192 bf16 elements stay on a device between the matrices, and the residual sum
// moves three times as much; with shares 1024 tokens stay, and the embedding, twice 8192 tokens, is
// the widest operator.
TEST(SequenceParallel, KeepsAShareOfTheResidualStreamInMemory) {
  const auto model = llama_70b();
  const auto activations = [&](const Parallelism& split) {
    FitQuestion question;
    question.parallelism = split;
    question.precision = native_precision(model);
    return fit(model, catalog::find_device("h100-sxm").value(), question)->stage().activation_bytes;
  };
  EXPECT_EQ(activations(kPlain), Count(8192LL * 8192 * 2 * (1 + 3)));
  EXPECT_EQ(activations(kShared), Count((1024LL + 2 * 8192) * 8192 * 2));
}

// 70.6 billion bf16 weights on two devices of 80 GB: more devices are named, as asked for.
TEST(SequenceParallel, StaysInWhatFitProposes) {
  const auto model = llama_70b();
  FitQuestion question;
  question.parallelism = {.tensor = 2, .sequence = true};
  question.precision = native_precision(model);
  const auto answer = fit(model, catalog::find_device("h100-sxm").value(), question);
  ASSERT_TRUE(answer->smallest.has_value());
  EXPECT_EQ(answer->smallest->parallelism.sequence, answer->smallest->parallelism.tensor > 1);
  const auto keeps = [](const FitChange& change) {
    return change.options.find("--tensor-parallel-size 4 --sequence-parallel") != std::string::npos;
  };
  EXPECT_TRUE(std::any_of(answer->changes.begin(), answer->changes.end(), keeps));
}

TEST(SequenceParallel, IsRefusedOnOneDevice) {
  const auto faults = illegal_splits(llama_70b(), {.sequence = true});
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].where, "--sequence-parallel");
}

// A device keeps no more of any model.
TEST(SequenceParallel, NeverTakesMoreMemory) {
  for (const auto& entry : catalog::models()) {
    FitQuestion question;
    question.parallelism = {.tensor = 2};
    question.precision = native_precision(entry.architecture);
    if (!illegal_splits(entry.architecture, question.parallelism).empty()) continue;
    const auto device = catalog::find_device("h100-sxm").value();
    const Count plain = fit(entry.architecture, device, question)->stage().activation_bytes;
    question.parallelism.sequence = true;
    const Count shared = fit(entry.architecture, device, question)->stage().activation_bytes;
    EXPECT_LT(shared, plain) << entry.architecture.name;
  }
}

// Whatever the model: no operator moves more, all compute the same and keep the same, and what
// every all-reduce of a ring sends, the two that replace it send too.
RC_GTEST_PROP(SequenceParallelLaw, MovesNoMoreAndComputesTheSame, ()) {
  const auto models = catalog::models();
  const auto& model = models[*rc::gen::inRange<std::size_t>(0, models.size())].architecture;
  Parallelism split{*rc::gen::elementOf(legal_tensor_sizes(model, 8))};
  if (split.tensor == 1 || !illegal_splits(model, split).empty()) return;
  const Phase phase = *rc::gen::elementOf(phases_of(model));
  const std::int64_t batch = *rc::gen::inRange<std::int64_t>(1, 40);
  const std::int64_t context = *rc::gen::inRange<std::int64_t>(1, 3000);
  const auto plain = step_of(model, phase, batch, context, split);
  split.sequence = true;
  const auto shared = step_of(model, phase, batch, context, split);
  RC_ASSERT(shared.flops == plain.flops);
  RC_ASSERT(shared.compulsory_bytes == plain.compulsory_bytes);
  RC_ASSERT(!(plain.bytes < shared.bytes));
  RC_ASSERT(shared.bound_s >= shared.floor_s * (1 - 1e-12));
}

}  // namespace
}  // namespace ridgepoint::predict
