// SPDX-License-Identifier: Apache-2.0
// What `--set` makes of known models, worked by hand.
#include <gmock/gmock.h>

#include <string>

#include "core/faults.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::model {
namespace {

using ridgepoint::testing::faults_of;
using ::testing::HasSubstr;

// The facts of Llama-3.1-8B, Qwen3-30B-A3B, DeepSeek-V3 and Gemma 3 1B.
constexpr const char* kLlama = R"({"model_type":"llama","hidden_size":4096,
    "intermediate_size":14336,"num_hidden_layers":32,"num_attention_heads":32,
    "num_key_value_heads":8,"vocab_size":128256,"tie_word_embeddings":false})";
constexpr const char* kQwen = R"({"model_type":"qwen3_moe","hidden_size":2048,"head_dim":128,
    "moe_intermediate_size":768,"num_hidden_layers":48,"num_attention_heads":32,
    "num_key_value_heads":4,"num_experts":128,"num_experts_per_tok":8,"vocab_size":151936,
    "tie_word_embeddings":false})";
constexpr const char* kDeepSeek = R"({"model_type":"deepseek_v3","hidden_size":7168,
    "intermediate_size":18432,"moe_intermediate_size":2048,"num_hidden_layers":61,
    "num_attention_heads":128,"num_key_value_heads":128,"q_lora_rank":1536,"kv_lora_rank":512,
    "qk_nope_head_dim":128,"qk_rope_head_dim":64,"v_head_dim":128,"n_routed_experts":256,
    "num_experts_per_tok":8,"n_shared_experts":1,"first_k_dense_replace":3,"vocab_size":129280,
    "tie_word_embeddings":false})";
constexpr const char* kGemma = R"({"model_type":"gemma3_text","hidden_size":1152,"head_dim":256,
    "intermediate_size":6912,"num_hidden_layers":26,"num_attention_heads":4,
    "num_key_value_heads":1,"vocab_size":262144,"sliding_window":512,
    "sliding_window_pattern":6})";

Overrides set(std::initializer_list<std::pair<const char*, const char*>> changes) {
  Overrides overrides;
  for (const auto& [key, value] : changes) overrides.push_back({key, value, "--set"});
  return overrides;
}
Architecture read(const char* text, const Overrides& overrides = {}) {
  const auto model = read_architecture(text, "x.json", overrides);
  EXPECT_EQ(faults_of(model), "");
  return model.value_or(Architecture{});
}
std::int64_t total(const char* text, const Overrides& overrides = {}) {
  return total_parameters(read(text, overrides)).value();
}
Count cache(const char* text, const Overrides& overrides = {}) {
  return kv_bytes_per_token(read(text, overrides), {2, 1});
}
Count late_cache(const char* text, const Overrides& overrides = {}) {
  return kv_bytes_per_token_beyond_window(read(text, overrides), {2, 1});
}
std::string faults(const char* text, const Overrides& overrides) {
  return faults_of(read_architecture(text, "x.json", overrides));
}

