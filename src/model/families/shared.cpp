// SPDX-License-Identifier: Apache-2.0
// Models whose layers use the same weights more than once: ALBERT, Zamba 2.
#include <algorithm>
#include <array>
#include <utility>

#include "model/families/finish.hpp"

namespace ridgepoint::model {
namespace {

/// One layer's weights, used by all; embeddings are narrower and projected.
void finish_albert(Config& config, std::vector<LayerRun>& layers) {
  make_encoder(config, layers);
  Architecture& out = config.out();
  if (config.count_or("num_hidden_groups", 1) != 1 || config.count_or("inner_group_num", 1) != 1) {
    config.fault("num_hidden_groups", "more than one group of layers is not covered",
                 "ALBERT's published models have num_hidden_groups 1 and inner_group_num 1");
    return;
  }
  for (LayerRun& layer : layers) layer.weight_sets = 1;
  out.embedding_size = config.count_or("embedding_size", 128);
  const std::int64_t width = out.embedding_size;
  out.extras.push_back(lookup_table("embed_positions", out.learned_position_rows, width));
  out.learned_position_rows = 0;
  out.extras.push_back(
      lookup_table("token_type_embeddings", config.count_or("type_vocab_size", 2), width));
  out.extras.push_back(extra_norm("embeddings norm", width, true));
  out.extras.push_back(extra_matmul("embedding_hidden_mapping_in", width, out.hidden_size, true));
  out.extras.push_back(extra_matmul("pooler", out.hidden_size, out.hidden_size, true));
  out.extras.back().at_exit = true;
  config.assume("counted as the bare encoder with its pooler, without a task's head");
}

/// A block of attention and MLP that Zamba 2 runs before some of its Mamba layers. It reads the
/// layer's input beside the embedding; num_mem_blocks sets of weights are used in turn.
LayerRun shared_block(Config& config, Attention attention) {
  const std::int64_t width = config.out().hidden_size;
  attention.head_dim = 2 * width / std::max<std::int64_t>(1, attention.num_attention_heads);
  attention.has_rotary = config.flag("use_mem_rope", false);
  LayerRun block;
  block.mixer = attention;
  block.feed_forward = read_mlp(config);
  block.norms_per_layer = 3;  // one is twice as wide
  block.weight_sets = std::max<std::int64_t>(1, config.count_or("num_mem_blocks", 1));
  const std::int64_t heads = attention.num_attention_heads + 2 * attention.num_key_value_heads;
  block.extras.push_back(
      extra_matmul("qkv_proj of the embedding", width, heads * attention.head_dim));
  return block;
}

/// What each use of a block has of its own: the way back, and adapters of low rank.
void add_adapters(Config& config, const LayerRun& block, LayerRun& layer) {
  const std::int64_t width = config.out().hidden_size;
  const std::int64_t rank = config.count_or("adapter_rank", 128);
  const auto* mlp = std::get_if<Mlp>(&block.feed_forward);
  layer.extras.push_back(extra_matmul("linear", width, width));
  layer.extras.push_back(extra_matmul("gate_up_proj_adapter.0", width, rank));
  layer.extras.push_back(extra_matmul("gate_up_proj_adapter.1", rank,
                                      2 * (mlp == nullptr ? 0 : mlp->intermediate_size)));
  if (!config.flag("use_shared_attention_adapter", false)) return;
  layer.extras.push_back(extra_matmul("qkv_adapter.0", 2 * width, rank));
  layer.extras.back().copies = 3;
  layer.extras.push_back(extra_matmul("qkv_adapter.1", rank, 2 * width));
  layer.extras.back().copies = 3;
}

void finish_zamba2(Config& config, std::vector<LayerRun>& layers) {
  std::vector<LayerRun> result;
  for (LayerRun& layer : layers) {
    layer.feed_forward = NoFeedForward{};
    layer.norms_per_layer = 1;
    if (const auto* both = std::get_if<AttentionBesideMamba>(&layer.mixer)) {
      LayerRun block = shared_block(config, both->attention);
      add_adapters(config, block, layer);
      layer.mixer = Mamba2(both->mamba);
      result.push_back(std::move(block));
    }
    result.push_back(std::move(layer));
  }
  layers = std::move(result);
  config.assume("a shared block of attention and MLP counts as a layer of its own");
}

constexpr Norm kLayerNorm{NormKind::layer, true};

constexpr std::array kFamilies{
    Family{.name = "albert",
           .has_qkv_bias = true,
           .has_output_bias = true,
           .has_mlp_bias = true,
           .has_gated_mlp = false,
           .activation = "gelu_new",
           .norm = kLayerNorm,
           .has_final_norm = false,
           .has_lm_head = false,
           .has_learned_positions = true,
           .rotary = RotaryRule::none,
           .norms_follow = true,
           .finish = finish_albert},
    Family{.name = "zamba2",
           .ties_embeddings = true,
           .mlp_bias_key = "add_bias_linear",
           .widens_four_times = true,
           .activation = "gelu",
           .finish = finish_zamba2},
};

}  // namespace

std::span<const Family> shared_families() { return kFamilies; }

}  // namespace ridgepoint::model
