// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/cost/sink.hpp"

namespace ridgepoint::cost {

/// A linear layer from k to n features.
template <class N>
struct Matmul {
  N k;                ///< input features
  N n;                ///< output features
  N weight_size;      ///< bytes per weight
  N activation_size;  ///< bytes per activation
  N bias{0};          ///< number of bias elements: n, or 0 for none
  N bias_size = weight_size;

  friend bool operator==(const Matmul&, const Matmul&) = default;
};

/// Y[m,n] = X[m,k] · W[k,n] with m = B·T, every tensor moved through device memory once.
///   FLOPs        2·m·k·n           one multiply and one add per term; a bias adds none
///   weights      k·n·sizeof(W) + bias·sizeof(b)
///   activations  m·k·sizeof(X) + m·n·sizeof(Y)
/// Assumes perfect on-chip reuse: the bytes are a lower bound.
/// Source: Williams, Waterman, Patterson, "Roofline", CACM 52(4), 2009.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const Matmul<N>& op, const Shape<N>& s, Sink& out) {
  out.read("X", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.k);
  out.read("W", Kind::weights, op.weight_size, op.k, op.n);
  out.read("b", Kind::weights, op.bias_size, op.bias);
  out.compute("Y = X·W", 2 * s.batch * s.new_tokens * op.k * op.n);
  out.write("Y", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.n);
}

/// The fused projection of hidden states to queries, keys and values.
template <class N>
struct QkvProjection {
  N hidden;       ///< D
  N query_heads;  ///< N
  N kv_heads;     ///< K
  N head_dim;     ///< H
  N weight_size;
  N activation_size;
  N kv_size;               ///< bytes per cached element
  N bias{0};               ///< as many as there are outputs, or 0
  N value_dim = head_dim;  ///< H_v
  N gate_width{0};         ///< elements of an output gate, made with the queries
  bool has_values = true;  ///< false: values are the keys, projected once, cached twice
  N bias_size = weight_size;

  friend bool operator==(const QkvProjection&, const QkvProjection&) = default;
};

/// Q[m,N·H], K[m,K·H], V[m,K·H_v] = X[m,D] · Wqkv[D,n] with m = B·T, X read once; n is
/// (N + 2K)·H, plainly: N·H + gate + K·H + K·H_v.
///   FLOPs        2·m·D·n
///   weights      D·n·sizeof(W) + bias·sizeof(b)
///   activations  m·D·sizeof(X) + m·(N·H + gate)·sizeof(Q)
///   KV cache     m·K·(H + H_v)·sizeof(KV): the outputs K and V are the write to the cache
/// Assumes perfect on-chip reuse.
/// Source: as Matmul; grouped-query attention: Ainslie et al., arXiv:2305.13245.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const QkvProjection<N>& op, const Shape<N>& s, Sink& out) {
  const N queries = op.query_heads * op.head_dim + op.gate_width;
  const N keys = op.kv_heads * op.head_dim;
  const N values = op.kv_heads * op.value_dim;
  const N outputs = queries + keys + (op.has_values ? values : N(0));
  out.read("X", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.hidden);
  out.read("Wqkv", Kind::weights, op.weight_size, op.hidden, outputs);
  out.read("b", Kind::weights, op.bias_size, op.bias);
  out.compute("Q, K, V = X·Wqkv", 2 * s.batch * s.new_tokens * op.hidden * outputs);
  out.write("Q", Kind::activations, op.activation_size, s.batch, s.new_tokens, queries);
  out.write("K", Kind::kv_cache, op.kv_size, s.batch, s.new_tokens, keys);
  out.write("V", Kind::kv_cache, op.kv_size, s.batch, s.new_tokens, values);
}

/// The output layer, on one position of each sequence.
template <class N>
struct LmHead {
  N hidden;      ///< D
  N vocabulary;  ///< V
  N weight_size;
  N activation_size;
  N bias{0};  ///< V, or 0

  friend bool operator==(const LmHead&, const LmHead&) = default;
};

/// logits[B,V] = X[B,D] · W[D,V]: the last position of a prefill, the only one of a decode step.
///   FLOPs 2·B·D·V, weights (D·V + bias)·sizeof(W), activations B·D·sizeof(X) + B·V·sizeof(Y)
/// Assumes that earlier positions need no logits (no prompt log-probabilities).
/// Source: as Matmul.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const LmHead<N>& op, const Shape<N>& s, Sink& out) {
  const Matmul<N> matmul{op.hidden, op.vocabulary, op.weight_size, op.activation_size, op.bias};
  cost(matmul, Shape<N>{s.batch, N(1), s.context}, out);
}

}  // namespace ridgepoint::cost
