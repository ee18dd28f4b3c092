// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <string>

#include "core/faults.hpp"
#include "model/tiny.hpp"
#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::model {
namespace {

using ridgepoint::testing::expect_helpful;
using ridgepoint::testing::faults_of;
using ridgepoint::testing::tiny;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Architecture read(const std::string& text, const Overrides& overrides = {}) {
  const auto architecture = read_architecture(text, "x.json", overrides);
  EXPECT_EQ(faults_of(architecture), "");
  return architecture.value_or(Architecture{});
}
std::string faults(const std::string& text, const Overrides& overrides = {}) {
  return faults_of(read_architecture(text, "x.json", overrides));
}
const Attention& attention(const Architecture& architecture, std::size_t run = 0) {
  return std::get<Attention>(architecture.runs.at(run).mixer);
}

TEST(ReadArchitecture, TakesWhatTheFileSays) {
  const Architecture model = read(tiny("llama", R"(, "max_position_embeddings": 4096)"));
  EXPECT_EQ(model.family, "llama");
  EXPECT_EQ(model.hidden_size, 4);
  EXPECT_EQ(model.vocab_size, 10);
  EXPECT_EQ(model.max_position_embeddings, 4096);
  EXPECT_EQ(model.dtype, DataType::bf16);
  EXPECT_EQ(num_hidden_layers(model), 2);
  ASSERT_EQ(model.runs.size(), 1u);
  EXPECT_EQ(attention(model), (Attention{2, 1, 2, {}, false, false, QueryKeyNorm::none}));
  EXPECT_EQ(std::get<Mlp>(model.runs[0].feed_forward), (Mlp{6, true, "silu", false}));
  EXPECT_THAT(model.assumptions, IsEmpty());
}

TEST(ReadArchitecture, SaysWhatItAssumed) {
  const Architecture model = read(R"({"model_type": "llama", "hidden_size": 8, "vocab_size": 10,
      "intermediate_size": 6, "num_hidden_layers": 2, "num_attention_heads": 2})");
  EXPECT_EQ(attention(model).num_key_value_heads, 2);
  EXPECT_EQ(attention(model).head_dim, 4);
  EXPECT_FALSE(model.tie_word_embeddings);
  EXPECT_THAT(model.assumptions,
              ElementsAre("num_key_value_heads absent: as many as num_attention_heads (MHA)",
                          "head_dim absent: hidden_size / num_attention_heads = 4",
                          "torch_dtype absent: bfloat16",
                          "tie_word_embeddings absent: not tied, as llama has it"));
}

TEST(ReadArchitecture, ReportsAllFaultsAtOnce) {
  EXPECT_EQ(
      faults(R"({"model_type": "llama", "hiden_size": 8, "intermediate_size": "wide",
      "num_hidden_layers": 1e30, "num_attention_heads": 0, "vocab_size": 1.5})"),
      "x.json: /hidden_size | is missing | there is a similar key; did you mean hiden_size?\n"
      "x.json: /vocab_size | expected a whole number, got 1.5 | write a whole number, 1 or more, "
      "without quotes\n"
      "x.json: /num_hidden_layers | 1e30 is absurd: the limit is 65,536 | is there a digit too "
      "many?\n"
      "x.json: /num_attention_heads | must be at least 1, got 0 | write a whole number, 1 or more, "
      "without quotes\n"
      "x.json: /intermediate_size | expected a positive integer, got the string \"wide\" | "
      "write a whole number, 1 or more, without quotes\n");
}

TEST(ReadArchitecture, RefusesHeadsThatDoNotDivide) {
  EXPECT_THAT(faults(tiny("llama"), {{"num_key_value_heads", "3", "--set"}}),
              HasSubstr("--set num_key_value_heads=3 | 3 key/value heads do not divide 2"));
  EXPECT_THAT(faults(R"({"model_type": "llama", "hidden_size": 9, "intermediate_size": 6,
      "num_hidden_layers": 2, "num_attention_heads": 2, "vocab_size": 10})"),
              HasSubstr("2 heads do not divide hidden_size 9"));
}

