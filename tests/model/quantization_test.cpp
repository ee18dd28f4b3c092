// SPDX-License-Identifier: Apache-2.0
// quantization_config in the spellings that the hub has, and the bytes that follow.
#include <gmock/gmock.h>

#include <string>

#include "core/faults.hpp"
#include "model/tiny.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::model {
namespace {

using ridgepoint::testing::faults_of;
using ridgepoint::testing::tiny;
using ::testing::Contains;
using Method = Quantization::Method;

Architecture read(const std::string& quantization, const std::string& key = "quantization_config") {
  const auto model =
      read_architecture(tiny("llama", ", \"" + key + "\": " + quantization), "x.json");
  EXPECT_EQ(faults_of(model), "") << quantization;
  return model.value_or(Architecture{});
}
Quantization quantized(const std::string& quantization,
                       const std::string& key = "quantization_config") {
  const Architecture model = read(quantization, key);
  EXPECT_TRUE(model.quantization) << quantization;
  return model.quantization.value_or(Quantization{});
}

/// compressed-tensors, with one group of weights.
std::string compressed(const std::string& weights, const std::string& more = "",
                       const std::string& inputs = "null") {
  return R"({"quant_method": "compressed-tensors", "config_groups": {"group_0": {"targets":
      ["Linear"], "input_activations": )" +
         inputs + R"(, "weights": )" + weights + "}}" + more + "}";
}

TEST(Quantization, OfCompressedTensorsIsToldByItsWeights) {
  EXPECT_EQ(
      quantized(compressed(R"({"num_bits": 8, "type": "float", "strategy": "channel"})")).method,
      Method::channel_fp8);
  EXPECT_EQ(
      quantized(compressed(R"({"num_bits": 8, "type": "float", "strategy": "tensor"})")).method,
      Method::tensor_fp8);
  const Quantization nv = quantized(compressed(
      R"({"num_bits": 4, "type": "float", "strategy": "tensor_group", "group_size": 16})"));
  EXPECT_EQ(nv.method, Method::nvfp4);
  const Quantization mx = quantized(
      compressed(R"({"num_bits": 4, "type": "float", "strategy": "group", "group_size": 32})",
                 R"(, "format": "mxfp4-pack-quantized")"));
  EXPECT_EQ(mx.method, Method::mxfp4);  // Kimi K3
  const Quantization w4 = quantized(compressed(
      R"({"num_bits": 4, "type": "int", "strategy": "group", "group_size": 128, "symmetric": true})"));
  EXPECT_EQ(w4.method, Method::group_integer);
  EXPECT_EQ(w4.group_size, 128);
  EXPECT_EQ(w4.zero_bits, 0);
  const Quantization w8a8 = quantized(compressed(
      R"({"num_bits": 8, "type": "int", "strategy": "channel"})", "", R"({"num_bits": 8})"));
  EXPECT_EQ(w8a8.method, Method::int8);
}

TEST(Quantization, ThatIsNotKnownIsSaidAndLeftOut) {
  const Architecture mxfp8 = read(
      compressed(R"({"num_bits": 8, "type": "float", "strategy": "group", "group_size": 32})"));
  EXPECT_FALSE(mxfp8.quantization);
  EXPECT_THAT(mxfp8.assumptions,
              Contains("quantization_config (compressed-tensors) not known: weights are counted "
                       "as bf16"));
}

TEST(Quantization, OfSeveralGroupsThatDifferIsSaid) {
  const Architecture model = read(R"({"quant_method": "compressed-tensors", "config_groups": {
      "group_0": {"targets": ["Linear"], "weights": {"num_bits": 4, "type": "int",
          "strategy": "group", "group_size": 32}},
      "group_1": {"targets": ["re:.*down_proj"], "weights": {"num_bits": 8, "type": "int",
          "strategy": "group", "group_size": 32}}}})");
  EXPECT_THAT(model.assumptions,
              Contains("2 groups of quantized weights differ: all counted as the first"));
}

// Two layers of D = 4, F = 6: the MLP has 3 · 24 = 72 values, q, k, v and o 16 + 8 + 8 + 16 = 48;
// the rest of the 340 (embedding and head 80, norms 4 · 5 = 20) stays at two bytes.
TEST(Quantization, WithTargetsLeavesTheOtherMatricesAlone) {
  const std::string experts = R"({"quant_method": "compressed-tensors", "config_groups": {
      "group_0": {"targets": ["re:.*mlp.*"], "weights": {"num_bits": 8, "type": "float",
          "strategy": "block", "block_structure": [128, 128]}}}})";
  // One byte for each of 2 · 72 values and one fp32 scale for each of 6 matrices.
  EXPECT_EQ(weight_bytes(read(experts)), Count(2 * (340 - 144) + 144 + 6 * 4));
}

