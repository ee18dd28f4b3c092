// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "predict/step_builder.hpp"

/// The operators of layers with a state of constant size.
namespace ridgepoint::predict {

/// Tokens that engines work off as one chunk where the config does not say: flash-linear-attention
/// takes 64, the lightning kernel of MiniMax 256.
inline constexpr std::int64_t kDeltaChunk = 64;
inline constexpr std::int64_t kLightningChunk = 256;

template <class N>
void add_conv(StepBuilder<N>& step, const N& channels, std::int64_t kernel, bool has_bias) {
  const N width = step.size("w", kernel, "convolution kernel in tokens");
  step.add("conv1d", cost::CausalConv<N>{channels, width, step.stored(), step.activation(),
                                         step.last_input(), has_bias ? channels : N(0)});
}

template <class N>
void add_mixer(StepBuilder<N>& step, const model::Mamba1& mamba) {
  const N inner = step.size("I", mamba.intermediate_size, "intermediate_size of the mixer");
  const N states = step.size("n", mamba.state_size, "state_size");
  const N rank = step.size("R", mamba.time_step_rank, "time_step_rank");
  const N projected = rank + 2 * states;
  step.add_linear("in_proj", {"mamba.in_proj"}, step.hidden(), 2 * inner, mamba.projection_bias);
  add_conv(step, inner, mamba.conv_kernel, mamba.conv_bias);
  step.add_linear("x_proj", {"mamba.x_proj"}, inner, projected);
  step.add_collective("x_proj_all_reduce", cost::CollectiveKind::all_reduce,
                      step.parallelism().tensor, projected);
  if (mamba.has_inner_norms)
    step.add_elementwise("dt_bc_norm", projected, projected, projected, cost::KernelRole::norm);
  step.add_linear("dt_proj", {"mamba.dt_proj"}, rank, inner, true);
  step.add("selective_scan",
           cost::SelectiveScan<N>{inner, states, step.stored(), step.activation(), step.state()});
  step.add_elementwise("gate", 2 * inner, inner, N(0), cost::KernelRole::activation);
  step.add_linear("out_proj", {"mamba.out_proj"}, inner, step.hidden(), mamba.projection_bias);
}

template <class N>
void add_mixer(StepBuilder<N>& step, const model::Mamba2& mamba) {
  const N heads = step.size("h", mamba.num_heads, "heads of the state");
  const N width = step.size("p", mamba.head_dim, "head_dim of the state");
  const N states = step.size("n", mamba.state_size, "state_size");
  const N groups = step.size("g", mamba.groups, "n_groups");
  const N chunk = step.size("c", mamba.chunk_size, "chunk_size");
  const N inner = heads * width;
  const N channels = inner + 2 * groups * states;
  step.add_linear("in_proj", {"mamba.in_proj"}, step.hidden(), inner + channels + heads,
                  mamba.projection_bias);
  add_conv(step, channels, mamba.conv_kernel, mamba.conv_bias);
  step.add("ssd_scan",
           cost::LinearAttention<N>{heads, groups, states, width, heads, 3 * heads, step.stored(),
                                    step.activation(), step.state(), chunk});
  step.add_elementwise("gated_norm", 2 * inner, inner, mamba.has_norm ? inner : N(0),
                       cost::KernelRole::norm);
  step.add_linear("out_proj", {"mamba.out_proj"}, inner, step.hidden(), mamba.projection_bias);
}

template <class N>
void add_mixer(StepBuilder<N>& step, const model::GatedDeltaNet& delta) {
  const N key_heads = step.size("h_k", delta.num_key_heads, "linear_num_key_heads");
  const N heads = step.size("h", delta.num_value_heads, "linear_num_value_heads");
  const N key_dim = step.size("a", delta.key_head_dim, "linear_key_head_dim");
  const N value_dim = step.size("p", delta.value_head_dim, "linear_value_head_dim");
  const N chunk = step.size("c", kDeltaChunk, "tokens of a chunk");
  const N keys = key_heads * key_dim;
  const N values = heads * value_dim;
  step.add_linear("in_proj_qkvz", {"linear_attn.in_proj_qkvz"}, step.hidden(), 2 * (keys + values));
  step.add_linear("in_proj_ba", {"linear_attn.in_proj_ba"}, step.hidden(), 2 * heads);
  add_conv(step, N(2 * keys + values), delta.conv_kernel, false);
  step.add("gated_delta_net",
           cost::DeltaNet<N>{heads, key_heads, key_dim, value_dim, 2 * heads, 2 * heads,
                             step.stored(), step.activation(), step.state(), chunk});
  step.add_elementwise("gated_norm", 2 * values, values, value_dim, cost::KernelRole::norm);
  step.add_linear("out_proj", {"linear_attn.out_proj"}, values, step.hidden());
}

template <class N>
void add_mixer(StepBuilder<N>& step, const model::KimiDeltaAttention& kda) {
  const N heads = step.size("h", kda.num_heads, "heads of the state");
  const N width = step.size("a", kda.head_dim, "head_dim of the state");
  const N chunk = step.size("c", kDeltaChunk, "tokens of a chunk");
  const N inner = heads * width;
  step.add_linear("qkv_proj", {"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"},
                  step.hidden(), 3 * inner);
  add_conv(step, N(3 * inner), kda.conv_kernel, false);
  step.add_linear("f_a_proj", {"self_attn.f_a_proj"}, step.hidden(), width);
  step.add_linear("f_b_proj", {"self_attn.f_b_proj"}, width, inner);
  step.add_linear("b_proj", {"self_attn.b_proj"}, step.hidden(), heads);
  step.add("delta_attention",
           cost::DeltaNet<N>{heads, heads, width, width, inner + heads, inner + heads,
                             step.stored(), step.activation(), step.state(), chunk});
  if (kda.has_full_gate) {
    step.add_linear("g_proj", {"self_attn.g_proj"}, step.hidden(), inner);
  } else {
    step.add_linear("g_a_proj", {"self_attn.g_a_proj"}, step.hidden(), width);
    step.add_linear("g_b_proj", {"self_attn.g_b_proj"}, width, inner);
  }
  step.add_elementwise("gated_norm", 2 * inner, inner, width, cost::KernelRole::norm);
  step.add_linear("o_proj", {"self_attn.o_proj"}, inner, step.hidden());
}

template <class N>
void add_mixer(StepBuilder<N>& step, const model::LightningAttention& lightning) {
  const N heads = step.size("h", lightning.num_heads, "heads of the state");
  const N width = step.size("a", lightning.head_dim, "head_dim of the state");
  const N chunk = step.size("c", kLightningChunk, "tokens of a chunk");
  const N inner = heads * width;
  step.add_linear("qkv_proj", {"self_attn.qkv_proj"}, step.hidden(), 3 * inner);
  step.add("lightning_attention",
           cost::LinearAttention<N>{heads, heads, width, width, N(0), N(0), step.stored(),
                                    step.activation(), step.state(), chunk});
  step.add_elementwise("norm", inner, inner, inner, cost::KernelRole::norm);
  step.add_linear("output_gate", {"self_attn.output_gate"}, step.hidden(), inner);
  step.add_elementwise("gate", 2 * inner, inner, N(0), cost::KernelRole::activation);
  step.add_linear("out_proj", {"self_attn.out_proj"}, inner, step.hidden());
}

/// C ⊙ conv(B ⊙ x), with B, C and x from one matmul.
template <class N>
void add_mixer(StepBuilder<N>& step, const model::ShortConvolution& conv) {
  const N width = step.size("I", conv.width, "width of the convolution");
  step.add_linear("in_proj", {"conv.in_proj"}, step.hidden(), 3 * width, conv.has_bias);
  step.add_elementwise("gate", 2 * width, width, N(0), cost::KernelRole::activation);
  add_conv(step, width, conv.kernel, conv.has_bias);
  step.add_elementwise("gate", 2 * width, width, N(0), cost::KernelRole::activation);
  step.add_linear("out_proj", {"conv.out_proj"}, width, step.hidden(), conv.has_bias);
}

template <class N>
void add_mixer(StepBuilder<N>& step, const model::RecurrentUnit& unit) {
  const N width = step.size("I", unit.width, "lru_width");
  const N blocks = step.size("h", unit.blocks, "blocks of the gates");
  const N block = width / blocks;
  step.add_linear("linear_y", {"temporal_block.linear_y"}, step.hidden(), width, true);
  step.add_linear("linear_x", {"temporal_block.linear_x"}, step.hidden(), width, true);
  add_conv(step, width, unit.conv_kernel, true);
  step.add_matmul("rg_lru_gates", {"temporal_block.rg_lru gates"}, [&](const N& weight) {
    return cost::HeadwiseMatmul<N>{blocks, block, 2 * block, weight, step.activation(), 2 * width};
  });
  step.add("rg_lru",
           cost::GatedRecurrence<N>{width, width, step.stored(), step.activation(), step.state()});
  step.add_elementwise("gate", 2 * width, width, N(0), cost::KernelRole::activation);
  step.add_linear("linear_out", {"temporal_block.linear_out"}, width, step.hidden(), true);
}

}  // namespace ridgepoint::predict
