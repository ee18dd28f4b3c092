// SPDX-License-Identifier: Apache-2.0
// Softmax attention with a mixture of experts.
#include <array>

#include "model/families/finish.hpp"

namespace ridgepoint::model {
namespace {

/// One shared expert as wide as a routed one in every layer with experts.
void finish_llama4(Config&, std::vector<LayerRun>& layers) {
  for_each_moe(layers, [](LayerRun&, MixtureOfExperts& moe) { moe.shared = moe.expert; });
}

/// A dense MLP of the model's own width beside the experts, with a norm of its own.
void finish_arctic(Config& config, std::vector<LayerRun>& layers) {
  if (!config.flag("parallel_attn_mlp_res", true)) return;
  for_each_moe(layers, [&](LayerRun& layer, MixtureOfExperts& moe) {
    moe.dense = moe.expert;
    moe.dense->intermediate_size = config.out().hidden_size;
    layer.norms_per_layer = 3;
  });
}

/// Grok-2 adds a dense MLP of the full width.
void finish_grok2(Config& config, std::vector<LayerRun>& layers) {
  if (!config.flag("residual_moe", true)) return;
  for_each_moe(layers, [&](LayerRun&, MixtureOfExperts& moe) { moe.dense = read_mlp(config); });
}

void finish_dbrx(Config& config, std::vector<LayerRun>&) {
  config.out().tie_word_embeddings = config.flag("tie_word_embeddings", false);
}

/// Norms of queries and keys are over the whole projection.
void finish_minimax_m2(Config& config, std::vector<LayerRun>& layers) {
  const bool per_head = config.word("qk_norm_type", "per_layer") == "per_head";
  for_each_attention(layers, [&](Attention& each) {
    if (each.query_key_norm != QueryKeyNorm::none && per_head) {
      each.query_key_norm = QueryKeyNorm::per_head;
    }
  });
}

/// The windowed layers of MiMo-V2 have heads of their own shape.
void finish_mimo_v2(Config& config, std::vector<LayerRun>& layers) {
  const bool sinks = config.flag("add_swa_attention_sink_bias", true);
  const bool full_sinks = config.flag("add_full_attention_sink_bias", false);
  for_each_attention(layers, [&](Attention& each) {
    each.value_head_dim = config.count_or("v_head_dim", each.head_dim);
    each.has_sinks = each.window ? sinks : full_sinks;
    if (!each.window) return;
    each.num_attention_heads = config.count_or("swa_num_attention_heads", each.num_attention_heads);
    each.num_key_value_heads = config.count_or("swa_num_key_value_heads", each.num_key_value_heads);
    each.head_dim = config.count_or("swa_head_dim", each.head_dim);
    each.value_head_dim = config.count_or("swa_v_head_dim", each.value_head_dim);
  });
}

/// Without use_mixed_mlp_moe there is no shared expert, whatever num_shared_expert says.
void finish_hunyuan(Config& config, std::vector<LayerRun>& layers) {
  const bool shares = config.flag("use_mixed_mlp_moe", true);
  const bool norms = config.flag("use_qk_norm", config.family().name == "hunyuan_v1_moe");
  for_each_moe(layers, [&](LayerRun&, MixtureOfExperts& moe) {
    if (!shares) moe.shared.reset();
  });
  for_each_attention(layers, [&](Attention& each) {
    each.query_key_norm = norms ? QueryKeyNorm::per_head : QueryKeyNorm::none;
  });
}

/// MiniMax-M3: most layers choose blocks of tokens by an indexer; the first ones have a wider MLP.
void finish_minimax_m3(Config& config, std::vector<LayerRun>& layers) {
  const std::int64_t width = config.out().hidden_size;
  std::vector<std::string> kinds = config.strings("layer_types");
  auto sparse = config.nested("sparse_attention_config");
  std::vector<std::int64_t> frequency;
  if (sparse) frequency = sparse->integers("sparse_attention_freq").value_or(frequency);
  std::int64_t heads = config.count_or("index_n_heads", 4);
  std::int64_t dim = config.count_or("index_head_dim", 128);
  if (sparse) heads = sparse->count_or("sparse_num_index_heads", heads);
  if (sparse) dim = sparse->count_or("sparse_index_dim", dim);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (auto* mlp = std::get_if<Mlp>(&layers[i].feed_forward)) {
      mlp->intermediate_size = config.count_or("dense_intermediate_size", mlp->intermediate_size);
    }
    const bool is_sparse = i < kinds.size() ? kinds[i] == "minimax_m3_sparse"
                                            : i < frequency.size() && frequency[i] != 0;
    if (!is_sparse) continue;
    std::vector<ExtraTensor>& extras = layers[i].extras;
    extras.push_back(extra_matmul("self_attn.index_q_proj", width, product(heads, dim)));
    extras.push_back(extra_matmul("self_attn.index_k_proj", width, dim));
    extras.push_back(extra_norm("index_q_norm and index_k_norm", 2 * dim));
  }
  config.assume(
      "sparse layers are counted as if they attended to every token; the indexer's own "
      "keys are not in the KV cache figures");
}

/// Step 3.5: windowed layers have more heads; each head's output is scaled by a gate.
void finish_step3p5(Config& config, std::vector<LayerRun>& layers) {
  std::int64_t windowed_heads = config.count_or("num_sliding_attention_heads", 0);
  if (auto other = config.nested("attention_other_setting")) {
    windowed_heads = other->count_or("num_attention_heads", windowed_heads);
  }
  const bool gates = config.flag("use_head_wise_attn_gate", true);
  for (LayerRun& layer : layers) {
    auto* attention = std::get_if<Attention>(&layer.mixer);
    if (attention == nullptr) continue;
    if (attention->window && windowed_heads > 0) attention->num_attention_heads = windowed_heads;
    if (!gates) continue;
    layer.extras.push_back(
        extra_matmul("self_attn.g_proj", config.out().hidden_size, attention->num_attention_heads));
  }
}

constexpr Norm kLayerNorm{NormKind::layer, true};
constexpr Norm kPlainLayerNorm{NormKind::layer, false};

constexpr Family with_name(Family family, std::string_view name) {
  family.name = name;
  return family;
}

constexpr std::array kLlama4Class{
    Default{"vocab_size", 202048},      Default{"hidden_size", 5120},
    Default{"intermediate_size", 8192}, Default{"moe_intermediate_size", 8192},
    Default{"num_hidden_layers", 48},   Default{"num_attention_heads", 40},
    Default{"num_key_value_heads", 8},  Default{"num_local_experts", 16},
    Default{"num_experts_per_tok", 1},  Default{"attention_chunk_size", 8192}};
constexpr std::array kMixtralClass{Default{"vocab_size", 32000},
                                   Default{"hidden_size", 4096},
                                   Default{"moe_intermediate_size", 14336},
                                   Default{"num_hidden_layers", 32},
                                   Default{"num_attention_heads", 32},
                                   Default{"num_key_value_heads", 8},
                                   Default{"num_local_experts", 8},
                                   Default{"num_experts_per_tok", 2}};

// The first layer is dense, and the first three.
constexpr std::array kHyDefaults{Default{"first_k_dense_replace", 1}};
constexpr std::array kStepDefaults{Default{"first_k_dense_replace", 3}};

constexpr Family kHunyuan{.name = "hunyuan",
                          .ties_embeddings = true,
                          .bias_key = "attention_bias",
                          .mlp_bias_key = "mlp_bias",
                          .finish = finish_hunyuan};

constexpr Family kBailing{.name = "bailing_moe",
                          .qkv_bias_key = "use_qkv_bias",
                          .output_bias_key = "use_bias",
                          .query_key_norm = QueryKeyNorm::per_head,
                          .query_key_norm_key = "use_qk_norm"};

constexpr std::array kFamilies{
    Family{.name = "afmoe",
           .window = WindowRule::all_but_nth,
           .window_period = 4,
           .query_key_norm = QueryKeyNorm::per_head,
           .norms_per_layer = 4,
           .has_output_gate = true,
           .has_correction_bias = true,
           .rotary = RotaryRule::windowed},
    Family{.name = "arctic", .finish = finish_arctic},
    kBailing,
    with_name(kBailing, "bailing_moe_v2"),
    Family{.name = "dbrx", .norm = kPlainLayerNorm, .finish = finish_dbrx},
    Family{.name = "dots1",
           .window = WindowRule::none,
           .bias_key = "attention_bias",
           .query_key_norm = QueryKeyNorm::per_head,
           .has_correction_bias = true},
    Family{.name = "ernie4_5_moe",
           .ties_embeddings = true,
           .bias_key = "use_bias",
           .mlp_bias_key = "use_bias",
           .has_correction_bias = true},
    Family{.name = "ernie4_5_moe_vl", .read_as = "ernie4_5_moe"},
    Family{.name = "exaone_moe",
           .query_key_norm = QueryKeyNorm::per_head,
           .has_correction_bias = true,
           .rotary = RotaryRule::windowed},
    Family{.name = "flex_olmo",
           .bias_key = "attention_bias",
           .query_key_norm = QueryKeyNorm::whole,
           .norms_follow = true},
    Family{.name = "glm4_moe",
           .qkv_bias_key = "attention_bias",
           .query_key_norm = QueryKeyNorm::per_head,
           .query_key_norm_key = "use_qk_norm",
           .has_correction_bias = true},
    Family{.name = "glm4v_moe", .read_as = "glm4_moe"},
    Family{.name = "glm4v_moe_text", .read_as = "glm4_moe"},
    Family{.name = "gpt_oss",
           .window = WindowRule::alternating,
           .bias_key = "attention_bias",
           .bias_by_default = true,
           .head_dim = 64,
           .has_sinks = true,
           .router_bias = true,
           .expert_bias = true},
    Family{.name = "granitemoe", .bias_key = "attention_bias"},
    Family{.name = "granitemoeshared", .bias_key = "attention_bias"},
    Family{.name = "grok-1", .ties_embeddings = true, .activation = "gelu", .norms_per_layer = 4},
    Family{.name = "grok-2", .activation = "gelu", .norms_per_layer = 4, .finish = finish_grok2},
    kHunyuan,
    Family{.name = "hy_v3",
           .bias_key = "attention_bias",
           .query_key_norm = QueryKeyNorm::per_head,
           .has_correction_bias = true,
           .defaults = kHyDefaults},
    with_name(kHunyuan, "hunyuan_v1_moe"),
    Family{.name = "llama4", .read_as = "llama4_text"},
    Family{.name = "llama4_text",
           .bias_key = "attention_bias",
           .rotary = RotaryRule::all_but_nth,
           .nested_defaults = kLlama4Class,
           .finish = finish_llama4},
    Family{.name = "mimo_v2", .read_as = "mimo_v2_flash"},
    Family{.name = "mimo_v2_flash",
           .bias_key = "attention_bias",
           .has_correction_bias = true,
           .finish = finish_mimo_v2},
    Family{.name = "minimax_m2",
           .query_key_norm = QueryKeyNorm::whole,
           .query_key_norm_key = "use_qk_norm",
           .finish = finish_minimax_m2},
    Family{.name = "minimax_m3", .read_as = "minimax_m3_vl_text"},
    Family{.name = "minimax_m3_vl", .read_as = "minimax_m3_vl_text"},
    Family{.name = "minimax_m3_vl_text",
           .query_key_norm = QueryKeyNorm::per_head,
           .has_correction_bias = true,
           .finish = finish_minimax_m3},
    Family{.name = "mixtral", .window = WindowRule::every_layer, .nested_defaults = kMixtralClass},
    Family{.name = "olmoe", .bias_key = "attention_bias", .query_key_norm = QueryKeyNorm::whole},
    Family{.name = "phimoe",
           .window = WindowRule::every_layer,
           .bias_key = "attention_bias",
           .norm = kLayerNorm,
           .lm_head_bias = true},
    Family{.name = "qwen2_moe",
           .window = WindowRule::late_layers,
           .has_qkv_bias = true,
           .has_shared_gate = true},
    Family{.name = "qwen3_moe",
           .window = WindowRule::late_layers,
           .bias_key = "attention_bias",
           .query_key_norm = QueryKeyNorm::per_head},
    Family{.name = "qwen3_vl_moe", .read_as = "qwen3_moe"},
    Family{.name = "qwen3_vl_moe_text", .read_as = "qwen3_moe"},
    Family{.name = "qwen3_omni_moe_text", .read_as = "qwen3_moe"},
    Family{.name = "solar_open", .qkv_bias_key = "attention_bias", .has_correction_bias = true},
    Family{.name = "step3p5",
           .query_key_norm = QueryKeyNorm::per_head,
           .has_correction_bias = true,
           .defaults = kStepDefaults,
           .finish = finish_step3p5},
    Family{.name = "step3p7", .read_as = "step3p5"},
};

}  // namespace

std::span<const Family> expert_families() { return kFamilies; }

}  // namespace ridgepoint::model