TEST(ReadArchitecture, AcceptsInfinityWhereNoSizeIsNeeded) {
  EXPECT_EQ(read(tiny("llama", R"(, "time_step_limit": [0.0, Infinity])")).hidden_size, 4);
}

TEST(ReadArchitecture, RefusesAnUnknownTypeOfWeights) {
  EXPECT_THAT(faults(tiny("llama"), {{"torch_dtype", "bfloat61", "--set"}}),
              HasSubstr("\"bfloat61\" is not a known type | expected bfloat16"));
}

TEST(ReadArchitecture, ReadsTheTypeUnderEitherName) {
  EXPECT_EQ(read(tiny("llama"), {{"torch_dtype", "float16", "--set"}}).dtype, DataType::fp16);
  EXPECT_EQ(read(R"({"model_type": "llama", "hidden_size": 8, "intermediate_size": 6,
      "num_hidden_layers": 2, "num_attention_heads": 2, "vocab_size": 10, "dtype": "float32"})")
                .dtype,
            DataType::fp32);
}

TEST(SlidingWindow, IsOnEveryLayerOfMistral) {
  const Architecture model = read(tiny("mistral", R"(, "sliding_window": 4096)"));
  ASSERT_EQ(model.runs.size(), 1u);
  EXPECT_EQ(attention(model).window, 4096);
  EXPECT_EQ(attention(read(tiny("mistral", R"(, "sliding_window": null)"))).window, std::nullopt);
}

TEST(SlidingWindow, OfQwenCountsOnlyWhenItIsUsed) {
  const std::string window = R"(, "sliding_window": 4096, "max_window_layers": 1)";
  EXPECT_EQ(attention(read(tiny("qwen2", window))).window, std::nullopt);
  const Architecture used = read(tiny("qwen2", window + R"(, "use_sliding_window": true)"));
  ASSERT_EQ(used.runs.size(), 2u);
  EXPECT_EQ(attention(used, 0).window, std::nullopt);  // layer 0 is before max_window_layers
  EXPECT_EQ(attention(used, 1).window, 4096);
}

TEST(SlidingWindow, NeedsASoundFirstLayer) {
  EXPECT_THAT(faults(tiny("qwen2", R"(, "use_sliding_window": true, "max_window_layers": -1)")),
              HasSubstr("/max_window_layers | expected a number of layers, got -1"));
}

TEST(SlidingWindow, OfLlamaIsIgnoredAndThatIsSaid) {
  const Architecture model = read(tiny("llama", R"(, "sliding_window": 4096)"));
  EXPECT_EQ(attention(model).window, std::nullopt);
  EXPECT_THAT(model.assumptions,
              ElementsAre("sliding_window 4096 ignored: llama attends to every token"));
}

