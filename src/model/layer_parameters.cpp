// SPDX-License-Identifier: Apache-2.0
#include "model/layer_parameters.hpp"

#include <algorithm>
#include <string>

namespace ridgepoint::model {
namespace {

/// Adds the tensors of one run of layers to the list.
class RunParameters {
 public:
  RunParameters(const Architecture& architecture, std::size_t run,
                std::vector<ParameterEntry>& entries)
      : run_(architecture.runs[run]),
        run_index_(static_cast<std::int64_t>(run)),
        sets_(run_.weight_sets > 0 ? std::min(run_.weight_sets, run_.count) : run_.count),
        width_(architecture.hidden_size),
        norm_(architecture.norm),
        entries_(entries) {}

  void add() {
    std::visit([this](const auto& mixer) { add(mixer); }, run_.mixer);
    if (run_.cross_attention) {
      folder_ = "encoder_attn.";
      add_attention(*run_.cross_attention);
    }
    std::visit([this](const auto& feed_forward) { add(feed_forward); }, run_.feed_forward);
    folder_ = "";
    if (run_.norms_per_layer > 0 && norm_.has_weight) {
      tensor("norms", run_.norms_per_layer * (norm_.has_bias ? 2 * width_ : Count(width_)));
    }
    for (const ExtraTensor& extra : run_.extras) add(extra);
  }

 private:
  void tensor(const std::string& name, Count elements, std::int64_t copies = 1) {
    entries_.push_back({name, elements, sets_ * copies, folder_ + name, 0, 0, run_index_});
  }

  void matrix(const std::string& name, std::int64_t from, std::int64_t to, bool has_bias = false,
              std::int64_t copies = 1) {
    entries_.push_back(
        {name, Count(from) * Count(to), sets_ * copies, folder_ + name, from, to, run_index_});
    if (has_bias) tensor(name + " bias", to, copies);
  }

  void add(const ExtraTensor& extra) {
    if (extra.use == ExtraTensor::Use::matmul) {
      matrix(extra.name, extra.inputs, extra.outputs, extra.has_bias, extra.copies);
    } else {
      tensor(extra.name, extra.elements(), extra.copies);
    }
  }

  void add(const Attention& attention) {
    folder_ = "self_attn.";
    add_attention(attention);
  }

  void add_attention(const Attention& attention) {
    const std::int64_t queries = attention.num_attention_heads * attention.head_dim;
    const std::int64_t keys = attention.num_key_value_heads * attention.head_dim;
    const std::int64_t values = attention.num_key_value_heads * attention.value_width();
    const std::int64_t output = attention.num_attention_heads * attention.value_width();
    const std::int64_t gate = attention.has_output_gate ? output : 0;
    matrix("q_proj", width_, queries + gate, attention.qkv_bias);
    if (attention.has_keys || attention.has_unused_keys) {
      matrix("k_proj", width_, keys, attention.qkv_bias);
      if (attention.has_value_projection) matrix("v_proj", width_, values, attention.qkv_bias);
    }
    matrix("o_proj", output, width_, attention.output_bias);
    if (attention.has_sinks) tensor("sinks", attention.num_attention_heads);
    add_query_key_norms(attention, queries, keys);
  }

  void add_query_key_norms(const Attention& attention, std::int64_t queries, std::int64_t keys) {
    if (attention.query_key_norm == QueryKeyNorm::none) return;
    const bool per_head = attention.query_key_norm == QueryKeyNorm::per_head;
    const std::int64_t each = attention.query_key_norm_bias ? 2 : 1;
    tensor("q_norm", each * Count(per_head ? attention.head_dim : queries));
    if (attention.has_keys || attention.has_unused_keys) {
      tensor("k_norm", each * Count(per_head ? attention.head_dim : keys));
    }
  }

