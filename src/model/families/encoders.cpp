// SPDX-License-Identifier: Apache-2.0
// Encoders.
#include <algorithm>
#include <array>

#include "model/families/finish.hpp"

namespace ridgepoint::model {
namespace {

/// Positions, segments and a norm on the way in; a pooler on the way out.
void finish_bert(Config& config, std::vector<LayerRun>& layers) {
  make_encoder(config, layers);
  Architecture& out = config.out();
  const std::string_view name = config.family().name;
  const std::int64_t width =
      name == "electra" ? config.count_or("embedding_size", out.hidden_size) : out.hidden_size;
  const bool has_segments = name != "distilbert" && name != "mpnet";
  const std::int64_t segments = has_segments ? config.count_or("type_vocab_size", 2) : 0;
  if (segments > 0) out.extras.push_back(lookup_table("token_type_embeddings", segments, width));
  if (config.flag("use_task_id", false)) {  // ERNIE
    out.extras.push_back(
        lookup_table("task_type_embeddings", config.count_or("task_type_vocab_size", 3), width));
  }
  out.extras.push_back(extra_norm("embeddings norm", width, true));
  if (width != out.hidden_size) {
    out.embedding_size = width;
    // The position rows are as narrow as the others.
    out.extras.push_back(lookup_table("embed_positions", out.learned_position_rows, width));
    out.learned_position_rows = 0;
    out.extras.push_back(extra_matmul("embeddings_project", width, out.hidden_size, true));
  }
  if (name == "distilbert" || name == "electra" || name == "nomic_bert") return;
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

/// DeBERTa 2 and 3 look up how far two tokens are apart, and have no pooler.
void finish_deberta(Config& config, std::vector<LayerRun>& layers) {
  make_encoder(config, layers);
  Architecture& out = config.out();
  const std::int64_t width = out.hidden_size;
  if (config.flag("position_biased_input", true)) {
    out.learned_position_rows = out.max_position_embeddings.value_or(0);
  }
  const std::int64_t segments = config.count_or("type_vocab_size", 0);
  if (segments > 0) out.extras.push_back(lookup_table("token_type_embeddings", segments, width));
  out.extras.push_back(extra_norm("embeddings norm", width, true));
  config.assume("counted as the bare encoder, without a task's head");
  if (!config.flag("relative_attention", false)) return;
  const json::Value* buckets = config.find("position_buckets");
  const bool has_buckets = buckets != nullptr && buckets->integer.value_or(-1) > 0;
  const std::int64_t rows =
      has_buckets ? config.size("position_buckets") : out.max_position_embeddings.value_or(0);
  out.extras.push_back(lookup_table("rel_embeddings", 2 * rows, width));
  if (config.word("norm_rel_ebd", "none").find("layer_norm") != std::string::npos) {
    out.extras.push_back(extra_norm("encoder.LayerNorm", width, true));
  }
  if (const std::int64_t kernel = config.count_or("conv_kernel_size", 0); kernel > 0) {
    const std::int64_t groups = std::max<std::int64_t>(1, config.count_or("conv_groups", 1));
    out.extras.push_back(extra_matmul("encoder.conv", kernel * width / groups, width, true));
    out.extras.push_back(extra_norm("encoder.conv.LayerNorm", width, true));
  }
  if (config.flag("share_att_key", false)) return;
  for (LayerRun& layer : layers) {
    layer.extras.push_back(extra_matmul("pos_key_proj", width, width, true));
    layer.extras.push_back(extra_matmul("pos_query_proj", width, width, true));
  }
}

/// MPNet: BERT without segments, with a bias for each distance and head.
void finish_mpnet(Config& config, std::vector<LayerRun>& layers) {
  finish_bert(config, layers);
  const auto* attention = std::get_if<Attention>(&layers.front().mixer);
  const std::int64_t heads = attention == nullptr ? 0 : attention->num_attention_heads;
  const std::int64_t buckets = config.count_or("relative_attention_num_buckets", 32);
  config.out().extras.push_back(
      extra_parameter("relative_attention_bias", product(buckets, heads)));
}

void finish_nomic_bert(Config& config, std::vector<LayerRun>& layers) {
  finish_bert(config, layers);
  const bool norms_before = config.flag("prenorm", false);
  for (LayerRun& layer : layers) layer.norms_follow = !norms_before;
}

constexpr Norm kLayerNorm{NormKind::layer, true};
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

constexpr Family deberta() {
  Family family = bert("deberta-v2", {});
  family.has_learned_positions = false;
  family.finish = finish_deberta;
  return family;
}

constexpr Family mpnet() {
  Family family = bert("mpnet", {});
  family.finish = finish_mpnet;
  return family;
}

constexpr Family pre_norm_roberta() {
  Family family = bert("roberta-prelayernorm", {});
  family.norms_follow = false;
  family.has_final_norm = true;
  return family;
}

constexpr std::array kFamilies{
    bert("bert", kBertDefaults),
    bert("camembert", {}),
    deberta(),
    bert("distilbert", {}),
    bert("electra", kBertDefaults),
    bert("ernie", kBertDefaults),
    Family{.name = "eurobert",
           .bias_key = "attention_bias",
           .mlp_bias_key = "mlp_bias",
           .has_lm_head = false,
           .finish = make_encoder},
    Family{.name = "modernbert",
           .bias_key = "attention_bias",
           .mlp_bias_key = "mlp_bias",
           .activation = "gelu",
           .norm = {NormKind::layer, false},
           .has_lm_head = false,
           .finish = finish_modernbert},
    mpnet(),
    Family{.name = "nomic_bert",
           .bias_key = "qkv_proj_bias",
           .mlp_bias_key = "mlp_fc1_bias",
           .norm = kLayerNorm,
           .has_final_norm = false,
           .has_lm_head = false,
           .finish = finish_nomic_bert},
    bert("roberta", {}),
    pre_norm_roberta(),
    bert("xlm-roberta", {}),
};

}  // namespace

std::span<const Family> encoder_families() { return kFamilies; }

}  // namespace ridgepoint::model
