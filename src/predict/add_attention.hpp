// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "predict/step_builder.hpp"

/// The operators of layers with softmax attention; called by build_step.cpp in each scalar.
namespace ridgepoint::predict {

/// The sizes of a softmax attention as scalars.
template <class N>
struct AttentionSizes {
  N heads;      ///< N
  N kv_heads;   ///< K
  N key_dim;    ///< H
  N value_dim;  ///< H_v, or H

  AttentionSizes(const StepBuilder<N>& step, const model::Attention& attention)
      : heads(step.size("N", attention.num_attention_heads, "num_attention_heads")),
        kv_heads(step.size("K", attention.num_key_value_heads, "num_key_value_heads")),
        key_dim(step.size("H", attention.head_dim, "head_dim")),
        value_dim(attention.value_width() == attention.head_dim
                      ? key_dim
                      : step.size("H_v", attention.value_width(), "v_head_dim")) {}

  N output() const { return heads * value_dim; }
};

/// True where some layers have a window and others have not, or another one.
bool mixes_windows(const model::Architecture& architecture);

/// "attention", where layers differ "full_attention", "sliding_attention" or "chunked_attention".
std::string attention_name(const model::Architecture& architecture,
                           const model::Attention& attention);

template <class N>
void add_query_key_norm(StepBuilder<N>& step, const model::Attention& attention,
                        const AttentionSizes<N>& sizes) {
  if (attention.query_key_norm == model::QueryKeyNorm::none) return;
  const N normed_heads = attention.has_keys ? N(sizes.heads + sizes.kv_heads) : sizes.heads;
  const N width = normed_heads * sizes.key_dim;
  const bool is_whole = attention.query_key_norm == model::QueryKeyNorm::whole;
  const N weights = is_whole ? width : N((attention.has_keys ? 2 : 1) * sizes.key_dim);
  step.add_elementwise("qk_norm", width, width,
                       attention.query_key_norm_bias ? N(2 * weights) : weights,
                       cost::KernelRole::norm);
  if (is_whole) step.add_norm_sums("qk_norm_all_reduce");
}

/// Queries, and where the layer has them keys and values: into the cache, or as activations where
/// there is none.
template <class N>
void add_projection(StepBuilder<N>& step, const model::Attention& attention,
                    const AttentionSizes<N>& sizes) {
  const N gate = attention.has_output_gate ? sizes.output() : N(0);
  const N queries = sizes.heads * sizes.key_dim + gate;
  const N values = attention.has_value_projection ? N(sizes.kv_heads * sizes.value_dim) : N(0);
  const N all = queries + sizes.kv_heads * sizes.key_dim + values;
  if (!attention.has_keys) {
    step.add_linear("q_proj", {"self_attn.q_proj"}, step.hidden(), queries, attention.qkv_bias);
    return;
  }
  step.add_matmul("qkv_proj", {"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"},
                  [&](const N& weight) -> cost::Operator<N> {
                    const N bias = attention.qkv_bias ? all : N(0);
                    if (!attention.has_cache) {
                      return cost::Matmul<N>{step.hidden(),     all,  weight,
                                             step.activation(), bias, step.stored()};
                    }
                    return cost::QkvProjection<N>{.hidden = step.hidden(),
                                                  .query_heads = sizes.heads,
                                                  .kv_heads = sizes.kv_heads,
                                                  .head_dim = sizes.key_dim,
                                                  .weight_size = weight,
                                                  .activation_size = step.activation(),
                                                  .kv_size = step.kv(),
                                                  .bias = bias,
                                                  .value_dim = sizes.value_dim,
                                                  .gate_width = gate,
                                                  .has_values = attention.has_value_projection,
                                                  .bias_size = step.stored()};
                  });
}

template <class N>
cost::Operator<N> attention_operator(const StepBuilder<N>& step, const model::Attention& attention,
                                     const AttentionSizes<N>& sizes) {
  const auto& [heads, kv_heads, width, value_dim] = sizes;
  const auto window = [&](const char* letter, const char* meaning) {
    return step.size(letter, attention.window.value_or(1), meaning);
  };
  if (!attention.has_cache) {
    const bool is_local = attention.window.has_value();
    const std::int64_t reach = attention.window.value_or(0) / 2 + 1;
    return cost::EncoderAttention<N>{
        heads,    kv_heads,
        width,    step.activation(),
        is_local, is_local ? step.size("W", reach, "keys seen to each side") : N(1)};
  }
  if (attention.window && attention.is_chunked) {
    return cost::ChunkedAttention<N>{heads,     kv_heads,
                                     width,     step.activation(),
                                     step.kv(), window("c", "attention_chunk_size"),
                                     value_dim};
  }
  if (attention.window) {
    return cost::WindowAttention<N>{heads,     kv_heads,
                                    width,     step.activation(),
                                    step.kv(), window("W", "sliding window in tokens"),
                                    value_dim};
  }
  const auto pairs = step.architecture().is_causal ? cost::Pairs::causal : cost::Pairs::full;
  return cost::Attention<N>{heads, kv_heads, width, step.activation(), step.kv(), pairs, value_dim};
}

template <class N>
void add_mixer(StepBuilder<N>& step, const model::Attention& attention) {
  const AttentionSizes<N> sizes(step, attention);
  add_projection(step, attention, sizes);
  add_query_key_norm(step, attention, sizes);
  if (attention.has_rotary) {
    const N rotated = attention.has_keys ? sizes.kv_heads : N(0);
    step.add("rotary_emb", cost::rotary(sizes.heads, rotated, sizes.key_dim, step.sizes()),
             cost::KernelRole::rotary);
  }
  if (attention.has_sinks) {
    step.add_elementwise("sinks", N(0), N(0), sizes.heads, cost::KernelRole::into_other);
  }
  step.add_attention(attention_name(step.architecture(), attention),
                     attention_operator(step, attention, sizes));
  if (attention.has_output_gate) {
    step.add_elementwise("output_gate", 2 * sizes.output(), sizes.output(), N(0),
                         cost::KernelRole::activation);
  }
  step.add_linear("o_proj", {"self_attn.o_proj"}, sizes.output(), step.hidden(),
                  attention.output_bias);
}

/// What a decoder layer makes of the encoder's output, once for a sequence.
template <class N>
void add_cross_cache(StepBuilder<N>& step, const model::Attention& attention) {
  const AttentionSizes<N> sizes(step, attention);
  const N width = sizes.kv_heads * (sizes.key_dim + sizes.value_dim);
  step.add_matmul("cross_kv_proj", {"encoder_attn.k_proj", "encoder_attn.v_proj"},
                  [&](const N& weight) {
                    return cost::CacheProjection<N>{.hidden = step.hidden(),
                                                    .width = width,
                                                    .weight_size = weight,
                                                    .activation_size = step.activation(),
                                                    .kv_size = step.kv(),
                                                    .bias = attention.qkv_bias ? width : N(0),
                                                    .bias_size = step.stored()};
                  });
}

/// To so many tokens of the encoder, or to as many as the context has.
template <class N>
cost::Operator<N> cross_attention(const StepBuilder<N>& step, const AttentionSizes<N>& sizes) {
  const auto& [heads, kv_heads, width, value_dim] = sizes;
  if (const auto tokens = step.source_tokens()) {
    return cost::CrossAttention<N>{heads,     kv_heads,
                                   width,     step.activation(),
                                   step.kv(), step.size("S_e", *tokens, "tokens of the encoder")};
  }
  return cost::Attention<N>{heads,     kv_heads,          width,    step.activation(),
                            step.kv(), cost::Pairs::full, value_dim};
}

/// Attention of a decoder to the output of the encoder.
template <class N>
void add_cross_attention(StepBuilder<N>& step, const model::Attention& attention) {
  const AttentionSizes<N> sizes(step, attention);
  step.add_linear("cross_q_proj", {"encoder_attn.q_proj"}, step.hidden(),
                  sizes.heads * sizes.key_dim, attention.qkv_bias);
  step.add_attention("cross_attention", cross_attention(step, sizes));
  step.add_linear("cross_o_proj", {"encoder_attn.o_proj"}, sizes.output(), step.hidden(),
                  attention.output_bias);
}

}  // namespace ridgepoint::predict
