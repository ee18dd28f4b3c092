// SPDX-License-Identifier: Apache-2.0
// What the class of each family does and its file hardly says: which layers rotate queries and
// keys, where the norms stand, what runs side by side. Sources: the modelling files of Transformers
// (src/transformers/models/<family>), and the papers named below.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "core/faults.hpp"
#include "model/tiny.hpp"
#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::model {
namespace {

using ridgepoint::testing::faults_of;
using ridgepoint::testing::tiny;
using ::testing::ElementsAre;

Architecture read(const std::string& text) {
  const auto architecture = read_architecture(text, "x.json");
  EXPECT_EQ(faults_of(architecture), "") << text;
  return architecture.value_or(Architecture{});
}

/// Of four layers with two heads of two.
std::string four(const std::string& family, const std::string& more = "") {
  return R"({"model_type": ")" + family +
         R"(", "hidden_size": 4, "intermediate_size": 6, "num_hidden_layers": 4,
             "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 2, "vocab_size": 10,
             "max_position_embeddings": 16, "tie_word_embeddings": false,
             "torch_dtype": "bfloat16")" +
         more + "}";
}

/// One entry for each layer of the decoder, or of the only stack.
std::vector<bool> rotates(const Architecture& model) {
  std::vector<bool> layers(static_cast<std::size_t>(num_hidden_layers(model)));
  for (const LayerRun& run : model.runs) {
    const auto* attention = std::get_if<Attention>(&run.mixer);
    for (const std::int64_t number : run.numbers) {
      layers.at(static_cast<std::size_t>(number)) = attention != nullptr && attention->has_rotary;
    }
  }
  return layers;
}

bool rotates_all(const std::string& text) {
  const std::vector<bool> layers = rotates(read(text));
  return std::find(layers.begin(), layers.end(), false) == layers.end();
}
bool rotates_any(const std::string& text) {
  const std::vector<bool> layers = rotates(read(text));
  return std::find(layers.begin(), layers.end(), true) != layers.end();
}

TEST(Rotation, IsThereInMostFamilies) {
  for (const char* family : {"llama", "qwen2", "gptj", "gpt_neox", "phi", "falcon", "chatglm",
                             "gemma", "gemma2", "mixtral", "granite", "modernbert", "baichuan"}) {
    EXPECT_TRUE(rotates_all(four(family))) << family;
  }
}

TEST(Rotation, IsNotThereWherePositionsAreLearnedOrBiases) {
  // Learned: GPT-2, GPT-Neo, SantaCoder, OPT, BERT. ALiBi: BLOOM, MPT.
  for (const char* family : {"gpt2", "gpt_neo", "gpt_bigcode", "opt", "bert", "bloom", "mpt"}) {
    EXPECT_FALSE(rotates_any(four(family))) << family;
  }
  EXPECT_FALSE(rotates_any(R"({"model_type": "t5", "d_model": 4, "d_ff": 6, "d_kv": 2,
      "num_layers": 2, "num_heads": 2, "vocab_size": 10})"));
}

TEST(Rotation, IsReplacedByAlibiWhereTheFileSaysSo) {
  EXPECT_FALSE(rotates_any(four("falcon", R"(, "alibi": true, "parallel_attn": false)")));  // RW-1B
  EXPECT_TRUE(rotates_all(four("mpt", R"(, "attn_config": {"alibi": false, "rope": true})")));
}

TEST(Rotation, OfBaichuanEndsWithThe13BModel) {
  // Baichuan 2, arXiv:2309.10305, table 2: RoPE for 7B, ALiBi for 13B, which is 5,120 wide.
  EXPECT_FALSE(rotates_any(R"({"model_type": "baichuan", "hidden_size": 5120,
      "intermediate_size": 6, "num_hidden_layers": 1, "num_attention_heads": 40,
      "vocab_size": 10})"));
}

TEST(Rotation, LeavesOutEveryFourthLayerOfLlama4AndSmolLm3) {
  const auto expected = ElementsAre(true, true, true, false);
  EXPECT_THAT(rotates(read(four("smollm3"))), expected);
  EXPECT_THAT(rotates(read(four("llama4_text", R"(, "attention_chunk_size": 8)"))), expected);
  EXPECT_THAT(rotates(read(four("smollm3", R"(, "no_rope_layers": [1, 0, 1, 1])"))),
              ElementsAre(true, false, true, true));
  EXPECT_THAT(rotates(read(four("smollm3", R"(, "no_rope_layer_interval": 2)"))),
              ElementsAre(true, false, true, false));
}