  void add(const LatentAttention& mla) {
    folder_ = "self_attn.";
    const std::int64_t heads = mla.num_attention_heads;
    const std::int64_t queries = heads * (mla.qk_nope_head_dim + mla.qk_rope_head_dim);
    if (mla.q_lora_rank > 0) {
      matrix("q_a_proj", width_, mla.q_lora_rank, mla.has_bias);
      tensor("q_a_layernorm", mla.q_lora_rank);
      matrix("q_b_proj", mla.q_lora_rank, queries);
    } else {
      matrix("q_proj", width_, queries);
    }
    matrix("kv_a_proj_with_mqa", width_, mla.kv_lora_rank + mla.qk_rope_head_dim, mla.has_bias);
    tensor("kv_a_layernorm", mla.kv_lora_rank);
    matrix("kv_b_proj", mla.kv_lora_rank, heads * (mla.qk_nope_head_dim + mla.v_head_dim));
    matrix("o_proj", heads * mla.v_head_dim, width_, mla.has_bias);
    if (mla.indexer) add_indexer(*mla.indexer, mla.q_lora_rank > 0 ? mla.q_lora_rank : width_);
  }

  void add_indexer(const Indexer& indexer, std::int64_t query_width) {
    folder_ = "self_attn.indexer.";
    matrix("wq_b", query_width, indexer.num_heads * indexer.head_dim);
    matrix("wk", width_, indexer.head_dim);
    tensor("k_norm", 2 * Count(indexer.head_dim));  // a layer norm: weight and bias
    tensor("weights_proj", Count(width_) * Count(indexer.num_heads));
  }

  void add(const Mamba1& mamba) {
    folder_ = "mamba.";
    const std::int64_t inner = mamba.intermediate_size;
    const std::int64_t projected = mamba.time_step_rank + 2 * mamba.state_size;
    matrix("in_proj", width_, 2 * inner, mamba.projection_bias);
    tensor("conv1d", Count(inner) * Count(mamba.conv_kernel));
    if (mamba.conv_bias) tensor("conv1d bias", inner);
    matrix("x_proj", inner, projected);
    matrix("dt_proj", mamba.time_step_rank, inner, true);
    tensor("A_log", Count(inner) * Count(mamba.state_size));
    tensor("D", inner);
    if (mamba.has_inner_norms) tensor("dt, B and C norms", projected);
    matrix("out_proj", inner, width_, mamba.projection_bias);
  }

  void add(const Mamba2& mamba) {
    folder_ = "mamba.";
    const std::int64_t inner = mamba.intermediate_size();
    const std::int64_t channels = mamba.conv_channels();
    matrix("in_proj", width_, inner + channels + mamba.num_heads, mamba.projection_bias);
    tensor("conv1d", Count(channels) * Count(mamba.conv_kernel));
    if (mamba.conv_bias) tensor("conv1d bias", channels);
    tensor("A_log, D and dt_bias", 3 * Count(mamba.num_heads));
    if (mamba.has_norm) tensor("norm", inner);
    matrix("out_proj", inner, width_, mamba.projection_bias);
  }

  void add(const AttentionBesideMamba& both) {
    add(both.attention);
    add(both.mamba);
  }

  void add(const GatedDeltaNet& delta) {
    folder_ = "linear_attn.";
    matrix("in_proj_qkvz", width_, 2 * (delta.key_width() + delta.value_width()));
    matrix("in_proj_ba", width_, 2 * delta.num_value_heads);
    tensor("conv1d", Count(delta.conv_channels()) * Count(delta.conv_kernel));
    tensor("A_log and dt_bias", 2 * Count(delta.num_value_heads));
    tensor("norm", delta.value_head_dim);
    matrix("out_proj", delta.value_width(), width_);
  }

  void add(const KimiDeltaAttention& kda) {
    folder_ = "self_attn.";
    const std::int64_t inner = kda.width();
    for (const char* name : {"q_proj", "k_proj", "v_proj"}) matrix(name, width_, inner);
    tensor("q, k and v conv1d", 3 * Count(inner) * Count(kda.conv_kernel));
    // Kimi K3 stores one for each channel of a head.
    tensor("A_log", kda.has_full_gate ? kda.head_dim : kda.num_heads);
    tensor("dt_bias", inner);
    matrix("f_a_proj", width_, kda.head_dim);
    matrix("f_b_proj", kda.head_dim, inner);
    matrix("b_proj", width_, kda.num_heads);
    if (kda.has_full_gate) {
      matrix("g_proj", width_, inner);
    } else {
      matrix("g_a_proj", width_, kda.head_dim);
      matrix("g_b_proj", kda.head_dim, inner);
    }
    tensor("o_norm", kda.head_dim);
    matrix("o_proj", inner, width_);
  }