TEST(SlidingWindow, FollowsTheListOfLayers) {
  const Architecture model = read(tiny("qwen3", R"(, "sliding_window": 64,
      "layer_types": ["sliding_attention", "full_attention"])"));
  ASSERT_EQ(model.runs.size(), 2u);
  EXPECT_EQ(attention(model, 0).window, 64);
  EXPECT_EQ(attention(model, 1).window, std::nullopt);
  EXPECT_THAT(faults(tiny("qwen3", R"(, "layer_types": ["full_attention"])")),
              HasSubstr("lists 1 layers, num_hidden_layers is 2"));
  EXPECT_THAT(faults(tiny("qwen3", R"(, "layer_types": ["other_attention", "full_attention"])")),
              HasSubstr("\"other_attention\" is not supported yet"));
}

TEST(SlidingWindow, NamedByTheListMustHaveASize) {
  EXPECT_THAT(faults(tiny("qwen3", R"(,
      "layer_types": ["sliding_attention", "full_attention"])")),
              HasSubstr("x.json: /sliding_window | is missing"));
}

TEST(Family, UnknownIsReadByItsGeometryAndThatIsSaid) {
  const Architecture model = read(tiny("newcomer"));
  EXPECT_EQ(model.family, "newcomer");
  EXPECT_THAT(model.assumptions,
              Contains("model_type newcomer unknown: read by its geometry, as llama with the parts "
                       "that its keys name"));
  const Architecture sparse = read(tiny("newcomer", R"(, "num_experts": 8, "moe_top_k": 2)"));
  EXPECT_EQ(std::get<MixtureOfExperts>(sparse.runs.at(0).feed_forward).num_experts, 8);
}

TEST(Family, UnknownWithoutGeometryIsToldWhatIsMissing) {
  EXPECT_EQ(
      faults(R"({"model_type": "alexnet", "hidden_size": 8})"),
      "x.json: /model_type | \"alexnet\" is unknown, and its geometry cannot be read: missing "
      "num_hidden_layers, vocab_size, num_attention_heads | a config.json of an unknown family "
      "needs these keys, or their usual other spellings\n");
}

TEST(Family, WithPartsThatNoMixerDescribesIsRefused) {
  for (const char* family : {"rwkv", "rwkv7", "deepseek_v4", "jetmoe", "zamba", "openelm"}) {
    EXPECT_THAT(faults(tiny(family)), HasSubstr("cannot be counted")) << family;
  }
}

TEST(Family, InsideAnotherFileHasTheDefaultsOfItsClass) {
  // LLaVA 1.5 writes no more of its Llama; the class of Transformers has 32 layers of 4096.
  const Architecture model = read(R"({"model_type": "llava", "text_config": {
      "model_type": "llama", "max_position_embeddings": 4096, "torch_dtype": "float16",
      "vocab_size": 32064}, "vision_config": {}})");
  EXPECT_EQ(model.hidden_size, 4096);
  EXPECT_EQ(num_hidden_layers(model), 32);
  EXPECT_EQ(std::get<Mlp>(model.runs.at(0).feed_forward).intermediate_size, 11'008);
  EXPECT_THAT(model.assumptions, Contains("hidden_size absent: 4096, as llama has it"));
  // The same keys are needed where nothing is around them.
  EXPECT_THAT(faults(R"({"model_type": "llama", "vocab_size": 32064})"),
              HasSubstr("/hidden_size | is missing"));
}

TEST(Family, OfPaliGemmaIsInsideThoughItsWidthIsOutsideToo) {
  const Architecture model = read(R"({"model_type": "paligemma", "hidden_size": 2048,
      "text_config": {"model_type": "gemma", "hidden_size": 2048, "intermediate_size": 16384,
      "num_hidden_layers": 18, "num_attention_heads": 8, "num_key_value_heads": 1,
      "vocab_size": 257216}, "vision_config": {}})");
  EXPECT_EQ(num_hidden_layers(model), 18);
}

TEST(Layers, ListedBeyondTheModelAreThoseOfFurtherPredictions) {
  const std::string types = R"(, "sliding_window": 8, "layer_types": ["sliding_attention",
      "full_attention", "full_attention"])";
  const Architecture model = read(tiny("qwen3", types + R"(, "num_nextn_predict_layers": 1)"));
  EXPECT_EQ(num_hidden_layers(model), 2);
  EXPECT_THAT(faults(tiny("qwen3", types)), HasSubstr("lists 3 layers, num_hidden_layers is 2"));
}

TEST(Family, IsFoundByTheClassWhenModelTypeSaysSomethingElse) {
  const Architecture model = read(tiny("git", R"(, "architectures": ["Qwen2ForCausalLM"])"));
  EXPECT_TRUE(attention(model).qkv_bias);
  EXPECT_THAT(model.assumptions,
              Contains("model_type git unknown: read as qwen2, the family of Qwen2ForCausalLM"));
}

TEST(Family, WithPartsOfAnotherKindNeedsAllTheirKeys) {
  EXPECT_THAT(faults(tiny("llama", R"(, "num_local_experts": 8)")),
              HasSubstr("/num_experts_per_tok | is missing"));
  EXPECT_THAT(faults(tiny("llama", R"(, "num_local_experts": 8, "num_experts_per_tok": 9)")),
              HasSubstr("9 of 8 experts for each token"));
  EXPECT_THAT(faults(tiny("llama", R"(, "kv_lora_rank": 512)")),
              AllOf(HasSubstr("/qk_nope_head_dim | is missing"), HasSubstr("/qk_rope_head_dim")));
  EXPECT_THAT(faults(tiny("llama", R"(, "mamba_d_state": 16)")),
              HasSubstr("names state-space layers, but no key says which"));
  EXPECT_EQ(faults(tiny("llama", R"(, "num_local_experts": 0, "kv_lora_rank": null)")), "");
}