TEST(WhatIf, LlamaHadFewerHeadsOfKeysAndValues) {
  // K and V: 2 · 32 layers · 8 heads · 128 · 2 bytes; 1 head is an eighth.
  EXPECT_EQ(cache(kLlama), Count(131'072));
  EXPECT_EQ(cache(kLlama, set({{"num_key_value_heads", "1"}})), Count(16'384));
  // Their projections lose 7 heads: 2 · 4096 · 7 · 128 values a layer.
  EXPECT_EQ(total(kLlama) - total(kLlama, set({{"num_key_value_heads", "1"}})),
            32LL * 2 * 4096 * 7 * 128);
}

TEST(WhatIf, LlamaSharedItsCacheBetweenLayers) {
  // Layers 0, 2, 4 … keep theirs: half. The last 24 share: 8 of 32 keep theirs.
  EXPECT_EQ(cache(kLlama, set({{"cla_share_factor", "2"}})), Count(65'536));
  EXPECT_EQ(cache(kLlama, set({{"num_kv_shared_layers", "24"}})), Count(32'768));
  EXPECT_EQ(total(kLlama) - total(kLlama, set({{"num_kv_shared_layers", "24"}})),
            24LL * 2 * 4096 * 1024);
  EXPECT_THAT(faults(kLlama, set({{"num_kv_shared_layers", "32"}})),
              HasSubstr("32 of 32 layers share a cache"));
}

TEST(WhatIf, LlamaHadWindowsOnThreeOfFourLayers) {
  const Overrides windows = set({{"sliding_window", "4096"}, {"sliding_window_pattern", "4"}});
  EXPECT_EQ(cache(kLlama, windows), Count(131'072));
  EXPECT_EQ(late_cache(kLlama, windows), Count(32'768));  // 8 of 32 layers
  // 8 layers of 4096 bytes keep all 10,000 tokens, 24 keep 4096 of them.
  EXPECT_EQ(kv_bytes_per_sequence(read(kLlama, windows), 10'000, {2, 1}),
            Count(8LL * 4096 * 10'000 + 24LL * 4096 * 4096));
  EXPECT_EQ(total(kLlama, windows), total(kLlama));
}

TEST(WhatIf, LlamaHadExperts) {
  // 8 experts in place of one MLP: 7 more of 3 · 4096 · 14,336 and a router of 4096 · 8, a layer.
  const Overrides experts = set({{"num_local_experts", "8"}, {"num_experts_per_tok", "2"}});
  EXPECT_EQ(total(kLlama, experts) - total(kLlama), 32LL * (7LL * 3 * 4096 * 14'336 + 4096 * 8));
}

TEST(WhatIf, QwenHadMoreExperts) {
  // An expert has 3 · 2048 · 768 values and a row of the router 2048.
  EXPECT_EQ(total(kQwen, set({{"num_experts", "256"}})) - total(kQwen),
            48LL * 128 * (3 * 2048 * 768 + 2048));
  // The key of another family counts as well.
  EXPECT_EQ(total(kQwen, set({{"num_local_experts", "256"}})),
            total(kQwen, set({{"num_experts", "256"}})));
  const auto active = [](const Overrides& overrides) {
    return active_parameters(read(kQwen, overrides)).value();
  };
  EXPECT_EQ(active(set({{"num_experts_per_tok", "16"}})) - active({}), 48LL * 8 * 3 * 2048 * 768);
}

TEST(WhatIf, DeepSeekHadANarrowerLatent) {
  // 61 layers · (512 + 64) · 2 bytes, and with 256 in place of 512.
  EXPECT_EQ(cache(kDeepSeek), Count(70'272));
  EXPECT_EQ(cache(kDeepSeek, set({{"kv_lora_rank", "256"}})), Count(39'040));
  EXPECT_THAT(faults(kDeepSeek, set({{"cla_share_factor", "2"}})),
              HasSubstr("layers of latent attention cannot share their cache"));
  EXPECT_THAT(faults(kDeepSeek, set({{"sliding_window", "4096"}, {"sliding_window_pattern", "4"}})),
              HasSubstr("layers of latent attention have no window"));
}

TEST(WhatIf, DeepSeekHadMoreExperts) {
  // 58 layers with experts of 3 · 7168 · 2048, a row of the router and a correction each.
  EXPECT_EQ(total(kDeepSeek, set({{"n_routed_experts", "384"}})) - total(kDeepSeek),
            58LL * 128 * (3 * 7168 * 2048 + 7168 + 1));
}

TEST(WhatIf, GemmaHadOtherWindows) {
  // 26 layers of 2 · 1 · 256 · 2 bytes; layers 5, 11, 17 and 23 see every token.
  EXPECT_EQ(cache(kGemma), Count(26 * 1024));
  EXPECT_EQ(late_cache(kGemma), Count(4 * 1024));
  EXPECT_EQ(late_cache(kGemma, set({{"sliding_window_pattern", "2"}})), Count(13 * 1024));
  EXPECT_EQ(cache(kGemma, set({{"num_kv_shared_layers", "13"}})), Count(13 * 1024));
}

// Of Gemma's 26 layers the 6th, 12th, 18th and 24th see every token, 1024 bytes each: of these the
// first and third keep their caches, of the 22 others every second.
TEST(WhatIf, LayersSharedTheCacheOfTheirOwnKind) {
  const Overrides shared = set({{"cla_share_factor", "2"}});
  EXPECT_EQ(late_cache(kGemma), Count(4 * 1024));
  EXPECT_EQ(late_cache(kGemma, shared), Count(2 * 1024));
  EXPECT_EQ(cache(kGemma, shared), Count(13 * 1024));
}

// A pattern that is asked for rules over what the file says of windows in its own ways.
TEST(WhatIf, ALayerListAndASwitchGaveWayToAPattern) {
  constexpr const char* kListed = R"({"model_type":"qwen3","hidden_size":4,"head_dim":2,
      "intermediate_size":6,"num_hidden_layers":4,"num_attention_heads":2,
      "num_key_value_heads":1,"vocab_size":10,"use_sliding_window":false,"layer_types":
      ["full_attention","full_attention","full_attention","full_attention"]})";
  const Overrides pattern = set({{"sliding_window", "8"}, {"sliding_window_pattern", "4"}});
  EXPECT_EQ(late_cache(kListed, pattern), Count(1 * 8));
}

TEST(WhatIf, NothingChangedAndThatIsSaid) {
  const auto said = [](const Overrides& overrides) {
    const auto model = read(kLlama, overrides);
    return ::testing::PrintToString(model.assumptions);
  };
  EXPECT_THAT(said(set({{"q_lora_rank", "8"}})),
              HasSubstr("q_lora_rank set to 8 changes nothing of this model"));
  EXPECT_THAT(said(set({{"num_key_value_heads", "4"}})),
              ::testing::Not(HasSubstr("changes nothing")));
}

TEST(WhatIf, AModelHadMoreLayers) {
  // A layer of Llama-3.1-8B: 2 · 4096² + 2 · 4096 · 1024 + 3 · 4096 · 14,336 + 2 · 4096.
  EXPECT_EQ(total(kLlama, set({{"num_hidden_layers", "40"}})) - total(kLlama), 8LL * 218'112'000);
}

TEST(WhatIf, AListOfLayersGoesOnAsItBegan) {
  constexpr const char* kListed = R"({"model_type":"qwen3","hidden_size":4,"head_dim":2,
      "intermediate_size":6,"num_hidden_layers":4,"num_attention_heads":2,
      "num_key_value_heads":1,"vocab_size":10,"sliding_window":8,"layer_types":
      ["sliding_attention","full_attention","sliding_attention","full_attention"]})";
  // Two bytes · (key and value of 2) = 8 bytes a layer and token.
  EXPECT_EQ(late_cache(kListed, set({{"num_hidden_layers", "10"}})), Count(5 * 8));
  EXPECT_EQ(late_cache(kListed, set({{"num_hidden_layers", "3"}})), Count(1 * 8));
}

}  // namespace
}  // namespace ridgepoint::model
