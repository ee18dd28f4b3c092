// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/cost/attention_kinds.hpp"

/// Layers with a state of constant size instead of a KV cache.
///
/// In all of them the state is read and written once per sequence and step, however many tokens the
/// step has. FLOPs are the multiply-adds of the recurrence, 2 each; a decay of the state is part of
/// the multiply-add that updates it, gates and activation functions are not counted (as in
/// attention, where softmax is not).
namespace ridgepoint::cost {

/// How the tokens of a step are worked off.
enum class Scan {
  recurrent,  ///< one after the other
  chunked,    ///< chunks as matmuls, state from chunk to chunk; a single token is the recurrence
};

/// The causal pairs inside the chunks of a step: none in the recurrence or for a single token.
template <class N>
RIDGEPOINT_FORMULA N scan_pairs(Scan scan, const N& new_tokens, const N& chunk) {
  if (scan == Scan::recurrent) return N(0);
  return min(N(new_tokens - 1), N(1)) * chunk_pairs(new_tokens, chunk);
}

/// The depthwise causal convolution in front of a state-space or delta layer.
template <class N>
struct CausalConv {
  N channels;  ///< E, all that are convolved: x (and B, C), or q, k and v
  N kernel;    ///< w, linear_conv_kernel_dim or conv_kernel
  N weight_size;
  N activation_size;
  N state_size;
  N bias{0};  ///< E, or 0

  friend bool operator==(const CausalConv&, const CausalConv&) = default;
};

/// Y[m,E] = Σ_i W[E,i]·X[t − i,E] over i = 0 … w − 1, with m = B·T.
///   FLOPs        2·m·E·w
///   weights      (E·w + bias)·sizeof(W)
///   activations  2·m·E·sizeof(X)
///   state        2·B·E·(w − 1)·sizeof(state): the last w − 1 inputs, read and written
/// Assumes the activation function fused. Requires w >= 1.
/// Source: Gu and Dao, "Mamba", arXiv:2312.00752, section 3.4.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const CausalConv<N>& op, const Shape<N>& s, Sink& out) {
  out.read("X", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.channels);
  out.read("last inputs", Kind::state, op.state_size, s.batch, op.channels, N(op.kernel - 1));
  out.read("W", Kind::weights, op.weight_size, op.channels, op.kernel);
  out.read("b", Kind::weights, op.weight_size, op.bias);
  out.compute("Y = W * X", 2 * s.batch * s.new_tokens * op.channels * op.kernel);
  out.write("last inputs", Kind::state, op.state_size, s.batch, op.channels, N(op.kernel - 1));
  out.write("Y", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.channels);
}

/// Mamba-1's selective scan, without its projections.
template <class N>
struct SelectiveScan {
  N channels;  ///< E, intermediate_size = expand·hidden
  N states;    ///< n, state_size
  N weight_size;
  N activation_size;
  N state_size;  ///< bytes per element of the state, 4 for fp32

  friend bool operator==(const SelectiveScan&, const SelectiveScan&) = default;
};

/// h[E,n] ← exp(Δ·A)∘h + (Δ·x)⊗B, y[E] = h·C + D∘x for every token.
///   FLOPs        4·B·T·E·n: one multiply-add to update, one to read out
///   weights      (E·n + E)·sizeof(W): A and D
///   activations  B·T·(3·E + 2·n)·sizeof(X): x, Δ, B, C read, y written
///   state        2·B·E·n·sizeof(state)
/// Assumes the fused scan: h stays on chip from token to token. It has no matmul form.
/// Requires nothing.
/// Source: Gu and Dao, "Mamba", arXiv:2312.00752, algorithm 2 and section 3.3.2.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const SelectiveScan<N>& op, const Shape<N>& s, Sink& out) {
  const N half_flops = 2 * s.batch * s.new_tokens * op.channels * op.states;
  out.read("x and Δ", Kind::activations, op.activation_size, N(2), s.batch, s.new_tokens,
           op.channels);
  out.read("B and C", Kind::activations, op.activation_size, N(2), s.batch, s.new_tokens,
           op.states);
  out.read("A and D", Kind::weights, op.weight_size, op.channels, N(op.states + 1));
  out.read("state", Kind::state, op.state_size, s.batch, op.channels, op.states);
  out.compute("h ← exp(ΔA)∘h + Δx⊗B", half_flops);
  out.compute("y = h·C", half_flops);
  out.write("state", Kind::state, op.state_size, s.batch, op.channels, op.states);
  out.write("y", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.channels);
}

