// SPDX-License-Identifier: Apache-2.0
// Encoders with a decoder that attends to them.
#include <algorithm>
#include <array>
#include <string>

#include "model/families/finish.hpp"

namespace ridgepoint::model {
namespace {

LayerRun decoder_layer(const LayerRun& encoder, const Mlp& mlp) {
  LayerRun layer = encoder;
  layer.stack = Stack::decoder;
  layer.norms_per_layer = encoder.norms_per_layer + 1;
  layer.feed_forward = mlp;
  if (auto* attention = std::get_if<Attention>(&layer.mixer)) {
    attention->has_cache = true;
    layer.cross_attention = *attention;
  }
  return layer;
}

void note_cross_cache(Config& config) {
  config.out().is_causal = true;
  config.assume(
      "the cache of a token counts its own keys and values in the decoder and those of an encoder "
      "token in the cross attention");
}

void finish_t5(Config& config, std::vector<LayerRun>& layers) {
  const std::string projection = config.word("feed_forward_proj", "relu");
  Mlp mlp = read_mlp(config);
  mlp.gated = projection.starts_with("gated-");
  mlp.activation = mlp.gated ? projection.substr(6) : projection;
  for (LayerRun& layer : layers) layer.feed_forward = mlp;
  make_encoder(config, layers);
  const std::int64_t decoders = config.count_or("num_decoder_layers", config.layers);
  const LayerRun decoder = decoder_layer(layers.front(), mlp);
  const auto* attention = std::get_if<Attention>(&layers.front().mixer);
  const std::int64_t heads = attention == nullptr ? 0 : attention->num_attention_heads;
  const std::int64_t table = config.count_or("relative_attention_num_buckets", 32) * heads;
  layers.insert(layers.end(), static_cast<std::size_t>(std::min(decoders, kMostLayers)), decoder);
  if (config.family().name == "umt5") {
    for (LayerRun& layer : layers)
      layer.extras.push_back(extra_parameter("relative_attention_bias", table));
  } else {
    config.out().extras.push_back(extra_parameter("relative_attention_bias", table));
    config.out().extras.back().copies = 2;  // one for each stack
  }
  note_cross_cache(config);
}

/// BART and its relatives: two stacks with tables of positions, learned or not.
void finish_bart(Config& config, std::vector<LayerRun>& layers) {
  Architecture& out = config.out();
  make_encoder(config, layers);
  const std::int64_t encoders = config.count_or("encoder_layers", config.layers);
  const std::int64_t decoders = config.count_or("decoder_layers", config.layers);
  if (layers.empty()) return;
  LayerRun encoder = layers.front();
  Mlp mlp = read_mlp(config);
  mlp.intermediate_size = config.count_or("encoder_ffn_dim", mlp.intermediate_size);
  encoder.feed_forward = mlp;
  mlp.intermediate_size = config.count_or("decoder_ffn_dim", mlp.intermediate_size);
  const LayerRun decoder = decoder_layer(encoder, mlp);
  layers.assign(static_cast<std::size_t>(std::min(encoders, kMostLayers)), encoder);
  layers.insert(layers.end(), static_cast<std::size_t>(std::min(decoders, kMostLayers)), decoder);
  if (out.learned_position_rows > 0) {
    out.extras.push_back({"embed_positions of the other stack", ExtraTensor::Use::unread,
                          out.learned_position_rows, out.hidden_size});
  }
  const std::string_view name = config.family().name;
  if (name == "bart" || name == "mbart") {
    out.extras.push_back(extra_norm("layernorm_embedding", out.hidden_size, true));
    out.extras.back().copies = 2;
  }
  note_cross_cache(config);
}

constexpr Norm kLayerNorm{NormKind::layer, true};
constexpr std::array kT5Defaults{Default{"vocab_size", 32128}};

constexpr Family t5(std::string_view name) {
  return {.name = name,
          .ties_embeddings = true,
          .has_gated_mlp = false,
          .activation = "relu",
          .rotary = RotaryRule::none,
          .defaults = kT5Defaults,
          .finish = finish_t5};
}

constexpr Family bart(std::string_view name) {
  return {.name = name,
          .ties_embeddings = true,
          .has_qkv_bias = true,
          .has_output_bias = true,
          .has_mlp_bias = true,
          .has_gated_mlp = false,
          .activation = "gelu",
          .norm = kLayerNorm,
          .has_final_norm = false,
          .has_learned_positions = true,
          .extra_position_rows = 2,
          .rotary = RotaryRule::none,
          .norms_follow = true,
          .finish = finish_bart};
}

/// Norms before each part, and one after each stack.
constexpr Family pre_norm(std::string_view name) {
  Family family = bart(name);
  family.norms_follow = false;
  family.has_final_norm = true;
  return family;
}

/// Sine waves in place of learned rows; NLLB makes them anew and stores none.
constexpr Family m2m() {
  Family family = pre_norm("m2m_100");
  family.has_learned_positions = false;
  family.activation = "relu";
  return family;
}

/// Sine waves that are stored like weights.
constexpr Family with_stored_waves(Family family) {
  family.extra_position_rows = 0;
  return family;
}

constexpr std::array kFamilies{
    bart("bart"),      m2m(),      with_stored_waves(bart("marian")),
    pre_norm("mbart"), t5("mt5"),  with_stored_waves(pre_norm("pegasus")),
    t5("t5"),          t5("umt5"),
};

}  // namespace

std::span<const Family> sequence_families() { return kFamilies; }

}  // namespace ridgepoint::model
