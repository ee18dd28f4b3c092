// SPDX-License-Identifier: Apache-2.0
#include "score/served_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ridgepoint/model/storage.hpp"
#include "score/made_up.hpp"
#include "score/server_question.hpp"

namespace ridgepoint::score {
namespace {

using test::question;
using test::small_model;
using ::testing::Contains;
using ::testing::HasSubstr;

model::Architecture with_experts() { return *question(Reading::bound).find_model("small-moe"); }

model::Architecture stored_as(model::Quantization::Method method) {
  model::Architecture out = small_model();
  out.quantization = model::Quantization{.name = "made up", .method = method};
  return out;
}

TEST(ServedModel, OfSixteenBitsIsThatTypeThroughout) {
  const auto served = served_model(stored_as(model::Quantization::Method::block_fp8), "fp16");
  ASSERT_TRUE(served);
  EXPECT_EQ(served->architecture.dtype, DataType::fp16);
  EXPECT_FALSE(served->architecture.quantization);
  EXPECT_EQ(served->precision.kv_cache, DataType::fp16);
  EXPECT_EQ(served->precision.activations, DataType::fp16);
}

TEST(ServedModel, InItsOwnTypeIsAsStoredWithACacheInSixteenBits) {
  using Method = model::Quantization::Method;
  for (const auto& [method, word] : {std::pair{Method::block_fp8, "fp8"}, {Method::mxfp4, "fp4"}}) {
    const auto served = served_model(stored_as(method), word);
    ASSERT_TRUE(served);
    EXPECT_FALSE(served->precision.weights);
    EXPECT_EQ(served->architecture.quantization->method, method);
    EXPECT_EQ(served->precision.kv_cache, DataType::bf16);
  }
}

TEST(ServedModel, QuantisedByAnEngineHasACacheInFp8) {
  const auto fp8 = served_model(small_model(), "fp8");
  ASSERT_TRUE(fp8);
  EXPECT_EQ(fp8->precision.weights, DataType::fp8);
  EXPECT_EQ(fp8->precision.kv_cache, DataType::fp8);
  const auto fp4 = served_model(small_model(), "fp4");
  ASSERT_TRUE(fp4);
  EXPECT_EQ(fp4->precision.weights, DataType::nvfp4);
  EXPECT_EQ(fp4->precision.kv_cache, DataType::fp8);
}

// One expert's gate is 512·256 elements: half a byte each, an fp8 scale for every 16 of a row, and
// one scale of 32 bits: 65,536 + 512·16 + 4 B. The queries are 256·256 in bf16.
TEST(ServedModel, OfExpertsInFp4HasItsAttentionInSixteenBits) {
  const auto served = served_model(with_experts(), "fp4");
  ASSERT_TRUE(served);
  const model::WeightStorage storage(served->architecture);
  const auto queries = storage.of(0, {"self_attn.q_proj"});
  ASSERT_EQ(queries.size(), 1U);
  EXPECT_EQ(queries[0].type, DataType::bf16);
  EXPECT_EQ(queries[0].element, Count(2));
  EXPECT_LT(storage.total_bytes(), model::WeightStorage(with_experts()).total_bytes() / Count(2));
}

// A scale and a zero point of 16 bits for each 32 weights of 4 bits: 5 bits a weight.
TEST(ServedModel, InInt4KeepsTheScalesOfItsGroups) {
  const auto served = served_model(small_model(), "int4-g32");
  ASSERT_TRUE(served);
  const auto down = model::WeightStorage(served->architecture).of(0, {"mlp.down_proj"});
  ASSERT_EQ(down.size(), 1U);
  EXPECT_EQ(down[0].element, Count(5, 8));
}

TEST(ServedModel, OfNoKnownPrecisionIsAsItsCheckpointAndSaysSo) {
  const auto served = served_model(stored_as(model::Quantization::Method::mxfp4), "");
  ASSERT_TRUE(served);
  EXPECT_FALSE(served->precision.weights);
  EXPECT_THAT(served->assumption, HasSubstr("does not say the precision"));
}

TEST(ServedModel, RefusesWordsThatMeanNoPrecision) {
  for (const char* word :
       {"fp7", "int4-g", "int4-g0", "int4-g-8", "int4-g32x", "int4-g99999999", "FP\t8"}) {
    EXPECT_FALSE(served_model(small_model(), word)) << word;
  }
}

TEST(CatalogueNames, LeaveOutWhoQuantisedAModelAndHow) {
  EXPECT_THAT(catalogue_names("nvidia/Llama-3.1-70B-Instruct-FP8"), Contains("Llama-3.1-70B"));
  EXPECT_THAT(catalogue_names("nvidia/DeepSeek-R1-0528-FP4-v2"), Contains("DeepSeek-R1-0528"));
  EXPECT_THAT(catalogue_names("-fp8"), Contains("-fp8"));
  EXPECT_EQ(model_alias("MiniMaxAI/MiniMax-M2.5")->catalogue, "minimax-m2");
  EXPECT_EQ(model_alias("small"), nullptr);
}

TEST(ServedEngine, IsToldByTheNameOfTheFramework) {
  using Kind = predict::Engine::Kind;
  EXPECT_EQ(served_engine("TensorRT-LLM").engine.kind, Kind::tensorrt_llm);
  EXPECT_EQ(served_engine("trtllm").engine.kind, Kind::tensorrt_llm);
  EXPECT_EQ(served_engine("sglang").engine.kind, Kind::sglang);
  EXPECT_TRUE(served_engine("vllm").engine.has_graphs);
  EXPECT_FALSE(served_engine("vLLM(2023)").engine.has_graphs);
  EXPECT_THAT(std::string(served_engine("Deepspeed-MII").assumption), HasSubstr("vLLM"));
}

ServerRun run_with(std::optional<std::int64_t> devices, std::optional<std::int64_t> tensor,
                   std::optional<std::int64_t> data) {
  ServerRun run;
  run.devices = devices;
  run.tensor = tensor;
  run.data = data;
  run.expert = 4;
  return run;
}

TEST(ServerLayout, FollowsFromTheDevicesWhereTensorParallelismIsNotGiven) {
  EXPECT_EQ(layout_of(run_with(8, std::nullopt, 2), true)->tensor, 4);
  EXPECT_EQ(layout_of(run_with(std::nullopt, 2, std::nullopt), true)->devices(), 2);
  EXPECT_EQ(layout_of(run_with(8, 8, 1), true)->expert, 4);
  EXPECT_EQ(layout_of(run_with(8, 8, 1), false)->expert, 1);
  EXPECT_FALSE(layout_of(run_with(8, 2, 2), true));
  EXPECT_FALSE(layout_of(run_with(std::nullopt, std::nullopt, 2), true));
  EXPECT_FALSE(layout_of(run_with(2, std::nullopt, 4), true));
}

// 10 requests over 4 replicas: 3 on the fullest. A batch is that of a replica in aiconfigurator's
// rows, and of all elsewhere.
TEST(ServerLayout, SharesRequestsOutOverReplicas) {
  ServerRun run;
  EXPECT_FALSE(replica_batch(run, 1));
  run.batch = 12;
  EXPECT_EQ(replica_batch(run, 4), 3);
  run.source = "aiconfigurator/x";
  EXPECT_EQ(replica_batch(run, 4), 12);
  run.concurrency = 10;
  EXPECT_EQ(replica_batch(run, 4), 3);
}

}  // namespace
}  // namespace ridgepoint::score
