// SPDX-License-Identifier: Apache-2.0
// State-space and linear-attention models, pure and hybrid.
#include <algorithm>
#include <array>

#include "model/families/finish.hpp"

namespace ridgepoint::model {
namespace {

/// Every layer has both mixers on the same input.
void finish_falcon_h1(Config& config, std::vector<LayerRun>& layers) {
  const Mamba2 mamba = read_mamba2(config);
  for (LayerRun& layer : layers) {
    if (const auto* attention = std::get_if<Attention>(&layer.mixer)) {
      layer.mixer = AttentionBesideMamba{*attention, mamba};
    }
  }
}

/// The vocabulary is padded; the file may put attention with a convolution between the layers.
void finish_original_mamba(Config& config, std::vector<LayerRun>&) {
  if (is_set(config.object(), "attn_layer_idx")) {
    config.fault("attn_layer_idx", "attention with a convolution is not covered",
                 "without attention layers the list is empty");
  }
  if (config.count_or("d_intermediate", 0) > 0) {
    config.fault("d_intermediate", "an MLP after each mixer is not covered", "0 is without one");
  }
  const std::int64_t multiple =
      std::max<std::int64_t>(1, config.count_or("pad_vocab_size_multiple", 8));
  std::int64_t& rows = config.out().vocab_size;
  rows = (rows + multiple - 1) / multiple * multiple;
}

/// Without experts, what is called shared is the whole MLP.
void finish_granite_hybrid(Config& config, std::vector<LayerRun>& layers) {
  const bool rotates = config.word("position_embedding_type", "") == "rope";
  for_each_attention(layers, [&](Attention& each) { each.has_rotary = rotates; });
  const std::int64_t shared = config.count_or("shared_intermediate_size", 0);
  for (LayerRun& layer : layers) {
    auto* mlp = std::get_if<Mlp>(&layer.feed_forward);
    if (mlp != nullptr && shared > 0) mlp->intermediate_size = shared;
  }
}

/// LFM2 shrinks the width that its file gives to two thirds, in steps of 256.
void finish_lfm2(Config& config, std::vector<LayerRun>& layers) {
  config.out().tie_word_embeddings =
      config.flag({"tie_word_embeddings", "tie_embedding", "tie_embeddings"}, true);
  if (!config.flag("block_auto_adjust_ff_dim", config.family().name == "lfm2")) return;
  const std::int64_t multiple =
      std::max<std::int64_t>(1, config.count_or("block_multiple_of", 256));
  const json::Value* factor = config.find("block_ffn_dim_multiplier");
  const double times = factor == nullptr ? 1.0 : std::clamp(factor->number, 0.01, 100.0);
  for (LayerRun& layer : layers) {
    auto* mlp = std::get_if<Mlp>(&layer.feed_forward);
    if (mlp == nullptr || mlp->intermediate_size > kLargestWidth) continue;
    const std::int64_t two_thirds = 2 * mlp->intermediate_size / 3;
    const auto width = static_cast<std::int64_t>(times * static_cast<double>(two_thirds));
    mlp->intermediate_size = (width + multiple - 1) / multiple * multiple;
  }
}

/// Queries make a gate for the output unless the file says that they do not.
void finish_qwen_next(Config& config, std::vector<LayerRun>& layers) {
  if (config.flag("attn_output_gate", true)) return;
  for_each_attention(layers, [](Attention& each) { each.has_output_gate = false; });
}

/// OLMo Hybrid norms after attention, and rotates only if the file says how.
void finish_olmo_hybrid(Config& config, std::vector<LayerRun>& layers) {
  const bool rotates = config.has({"rope_parameters", "rope_theta"});
  for (LayerRun& layer : layers) {
    auto* attention = std::get_if<Attention>(&layer.mixer);
    if (attention == nullptr) continue;
    attention->has_rotary = rotates;
    layer.norms_follow = true;
  }
}

constexpr std::array kNextDefaults{
    Default{"linear_conv_kernel_dim", 4},  Default{"linear_key_head_dim", 128},
    Default{"linear_value_head_dim", 128}, Default{"linear_num_key_heads", 16},
    Default{"linear_num_value_heads", 32}, Default{"full_attention_interval", 4}};

constexpr std::array kHybridDefaults{Default{"linear_conv_kernel_dim", 4},
                                     Default{"full_attention_interval", 4}};
constexpr std::array kNemotronDefaults{Default{"chunk_size", 128}};

constexpr Family qwen_next(std::string_view name) {
  return {.name = name,
          .bias_key = "attention_bias",
          .query_key_norm = QueryKeyNorm::per_head,
          .head_dim = 256,
          .has_output_gate = true,
          .has_shared_gate = true,
          .defaults = kNextDefaults,
          .finish = finish_qwen_next};
}

constexpr std::array kFamilies{
    Family{.name = "bamba", .bias_key = "attention_bias", .mlp_bias_key = "mlp_bias"},
    Family{.name = "falcon_h1",
           .bias_key = "attention_bias",
           .mlp_bias_key = "mlp_bias",
           .finish = finish_falcon_h1},
    Family{.name = "falcon_mamba", .is_mamba = true},
    Family{
        .name = "granitemoehybrid", .bias_key = "attention_bias", .finish = finish_granite_hybrid},
    Family{.name = "jamba", .rotary = RotaryRule::none},
    Family{.name = "lfm2",
           .ties_embeddings = true,
           .query_key_norm = QueryKeyNorm::per_head,
           .finish = finish_lfm2},
    Family{.name = "lfm2_moe",
           .ties_embeddings = true,
           .query_key_norm = QueryKeyNorm::per_head,
           .finish = finish_lfm2},
    Family{.name = "mamba", .ties_embeddings = true, .is_mamba = true},
    Family{.name = "mamba2", .is_mamba = true},
    Family{.name = "mamba_ssm",
           .ties_embeddings = true,
           .is_mamba = true,
           .finish = finish_original_mamba},
    Family{.name = "minimax"},
    Family{.name = "minimax_m1", .read_as = "minimax"},
    Family{.name = "minimax_text_01", .read_as = "minimax"},
    Family{.name = "nemotron_h",
           .bias_key = "attention_bias",
           .mlp_bias_key = "mlp_bias",
           .has_gated_mlp = false,
           .activation = "relu2",
           .has_correction_bias = true,
           .rotary = RotaryRule::none,
           .defaults = kNemotronDefaults},
    Family{.name = "olmo_hybrid",
           .bias_key = "attention_bias",
           .query_key_norm = QueryKeyNorm::whole,
           .defaults = kHybridDefaults,
           .finish = finish_olmo_hybrid},
    Family{.name = "qwen3_5", .read_as = "qwen3_5_text"},
    Family{.name = "qwen3_5_moe", .read_as = "qwen3_5_moe_text"},
    qwen_next("qwen3_5_moe_text"),
    qwen_next("qwen3_5_text"),
    qwen_next("qwen3_next"),
};

}  // namespace

std::span<const Family> recurrent_families() { return kFamilies; }

}  // namespace ridgepoint::model
