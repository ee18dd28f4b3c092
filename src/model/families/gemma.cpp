// SPDX-License-Identifier: Apache-2.0
// Gemma 1 to 4 and what is built on them.
#include <algorithm>
#include <array>

#include "model/families/finish.hpp"

namespace ridgepoint::model {
namespace {

/// An embedding for each layer, projected and gated into its output (Gemma 3n and 4).
void add_layer_inputs(Config& config, std::vector<LayerRun>& layers) {
  const std::int64_t width = config.count_or("hidden_size_per_layer_input", 0);
  if (width == 0) return;
  Architecture& out = config.out();
  const std::int64_t rows = config.count_or("vocab_size_per_layer_input", out.vocab_size);
  const std::int64_t all = config.layers * width;
  out.extras.push_back(lookup_table("embed_tokens_per_layer", rows, all));
  out.extras.push_back(extra_matmul("per_layer_model_projection", out.hidden_size, all));
  out.extras.push_back(extra_norm("per_layer_projection_norm", width));
  for (LayerRun& layer : layers) {
    layer.extras.push_back(extra_matmul("per_layer_input_gate", out.hidden_size, width));
    layer.extras.push_back(extra_matmul("per_layer_projection", width, out.hidden_size));
    ++layer.norms_per_layer;
  }
}

/// AltUp keeps several streams; LAuReL adds a low-rank branch.
void finish_gemma3n(Config& config, std::vector<LayerRun>& layers) {
  add_layer_inputs(config, layers);
  Architecture& out = config.out();
  constexpr std::int64_t kMostStreams = 1024;
  const std::int64_t streams =
      std::clamp<std::int64_t>(config.count_or("altup_num_inputs", 4), 1, kMostStreams);
  const std::int64_t rank = config.count_or("laurel_rank", 64);
  out.extras.push_back(extra_matmul("altup projections", out.hidden_size, out.hidden_size));
  out.extras.back().copies = 2 * (streams - 1);
  const std::int64_t mixing = streams * streams + streams * streams * streams;
  for (LayerRun& layer : layers) {
    layer.extras.push_back(extra_parameter("altup", mixing + (streams + 2) * out.hidden_size));
    layer.extras.push_back(extra_matmul("laurel.linear_left", out.hidden_size, rank));
    layer.extras.push_back(extra_matmul("laurel.linear_right", rank, out.hidden_size));
    layer.extras.push_back(extra_norm("laurel.post_laurel_norm", out.hidden_size));
  }
  // Layers that read another's cache keep their own projections all the same.
  for_each_attention(layers, [](Attention& each) { each.has_unused_keys = !each.has_keys; });
}

void widen_global_heads(Config& config, Attention& attention) {
  if (attention.window) return;
  attention.head_dim = config.count_or("global_head_dim", 512);
  if (!config.flag("attention_k_eq_v", false)) return;
  attention.has_value_projection = false;
  attention.num_key_value_heads =
      config.count_or("num_global_key_value_heads", attention.num_key_value_heads);
}

void finish_gemma4(Config& config, std::vector<LayerRun>& layers) {
  const bool doubles = config.flag("use_double_wide_mlp", false);
  for_each_attention(layers, [&](Attention& each) { widen_global_heads(config, each); });
  // The checkpoints hold the unused projections of layers that read another's cache.
  for_each_attention(layers, [](Attention& each) { each.has_unused_keys = !each.has_keys; });
  const bool has_experts = config.flag("enable_moe_block", false);
  for (LayerRun& layer : layers) {
    const auto* attention = std::get_if<Attention>(&layer.mixer);
    auto* mlp = std::get_if<Mlp>(&layer.feed_forward);
    const bool shares = attention != nullptr && !attention->has_keys;
    if (mlp != nullptr && doubles && shares) mlp->intermediate_size *= 2;
    layer.extras.push_back(extra_parameter("layer_scalar", 1));
  }
  if (has_experts) {
    for_each_moe(layers, [&](LayerRun& layer, MixtureOfExperts& moe) {
      moe.dense = read_mlp(config);
      layer.norms_per_layer += 3;
      layer.extras.push_back(
          extra_parameter("router scales", config.out().hidden_size + moe.num_experts));
    });
  }
  add_layer_inputs(config, layers);
}

constexpr std::int64_t kRecurrentWidths = 2;

void finish_recurrent_gemma(Config&, std::vector<LayerRun>& layers) {
  for (LayerRun& layer : layers) {
    auto* mlp = std::get_if<Mlp>(&layer.feed_forward);
    if (mlp == nullptr) continue;
    mlp->intermediate_size /= kRecurrentWidths;  // the file gives gate and up together
    mlp->has_bias = true;
  }
  for_each_attention(layers, [](Attention& each) { each.output_bias = true; });
}

constexpr std::array kGemmaClass{
    Default{"vocab_size", 256000},       Default{"hidden_size", 3072},
    Default{"intermediate_size", 24576}, Default{"num_hidden_layers", 28},
    Default{"num_attention_heads", 16},  Default{"num_key_value_heads", 16}};
constexpr std::array kGemma2Class{
    Default{"vocab_size", 256000},      Default{"hidden_size", 2304},
    Default{"intermediate_size", 9216}, Default{"num_hidden_layers", 26},
    Default{"num_attention_heads", 8},  Default{"num_key_value_heads", 4},
    Default{"sliding_window", 4096}};
constexpr std::array kGemma3Defaults{
    Default{"hidden_size", 2304},      Default{"intermediate_size", 9216},
    Default{"num_hidden_layers", 26},  Default{"num_attention_heads", 8},
    Default{"num_key_value_heads", 4}, Default{"vocab_size", 262208},
    Default{"sliding_window", 4096},   Default{"max_position_embeddings", 131072}};
constexpr std::array kGemma3nDefaults{Default{"vocab_size", 262400},
                                      Default{"hidden_size_per_layer_input", 256},
                                      Default{"vocab_size_per_layer_input", 262144},
                                      Default{"num_kv_shared_layers", 15},
                                      Default{"num_attention_heads", 8},
                                      Default{"num_key_value_heads", 2},
                                      Default{"sliding_window", 512}};
constexpr std::array kGemma4Defaults{Default{"vocab_size", 262144},
                                     Default{"hidden_size", 2304},
                                     Default{"intermediate_size", 9216},
                                     Default{"num_hidden_layers", 30},
                                     Default{"max_position_embeddings", 131072},
                                     Default{"hidden_size_per_layer_input", 256},
                                     Default{"vocab_size_per_layer_input", 262144},
                                     Default{"num_attention_heads", 8},
                                     Default{"num_key_value_heads", 4},
                                     Default{"sliding_window", 512},
                                     Default{"global_head_dim", 512}};

constexpr Family kGemma{.name = "gemma",
                        .ties_embeddings = true,
                        .bias_key = "attention_bias",
                        .head_dim = 256,
                        .activation = "gelu_pytorch_tanh",
                        .nested_defaults = kGemmaClass};

constexpr Family gemma2_like(std::string_view name) {
  Family family = kGemma;
  family.name = name;
  family.window = WindowRule::alternating;
  family.norms_per_layer = 4;
  family.nested_defaults = kGemma2Class;
  return family;
}

constexpr Family gemma3_like(std::string_view name, std::int32_t period,
                             std::span<const Default> defaults) {
  Family family = gemma2_like(name);
  family.window = WindowRule::all_but_nth;
  family.window_period = period;
  family.query_key_norm = QueryKeyNorm::per_head;
  family.defaults = defaults;
  family.nested_defaults = {};
  return family;
}

constexpr Family with_finish(Family family, void (*finish)(Config&, std::vector<LayerRun>&)) {
  family.finish = finish;
  return family;
}

constexpr std::array kFamilies{
    kGemma,
    gemma2_like("gemma2"),
    Family{.name = "gemma3", .read_as = "gemma3_text"},
    gemma3_like("gemma3_text", 6, kGemma3Defaults),
    Family{.name = "gemma3n", .read_as = "gemma3n_text"},
    with_finish(gemma3_like("gemma3n_text", 5, kGemma3nDefaults), finish_gemma3n),
    Family{.name = "gemma4", .read_as = "gemma4_text"},
    Family{.name = "gemma4_unified", .read_as = "gemma4_text"},
    Family{.name = "gemma4_unified_text", .read_as = "gemma4_text"},
    with_finish(gemma3_like("gemma4_text", 6, kGemma4Defaults), finish_gemma4),
    Family{.name = "recurrent_gemma",
           .ties_embeddings = true,
           .qkv_bias_key = "attention_bias",
           .activation = "gelu_pytorch_tanh",
           .finish = finish_recurrent_gemma},
    [] {
      Family family = kGemma;
      family.name = "vaultgemma";
      family.window = WindowRule::alternating;
      return family;
    }(),
};

}  // namespace

std::span<const Family> gemma_families() { return kFamilies; }

}  // namespace ridgepoint::model
