// SPDX-License-Identifier: Apache-2.0
// Faults name the key as the file spells it, and say what to write.
#include "core/faults.hpp"

#include <gmock/gmock.h>

#include <string>

#include "model/tiny.hpp"
#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::model {
namespace {

using ridgepoint::testing::expect_helpful;
using ridgepoint::testing::faults_of;
using ridgepoint::testing::tiny;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::string faults(const std::string& text) {
  const auto model = read_architecture(text, "x.json");
  expect_helpful(model, text);
  return faults_of(model);
}

TEST(Fault, InACountNamesTheSpellingOfTheFile) {
  EXPECT_EQ(faults(tiny("deepseek_v3", R"(, "n_routed_experts": 0.1)")),
            "x.json: /n_routed_experts | expected a whole number from 0, got 0.1 | write a "
            "number from 0 to 268,435,456, without quotes\n");
  EXPECT_THAT(
      faults(tiny("llama", R"(, "moe_num_experts": "many")")),
      HasSubstr(
          "x.json: /moe_num_experts | expected a whole number from 0, got the string \"many\""));
}

TEST(Fault, InACountBeyond64BitsIsOne) {
  EXPECT_THAT(faults(tiny("deepseek_v3", R"(, "n_routed_experts": 4, "num_experts_per_tok": 2,
      "n_shared_experts": 1444444444444444444444444)")),
              HasSubstr("x.json: /n_shared_experts | expected a whole number from 0"));
}

TEST(Fault, InTheHeadsNamesTheSpellingOfTheFile) {
  EXPECT_THAT(faults(R"({"model_type": "gpt_neox", "n_embd": 9, "n_layer": 1, "n_head": 2,
      "vocab_size": 10, "intermediate_size": 4})"),
              HasSubstr("x.json: /n_head | 2 heads do not divide hidden_size 9"));
  EXPECT_THAT(faults(R"({"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 4,
      "num_kv_heads": 3, "vocab_size": 10, "intermediate_size": 4})"),
              HasSubstr("x.json: /num_kv_heads | 3 key/value heads do not divide 4 query heads"));
}

TEST(Fault, InTheChosenExpertsNamesTheSpellingOfTheFile) {
  EXPECT_THAT(faults(tiny("llama", R"(, "num_experts": 4, "moe_top_k": 5)")),
              HasSubstr("x.json: /moe_top_k | 5 of 4 experts for each token"));
}

TEST(Fault, InTheTypeOfTheWeightsNamesTheSpellingOfTheFile) {
  EXPECT_THAT(faults(R"({"model_type": "llama", "hidden_size": 8, "num_hidden_layers": 1,
      "num_attention_heads": 2, "vocab_size": 10, "intermediate_size": 4, "dtype": "int5"})"),
              HasSubstr("x.json: /dtype | \"int5\" is not a known type"));
}

TEST(Fault, InALayersNumberSaysWhichThereAre) {
  EXPECT_EQ(faults(tiny("bamba", R"(, "attn_layer_indices": [0, 2], "mamba_n_heads": 2)")),
            "x.json: /attn_layer_indices | names layer 2 of 2 | layers are counted from 0 here, "
            "to 1\n");
  EXPECT_THAT(faults(tiny("kimi_linear", R"(, "linear_attn_config": {"kda_layers": [0],
      "num_heads": 2, "head_dim": 2})")),
              HasSubstr("/linear_attn_config/kda_layers | names layer 0 of 2 | layers are counted "
                        "from 1 here, to 2"));
}

TEST(Fault, InAPatternOfWindowsShowsBothForms) {
  EXPECT_THAT(faults(tiny("gemma3_text", R"(, "_sliding_window_pattern": [1, 2])")),
              AllOf(HasSubstr("x.json: /_sliding_window_pattern | expected a number of layers or "
                              "letters"),
                    HasSubstr("write 6 if every sixth layer sees all tokens, or \"LLLG\"")));
}

TEST(Fault, InAListOfNumbersShowsOne) {
  EXPECT_THAT(faults(tiny("qwen3_moe", R"(, "num_experts": 4, "num_experts_per_tok": 2,
      "mlp_only_layers": [0.5])")),
              HasSubstr("x.json: /mlp_only_layers | expected a list of whole numbers"));
}

TEST(Fault, InTheFirstWindowedLayerSaysWhatTheNumberCounts) {
  EXPECT_THAT(faults(tiny("qwen2", R"(, "use_sliding_window": true, "max_window_layers": "all")")),
              HasSubstr("x.json: /max_window_layers | expected a number of layers, got the string "
                        "\"all\" | write how "
                        "many layers, from the first one on, have no window"));
}

}  // namespace
}  // namespace ridgepoint::model