TEST(Rotation, IsOnlyInTheWindowsOfCommandA) {
  const auto expected = ElementsAre(true, true, true, false);
  EXPECT_THAT(rotates(read(four("cohere2", R"(, "sliding_window": 8)"))), expected);
  EXPECT_THAT(
      rotates(read(four("exaone4", R"(, "sliding_window": 8, "sliding_window_pattern": "LLLG")"))),
      expected);
  // EXAONE 4 1.2B has no windows and rotates in every layer.
  EXPECT_TRUE(rotates_all(four("exaone4", R"(, "sliding_window": null)")));
}

TEST(Rotation, IsNotThereInMostHybrids) {
  const std::string jamba = R"(, "attn_layer_period": 2, "attn_layer_offset": 1)";
  EXPECT_FALSE(rotates_any(four("jamba", jamba)));
  const std::string granite = R"(, "layer_types": ["mamba", "attention", "mamba", "attention"],
      "mamba_n_heads": 2, "mamba_d_state": 4)";
  EXPECT_FALSE(rotates_any(four("granitemoehybrid", granite)));
  EXPECT_FALSE(
      rotates_any(four("granitemoehybrid", granite + R"(, "position_embedding_type": "nope")")));
  EXPECT_THAT(
      rotates(read(four("granitemoehybrid", granite + R"(, "position_embedding_type": "rope")"))),
      ElementsAre(false, true, false, true));
}

bool is_parallel(const std::string& text) { return read(text).runs.at(0).is_parallel; }

TEST(Layers, RunAttentionAndMlpSideBySideInSomeFamilies) {
  for (const char* family : {"gptj", "codegen", "gpt_neox", "falcon", "phi", "cohere", "cohere2"}) {
    EXPECT_TRUE(is_parallel(four(family))) << family;
  }
  for (const char* family : {"llama", "gpt2", "opt", "bloom", "stablelm", "mpt", "phi3"}) {
    EXPECT_FALSE(is_parallel(four(family))) << family;
  }
  EXPECT_FALSE(is_parallel(four("gpt_neox", R"(, "use_parallel_residual": false)")));
  EXPECT_TRUE(is_parallel(four("stablelm", R"(, "use_parallel_residual": true)")));
  EXPECT_FALSE(is_parallel(four("falcon", R"(, "parallel_attn": false)")));
  EXPECT_TRUE(is_parallel(four("falcon", R"(, "new_decoder_architecture": true)")));
}

bool norms_follow(const std::string& text) { return read(text).runs.at(0).norms_follow; }

TEST(Norms, FollowTheirPartsInSomeFamilies) {
  // OLMo 2, arXiv:2501.00656, section 2: the outputs of attention and MLP are normed, not the
  // inputs. BERT, as the first Transformer, norms the sum after each part.
  for (const char* family : {"olmo2", "olmo3", "exaone4", "bert", "roberta"}) {
    EXPECT_TRUE(norms_follow(four(family))) << family;
  }
  for (const char* family : {"llama", "olmo", "gpt2", "opt", "gemma2", "modernbert"}) {
    EXPECT_FALSE(norms_follow(four(family))) << family;
  }
  EXPECT_TRUE(norms_follow(four("opt", R"(, "do_layer_norm_before": false)")));  // OPT-350m
}

TEST(Mamba2, WorksOffAPrefillInTheChunksOfItsFile) {
  const auto chunk = [](const std::string& text) {
    return std::get<Mamba2>(read(text).runs.at(0).mixer).chunk_size;
  };
  const std::string nemotron = R"(, "hybrid_override_pattern": "M-M-", "mamba_num_heads": 2,
      "mamba_head_dim": 4, "ssm_state_size": 4, "n_groups": 1)";
  EXPECT_EQ(chunk(four("nemotron_h", nemotron)), 128);  // the class default of Nemotron-H
  EXPECT_EQ(chunk(four("nemotron_h", nemotron + R"(, "chunk_size": 64)")), 64);
  const std::string bamba = R"(, "attn_layer_indices": [1], "mamba_n_heads": 2,
      "mamba_d_state": 4)";
  EXPECT_EQ(chunk(four("bamba", bamba)), 256);
  EXPECT_EQ(chunk(four("bamba", bamba + R"(, "mamba_chunk_size": 128)")), 128);
}

}  // namespace
}  // namespace ridgepoint::model
