// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/cost/attention.hpp"

/// What multi-head latent attention needs beside LatentAttention (its absorbed form), and
/// DeepSeek's sparse attention on top of it. The projections q_a, q_b and o are a Matmul each.
namespace ridgepoint::cost {

/// A linear layer whose output is a cache entry: MLA's kv_a (n = C + r), the indexer's key (n = d).
template <class N>
struct CacheProjection {
  N hidden;  ///< D
  N width;   ///< n, elements per token in the cache
  N weight_size;
  N activation_size;
  N kv_size;
  N bias{0};  ///< n, or 0
  N bias_size = weight_size;

  friend bool operator==(const CacheProjection&, const CacheProjection&) = default;
};

/// cache[m,n] = X[m,D] · W[D,n] with m = B·T.
///   FLOPs        2·m·D·n
///   weights      D·n·sizeof(W) + bias·sizeof(b)
///   activations  m·D·sizeof(X)
///   KV cache     m·n·sizeof(KV): the output is the write to the cache
/// Assumes perfect on-chip reuse. Requires nothing.
/// Source: DeepSeek-V2, arXiv:2405.04434, section 2.1.2.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const CacheProjection<N>& op, const Shape<N>& s, Sink& out) {
  out.read("X", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.hidden);
  out.read("W", Kind::weights, op.weight_size, op.hidden, op.width);
  out.read("b", Kind::weights, op.bias_size, op.bias);
  out.compute("latent = X·W", 2 * s.batch * s.new_tokens * op.hidden * op.width);
  out.write("latent", Kind::kv_cache, op.kv_size, s.batch, s.new_tokens, op.width);
}

/// A matrix of its own for every head: MLA's absorbed q (n = C from nope) and v (n = v from C).
template <class N>
struct HeadwiseMatmul {
  N heads;  ///< N
  N k;      ///< input features per head
  N n;      ///< output features per head
  N weight_size;
  N activation_size;
  N bias{0};  ///< of all heads: N·n, or 0

  friend bool operator==(const HeadwiseMatmul&, const HeadwiseMatmul&) = default;
};

/// Y[m,N,n] = X[m,N,k] · W[N,k,n], head by head, with m = B·T.
///   FLOPs        2·m·N·k·n
///   weights      (N·k·n + bias)·sizeof(W)
///   activations  m·N·k·sizeof(X) + m·N·n·sizeof(Y)
/// Assumes perfect on-chip reuse. Requires nothing.
/// Source: DeepSeek-V2, arXiv:2405.04434, appendix C: W_UK absorbed into q, W_UV into o.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const HeadwiseMatmul<N>& op, const Shape<N>& s, Sink& out) {
  out.read("X", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.heads * op.k);
  out.read("W", Kind::weights, op.weight_size, op.heads, op.k, op.n);
  out.read("b", Kind::weights, op.weight_size, op.bias);
  out.compute("Y = X·W", 2 * s.batch * s.new_tokens * op.heads * op.k * op.n);
  out.write("Y", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.heads * op.n);
}

/// MLA's kv_b in the expanded form: keys and values of every head from the cached latents.
template <class N>
struct LatentUpProjection {
  static constexpr bool kReadsContext = true;
  N query_heads;  ///< N
  N latent_dim;   ///< C
  N nope_dim;     ///< P, qk_nope_head_dim
  N value_dim;    ///< v, v_head_dim
  N weight_size;
  N activation_size;
  N kv_size;

  friend bool operator==(const LatentUpProjection&, const LatentUpProjection&) = default;
};

/// [K|V][B·S, N·(P + v)] = latent[B·S, C] · W[C, N·(P + v)]: the whole context, past included.
///   FLOPs        2·B·S·C·N·(P + v)
///   weights      C·N·(P + v)·sizeof(W)
///   KV cache     B·S·C·sizeof(KV), read
///   activations  B·S·N·(P + v)·sizeof(K), written
/// Assumes perfect on-chip reuse. Requires the expanded form, which engines take for prefill.
/// Source: DeepSeek-V2, arXiv:2405.04434, equations 10 and 11.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const LatentUpProjection<N>& op, const Shape<N>& s, Sink& out) {
  const N outputs = op.query_heads * (op.nope_dim + op.value_dim);
  out.read("latent", Kind::kv_cache, op.kv_size, s.batch, s.context, op.latent_dim);
  out.read("W", Kind::weights, op.weight_size, op.latent_dim, outputs);
  out.compute("[K|V] = latent·W", 2 * s.batch * s.context * op.latent_dim * outputs);
  out.write("[K|V]", Kind::activations, op.activation_size, s.batch, s.context, outputs);
}

/// Multi-head latent attention in its expanded form: a key and a value of its own for every head.
template <class N>
struct ExpandedLatentAttention {
  static constexpr bool kReadsContext = true;
  N query_heads;  ///< N
  N nope_dim;     ///< P, qk_nope_head_dim
  N rope_dim;     ///< r, qk_rope_head_dim
  N value_dim;    ///< v, v_head_dim
  N activation_size;
  N kv_size;
  Pairs pairs = Pairs::causal;

  friend bool operator==(const ExpandedLatentAttention&, const ExpandedLatentAttention&) = default;
};