  void add(const LightningAttention& lightning) {
    folder_ = "self_attn.";
    const std::int64_t inner = lightning.width();
    matrix("qkv_proj", width_, 3 * inner);
    matrix("output_gate", width_, inner);
    tensor("norm", inner);
    matrix("out_proj", inner, width_);
  }

  void add(const ShortConvolution& conv) {
    folder_ = "conv.";
    matrix("in_proj", width_, 3 * conv.width, conv.has_bias);
    tensor("conv", Count(conv.width) * Count(conv.kernel));
    if (conv.has_bias) tensor("conv bias", conv.width);
    matrix("out_proj", conv.width, width_, conv.has_bias);
  }

  void add(const RecurrentUnit& unit) {
    folder_ = "temporal_block.";
    matrix("linear_x", width_, unit.width, true);
    matrix("linear_y", width_, unit.width, true);
    matrix("linear_out", unit.width, width_, true);
    tensor("conv_1d", Count(unit.width) * Count(unit.conv_kernel + 1));
    const Count block = Count(unit.width) / Count(unit.blocks);
    tensor("rg_lru gates", 2 * Count(unit.width) * (block + Count(1)));
    tensor("rg_lru recurrent_param", unit.width);
  }

  void add(const LinearMixer&) {
    folder_ = "self_attn.";
    matrix("linear_attn", width_, width_);
  }
  void add(const NoMixer&) {}
  void add(const NoFeedForward&) {}

  void add(const Mlp& mlp) {
    folder_ = "mlp.";
    add_mlp(mlp, width_);
  }

  void add_mlp(const Mlp& mlp, std::int64_t width, std::int64_t copies = 1) {
    const std::int64_t inner = mlp.intermediate_size;
    if (mlp.gated) matrix("gate_proj", width, inner, mlp.has_bias, copies);
    matrix("up_proj", width, inner, mlp.has_bias, copies);
    matrix("down_proj", inner, width, mlp.has_bias, copies);
  }

  void add(const MixtureOfExperts& moe) {
    folder_ = "mlp.";
    tensor("router", Count(width_) * Count(moe.scored_experts()));
    if (moe.router_bias) tensor("router bias", moe.scored_experts());
    if (moe.has_correction_bias) tensor("e_score_correction_bias", moe.scored_experts());
    if (moe.latent_size > 0) {
      matrix("fc1_latent_proj", width_, moe.latent_size);
      matrix("fc2_latent_proj", moe.latent_size, width_);
    }
    folder_ = "mlp.experts.0.";
    add_mlp(moe.expert, moe.latent_size > 0 ? moe.latent_size : width_, moe.num_experts);
    if (moe.shared) {
      folder_ = "mlp.shared_experts.";
      add_mlp(*moe.shared, width_);
      if (moe.has_shared_gate) tensor("shared_expert_gate", width_);
    }
    folder_ = "mlp.dense.";
    if (moe.dense) add_mlp(*moe.dense, width_);
  }

  const LayerRun& run_;
  std::int64_t run_index_;
  std::int64_t sets_;  ///< of weights
  std::int64_t width_;
  const Norm& norm_;
  std::string folder_;
  std::vector<ParameterEntry>& entries_;
};

}  // namespace

void add_layer_parameters(const Architecture& architecture, std::size_t run,
                          std::vector<ParameterEntry>& entries) {
  RunParameters(architecture, run, entries).add();
}

Count mlp_elements(const Mlp& mlp, Count width) {
  const Count inner = mlp.intermediate_size;
  const Count matrices = mlp.gated ? 3 : 2;
  const Count biases = mlp.has_bias ? (matrices - Count(1)) * inner + width : Count(0);
  return matrices * width * inner + biases;
}

}  // namespace ridgepoint::model
