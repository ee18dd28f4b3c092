// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/cost/attention.hpp"

namespace ridgepoint::cost {

/// What full chunks of c tokens and a last one make of x tokens: ceil(x/c) − 1 and 1 … c tokens.
/// x = 0 gives −1 chunks and c tokens, which cancel in every sum over them.
template <class N>
struct Chunks {
  N full;
  N rest;

  friend bool operator==(const Chunks&, const Chunks&) = default;
};

template <class N>
RIDGEPOINT_FORMULA Chunks<N> chunks(const N& tokens, const N& chunk) {
  const N full = ceil(N(tokens / chunk)) - 1;
  return {full, N(tokens - full * chunk)};
}

/// The causal pairs inside chunks of c tokens, x tokens from a chunk's start on:
///   full·c·(c + 1)/2 + rest·(rest + 1)/2
template <class N>
RIDGEPOINT_FORMULA N chunk_pairs(const N& tokens, const N& chunk) {
  const Chunks<N> parts = chunks(tokens, chunk);
  return parts.full * (chunk * (chunk + 1) / 2) + parts.rest * (parts.rest + 1) / 2;
}

/// Attention inside chunks: position p sees the keys of its own chunk up to itself.
template <class N>
struct ChunkedAttention {
  static constexpr bool kReadsContext = true;
  N query_heads;
  N kv_heads;
  N head_dim;
  N activation_size;
  N kv_size;
  N chunk;                 ///< c, in tokens, >= 1
  N value_dim = head_dim;  ///< H_v

  friend bool operator==(const ChunkedAttention&, const ChunkedAttention&) = default;
};

/// Y = softmax(Q·Kᵀ)·V, causal inside chunks of c tokens that start at multiples of c.
///   FLOPs        4·H·N per pair; pairs of T queries ending at S: p(S) − p(S − T), p as above
///   KV cache     2·B·(S − c·(ceil((S − T + 1)/c) − 1))·K·H·sizeof(KV): from the start of the
///                first query's chunk on
///   activations  2·B·T·N·H·sizeof(Q)
/// Assumes as Attention, and that no key of an earlier chunk is read.
/// Requires c >= 1.
/// Source: attention_chunk_size of Llama 4, Hugging Face transformers, modeling_llama4.py.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const ChunkedAttention<N>& op, const Shape<N>& s, Sink& out) {
  const N past = s.context - s.new_tokens;
  const N pairs = s.batch * (chunk_pairs(s.context, op.chunk) - chunk_pairs(past, op.chunk));
  const N keys = s.context - chunks(N(past + 1), op.chunk).full * op.chunk;
  softmax_attention(op, pairs, keys, s, out);
}

/// Attention of a decoder to the outputs of an encoder, without its projections.
template <class N>
struct CrossAttention {
  N query_heads;
  N kv_heads;
  N head_dim;
  N activation_size;
  N kv_size;
  N source_tokens;  ///< S_e, the encoder's length per sequence

  friend bool operator==(const CrossAttention&, const CrossAttention&) = default;
};

/// Y = softmax(Q·Kᵀ)·V of T queries on S_e keys of the encoder, whatever the decoder's context.
///   FLOPs        4·B·T·S_e·N·H
///   KV cache     2·B·S_e·K·H·sizeof(KV): read; written once, by CrossKvProjection
///   activations  2·B·T·N·H·sizeof(Q)
/// Assumes as Attention.
/// Requires the encoder's keys and values in a cache of their own.
/// Source: Vaswani et al., arXiv:1706.03762, section 3.2.3; Raffel et al. (T5), arXiv:1910.10683.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const CrossAttention<N>& op, const Shape<N>& s, Sink& out) {
  const Attention<N> attention{op.query_heads,     op.kv_heads, op.head_dim,
                               op.activation_size, op.kv_size,  Pairs::full};
  cost(attention, Shape<N>{s.batch, s.new_tokens, op.source_tokens}, out);
}

/// The keys and values of cross attention, made once from the encoder's outputs.
template <class N>
struct CrossKvProjection {
  N hidden;         ///< D of the encoder
  N kv_heads;       ///< K
  N head_dim;       ///< H
  N source_tokens;  ///< S_e
  N weight_size;
  N activation_size;
  N kv_size;
  N bias{0};  ///< 2·K·H, or 0

  friend bool operator==(const CrossKvProjection&, const CrossKvProjection&) = default;
};

/// K, V [B·S_e, K·H] = X[B·S_e, D] · W[D, 2·K·H]: part of the encoder's pass, not of decode steps.
///   FLOPs        4·B·S_e·D·K·H
///   weights      (2·D·K·H + bias)·sizeof(W)
///   activations  B·S_e·D·sizeof(X)
///   KV cache     2·B·S_e·K·H·sizeof(KV), written
/// Assumes perfect on-chip reuse. Requires nothing.
/// Source: as CrossAttention.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const CrossKvProjection<N>& op, const Shape<N>& s, Sink& out) {
  const N outputs = 2 * op.kv_heads * op.head_dim;
  out.read("X", Kind::activations, op.activation_size, s.batch, op.source_tokens, op.hidden);
  out.read("W", Kind::weights, op.weight_size, op.hidden, outputs);
  out.read("b", Kind::weights, op.weight_size, op.bias);
  out.compute("[K|V] = X·W", 2 * s.batch * op.source_tokens * op.hidden * outputs);
  out.write("[K|V]", Kind::kv_cache, op.kv_size, s.batch, op.source_tokens, outputs);
}

/// Bidirectional attention of an encoder: every token sees every other, or those near to it;
/// nothing is cached.
template <class N>
struct EncoderAttention {
  N query_heads;
  N kv_heads;
  N head_dim;
  N activation_size;
  bool is_local = false;
  N reach{1};  ///< w: keys seen on either side, the token's own included; if local

  friend bool operator==(const EncoderAttention&, const EncoderAttention&) = default;
};

/// Y = softmax(Q·Kᵀ)·V for B sequences of T tokens among themselves.
///   FLOPs        4·N·H per pair: T² pairs; local ones 2·p(T) − T with p as in WindowAttention
///   activations  2·B·T·(N + K)·H·sizeof(Q): Q, K and V read, Y written
/// Assumes as Attention; K and V are activations, because no later step reads them.
/// Requires nothing.
/// Source: Devlin et al. (BERT), arXiv:1810.04805; Dao et al., arXiv:2205.14135; local layers:
/// Warner et al. (ModernBERT), arXiv:2412.13663.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const EncoderAttention<N>& op, const Shape<N>& s, Sink& out) {
  const N pairs = op.is_local ? N(2 * window_pairs(s.new_tokens, op.reach) - s.new_tokens)
                              : N(s.new_tokens * s.new_tokens);
  const N width = op.query_heads * op.head_dim;
  const N half_flops = 2 * s.batch * pairs * width;
  const N kv_width = op.kv_heads * op.head_dim;
  out.read("Q", Kind::activations, op.activation_size, s.batch, s.new_tokens, width);
  out.read("K", Kind::activations, op.activation_size, s.batch, s.new_tokens, kv_width);
  out.read("V", Kind::activations, op.activation_size, s.batch, s.new_tokens, kv_width);
  out.compute("A = Q·Kᵀ", half_flops);
  out.compute("Y = softmax(A)·V", half_flops);
  out.write("Y", Kind::activations, op.activation_size, s.batch, s.new_tokens, width);
}

}  // namespace ridgepoint::cost
