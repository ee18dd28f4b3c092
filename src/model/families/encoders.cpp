// SPDX-License-Identifier: Apache-2.0
// Encoders, and encoders with a decoder.
#include <algorithm>
#include <array>

#include "model/families/finish.hpp"

namespace ridgepoint::model {
namespace {

void make_encoder(Config& config, std::vector<LayerRun>& layers) {
  config.out().is_causal = false;
  for (LayerRun& layer : layers) layer.stack = Stack::encoder;
  for_each_attention(layers, [](Attention& each) { each.has_cache = false; });
}

/// Positions, segments and a norm on the way in; a pooler on the way out.
void finish_bert(Config& config, std::vector<LayerRun>& layers) {
  make_encoder(config, layers);
  Architecture& out = config.out();
  const std::int64_t width = config.family().name == "electra"
                                 ? config.count_or("embedding_size", out.hidden_size)
                                 : out.hidden_size;
  const std::int64_t segments =
      config.family().name == "distilbert" ? 0 : config.count_or("type_vocab_size", 2);
  if (segments > 0) out.extras.push_back(lookup_table("token_type_embeddings", segments, width));
  out.extras.push_back(extra_norm("embeddings norm", width, true));
  if (width != out.hidden_size) {
    out.embedding_size = width;
    // The position rows are as narrow as the others.
    out.extras.push_back(lookup_table("embed_positions", out.learned_position_rows, width));
    out.learned_position_rows = 0;
    out.extras.push_back(extra_matmul("embeddings_project", width, out.hidden_size, true));
  }
  if (config.family().name == "distilbert" || config.family().name == "electra") return;
  ExtraTensor pooler = extra_matmul("pooler", out.hidden_size, out.hidden_size, true);
  pooler.at_exit = true;
  out.extras.push_back(std::move(pooler));
  config.assume("counted as the bare encoder with its pooler, without a task's head");
}

/// ModernBERT: no biases, the first layer's attention has no norm, some layers see a window.
void finish_modernbert(Config& config, std::vector<LayerRun>& layers) {
  make_encoder(config, layers);
  Architecture& out = config.out();
  out.extras.push_back(extra_norm("embeddings norm", out.hidden_size));
  if (!layers.empty()) layers.front().norms_per_layer = 1;
  const std::int64_t period =
      std::max<std::int64_t>(1, config.count_or("global_attn_every_n_layers", 3));
  const auto window = config.optional_size("local_attention");
  for (std::size_t i = 0; i < layers.size(); ++i) {
    auto* attention = std::get_if<Attention>(&layers[i].mixer);
    if (attention != nullptr && static_cast<std::int64_t>(i) % period != 0) {
      attention->window = window;
    }
  }
}

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
    config.out().extras.push_back(extra_parameter("relative_attention_bias", 2 * table));
  }
  note_cross_cache(config);
}

/// BART: learned positions and a norm at the entrance of both stacks, norms after each part.
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
  out.extras.push_back({"embed_positions of the other stack", ExtraTensor::Use::unread,
                        out.learned_position_rows, out.hidden_size});
  out.extras.push_back(extra_norm("layernorm_embedding", out.hidden_size, true));
  out.extras.back().copies = 2;
  out.has_final_norm = config.family().name == "mbart";
  note_cross_cache(config);
}

constexpr Norm kLayerNorm{NormKind::layer, true};
constexpr std::array kT5Defaults{Default{"vocab_size", 32128}};
constexpr std::array kBertDefaults{
    Default{"vocab_size", 30522},       Default{"hidden_size", 768},
    Default{"num_hidden_layers", 12},   Default{"num_attention_heads", 12},
    Default{"intermediate_size", 3072}, Default{"max_position_embeddings", 512}};

constexpr Family bert(std::string_view name, std::span<const Default> defaults) {
  return {.name = name,
          .has_qkv_bias = true,
          .has_output_bias = true,
          .has_mlp_bias = true,
          .has_gated_mlp = false,
          .activation = "gelu",
          .norm = kLayerNorm,
          .has_final_norm = false,
          .has_lm_head = false,
          .has_learned_positions = true,
          .rotary = RotaryRule::none,
          .norms_follow = true,
          .defaults = defaults,
          .finish = finish_bert};
}

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
  Family family = bert(name, {});
  family.ties_embeddings = true;
  family.has_lm_head = true;
  family.extra_position_rows = 2;
  family.finish = finish_bart;
  return family;
}

constexpr Family mbart() {
  Family family = bart("mbart");
  family.norms_follow = false;
  return family;
}

constexpr std::array kFamilies{
    bart("bart"),
    bert("bert", kBertDefaults),
    bert("camembert", {}),
    bert("distilbert", {}),
    bert("electra", kBertDefaults),
    mbart(),
    Family{.name = "modernbert",
           .bias_key = "attention_bias",
           .mlp_bias_key = "mlp_bias",
           .activation = "gelu",
           .norm = {NormKind::layer, false},
           .has_lm_head = false,
           .finish = finish_modernbert},
    t5("mt5"),
    bert("roberta", {}),
    t5("t5"),
    t5("umt5"),
    bert("xlm-roberta", {}),
};

}  // namespace

std::span<const Family> encoder_families() { return kFamilies; }

}  // namespace ridgepoint::model
