// SPDX-License-Identifier: Apache-2.0
// What weights and their scales take in the checkpoints of each method, by hand.
#include <gmock/gmock.h>

#include <string>

#include "core/faults.hpp"
#include "model/tiny.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::model {
namespace {

using ridgepoint::testing::faults_of;
using ridgepoint::testing::tiny;

// Two layers of D = 4, F = 6 have seven matrices each, as outputs × inputs: q 4×4, k 2×4, v 2×4,
// o 4×4, gate 6×4, up 6×4, down 4×6: 120 values in 28 rows. Embedding, head (40 each) and five
// norms of 4 stay at two bytes.
constexpr std::int64_t kValues = 2 * 120;
constexpr std::int64_t kRows = 2 * 28;
constexpr std::int64_t kMatrices = 2 * 7;
constexpr std::int64_t kRest = 2 * (40 + 40 + 5 * 4);

Count bytes(const std::string& quantization) {
  const auto model =
      read_architecture(tiny("llama", ", \"quantization_config\": " + quantization), "x.json");
  EXPECT_EQ(faults_of(model), "") << quantization;
  return model ? weight_bytes(*model) : Count(0);
}

std::string compressed(const std::string& weights, const std::string& inputs) {
  return R"({"quant_method": "compressed-tensors", "config_groups": {"group_0": {"targets":
      ["Linear"], "input_activations": )" +
         inputs + R"(, "weights": )" + weights + "}}}";
}

TEST(QuantizedBytes, OfFp8ByTensorAreAnFp32ScaleForEachMatrix) {
  EXPECT_EQ(bytes(R"({"quant_method": "fp8", "activation_scheme": "dynamic"})"),
            Count(kRest + kValues + 4 * kMatrices));
}

TEST(QuantizedBytes, OfAStaticSchemeHaveAScaleForTheInputsToo) {
  EXPECT_EQ(bytes(R"({"quant_method": "fp8", "activation_scheme": "static"})"),
            Count(kRest + kValues + (4 + 4) * kMatrices));
  EXPECT_EQ(bytes(R"({"quant_method": "modelopt", "quant_algo": "FP8"})"),
            Count(kRest + kValues + (4 + 4) * kMatrices));
}

TEST(QuantizedBytes, OfCompressedFp8HaveBf16Scales) {
  EXPECT_EQ(bytes(compressed(R"({"num_bits": 8, "type": "float", "strategy": "channel"})",
                             R"({"num_bits": 8, "type": "float", "dynamic": true})")),
            Count(kRest + kValues + 2 * kRows));
  EXPECT_EQ(bytes(compressed(R"({"num_bits": 8, "type": "float", "strategy": "tensor"})",
                             R"({"num_bits": 8, "type": "float", "dynamic": false})")),
            Count(kRest + kValues + (2 + 2) * kMatrices));
}

TEST(QuantizedBytes, OfInt8HaveAScaleForEachRow) {
  EXPECT_EQ(bytes(compressed(R"({"num_bits": 8, "type": "int", "strategy": "channel"})",
                             R"({"num_bits": 8, "type": "int", "dynamic": true})")),
            Count(kRest + kValues + 2 * kRows));
  EXPECT_EQ(bytes(R"({"quant_method": "bitsandbytes", "load_in_8bit": true})"),
            Count(kRest + kValues + 4 * kRows));  // LLM.int8() keeps fp32
}

TEST(QuantizedBytes, OfNvfp4HaveTwoLevelsOfScalesAndOneOfTheInputs) {
  // A row of up to 16 values has one scale of a byte, a matrix an fp32 one for itself and one for
  // its inputs.
  constexpr std::int64_t kExpected = kRest + kValues / 2 + kRows + (4 + 4) * kMatrices;
  EXPECT_EQ(bytes(R"({"quant_method": "modelopt", "quant_algo": "NVFP4"})"), Count(kExpected));
  EXPECT_EQ(bytes(compressed(
                R"({"num_bits": 4, "type": "float", "strategy": "tensor_group", "group_size": 16})",
                R"({"num_bits": 4, "type": "float", "dynamic": "local"})")),
            Count(kExpected));
}

/// Llama 2 7B in half precision: embedding and head 2 · 32,000 · 4096, 65 norms of 4096; in each
/// of 32 layers four matrices of 4096² and three of 4096 · 11,008.
Count llama_2_7b(const std::string& quantization) {
  const auto model = read_architecture(R"({"model_type":"llama","hidden_size":4096,
      "intermediate_size":11008,"num_hidden_layers":32,"num_attention_heads":32,
      "num_key_value_heads":32,"vocab_size":32000,"tie_word_embeddings":false,
      "torch_dtype":"float16","quantization_config":)" +
                                           quantization + "}",
                                       "x.json");
  EXPECT_EQ(faults_of(model), "");
  return model ? weight_bytes(*model) : Count(0);
}

TEST(QuantizedBytes, OfBitsAndBytesHaveAnFp32ScaleForEach64Values) {
  // 524,820,480 in half precision; 6,476,005,376 values of half a byte and 101,187,584 scales.
  EXPECT_EQ(llama_2_7b(R"({"quant_method": "bitsandbytes", "load_in_4bit": true})"),
            Count(524'820'480 + 3'238'002'688 + 4 * 101'187'584));
}

TEST(QuantizedBytes, OfDoubleQuantisationScaleTheScales) {
  // QLoRA, arXiv:2305.14314, section 3: 8/64 + 32/(64 · 256) = 0.127 bits a value, not 0.5.
  // 101,187,584 scales of a byte and an fp32 one for each 256 of them: 395,264.
  EXPECT_EQ(llama_2_7b(R"({"quant_method": "bitsandbytes", "load_in_4bit": true,
      "bnb_4bit_use_double_quant": true})"),
            Count(524'820'480 + 3'238'002'688 + 101'187'584 + 4 * 395'264));
}

}  // namespace
}  // namespace ridgepoint::model