TEST(ReadArchitecture, FindsTheLanguageModelInsideAMultimodalFile) {
  const Architecture model = read(R"({"model_type": "seer", "tie_word_embeddings": true,
      "vision_config": {"hidden_size": 99}, "text_config": )" +
                                  tiny("mistral") + "}");
  EXPECT_EQ(model.hidden_size, 4);
  EXPECT_FALSE(model.tie_word_embeddings);  // the inner key counts first
  EXPECT_THAT(model.assumptions,
              Contains("only the language model is counted, not the vision part"));
  EXPECT_THAT(faults(R"({"text_config": {"hidden_size": -1, "model_type": "llama"}})"),
              HasSubstr("x.json: /text_config/hidden_size | must be at least 1, got -1"));
}

TEST(ReadArchitecture, SaysHowAQuantisedFileStoresItsWeights) {
  EXPECT_THAT(
      read(tiny("llama", R"(, "quantization_config": {"quant_method": "fp8"})")).assumptions,
      ElementsAre("weights are stored as quantization_config (fp8) says, what it leaves out as "
                  "bf16"));
  EXPECT_THAT(
      read(tiny("llama", R"(, "quantization_config": {"quant_method": "magic"})")).assumptions,
      ElementsAre("quantization_config (magic) not known: weights are counted as bf16"));
}

TEST(Set, ChangesAKeyAndSaysSo) {
  const Architecture model = read(tiny("llama"), {{"num_key_value_heads", "2", "--set"}});
  EXPECT_EQ(attention(model).num_key_value_heads, 2);
  EXPECT_THAT(model.assumptions, ElementsAre("num_key_value_heads set to 2 (the file says 1)"));
}

TEST(Set, ReachesTheLanguageModelInsideAMultimodalFile) {
  const Architecture model = read(R"({"vision_config": {}, "text_config": )" + tiny("llama") + "}",
                                  {{"vocab_size", "20", "--set"}});
  EXPECT_EQ(model.vocab_size, 20);
  EXPECT_THAT(model.assumptions, Contains("vocab_size set to 20 (the file says 10)"));
}

TEST(Set, OfAnUnknownKeyGetsTheNearestOne) {
  EXPECT_EQ(faults(tiny("llama"), {{"num_kv_heads", "2", "--set"}}),
            "--set | there is no key \"num_kv_heads\" | did you mean num_key_value_heads?\n");
}

TEST(ReadArchitecture, RefusesWhatIsNoObject) {
  EXPECT_THAT(faults("[]"), HasSubstr("expected a config.json object, got a list"));
  EXPECT_THAT(faults(R"({"hidden_size": 4)"), HasSubstr("ends too early"));
  EXPECT_THAT(faults("{}"), HasSubstr("/hidden_size | is missing"));
}

TEST(ReadArchitecture, SaysWhatToDoAboutEveryFault) {
  for (const char* text :
       {"[]", "null", "{}",
        "{\"model_type\": \"ll\xff"
        "ama\"}",
        R"({"model_type": 1})", R"({"model_type": "llama", "hidden_size": -1, "vocab_size": 1e30})",
        R"({"model_type": "llama", "hidden_size": "forty", "mlp_bias": 1, "torch_dtype": 7})",
        R"({"model_type": "a\u001b[2J"})", R"({"model_type": "llama", "kv_lora_rank": 4})",
        R"({"model_type": "llama", "hidden_sise": 4})"}) {
    expect_helpful(read_architecture(text, "x.json"), text);
  }
  for (const char* key : {"foo", "hidden_size", "\x1b"}) {
    expect_helpful(read_architecture(tiny("llama"), "x.json", {{key, "\xff\n", "--set"}}), key);
  }
}

}  // namespace
}  // namespace ridgepoint::model
