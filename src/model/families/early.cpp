// SPDX-License-Identifier: Apache-2.0
// GPT-2 and what followed until 2023: layer norms, biases, plain MLPs of four times the width.
#include <array>

#include "model/families/finish.hpp"

namespace ridgepoint::model {
namespace {

void finish_bloom(Config& config, std::vector<LayerRun>&) {
  config.out().extras.push_back(
      extra_norm("word_embeddings_layernorm", config.out().hidden_size, true));
}

/// One norm where attention and MLP run in parallel, but Falcon-40B and -180B have two.
void finish_falcon(Config& config, std::vector<LayerRun>& layers) {
  const bool is_new = config.flag("new_decoder_architecture", false);
  const bool is_parallel = is_new || config.flag("parallel_attn", true);
  const std::int64_t norms = config.count_or("num_ln_in_parallel_attn", is_new ? 2 : 1);
  set_norms(layers, is_parallel ? norms : 2);
  set_parallel(layers, is_parallel);
}

void finish_mpt(Config& config, std::vector<LayerRun>& layers) {
  const bool has_bias = !config.flag("no_bias", true);
  config.out().norm.has_bias = has_bias;
  auto attention = config.nested("attn_config");
  const bool norms_keys = attention && attention->flag("qk_ln", false);
  const bool rotates = attention && attention->flag("rope", false);
  for_each_attention(layers, [&](Attention& each) {
    each.has_rotary = rotates;
    each.qkv_bias = each.output_bias = has_bias;
    if (norms_keys) each.query_key_norm = QueryKeyNorm::whole;
  });
  for (LayerRun& layer : layers) {
    if (auto* mlp = std::get_if<Mlp>(&layer.feed_forward)) mlp->has_bias = has_bias;
  }
}

/// OPT-350m embeds in half the width and has no last norm.
void finish_opt(Config& config, std::vector<LayerRun>& layers) {
  Architecture& out = config.out();
  const bool has_bias = config.flag("enable_bias", true);
  for_each_attention(layers, [&](Attention& each) { each.qkv_bias = each.output_bias = has_bias; });
  const bool norms_before = config.flag("do_layer_norm_before", true);
  for (LayerRun& layer : layers) layer.norms_follow = !norms_before;
  out.has_final_norm = norms_before && !config.flag("_remove_final_layer_norm", false);
  const auto width = config.optional_size("word_embed_proj_dim");
  if (!width || *width == out.hidden_size) return;
  out.embedding_size = *width;
  out.extras.push_back(extra_matmul("project_in", *width, out.hidden_size));
  out.extras.push_back(extra_matmul("project_out", out.hidden_size, *width));
  out.extras.back().at_exit = true;
}

void finish_phi(Config& config, std::vector<LayerRun>& layers) {
  if (!config.flag("qk_layernorm", false)) return;
  for_each_attention(layers, [](Attention& each) {
    each.query_key_norm = QueryKeyNorm::per_head;
    each.query_key_norm_bias = true;
  });
}

void finish_neox(Config& config, std::vector<LayerRun>& layers) {
  set_parallel(layers, config.flag("use_parallel_residual", true));
  if (config.flag("attention_bias", true)) return;
  for_each_attention(layers, [](Attention& each) { each.qkv_bias = each.output_bias = false; });
}

constexpr Norm kLayerNorm{NormKind::layer, true};

constexpr Family kGpt2{.name = "gpt2",
                       .ties_embeddings = true,
                       .has_qkv_bias = true,
                       .has_output_bias = true,
                       .has_mlp_bias = true,
                       .has_gated_mlp = false,
                       .widens_four_times = true,
                       .activation = "gelu_new",
                       .norm = kLayerNorm,
                       .has_learned_positions = true,
                       .rotary = RotaryRule::none};

constexpr Family with_name(Family family, std::string_view name) {
  family.name = name;
  return family;
}

constexpr Family kPhi{.name = "phi",
                      .has_qkv_bias = true,
                      .has_output_bias = true,
                      .has_mlp_bias = true,
                      .has_gated_mlp = false,
                      .widens_four_times = true,
                      .activation = "gelu_new",
                      .norm = kLayerNorm,
                      .norms_per_layer = 1,
                      .lm_head_bias = true,
                      .is_parallel = true,
                      .finish = finish_phi};

constexpr Family kDecoderOfTranslation{.name = "decoder of a translator",
                                       .ties_embeddings = true,
                                       .has_qkv_bias = true,
                                       .has_output_bias = true,
                                       .has_mlp_bias = true,
                                       .has_gated_mlp = false,
                                       .activation = "gelu",
                                       .norm = kLayerNorm,
                                       .rotary = RotaryRule::none};

/// BioGPT's table of positions has two rows in front, as OPT's.
constexpr Family biogpt() {
  Family family = with_name(kDecoderOfTranslation, "biogpt");
  family.has_learned_positions = true;
  family.extra_position_rows = 2;
  return family;
}

/// The first GPT norms after each part and has no last norm.
constexpr Family first_gpt() {
  Family family = with_name(kGpt2, "openai-gpt");
  family.has_final_norm = false;
  family.norms_follow = true;
  return family;
}

constexpr std::array kFamilies{
    biogpt(),
    Family{.name = "bloom",
           .ties_embeddings = true,
           .has_qkv_bias = true,
           .has_output_bias = true,
           .has_mlp_bias = true,
           .has_gated_mlp = false,
           .widens_four_times = true,
           .activation = "gelu",
           .norm = kLayerNorm,
           .rotary = RotaryRule::none,
           .finish = finish_bloom},
    Family{.name = "codegen",
           .has_mlp_bias = true,
           .has_gated_mlp = false,
           .widens_four_times = true,
           .activation = "gelu_new",
           .norm = kLayerNorm,
           .norms_per_layer = 1,
           .lm_head_bias = true,
           .is_parallel = true},
    Family{.name = "falcon",
           .ties_embeddings = true,
           .bias_key = "bias",
           .mlp_bias_key = "bias",
           .has_gated_mlp = false,
           .widens_four_times = true,
           .activation = "gelu",
           .norm = kLayerNorm,
           .finish = finish_falcon},
    Family{.name = "RefinedWeb", .read_as = "falcon"},
    Family{.name = "RefinedWebModel", .read_as = "falcon"},
    kGpt2,
    with_name(kGpt2, "gpt_bigcode"),
    first_gpt(),
    Family{.name = "gpt_neo",
           .ties_embeddings = true,
           .has_output_bias = true,
           .has_mlp_bias = true,
           .has_gated_mlp = false,
           .widens_four_times = true,
           .activation = "gelu_new",
           .norm = kLayerNorm,
           .has_learned_positions = true,
           .rotary = RotaryRule::none},
    Family{.name = "gpt_neox",
           .has_qkv_bias = true,
           .has_output_bias = true,
           .has_mlp_bias = true,
           .has_gated_mlp = false,
           .activation = "gelu",
           .norm = kLayerNorm,
           .finish = finish_neox},
    Family{.name = "gptj",
           .has_mlp_bias = true,
           .has_gated_mlp = false,
           .widens_four_times = true,
           .activation = "gelu_new",
           .norm = kLayerNorm,
           .norms_per_layer = 1,
           .lm_head_bias = true,
           .is_parallel = true},
    Family{.name = "mpt",
           .ties_embeddings = true,
           .has_gated_mlp = false,
           .widens_four_times = true,
           .activation = "gelu",
           .norm = kLayerNorm,
           .finish = finish_mpt},
    Family{.name = "opt",
           .ties_embeddings = true,
           .has_mlp_bias = true,
           .has_gated_mlp = false,
           .activation = "relu",
           .norm = kLayerNorm,
           .has_learned_positions = true,
           .extra_position_rows = 2,
           .rotary = RotaryRule::none,
           .finish = finish_opt},
    kPhi,
    with_name(kPhi, "phi-msft"),
    with_name(kPhi, "mixformer-sequential"),
    with_name(kDecoderOfTranslation, "xglm"),
};

}  // namespace

std::span<const Family> early_families() { return kFamilies; }

}  // namespace ridgepoint::model