TEST(Quantization, OfModelOptIsToldByItsAlgorithm) {
  EXPECT_EQ(quantized(R"({"quant_method": "modelopt", "quant_algo": "NVFP4"})").method,
            Method::nvfp4);
  EXPECT_EQ(quantized(R"({"quant_method": "modelopt", "quant_algo": "FP8"})").method,
            Method::tensor_fp8);
  EXPECT_EQ(quantized(R"({"quant_algo": "W4A16_AWQ", "group_size": 64})").group_size, 64);
  EXPECT_FALSE(
      read(R"({"quant_method": "modelopt", "quant_algo": "MIXED_PRECISION"})").quantization);
}

TEST(Quantization, OfWholeRowsHasNoGroups) {
  EXPECT_EQ(quantized(R"({"quant_method": "gptq", "bits": 4, "group_size": -1})").group_size, 0);
}

TEST(Quantization, OfAnAwqCheckpointWeighsWhatItsTensorsDo) {
  // Llama 2 7B in AWQ: embedding and head 2 · 32,000 · 4096 and 65 norms of 4096 in fp16; in each
  // of 32 layers four matrices of 4096² and three of 4096 · 11,008 in 4 bits, with an fp16 scale
  // and a 4-bit zero for each of 128 inputs.
  constexpr std::int64_t kMatrices = 32LL * (4 * 4096 * 4096 + 3 * 4096 * 11'008);
  const auto model = read_architecture(R"({"model_type":"llama","hidden_size":4096,
      "intermediate_size":11008,"num_hidden_layers":32,"num_attention_heads":32,
      "num_key_value_heads":32,"vocab_size":32000,"tie_word_embeddings":false,
      "torch_dtype":"float16","quantization_config":{"bits":4,"group_size":128,
      "quant_method":"awq","version":"gemm","zero_point":true}})",
                                       "x.json");
  ASSERT_EQ(faults_of(model), "");
  EXPECT_EQ(weight_bytes(*model),
            Count(2 * (2LL * 32'000 * 4096 + 65 * 4096) + kMatrices / 2 + kMatrices / 128 * 5 / 2));
  EXPECT_EQ(weight_bytes(*model), Count(3'889'307'648));
}

TEST(Quantization, OfBitsAndBytesHasItsScales) {
  const Quantization plain = quantized(R"({"quant_method": "bitsandbytes", "load_in_4bit": true})");
  EXPECT_EQ(plain.group_size, 64);  // QLoRA, arXiv:2305.14314, section 3: blocks of 64
  EXPECT_EQ(plain.scale_bits, 32);
  EXPECT_EQ(quantized(R"({"quant_method": "bitsandbytes", "load_in_4bit": true,
      "bnb_4bit_use_double_quant": true})")
                .scale_bits,
            8);
  EXPECT_EQ(quantized(R"({"quant_method": "bitsandbytes", "load_in_8bit": true})").method,
            Method::int8);
}

TEST(Quantization, OfMlxReadsModulesThatDiffer) {
  const Architecture model = read(R"({"group_size": 64, "bits": 4,
      "model.layers.0.mlp.gate": {"group_size": 64, "bits": 8}, "lm_head": false})",
                                  "quantization");
  ASSERT_TRUE(model.quantization);
  EXPECT_THAT(model.assumptions,
              Contains("1 modules are quantized to other than 4 bits: counted as these"));
  // The head's 10 rows of 4 are 80 bytes in place of 10 · (4 · 4 + 16 + 16) bits = 60 bytes.
  const Architecture whole = read(R"({"group_size": 64, "bits": 4})", "quantization");
  EXPECT_EQ(weight_bytes(model), weight_bytes(whole) + Count(20));
}

TEST(Quantization, OfQuarkIsToldByItsType) {
  EXPECT_EQ(quantized(R"({"quant_method": "quark", "global_quant_config": {"weight":
      {"dtype": "fp4", "group_size": 32}}})")
                .method,
            Method::mxfp4);
  EXPECT_EQ(quantized(R"({"quant_method": "quark", "global_quant_config": {"weight":
      {"dtype": "fp8_e4m3", "qscheme": "per_channel"}}})")
                .method,
            Method::channel_fp8);
}

}  // namespace
}  // namespace ridgepoint::model