/// Y = softmax(Q·[K|R]ᵀ)·V for N heads; the rotary key R is one for all heads.
///   FLOPs        2·N·(P + r) per pair for the scores, 2·N·v for the values
///   KV cache     B·S·r·sizeof(KV): the rotary key
///   activations  B·S·N·(P + v)·sizeof(K) read as LatentUpProjection left them,
///                B·T·N·(P + r)·sizeof(Q) + B·T·N·v·sizeof(Y)
/// Assumes as Attention. Requires LatentUpProjection before it.
/// Source: DeepSeek-V2, arXiv:2405.04434, section 2.1.2.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const ExpandedLatentAttention<N>& op, const Shape<N>& s, Sink& out) {
  const N head_pairs =
      s.batch * query_key_pairs(op.pairs, s.new_tokens, s.context) * op.query_heads;
  const N key_dim = op.nope_dim + op.rope_dim;
  out.read("Q", Kind::activations, op.activation_size, s.batch, s.new_tokens,
           op.query_heads * key_dim);
  out.read("K", Kind::activations, op.activation_size, s.batch, s.context,
           op.query_heads * op.nope_dim);
  out.read("R", Kind::kv_cache, op.kv_size, s.batch, s.context, op.rope_dim);
  out.read("V", Kind::activations, op.activation_size, s.batch, s.context,
           op.query_heads * op.value_dim);
  out.compute("A = Q·[K|R]ᵀ", 2 * head_pairs * key_dim);
  out.compute("Y = softmax(A)·V", 2 * head_pairs * op.value_dim);
  out.write("Y", Kind::activations, op.activation_size, s.batch, s.new_tokens,
            op.query_heads * op.value_dim);
}

/// DeepSeek's lightning indexer: scores every key for every query, keeps the best k.
template <class N>
struct SparseIndexer {
  static constexpr bool kReadsContext = true;
  N index_heads;  ///< index_n_heads
  N index_dim;    ///< index_head_dim
  N top_k;        ///< k, index_topk
  N activation_size;
  N kv_size;        ///< bytes per element of the cached index keys
  N position_size;  ///< bytes of a selected position, 4 for int32
  Pairs pairs = Pairs::causal;

  friend bool operator==(const SparseIndexer&, const SparseIndexer&) = default;
};

/// I[t,s] = Σ_j w[t,j]·ReLU(q[t,j]·k[s]) over h index heads of width d, then top-k of each row.
///   FLOPs        2·h·d per query–key pair; ReLU, the weights w and top-k not counted
///   KV cache     B·S·d·sizeof(KV): one index key per token, for all index heads
///   activations  B·T·h·(d + 1)·sizeof(q) read, B·T·min(S, k)·sizeof(position) written
/// Assumes that scores stay on chip (selection fused). The keys' write is a CacheProjection.
/// Requires nothing.
/// Source: DeepSeek-V3.2-Exp technical report, 2025, equation 1.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const SparseIndexer<N>& op, const Shape<N>& s, Sink& out) {
  const N pairs = s.batch * query_key_pairs(op.pairs, s.new_tokens, s.context);
  out.read("q", Kind::activations, op.activation_size, s.batch, s.new_tokens,
           op.index_heads * op.index_dim);
  out.read("w", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.index_heads);
  out.read("index keys", Kind::kv_cache, op.kv_size, s.batch, s.context, op.index_dim);
  out.compute("I = Σ w·ReLU(q·kᵀ)", 2 * pairs * op.index_heads * op.index_dim);
  out.write("positions", Kind::activations, op.position_size, s.batch, s.new_tokens,
            min(s.context, op.top_k));
}

/// Absorbed latent attention over the keys that an indexer chose.
template <class N>
struct SparseLatentAttention {
  static constexpr bool kReadsContext = true;
  N query_heads;  ///< N
  N latent_dim;   ///< C
  N rope_dim;     ///< r
  N top_k;        ///< k
  N activation_size;
  N kv_size;

  friend bool operator==(const SparseLatentAttention&, const SparseLatentAttention&) = default;
};

/// Y = softmax(Q·[C|R]ᵀ)·C over min(p, k) keys for the query at position p.
///   FLOPs        2·N·(2·C + r) per pair; pairs Σ min(p, k) over the T last positions up to S
///   KV cache     B·min(S, pairs)·(C + r)·sizeof(KV): the most keys that the queries can choose,
///                min(S, k) for a single one
///   activations  B·T·N·(C + r)·sizeof(Q) + B·T·N·C·sizeof(Y)
/// Assumes that a key which several queries chose is read once. The positions are not counted here.
/// Requires SparseIndexer before it.
/// Source: DeepSeek-V3.2-Exp technical report, 2025, section 2.1.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const SparseLatentAttention<N>& op, const Shape<N>& s, Sink& out) {
  const N pairs =
      window_pairs(s.context, op.top_k) - window_pairs(N(s.context - s.new_tokens), op.top_k);
  const N key_dim = op.latent_dim + op.rope_dim;
  const N head_pairs = s.batch * pairs * op.query_heads;
  out.read("Q", Kind::activations, op.activation_size, s.batch, s.new_tokens,
           op.query_heads * key_dim);
  out.read("latent cache", Kind::kv_cache, op.kv_size, s.batch, min(s.context, pairs), key_dim);
  out.compute("A = Q·[C|R]ᵀ", 2 * head_pairs * key_dim);
  out.compute("Y = softmax(A)·C", 2 * head_pairs * op.latent_dim);
  out.write("Y", Kind::activations, op.activation_size, s.batch, s.new_tokens,
            op.query_heads * op.latent_dim);
}

}  // namespace ridgepoint::cost
