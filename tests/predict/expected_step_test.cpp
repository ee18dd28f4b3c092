// SPDX-License-Identifier: Apache-2.0
#include "predict/expected_step.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <variant>

#include "predict/server_band.hpp"
#include "ridgepoint/catalog/calibrations.hpp"
#include "ridgepoint/catalog/catalog.hpp"

namespace ridgepoint::predict {
namespace {

using efficiency::ElementwiseShape;
using efficiency::ExpertsShape;
using efficiency::GemmShape;

/// The expected step of a model that is split over some devices.
struct Built {
  StepPlan plan;
  cost::Step<double> step;
  ExpectedStep expected;

  const ExpectedOperator& named(std::string_view name) const {
    const auto& all = expected.operators();
    return *std::find_if(all.begin(), all.end(),
                         [&](const auto& op) { return op.timed.name == name; });
  }
  std::size_t index(std::string_view name) const {
    return static_cast<std::size_t>(&named(name) - expected.operators().data());
  }
};

Built build(const char* model_name, const char* device_name, Execution execution,
            Phase phase = Phase::decode) {
  const auto device = catalog::find_device(device_name).value();
  const auto model = catalog::find_model(model_name).value();
  execution.calibration = catalog::calibration_of(device).value();
  const auto weights = execution.precision.weights;
  execution.precision = native_precision(model);
  execution.precision.weights = weights;
  StepPlan plan = plan_step(device_shares(model, execution.parallelism).front(), execution, phase);
  auto step = build_step<double>(plan);
  const auto timed = roofline::on_device(step, device).value();
  auto expected = ExpectedStep::build(plan, step, timed, device).value();
  return {std::move(plan), std::move(step), std::move(expected)};
}

Execution split(std::int64_t tensor, Engine::Kind engine = Engine::Kind::vllm) {
  Execution execution;
  execution.parallelism.tensor = tensor;
  execution.engine.kind = engine;
  return execution;
}

// Llama 2 13B on one device: D = 5120, N = K = 40, H = 128, F = 13824, V = 32000. Twelve sequences
// are padded to sixteen; attention sees twelve, and so does the head… which is padded with them.
TEST(ExpectedStep, CallsKernelsOnTheShapesOfTheModel) {
  const Built llama = build("llama-2-13b", "h100-sxm", {});
  const CallPoint at = llama.expected.point({12, 1, 1000});
  EXPECT_EQ(at.tokens, 16);
  const auto gemm = [&](const char* name) {
    const auto shape = std::get<GemmShape>(llama.named(name).call.call.shape(at));
    return std::array{shape.m, shape.n, shape.k};
  };
  EXPECT_EQ(gemm("qkv_proj"), (std::array{16.0, 15360.0, 5120.0}));
  EXPECT_EQ(gemm("o_proj"), (std::array{16.0, 5120.0, 5120.0}));
  EXPECT_EQ(gemm("gate_up_proj"), (std::array{16.0, 27648.0, 5120.0}));
  EXPECT_EQ(gemm("down_proj"), (std::array{16.0, 5120.0, 13824.0}));
  EXPECT_EQ(gemm("lm_head"), (std::array{16.0, 32000.0, 5120.0}));
  const auto attention =
      std::get<efficiency::AttentionShape>(llama.named("attention").call.call.shape(at));
  EXPECT_EQ(attention.batch, 12);
  EXPECT_EQ(attention.context, 1000);
  EXPECT_EQ(attention.query_heads, 40);
  EXPECT_EQ(attention.head_dim, 128);
}

TEST(ExpectedStep, IsTheSumOfItsOperatorsAndOfSampling) {
  const Built llama = build("llama-2-13b", "h100-sxm", {});
  const cost::Shape<double> shape{32, 1, 2048};
  const ExpectedTime time = llama.expected.time(shape);
  double sum = 0;
  for (std::size_t i = 0; i < llama.step.size(); ++i) {
    sum += llama.expected.operator_time(i, llama.expected.point(shape)).seconds;
  }
  EXPECT_NEAR(time.kernels_s, sum, 1e-12);
  EXPECT_GT(time.sampling_s, 8e-6) << "eight kernels of a microsecond at least";
  EXPECT_EQ(time.host_s, 0);
  EXPECT_NEAR(time.whole.seconds, time.kernels_s + time.sampling_s, 1e-12);
  EXPECT_LT(time.whole.low, time.whole.seconds * (1 - kDenseServer.faster / 2));
  EXPECT_GT(time.whole.high, time.whole.seconds * (1 + kDenseServer.slower));
}

TEST(ExpectedStep, OfOneGemmIsWhatItsProfileSays) {
  const Built llama = build("llama-2-13b", "h100-sxm", {});
  const auto profile = llama.plan.execution.calibration->own();
  const auto kernel = std::find_if(profile.kernels.begin(), profile.kernels.end(), [](auto& each) {
    return each.kind == efficiency::OperatorClass::gemm && each.compute == "bf16";
  });
  const auto device = catalog::find_device("h100-sxm").value();
  const auto facts = efficiency::device_facts(device, DataType::bf16).value();
  const auto alone = efficiency::expected_time(*kernel, facts, GemmShape{16, 5120, 13824});
  const auto all =
      llama.expected.operator_time(llama.index("down_proj"), llama.expected.point({16, 1, 100}));
  EXPECT_NEAR(all.seconds, 40 * alone.seconds, 1e-12) << "40 layers";
}

// Over eight H100 vLLM norms within the all-reduce up to half a MiB: 51 tokens of 5120 · 2 bytes.
TEST(ExpectedStep, LeavesNormsToTheAllReduceBeforeThem) {
  const Built llama = build("llama-2-13b", "h100-sxm", split(8));
  const auto norm = llama.index("input_layernorm");
  const auto at = [&](double batch) {
    return llama.expected.operator_time(norm, llama.expected.point({batch, 1, 100})).seconds;
  };
  EXPECT_EQ(at(48), 0);
  EXPECT_GT(at(64), 0);
  const Built alone = build("llama-2-13b", "h100-sxm", split(1));
  EXPECT_GT(alone.expected
                .operator_time(alone.index("input_layernorm"), alone.expected.point({48, 1, 100}))
                .seconds,
            0);
  const Built old = build("llama-2-13b", "a100-sxm-80gb", split(8));
  EXPECT_GT(
      old.expected.operator_time(old.index("input_layernorm"), old.expected.point({48, 1, 100}))
          .seconds,
      0);
}

TEST(ExpectedStep, FindsActivationsQuantisedWhereTheKernelBeforeMadeThem) {
  Execution fp8 = split(1);
  fp8.precision.weights = DataType::fp8;
  const Built llama = build("llama-2-13b", "h100-sxm", fp8);
  EXPECT_TRUE(llama.named("qkv_proj").call.call.input_is_quantised);
  EXPECT_TRUE(llama.named("down_proj").call.call.input_is_quantised);
  EXPECT_FALSE(llama.named("o_proj").call.call.input_is_quantised) << "attention writes 16 bits";
  EXPECT_EQ(llama.named("qkv_proj").call.call.compute, "fp8");
  EXPECT_EQ(llama.named("lm_head").call.call.compute, "fp16") << "as it is stored";
  fp8.engine.kind = Engine::Kind::sglang;
  EXPECT_FALSE(
      build("llama-2-13b", "h100-sxm", fp8).named("qkv_proj").call.call.input_is_quantised);
}

// An A100 has no fp8: it expands such weights to 16 bits.
TEST(ExpectedStep, OnlyStoresNumbersThatTheDeviceCannotMultiply) {
  Execution fp8 = split(1);
  fp8.precision.weights = DataType::fp8;
  const Built llama = build("llama-2-13b", "a100-sxm-80gb", fp8);
  EXPECT_EQ(llama.named("qkv_proj").call.call.compute, "fp8_wo");
  EXPECT_EQ(llama.named("qkv_proj").call.call.peak, DataType::fp16);
  EXPECT_TRUE(llama.expected.kernels().at(*llama.named("qkv_proj").kernel).in_use.is_other_type);
}

// Mixtral: 8 experts of 4096 × 14336, two for a token; one kernel takes rows through them.
TEST(ExpectedStep, TakesRowsThroughTheExpertsInOneKernel) {
  const Built mixtral = build("mixtral-8x7b", "h100-sxm", split(2));
  const CallPoint at = mixtral.expected.point({32, 1, 500});
  const auto shape =
      std::get<ExpertsShape>(mixtral.named("experts_gate_up_proj").call.call.shape(at));
  EXPECT_EQ(shape.tokens, 32);
  EXPECT_EQ(shape.hidden, 4096);
  EXPECT_EQ(shape.intermediate / shape.tensor_parallel, 14336 / 2);
  EXPECT_EQ(shape.experts, 8);
  EXPECT_EQ(shape.experts_per_token, 2);
  EXPECT_EQ(shape.matrices_up, 2);
  for (const char* part : {"topk", "experts_act_fn", "experts_down_proj", "experts_sum"}) {
    EXPECT_EQ(mixtral.named(part).call.how, StepCall::How::elsewhere) << part;
    EXPECT_EQ(mixtral.expected.operator_time(mixtral.index(part), at).seconds, 0) << part;
  }
}

// Engines project to both latents of DeepSeek-V3 in one matmul: 1536 + 512 + 64 columns.
TEST(ExpectedStep, ProjectsToBothLatentsAtOnce) {
  const Built deepseek = build("deepseek-v3", "b200-sxm", split(8));
  const CallPoint at = deepseek.expected.point({8, 1, 500});
  const auto shape = std::get<GemmShape>(deepseek.named("q_a_proj").call.call.shape(at));
  EXPECT_EQ(shape.n, 1536 + 512 + 64);
  EXPECT_EQ(deepseek.named("kv_a_proj_with_mqa").call.how, StepCall::How::elsewhere);
  const auto attention =
      std::get<efficiency::LatentAttentionShape>(deepseek.named("attention").call.call.shape(at));
  EXPECT_EQ(attention.query_heads, 16) << "128 heads over eight devices";
}

TEST(ExpectedStep, OfAHostThatLaunchesEveryKernelWaitsForIt) {
  Execution eager = split(8);
  eager.engine.has_graphs = false;
  const Built llama = build("llama-3.1-70b", "h100-sxm", eager);
  const ExpectedTime time = llama.expected.time({1, 1, 500});
  EXPECT_GT(time.host_s, 0);
  EXPECT_GT(time.whole.seconds, 80 * 11 * 20e-6) << "80 layers of 11 launches of 20 µs at least";
  const ExpectedTime graphs =
      build("llama-3.1-70b", "h100-sxm", split(8)).expected.time({1, 1, 500});
  EXPECT_LT(graphs.whole.seconds, time.whole.seconds);
}

TEST(ExpectedStep, OfAChunkBesideDecodesReadsWeightsOnce) {
  const Built prefill = build("llama-2-13b", "h100-sxm", {}, Phase::prefill);
  const Built decode = build("llama-2-13b", "h100-sxm", {});
  const cost::Shape<double> chunk{1, 512, 512};
  const cost::Shape<double> decodes{64, 1, 1024};
  const double both =
      ExpectedStep::mixed_time({prefill.expected, chunk}, {decode.expected, decodes}).whole.seconds;
  const double apart =
      prefill.expected.time(chunk).whole.seconds + decode.expected.time(decodes).whole.seconds;
  EXPECT_LT(both, apart);
  EXPECT_GT(both, prefill.expected.time(chunk).whole.seconds);
  EXPECT_GT(both, decode.expected.time(decodes).whole.seconds);
}

}  // namespace
}  // namespace ridgepoint::predict
