// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/model/parameters.hpp"

#include <gmock/gmock.h>

#include "core/faults.hpp"
#include "model/tiny.hpp"

namespace ridgepoint::model {
namespace {

using ridgepoint::testing::faults_of;
using ridgepoint::testing::tiny;
using ::testing::HasSubstr;

Architecture read(const std::string& text) { return read_architecture(text, "x").value(); }
std::int64_t total(const std::string& text) { return total_parameters(read(text)).value(); }

// D = 4, F = 6, L = 2, N = 2, K = 1, H = 2, V = 10. A layer: q 4·4 = 16, k and v 4·2 = 8 each,
// o 16, together 48; the MLP 3·4·6 = 72; two norms 8: 128. The model: embedding 40 + 2·128 +
// final norm 4 + lm_head 40 = 340.
TEST(TotalParameters, OfAGatedModelAreCountedByHand) { EXPECT_EQ(total(tiny("llama")), 340); }

TEST(TotalParameters, CountATiedMatrixOnce) {
  Architecture tied = read(tiny("llama"));
  tied.tie_word_embeddings = true;
  EXPECT_EQ(total_parameters(tied).value(), 300);  // 340 − 40
}

TEST(TotalParameters, CountTheBiasesThatQwen2ImpliesWithoutAKey) {
  EXPECT_EQ(total(tiny("qwen2")), 356);  // q 4 + k 2 + v 2 in each of two layers: 340 + 16
}

TEST(TotalParameters, CountTheBiasesThatAFileNames) {
  // q 4 + k 2 + v 2 + o 4 = 12 a layer; gate 6 + up 6 + down 4 = 16 a layer.
  EXPECT_EQ(total(tiny("llama", R"(, "attention_bias": true)")), 364);
  EXPECT_EQ(total(tiny("llama", R"(, "attention_bias": true, "mlp_bias": true)")), 396);
}

TEST(TotalParameters, CountQueryAndKeyNorms) {
  EXPECT_EQ(total(tiny("qwen3")), 348);  // per head: 2 + 2 a layer
  EXPECT_EQ(total(tiny("olmo2")), 352);  // whole: 4 + 2 a layer
}

TEST(TotalParameters, OfAPlainMlpWithLayerNormsAreCountedByHand) {
  // A layer: attention 48 + 12 biases; MLP 2·24 + 6 + 4; norms 2·(4 + 4): 134. The model: 40 +
  // 2·134 + final norm 8 + lm_head 40.
  EXPECT_EQ(total(tiny("starcoder2")), 356);
}

TEST(TotalParameters, CountPositionsAndTheBiasOfTheHead) {
  Architecture architecture = read(tiny("llama"));
  architecture.learned_position_rows = 3;
  architecture.lm_head_bias = true;
  EXPECT_EQ(total_parameters(architecture).value(), 340 + 3 * 4 + 10);
}

TEST(TotalParameters, Above64BitsAreAnErrorAndNeverAWrap) {
  Architecture huge = read(tiny("llama"));
  huge.runs[0].count = std::int64_t{1} << 20;
  huge.hidden_size = std::int64_t{1} << 28;
  std::get<Mlp>(huge.runs[0].feed_forward).intermediate_size = std::int64_t{1} << 28;
  EXPECT_THAT(faults_of(total_parameters(huge)), HasSubstr("more than 2^63 - 1"));
}

TEST(KvCache, OfATokenIsKeysAndValuesOfEveryLayer) {
  // 2 · 1 head · 2 wide · 2 layers = 8 elements.
  const Architecture architecture = read(tiny("llama"));
  EXPECT_EQ(kv_bytes_per_token(architecture, byte_size(DataType::bf16)), Count(16));
  EXPECT_EQ(kv_bytes_per_token(architecture, byte_size(DataType::fp8)), Count(8));
  EXPECT_EQ(kv_bytes_per_token(architecture, byte_size(DataType::int4)), Count(4));
}

TEST(KvCache, OfALayerStopsGrowingAtItsWindow) {
  const Architecture architecture = read(tiny("gemma2", R"(, "sliding_window": 5)"));
  const ByteSize element = byte_size(DataType::bf16);
  const std::vector<KvWindow> windows = kv_windows(architecture, element);
  ASSERT_EQ(windows.size(), 2u);
  EXPECT_EQ(windows[0].tokens, 0);
  EXPECT_EQ(windows[1].tokens, 5);
  EXPECT_EQ(windows[1].layers, 1);
  // 8 bytes a token and layer: at 4 tokens 4·16; at 7 one layer has 7·8 and the other 5·8.
  EXPECT_EQ(kv_bytes_per_sequence(architecture, 4, element), Count(64));
  EXPECT_EQ(kv_bytes_per_sequence(architecture, 7, element), Count(96));
}

}  // namespace
}  // namespace ridgepoint::model
