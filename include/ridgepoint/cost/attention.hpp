// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/cost/sink.hpp"

namespace ridgepoint::cost {

/// Which query–key pairs are counted.
enum class Pairs {
  full,    ///< T·S, as the lecture counts
  causal,  ///< each query sees the keys up to its own position
};

/// Query–key pairs of one sequence and head: T queries on a context that ends at S.
///   full    T·S
///   causal  T·(S − T) + T·(T + 1)/2
template <class N>
RIDGEPOINT_FORMULA N query_key_pairs(Pairs pairs, const N& new_tokens, const N& context) {
  if (pairs == Pairs::full) return new_tokens * context;
  return new_tokens * (context - new_tokens) + new_tokens * (new_tokens + 1) / 2;
}

/// Softmax attention, without its projections: MHA (K = N), GQA (K < N) or MQA (K = 1).
template <class N>
struct Attention {
  static constexpr bool kReadsContext = true;
  N query_heads;      ///< N
  N kv_heads;         ///< K
  N head_dim;         ///< H
  N activation_size;  ///< bytes per element of Q and of the output
  N kv_size;          ///< bytes per element of the KV cache
  Pairs pairs = Pairs::causal;
  N value_dim = head_dim;  ///< H_v, of values and of the output

  friend bool operator==(const Attention&, const Attention&) = default;
};

/// What softmax attention of `pairs` query–key pairs on `keys` keys of each sequence moves and
/// computes, whichever pairs those are.
template <class Op, class N, class Sink>
RIDGEPOINT_FORMULA void softmax_attention(const Op& op, const N& pairs, const N& keys,
                                          const Shape<N>& s, Sink& out) {
  const N head_pairs = pairs * op.query_heads;
  out.read("Q", Kind::activations, op.activation_size, s.batch, s.new_tokens,
           op.query_heads * op.head_dim);
  out.read("K", Kind::kv_cache, op.kv_size, s.batch, keys, op.kv_heads * op.head_dim);
  out.read("V", Kind::kv_cache, op.kv_size, s.batch, keys, op.kv_heads * op.value_dim);
  out.compute("A = Q·Kᵀ", 2 * head_pairs * op.head_dim);
  out.compute("Y = softmax(A)·V", 2 * head_pairs * op.value_dim);
  out.write("Y", Kind::activations, op.activation_size, s.batch, s.new_tokens,
            op.query_heads * op.value_dim);
}

/// Y = softmax(Q·Kᵀ)·V for B sequences of T queries on S keys, in one pass (FlashAttention).
///   FLOPs        4·H·N per query–key pair: 2·H for Q·Kᵀ, 2·H_v for P·V; softmax not counted
///   KV cache     2·B·S·K·H·sizeof(KV): K and V read once per key/value head
///   activations  2·B·T·N·H·sizeof(Q): Q read, Y written
/// with H + H_v for 2·H where values are not as wide as keys.
/// Assumes that scores stay on chip and that K and V are read once for all queries of a sequence.
/// Source: Dao et al., "FlashAttention", arXiv:2205.14135; Ainslie et al., arXiv:2305.13245.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const Attention<N>& op, const Shape<N>& s, Sink& out) {
  const N pairs = s.batch * query_key_pairs(op.pairs, s.new_tokens, s.context);
  softmax_attention(op, pairs, s.context, s, out);
}

/// Attention in which each query sees at most the last `window` keys, its own included.
template <class N>
struct WindowAttention {
  static constexpr bool kReadsContext = true;
  N query_heads;
  N kv_heads;
  N head_dim;
  N activation_size;
  N kv_size;
  N window;                ///< W, in tokens, >= 1
  N value_dim = head_dim;  ///< H_v

  friend bool operator==(const WindowAttention&, const WindowAttention&) = default;
};

/// Σ min(p, W) over the positions p = 1 … x: the pairs of a windowed prefill of x tokens.
template <class N>
RIDGEPOINT_FORMULA N window_pairs(const N& tokens, const N& window) {
  const N ramp = min(tokens, window);
  return ramp * (ramp + 1) / 2 + (tokens - ramp) * window;
}

/// Y = softmax(Q·Kᵀ)·V, causal, with a sliding window of W keys.
///   FLOPs        4·H·N per pair; pairs of T queries ending at S: p(S) − p(S − T), p as above
///   KV cache     2·B·min(S, T + W − 1)·K·H·sizeof(KV): the keys that some query sees
///   activations  2·B·T·N·H·sizeof(Q)
/// Assumes as Attention, and that no key outside every window is read.
/// Source: Beltagy et al., "Longformer", arXiv:2004.05150; Jiang et al., arXiv:2310.06825.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const WindowAttention<N>& op, const Shape<N>& s, Sink& out) {
  const N pairs = s.batch * (window_pairs(s.context, op.window) -
                             window_pairs(N(s.context - s.new_tokens), op.window));
  const N keys = min(s.context, N(s.new_tokens + op.window - 1));
  softmax_attention(op, pairs, keys, s, out);
}

