// SPDX-License-Identifier: Apache-2.0
// Steps of one of several devices.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::predict {
namespace {

StepAnalysis step_of(const model::Architecture& model, const hardware::Device& device, Phase phase,
                     std::int64_t batch, std::int64_t context, const Parallelism& split) {
  const Workload workload{{phase}, batch, context, native_precision(model), 1, split};
  return analyse(model, device, workload).value().steps.at(0);
}

const OperatorAnalysis& named(const StepAnalysis& step, const std::string& name) {
  for (const OperatorAnalysis& one : step.operators) {
    if (one.name == name) return one;
  }
  ADD_FAILURE() << name;
  return step.operators.front();
}

hardware::Device device_named(const char* name) { return catalog::find_device(name).value(); }
model::Architecture model_named(const char* name) { return catalog::find_model(name).value(); }

// Llama 3.3 70B, 80 layers of D = 8192, on 8 H100: two sums of B·D elements in each layer, and one
// after the embedding; at B = 32 in bf16 161·32·8192·2 B, which NVLink's switches add up: payload
// ÷ 450 GB/s. Logits of 32 rows of 128256 elements are gathered.
TEST(ParallelStep, OfLlama70BOnEightH100ExchangesWhatIsWorkedByHand) {
  const auto step =
      step_of(model_named("llama-3.3-70b"), device_named("h100-sxm"), Phase::decode, 32, 4096, {8});
  EXPECT_EQ(named(step, "attention_all_reduce").network_bytes, Count(80 * 32 * 8192 * 2));
  EXPECT_EQ(named(step, "mlp_all_reduce").network_bytes, Count(80 * 32 * 8192 * 2));
  EXPECT_EQ(named(step, "embed_all_reduce").network_bytes, Count(32 * 8192 * 2));
  EXPECT_EQ(named(step, "logits_all_gather").network_bytes, Count(32 * 128256 * 2));
  EXPECT_EQ(named(step, "attention_all_reduce").bound, roofline::Bound::network_bound);
  EXPECT_DOUBLE_EQ(named(step, "attention_all_reduce").time_s, 80 * 32 * 8192 * 2 / 450e9);
  // Each device reads an eighth of the matrices: 80·2·8192·7168 B of gate_up.
  EXPECT_EQ(named(step, "gate_up_proj").weight_bytes, Count(80LL * 2 * 8192 * 7168));
}

// DeepSeek-V3 on 32 H200s, attention on each, 256 experts over all: 8 on each device. 32 replicas
// of 4 sequences send 128 tokens to the experts. A token's 8 experts lie on 32·(1 − (31/32)^8)
// devices on average, 7.1773 of 7168 elements, to which it goes and from which it comes back.
TEST(ParallelStep, OfDeepSeekV3WithExpertsOver32DevicesIsWorkedByHand) {
  auto h200 = device_named("h200-sxm");
  h200.network_bandwidth = hardware::Figure<BytesPerSecond>{BytesPerSecond(50e9), "a NIC", ""};
  const auto step =
      step_of(model_named("deepseek-v3"), h200, Phase::decode, 4, 1024, {1, 1, 32, 32});
  const double targets = 32 * (1 - std::pow(31.0 / 32, 8));
  const double payload = 58 * 4 * 7168 * 2 * targets;
  EXPECT_NEAR(named(step, "experts_dispatch").network_bytes.to_double(), payload, 1e-3 * payload);
  EXPECT_NEAR(named(step, "experts_combine").network_bytes.to_double(), payload, 1e-3 * payload);
  // 24 of 32 parts cross the network: three quarters of the payload at 50 GB/s.
  EXPECT_NEAR(named(step, "experts_dispatch").time_s, 0.75 * payload / 50e9, 1e-3 * payload / 50e9);
  // FLOPs: 128 tokens with 8 of 256 experts, a 32nd of them here: 32 rows.
  EXPECT_EQ(named(step, "experts_down_proj").flops, Count(58LL * 2 * 32 * 2048 * 7168));
  // Weights: 256·(1 − (31/32)^128) distinct experts, a 32nd of them here.
  const double distinct = 8 * (1 - std::pow(31.0 / 32, 128));
  EXPECT_NEAR(named(step, "experts_down_proj").weight_bytes.to_double(),
              58 * distinct * 2048 * 7168 * 4097 / 4096, 1e6);
}

TEST(ParallelStep, RefusesSplitsThatNoEngineMakes) {
  const Workload workload{{Phase::decode}, 1, 1024, {}, 1, {3}};
  const auto answer = analyse(model_named("llama-3.1-8b"), device_named("h100-sxm"), workload);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error()[0].help, "legal sizes: 1, 2, 4, 8, 16, 32");
}

// Splitting work among n devices cannot make it faster than n times.
RC_GTEST_PROP(ParallelStepLaw, TensorParallelIsNeverMoreThanSoManyTimesFaster, ()) {
  const auto models = catalog::models();
  const auto& model = models[*rc::gen::inRange<std::size_t>(0, models.size())].architecture;
  const auto legal = legal_tensor_sizes(model, 8);
  const Parallelism split{*rc::gen::elementOf(legal)};
  if (!illegal_splits(model, split).empty()) return;
  const auto device = device_named("h100-sxm");
  const Phase phase = *rc::gen::elementOf(phases_of(model));
  const std::int64_t batch = *rc::gen::inRange<std::int64_t>(1, 300);
  const std::int64_t context = *rc::gen::inRange<std::int64_t>(1, 9000);
  const auto one = step_of(model, device, phase, batch, context, {});
  const auto many = step_of(model, device, phase, batch, context, split);
  const auto n = static_cast<double>(split.tensor);
  RC_ASSERT(n * many.bound_s >= one.bound_s * (1 - 1e-9));
  RC_ASSERT(n * many.floor_s >= one.floor_s * (1 - 1e-9));
  RC_ASSERT(many.bound_s >= many.floor_s * (1 - 1e-12));
}

}  // namespace
}  // namespace ridgepoint::predict
