// SPDX-License-Identifier: Apache-2.0
// Dense decoders of the Llama shape and its near relatives.
#include <algorithm>
#include <array>

#include "model/families/finish.hpp"

namespace ridgepoint::model {
namespace {

/// Qwen 1 gives the width of gate and up together.
void halve_mlp(Config&, std::vector<LayerRun>& layers) {
  for (LayerRun& layer : layers) {
    if (auto* mlp = std::get_if<Mlp>(&layer.feed_forward)) mlp->intermediate_size /= 2;
  }
}

void finish_stablelm(Config& config, std::vector<LayerRun>& layers) {
  if (!config.flag("use_parallel_residual", false)) return;
  set_norms(layers, 1);
  set_parallel(layers, true);
}

/// The 13B model, which its file tells only by the width, has ALiBi.
void finish_baichuan(Config& config, std::vector<LayerRun>& layers) {
  constexpr std::int64_t kWidthOf13B = 5120;
  if (config.out().hidden_size != kWidthOf13B) return;
  for_each_attention(layers, [](Attention& each) { each.has_rotary = false; });
}

/// ChatGLM-6B: layer norms, biases and a plain MLP, and its head is its embedding.
void finish_chatglm(Config& config, std::vector<LayerRun>& layers) {
  if (!config.has("inner_hidden_size")) return;
  Architecture& out = config.out();
  out.norm = {NormKind::layer, true};
  out.tie_word_embeddings = config.flag("tie_word_embeddings", true);
  for_each_attention(layers, [](Attention& each) { each.qkv_bias = each.output_bias = true; });
  for (LayerRun& layer : layers) {
    auto* mlp = std::get_if<Mlp>(&layer.feed_forward);
    if (mlp != nullptr) *mlp = {mlp->intermediate_size, false, "gelu", true};
  }
}

/// Every other layer looks at blocks of tokens only, but keeps them all.
void finish_phi3_small(Config& config, std::vector<LayerRun>&) {
  config.assume("block-sparse layers are counted as if they attended to every token");
}

/// BitNet norms the inputs of the last matrix of each part.
void finish_bitnet(Config& config, std::vector<LayerRun>& layers) {
  for (LayerRun& layer : layers) {
    const auto* attention = std::get_if<Attention>(&layer.mixer);
    const auto* mlp = std::get_if<Mlp>(&layer.feed_forward);
    if (attention == nullptr || mlp == nullptr) continue;
    layer.extras.push_back(extra_norm("attn_sub_norm", config.out().hidden_size));
    layer.extras.push_back(extra_norm("ffn_sub_norm", mlp->intermediate_size));
  }
}

/// xIELU has two learned numbers.
void finish_apertus(Config&, std::vector<LayerRun>& layers) {
  for (LayerRun& layer : layers) layer.extras.push_back(extra_parameter("act_fn", 2));
}

/// Every fifth layer or so attends to the image in place of the text.
void finish_mllama(Config& config, std::vector<LayerRun>& layers) {
  const auto crossing = config.integers("cross_attention_layers");
  constexpr std::int64_t kImageTokens = 8;
  config.out().extras.push_back({"embed_tokens of image tokens", ExtraTensor::Use::unread,
                                 kImageTokens, config.out().hidden_size});
  if (!crossing) return;
  for (const std::int64_t number : *crossing) {
    if (number >= static_cast<std::int64_t>(layers.size())) continue;
    LayerRun& layer = layers[static_cast<std::size_t>(number)];
    if (auto* attention = std::get_if<Attention>(&layer.mixer)) {
      attention->has_cache = false;
      attention->has_rotary = false;
      attention->query_key_norm = QueryKeyNorm::per_head;
    }
    layer.extras.push_back(extra_parameter("cross attention gates", 2));
  }
  config.assume("layers that attend to an image cache its tokens, not the text's: not counted");
}

std::int64_t round_up(std::int64_t value, std::int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

/// Nemotron-NAS: each block says what is left of attention and MLP.
class BlockReader {
 public:
  BlockReader(Config& config, LayerRun& layer) : config_(config), layer_(layer) {}

  void read(const json::Value& block) {
    layer_.norms_per_layer = 2;
    if (const json::Value* attention = block.find("attention")) read_attention_part(*attention);
    if (const json::Value* ffn = block.find("ffn")) read_ffn(*ffn);
  }

 private:
  static bool says(const json::Value& object, std::string_view key) {
    const json::Value* value = object.find(key);
    return value != nullptr && value->kind == json::Kind::boolean && value->boolean;
  }

  void read_attention_part(const json::Value& object) {
    if (says(object, "no_op")) {
      layer_.mixer = NoMixer{};
      --layer_.norms_per_layer;
    } else if (says(object, "replace_with_linear")) {
      layer_.mixer = LinearMixer{};
    } else if (const json::Value* group = object.find("n_heads_in_group")) {
      auto* attention = std::get_if<Attention>(&layer_.mixer);
      const std::int64_t heads = group->integer.value_or(0);
      if (attention == nullptr || heads < 1 || attention->num_attention_heads % heads != 0) return;
      attention->num_key_value_heads = attention->num_attention_heads / heads;
    }
  }

  void read_ffn(const json::Value& object) {
    if (says(object, "no_op")) {
      layer_.feed_forward = NoFeedForward{};
      --layer_.norms_per_layer;
    } else if (says(object, "replace_with_linear")) {
      layer_.feed_forward = NoFeedForward{};
      layer_.extras.push_back(
          extra_matmul("mlp.linear", config_.out().hidden_size, config_.out().hidden_size));
    } else if (const json::Value* multiple = object.find("ffn_mult")) {
      constexpr std::int64_t kMultiple = 256;
      constexpr double kMost = 1000;
      if (!(multiple->number > 0) || multiple->number > kMost) return;
      const auto width = static_cast<std::int64_t>(
          2 * multiple->number * static_cast<double>(config_.out().hidden_size) / 3);
      layer_.feed_forward = Mlp{round_up(width, kMultiple)};
    }
  }

  Config& config_;
  LayerRun& layer_;
};

void finish_nas(Config& config, std::vector<LayerRun>& layers) {
  const json::Value* blocks = config.find("block_configs");
  if (blocks == nullptr) return;
  for (std::size_t i = 0; i < std::min(layers.size(), blocks->items.size()); ++i) {
    BlockReader(config, layers[i]).read(blocks->items[i]);
  }
}

// The configuration classes of Transformers, for files that leave out what does not differ.
constexpr std::array kLlamaClass{
    Default{"vocab_size", 32000},        Default{"hidden_size", 4096},
    Default{"intermediate_size", 11008}, Default{"num_hidden_layers", 32},
    Default{"num_attention_heads", 32},  Default{"max_position_embeddings", 2048}};
constexpr std::array kMistralClass{Default{"vocab_size", 32000},
                                   Default{"hidden_size", 4096},
                                   Default{"intermediate_size", 14336},
                                   Default{"num_hidden_layers", 32},
                                   Default{"num_attention_heads", 32},
                                   Default{"num_key_value_heads", 8},
                                   Default{"max_position_embeddings", 131072}};
constexpr std::array kPhi3Class{
    Default{"vocab_size", 32064},       Default{"hidden_size", 3072},
    Default{"intermediate_size", 8192}, Default{"num_hidden_layers", 32},
    Default{"num_attention_heads", 32}, Default{"max_position_embeddings", 4096}};
constexpr std::array kQwen2Class{
    Default{"vocab_size", 151936},       Default{"hidden_size", 4096},
    Default{"intermediate_size", 22016}, Default{"num_hidden_layers", 32},
    Default{"num_attention_heads", 32},  Default{"max_position_embeddings", 32768}};
constexpr std::array kCohereClass{
    Default{"vocab_size", 256000},       Default{"hidden_size", 8192},
    Default{"intermediate_size", 22528}, Default{"num_hidden_layers", 40},
    Default{"num_attention_heads", 64},  Default{"max_position_embeddings", 8192}};
constexpr std::array kCohere2Class{
    Default{"vocab_size", 256000},       Default{"hidden_size", 8192},
    Default{"intermediate_size", 22528}, Default{"num_hidden_layers", 40},
    Default{"num_attention_heads", 64},  Default{"max_position_embeddings", 8192},
    Default{"sliding_window", 4096}};
constexpr std::array kGlm4Class{
    Default{"vocab_size", 151552},       Default{"hidden_size", 4096},
    Default{"intermediate_size", 13696}, Default{"num_hidden_layers", 40},
    Default{"num_attention_heads", 32},  Default{"num_key_value_heads", 2}};
constexpr std::array kMllamaClass{Default{"vocab_size", 128256},
                                  Default{"hidden_size", 4096},
                                  Default{"intermediate_size", 14336},
                                  Default{"num_hidden_layers", 40},
                                  Default{"num_attention_heads", 32},
                                  Default{"num_key_value_heads", 8},
                                  Default{"max_position_embeddings", 131072}};

constexpr std::array kNasDefaults{Default{"intermediate_size", 1},
                                  Default{"num_key_value_heads", 1}};
constexpr Norm kLayerNorm{NormKind::layer, true};
constexpr Norm kPlainLayerNorm{NormKind::layer, false};

constexpr std::array kFamilies{
    Family{.name = "apertus",
           .bias_key = "attention_bias",
           .query_key_norm = QueryKeyNorm::per_head,
           .has_gated_mlp = false,
           .activation = "xielu",
           .finish = finish_apertus},
    Family{.name = "aquila", .read_as = "llama"},
    Family{.name = "arcee",
           .bias_key = "attention_bias",
           .mlp_bias_key = "mlp_bias",
           .has_gated_mlp = false,
           .activation = "relu2"},
    Family{.name = "bitnet",
           .ties_embeddings = true,
           .bias_key = "attention_bias",
           .activation = "relu2",
           .finish = finish_bitnet},
    Family{.name = "cwm", .read_as = "llama"},
    Family{.name = "baichuan", .finish = finish_baichuan},
    Family{.name = "chatglm",
           .qkv_bias_key = "add_qkv_bias",
           .output_bias_key = "add_bias_linear",
           .mlp_bias_key = "add_bias_linear",
           .finish = finish_chatglm},
    Family{.name = "cohere",
           .ties_embeddings = true,
           .bias_key = "attention_bias",
           .query_key_norm = QueryKeyNorm::whole,
           .query_key_norm_key = "use_qk_norm",
           .norm = kPlainLayerNorm,
           .norms_per_layer = 1,
           .is_parallel = true,
           .nested_defaults = kCohereClass},
    Family{.name = "cohere2",
           .window = WindowRule::all_but_nth,
           .window_period = 4,
           .ties_embeddings = true,
           .bias_key = "attention_bias",
           .norm = kPlainLayerNorm,
           .norms_per_layer = 1,
           .rotary = RotaryRule::windowed,
           .is_parallel = true,
           .nested_defaults = kCohere2Class},
    Family{.name = "deci", .read_as = "nemotron-nas"},
    Family{.name = "Dream", .read_as = "qwen2"},
    Family{.name = "ernie4_5",
           .ties_embeddings = true,
           .bias_key = "use_bias",
           .mlp_bias_key = "use_bias"},
    Family{.name = "exaone"},
    Family{.name = "exaone4",
           .query_key_norm = QueryKeyNorm::per_head,
           .rotary = RotaryRule::windowed,
           .norms_follow = true},
    Family{.name = "glm", .qkv_bias_key = "attention_bias"},
    Family{.name = "glm4",
           .qkv_bias_key = "attention_bias",
           .norms_per_layer = 4,
           .nested_defaults = kGlm4Class},
    Family{.name = "glm4v", .read_as = "glm4"},
    Family{.name = "glm4v_text", .read_as = "glm4"},
    Family{.name = "granite", .bias_key = "attention_bias", .mlp_bias_key = "mlp_bias"},
    Family{.name = "helium", .bias_key = "attention_bias", .mlp_bias_key = "mlp_bias"},
    Family{.name = "hunyuan_v1_dense",
           .bias_key = "attention_bias",
           .query_key_norm = QueryKeyNorm::per_head},
    Family{.name = "hunyuan_vl_text", .read_as = "hunyuan_v1_dense"},
    Family{.name = "internlm", .bias_key = "bias", .bias_by_default = true},
    Family{.name = "internlm2", .bias_key = "bias"},
    Family{.name = "internlm3",
           .qkv_bias_key = "qkv_bias",
           .output_bias_key = "bias",
           .mlp_bias_key = "bias"},
    Family{.name = "llama",
           .bias_key = "attention_bias",
           .mlp_bias_key = "mlp_bias",
           .nested_defaults = kLlamaClass},
    Family{.name = "llava_llama", .read_as = "llama"},
    Family{.name = "llava_mistral", .read_as = "mistral"},
    Family{.name = "llava_qwen", .read_as = "qwen2"},
    Family{.name = "mimo", .has_qkv_bias = true},
    Family{.name = "minicpm", .ties_embeddings = true, .bias_key = "attention_bias"},
    Family{.name = "ministral", .read_as = "mistral"},
    Family{.name = "ministral3", .read_as = "mistral"},
    Family{.name = "mistral", .window = WindowRule::every_layer, .nested_defaults = kMistralClass},
    Family{.name = "mllama", .read_as = "mllama_text_model"},
    Family{.name = "mllama_text_model", .nested_defaults = kMllamaClass, .finish = finish_mllama},
    Family{.name = "nemotron",
           .bias_key = "attention_bias",
           .mlp_bias_key = "mlp_bias",
           .has_gated_mlp = false,
           .activation = "relu2",
           .norm = kLayerNorm},
    Family{.name = "nemotron-nas",
           .bias_key = "attention_bias",
           .defaults = kNasDefaults,
           .finish = finish_nas},
    Family{.name = "olmo", .bias_key = "attention_bias", .norm = {NormKind::layer, false, false}},
    Family{.name = "olmo2",
           .bias_key = "attention_bias",
           .query_key_norm = QueryKeyNorm::whole,
           .norms_follow = true},
    Family{.name = "olmo3",
           .window = WindowRule::all_but_nth,
           .window_period = 4,
           .bias_key = "attention_bias",
           .query_key_norm = QueryKeyNorm::whole,
           .norms_follow = true},
    Family{.name = "orion", .norm = kLayerNorm},
    Family{.name = "persimmon",
           .has_qkv_bias = true,
           .has_output_bias = true,
           .has_mlp_bias = true,
           .query_key_norm = QueryKeyNorm::per_head,
           .query_key_norm_key = "qk_layernorm",
           .has_gated_mlp = false,
           .activation = "relu2",
           .norm = kLayerNorm,
           .finish =
               [](Config&, std::vector<LayerRun>& layers) {
                 for_each_attention(layers, [](Attention& a) { a.query_key_norm_bias = true; });
               }},
    Family{.name = "phi3", .window = WindowRule::every_layer, .nested_defaults = kPhi3Class},
    Family{.name = "phi3_v", .read_as = "phi3"},
    Family{.name = "phi3small",
           .ties_embeddings = true,
           .has_qkv_bias = true,
           .has_output_bias = true,
           .has_mlp_bias = true,
           .activation = "gegelu",
           .norm = kLayerNorm,
           .finish = finish_phi3_small},
    Family{.name = "phi4_multimodal", .read_as = "phi3"},
    Family{.name = "phi4mm", .read_as = "phi3"},
    Family{.name = "qwen", .has_qkv_bias = true, .finish = halve_mlp},
    Family{.name = "qwen2",
           .window = WindowRule::late_layers,
           .has_qkv_bias = true,
           .nested_defaults = kQwen2Class},
    Family{.name = "qwen2_5_omni_text", .read_as = "qwen2"},
    Family{.name = "qwen2_5_vl", .read_as = "qwen2"},
    Family{.name = "qwen2_5_vl_text", .read_as = "qwen2"},
    Family{.name = "qwen2_vl", .read_as = "qwen2"},
    Family{.name = "qwen2_vl_text", .read_as = "qwen2"},
    Family{.name = "qwen3",
           .window = WindowRule::late_layers,
           .bias_key = "attention_bias",
           .query_key_norm = QueryKeyNorm::per_head,
           .head_dim = 128,
           .nested_defaults = kQwen2Class},
    Family{.name = "qwen3_vl", .read_as = "qwen3"},
    Family{.name = "qwen3_vl_text", .read_as = "qwen3"},
    Family{.name = "seed_oss",
           .bias_key = "attention_bias",
           .output_bias_key = "attention_out_bias",
           .mlp_bias_key = "mlp_bias",
           .head_dim = 128},
    Family{.name = "smollm3",
           .ties_embeddings = true,
           .bias_key = "attention_bias",
           .mlp_bias_key = "mlp_bias",
           .rotary = RotaryRule::all_but_nth},
    Family{.name = "stablelm",
           .qkv_bias_key = "use_qkv_bias",
           .query_key_norm = QueryKeyNorm::whole,
           .query_key_norm_key = "qk_layernorm",
           .norm = kLayerNorm,
           .finish = finish_stablelm},
    Family{.name = "stablelm_epoch", .read_as = "stablelm"},
    Family{.name = "starcoder2",
           .window = WindowRule::every_layer,
           .ties_embeddings = true,
           .bias_key = "use_bias",
           .bias_by_default = true,
           .mlp_bias_key = "use_bias",
           .has_gated_mlp = false,
           .activation = "gelu_pytorch_tanh",
           .norm = kLayerNorm},
    Family{.name = "xverse", .read_as = "llama"},
    Family{.name = "Yi", .read_as = "llama"},
    Family{.name = "yi", .read_as = "llama"},
};

}  // namespace

std::span<const Family> llama_families() { return kFamilies; }

}  // namespace ridgepoint::model
