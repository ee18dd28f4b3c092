// SPDX-License-Identifier: Apache-2.0
// DeepSeek and what follows it: latent attention, many small experts, sparse attention.
#include <array>

#include "model/families/finish.hpp"

namespace ridgepoint::model {
namespace {

/// Each LongCat layer is two of latent attention and a dense MLP, the first with experts beside it.
/// Some experts are the identity: they have a row in the router and no weights.
void finish_longcat(Config& config, std::vector<LayerRun>& layers) {
  const std::int64_t identities = config.count_or("zero_expert_num", 0);
  const Mlp dense = read_mlp(config);
  std::vector<LayerRun> halves;
  for (LayerRun& layer : layers) {
    LayerRun second = layer;
    second.feed_forward = dense;
    if (auto* moe = std::get_if<MixtureOfExperts>(&layer.feed_forward)) {
      moe->dense = dense;
      layer.extras.push_back(
          extra_matmul("router of identity experts", config.out().hidden_size, identities, true));
    }
    halves.push_back(std::move(layer));
    halves.push_back(std::move(second));
  }
  layers = std::move(halves);
  if (identities > 0) {
    config.assume("experts that are the identity are not counted as active or idle");
  }
}

/// Kimi K3: MLA with a gate on its output, residuals that attend to earlier layers, and a norm
/// before the experts' narrow input. Kimi Linear has none of these.
void finish_kimi_linear(Config& config, std::vector<LayerRun>& layers) {
  Architecture& out = config.out();
  const std::int64_t width = out.hidden_size;
  const bool gates = config.flag("mla_use_output_gate", false);
  const bool norms_latents = config.flag("latent_moe_use_norm", false);
  const bool attends_residuals = config.count_or("attn_res_block_size", 0) > 0;
  for (LayerRun& layer : layers) {
    const auto* mla = std::get_if<LatentAttention>(&layer.mixer);
    if (mla != nullptr && gates) {
      layer.extras.push_back(extra_matmul("self_attn.g_proj", width,
                                          product(mla->num_attention_heads, mla->v_head_dim)));
    }
    if (attends_residuals) {
      layer.extras.push_back(extra_norm("res_norm", width));
      layer.extras.back().copies = 2;
      layer.extras.push_back(extra_parameter("res_proj", 2 * width));
    }
  }
  for_each_moe(layers, [&](LayerRun& layer, MixtureOfExperts& moe) {
    if (norms_latents && moe.latent_size > 0) {
      layer.extras.push_back(extra_norm("routed_expert_norm", moe.latent_size));
    }
  });
  if (!attends_residuals) return;
  out.extras.push_back(extra_norm("output_attn_res_norm", width));
  out.extras.push_back(extra_parameter("output_attn_res_proj", width));
}

constexpr std::array kV2Defaults{Default{"kv_lora_rank", 512}, Default{"qk_nope_head_dim", 128},
                                 Default{"qk_rope_head_dim", 64}, Default{"v_head_dim", 128}};

constexpr Family with_name(Family family, std::string_view name) {
  family.name = name;
  return family;
}

constexpr Family kV2{.name = "deepseek_v2", .defaults = kV2Defaults};
constexpr Family kV3{.name = "deepseek_v3", .has_correction_bias = true, .defaults = kV2Defaults};

constexpr Family kKimiLinear{.name = "kimi_linear",
                             .has_correction_bias = true,
                             .defaults = kV2Defaults,
                             .finish = finish_kimi_linear};

constexpr std::array kFamilies{
    Family{.name = "deepseek", .bias_key = "attention_bias"},
    kV2,
    kV3,
    with_name(kV3, "deepseek_v32"),
    with_name(kV3, "glm4_moe_lite"),
    with_name(kV3, "glm_moe_dsa"),
    with_name(kV3, "kimi_k2"),
    Family{.name = "kimi_k25", .read_as = "kimi_k2"},
    kKimiLinear,
    Family{.name = "kimi_k3", .read_as = "kimi_linear"},
    Family{.name = "kimi_vl", .read_as = "deepseek_v3"},
    Family{.name = "longcat_flash", .has_correction_bias = true, .finish = finish_longcat},
    Family{.name = "minicpm3", .ties_embeddings = true},
    Family{.name = "mistral4"},
    Family{.name = "youtu"},
};

}  // namespace

std::span<const Family> latent_families() { return kFamilies; }

}  // namespace ridgepoint::model