/// Attention over a prefix that all B sequences share and S tokens of each one's own.
template <class N>
struct PrefixAttention {
  static constexpr bool kReadsContext = true;
  N query_heads;
  N kv_heads;
  N head_dim;
  N activation_size;
  N kv_size;
  N prefix;  ///< P, in tokens

  friend bool operator==(const PrefixAttention&, const PrefixAttention&) = default;
};

/// Y = softmax(Q·Kᵀ)·V on P shared and S own keys per sequence, all pairs counted.
///   FLOPs        4·B·T·(P + S)·N·H
///   KV cache     2·(P + B·S)·K·H·sizeof(KV): the prefix is read once for the whole batch
///   activations  2·B·T·N·H·sizeof(Q)
/// Assumes a kernel that reads the prefix once for all sequences (cascade attention).
/// Source: Juravsky et al., "Hydragen", arXiv:2402.05099.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const PrefixAttention<N>& op, const Shape<N>& s, Sink& out) {
  const N half_flops =
      2 * s.batch * s.new_tokens * (op.prefix + s.context) * op.query_heads * op.head_dim;
  const N kv_width = op.kv_heads * op.head_dim;
  out.read("Q", Kind::activations, op.activation_size, s.batch, s.new_tokens,
           op.query_heads * op.head_dim);
  out.read("shared K", Kind::kv_cache, op.kv_size, op.prefix, kv_width);
  out.read("shared V", Kind::kv_cache, op.kv_size, op.prefix, kv_width);
  out.read("own K", Kind::kv_cache, op.kv_size, s.batch, s.context, kv_width);
  out.read("own V", Kind::kv_cache, op.kv_size, s.batch, s.context, kv_width);
  out.compute("A = Q·Kᵀ", half_flops);
  out.compute("Y = softmax(A)·V", half_flops);
  out.write("Y", Kind::activations, op.activation_size, s.batch, s.new_tokens,
            op.query_heads * op.head_dim);
}

/// Multi-head latent attention in its absorbed form: every head attends to one latent vector.
template <class N>
struct LatentAttention {
  static constexpr bool kReadsContext = true;
  N query_heads;  ///< N
  N latent_dim;   ///< C, kv_lora_rank
  N rope_dim;     ///< r, qk_rope_head_dim
  N activation_size;
  N kv_size;
  Pairs pairs = Pairs::full;

  friend bool operator==(const LatentAttention&, const LatentAttention&) = default;
};

/// Y = softmax(Q·[C|R]ᵀ)·C; the latent C is key and value at once.
///   FLOPs        2·N·(C + r) per pair for the scores, 2·N·C for the values
///   KV cache     B·S·(C + r)·sizeof(KV): read once for all heads
///   activations  B·T·N·(C + r)·sizeof(Q) + B·T·N·C·sizeof(Y)
/// Assumes one pass over the cache for all heads.
/// Source: DeepSeek-V2, arXiv:2405.04434, section 2.1 and appendix C.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const LatentAttention<N>& op, const Shape<N>& s, Sink& out) {
  const N head_pairs =
      s.batch * query_key_pairs(op.pairs, s.new_tokens, s.context) * op.query_heads;
  const N key_dim = op.latent_dim + op.rope_dim;
  out.read("Q", Kind::activations, op.activation_size, s.batch, s.new_tokens,
           op.query_heads * key_dim);
  out.read("latent cache", Kind::kv_cache, op.kv_size, s.batch, s.context, key_dim);
  out.compute("A = Q·[C|R]ᵀ", 2 * head_pairs * key_dim);
  out.compute("Y = softmax(A)·C", 2 * head_pairs * op.latent_dim);
  out.write("Y", Kind::activations, op.activation_size, s.batch, s.new_tokens,
            op.query_heads * op.latent_dim);
}

/// The write of new keys and values into the cache, where it is an operator of its own.
template <class N>
struct KvAppend {
  N kv_heads;
  N head_dim;
  N activation_size;
  N kv_size;

  friend bool operator==(const KvAppend&, const KvAppend&) = default;
};

/// cache[S − T … S] = K, V for B sequences of T new tokens: no FLOPs.
///   activations  2·B·T·K·H·sizeof(K)    K and V read as the projection left them
///   KV cache     2·B·T·K·H·sizeof(KV)   written
/// Assumes a separate kernel; a step counts the projection's outputs as this write instead.
/// Source: Kwon et al., "PagedAttention", arXiv:2309.06180 (reshape_and_cache).
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const KvAppend<N>& op, const Shape<N>& s, Sink& out) {
  const N width = op.kv_heads * op.head_dim;
  out.read("K and V", Kind::activations, op.activation_size, N(2), s.batch, s.new_tokens, width);
  out.write("K and V", Kind::kv_cache, op.kv_size, N(2), s.batch, s.new_tokens, width);
}

}  // namespace ridgepoint::cost