/// Linear attention with a scalar decay per head: Mamba-2 (q = C, k = B, v = Δ·x), lightning
/// attention, retention, plain linear attention.
template <class N>
struct LinearAttention {
  N heads;       ///< h, of the state and of the values
  N key_heads;   ///< g, heads of keys and queries: n_groups of Mamba-2, h without sharing
  N key_dim;     ///< a, rows of the state: state_size of Mamba-2
  N value_dim;   ///< v, columns of the state: head_dim of Mamba-2
  N gates;       ///< gate elements read per token: h for Mamba-2 (Δ), 0 for a fixed decay
  N parameters;  ///< weights: 3·h for Mamba-2 (A, D, bias of Δ), h for a fixed decay
  N weight_size;
  N activation_size;
  N state_size;  ///< bytes per element of the state, 4 for fp32
  N chunk;       ///< tokens per chunk, >= 1
  Scan scan = Scan::chunked;

  friend bool operator==(const LinearAttention&, const LinearAttention&) = default;
};

/// H[a,v] ← α·H + k⊗v, y[v] = q·H for each of h heads and every token.
///   FLOPs        4·B·T·h·a·v; chunked, besides: B·pairs·(2·g·a + 2·h·v), for Q·Kᵀ and (Q·Kᵀ)·V
///                inside chunks
///   weights      parameters·sizeof(W)
///   activations  B·T·(2·g·a + 2·h·v + gates)·sizeof(X): q, k, v and gates read, y written
///   state        2·B·h·a·v·sizeof(state), read and written: no S in it
/// Assumes that states stay on chip from chunk to chunk, and causal pairs.
/// Requires chunk >= 1.
/// Source: Dao and Gu, "Mamba-2", arXiv:2405.21060, section 6; Qin et al., "Lightning Attention-2",
/// arXiv:2401.04658.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const LinearAttention<N>& op, const Shape<N>& s, Sink& out) {
  const N pairs = s.batch * scan_pairs(op.scan, s.new_tokens, op.chunk);
  const N key_width = op.key_heads * op.key_dim;
  const N value_width = op.heads * op.value_dim;
  const N half_flops = 2 * s.batch * s.new_tokens * value_width * op.key_dim;
  out.read("q and k", Kind::activations, op.activation_size, N(2), s.batch, s.new_tokens,
           key_width);
  out.read("v", Kind::activations, op.activation_size, s.batch, s.new_tokens, value_width);
  out.read("gates", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.gates);
  out.read("w", Kind::weights, op.weight_size, op.parameters);
  out.read("state", Kind::state, op.state_size, s.batch, op.key_dim, value_width);
  out.compute("H ← α·H + k⊗v", half_flops);
  out.compute("y = q·H", half_flops);
  out.compute("(q·kᵀ)·v inside chunks", 2 * pairs * (key_width + value_width));
  out.write("state", Kind::state, op.state_size, s.batch, op.key_dim, value_width);
  out.write("y", Kind::activations, op.activation_size, s.batch, s.new_tokens, value_width);
}

/// The delta rule: Gated DeltaNet (one decay per head) and KDA (one per key channel).
template <class N>
struct DeltaNet {
  N heads;       ///< h, of the state and of the values
  N key_heads;   ///< g, heads of keys and queries
  N key_dim;     ///< a
  N value_dim;   ///< v
  N gates;       ///< gate elements read per token: 2·h for Gated DeltaNet, h·(a + 1) for KDA
  N parameters;  ///< 2·h for Gated DeltaNet (A, bias of Δ), h·(a + 1) for KDA
  N weight_size;
  N activation_size;
  N state_size;  ///< bytes per element of the state, 4 for fp32
  N chunk;       ///< tokens per chunk, >= 1
  Scan scan = Scan::chunked;

  friend bool operator==(const DeltaNet&, const DeltaNet&) = default;
};

/// Σ (x³ − x)/3 over the chunks of T tokens: inverting a unit triangular x×x matrix by substitution
/// takes (x³ − x)/6 multiply-adds.
template <class N>
RIDGEPOINT_FORMULA N chunk_inverse_flops(const N& tokens, const N& chunk) {
  const Chunks<N> parts = chunks(tokens, chunk);
  return (parts.full * (chunk * chunk * chunk - chunk) +
          (parts.rest * parts.rest * parts.rest - parts.rest)) /
         3;
}

/// H[a,v] ← α∘H + β·k⊗(v − k·(α∘H)), y[v] = q·H for each of h heads and every token.
///   FLOPs        6·B·T·h·a·v: k·H, the update and q·H; chunked: and for each of h heads
///                per strict pair 2·a (K·Kᵀ), per pair 2·a + 2·v (W and U, the WY form) and
///                2·a + 2·v ((Q·Kᵀ)·U), and (x³ − x)/3 to invert a chunk of x tokens
///   weights      parameters·sizeof(W)
///   activations  B·T·(2·g·a + 2·h·v + gates)·sizeof(X)
///   state        2·B·h·a·v·sizeof(state), read and written: no S in it
/// Assumes that states stay on chip from chunk to chunk, and causal pairs.
/// Requires chunk >= 1.
/// Source: Yang et al., "Gated Delta Networks", arXiv:2412.06464; "Parallelizing Linear
/// Transformers with the Delta Rule", arXiv:2406.06484; Kimi Linear, arXiv:2510.26692.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const DeltaNet<N>& op, const Shape<N>& s, Sink& out) {
  const N pairs = scan_pairs(op.scan, s.new_tokens, op.chunk);
  const N is_chunked = op.scan == Scan::recurrent ? N(0) : min(N(s.new_tokens - 1), N(1));
  const N strict = pairs - is_chunked * s.new_tokens;
  const N inverse = is_chunked * chunk_inverse_flops(s.new_tokens, op.chunk);
  const N key_width = op.key_heads * op.key_dim;
  const N value_width = op.heads * op.value_dim;
  const N third_flops = 2 * s.batch * s.new_tokens * value_width * op.key_dim;
  const N both = op.key_dim + op.value_dim;
  const N heads = s.batch * op.heads;
  out.read("q and k", Kind::activations, op.activation_size, N(2), s.batch, s.new_tokens,
           key_width);
  out.read("v", Kind::activations, op.activation_size, s.batch, s.new_tokens, value_width);
  out.read("gates", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.gates);
  out.read("w", Kind::weights, op.weight_size, op.parameters);
  out.read("state", Kind::state, op.state_size, s.batch, op.key_dim, value_width);
  out.compute("u = β·(v − k·H)", third_flops);
  out.compute("H ← α·H + k⊗u", third_flops);
  out.compute("y = q·H", third_flops);
  out.compute("k·kᵀ inside chunks, inverted", heads * (2 * strict * op.key_dim + inverse));
  out.compute("W and U inside chunks", 2 * heads * pairs * both);
  out.compute("(q·kᵀ)·u inside chunks", 2 * heads * pairs * both);
  out.write("state", Kind::state, op.state_size, s.batch, op.key_dim, value_width);
  out.write("y", Kind::activations, op.activation_size, s.batch, s.new_tokens, value_width);
}

/// A linear recurrence with one number of state for each channel: RG-LRU of Griffin.
template <class N>
struct GatedRecurrence {
  N channels;    ///< w, lru_width
  N parameters;  ///< w: the decay of each channel
  N weight_size;
  N activation_size;
  N state_size;  ///< bytes per element of the state, 4 for fp32

  friend bool operator==(const GatedRecurrence&, const GatedRecurrence&) = default;
};

/// h[w] ← a∘h + √(1 − a²)∘(i∘x), y = h for every token, with gates a and i of each token.
///   FLOPs        2·B·T·w: the multiply-add that updates the state
///   weights      parameters·sizeof(W)
///   activations  4·B·T·w·sizeof(X): x and both gates read, y written
///   state        2·B·w·sizeof(state)
/// Assumes that h stays on chip from token to token. Its gates are matmuls of their own.
/// Requires nothing.
/// Source: De et al., "Griffin", arXiv:2402.19427, section 2.4.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const GatedRecurrence<N>& op, const Shape<N>& s, Sink& out) {
  out.read("x and gates", Kind::activations, op.activation_size, N(3), s.batch, s.new_tokens,
           op.channels);
  out.read("w", Kind::weights, op.weight_size, op.parameters);
  out.read("state", Kind::state, op.state_size, s.batch, op.channels);
  out.compute("h ← a∘h + √(1 − a²)∘(i∘x)", 2 * s.batch * s.new_tokens * op.channels);
  out.write("state", Kind::state, op.state_size, s.batch, op.channels);
  out.write("y", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.channels);
}

}  // namespace ridgepoint::cost
