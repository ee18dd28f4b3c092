// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/cost/sink.hpp"

namespace ridgepoint::cost {

/// An operator whose arithmetic is not tensor work: norm, rotary, activation function, residual.
template <class N>
struct Elementwise {
  N elements_read;     ///< per token
  N elements_written;  ///< per token
  N parameters;        ///< weights read once, 0 for none
  N weight_size;
  N activation_size;

  friend bool operator==(const Elementwise&, const Elementwise&) = default;
};

/// Y = f(X) over B×T tokens: 0 FLOPs, intensity 0, always memory-bound.
///   weights      parameters·sizeof(W)
///   activations  B·T·(elements_read + elements_written)·sizeof(X)
/// Assumes one pass, not fused with its neighbours.
/// Source: accounting of vector operators in Ivanov et al., arXiv:2007.00072.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const Elementwise<N>& op, const Shape<N>& s, Sink& out) {
  out.read("X", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.elements_read);
  out.read("w", Kind::weights, op.weight_size, op.parameters);
  out.write("Y", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.elements_written);
}

/// An element-wise operator between tensor-parallel parts whose tokens the devices share out.
template <class N>
struct SharedElementwise {
  Elementwise<N> op;
  N devices;  ///< that share the tokens

  friend bool operator==(const SharedElementwise&, const SharedElementwise&) = default;
};

/// Elementwise on the tokens of one device, ceil(B·T/devices): the parameters stay whole.
/// Assumes that tokens are padded to a multiple of the devices.
/// Source: Korthikanti et al., "Reducing Activation Recomputation", arXiv:2205.05198.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const SharedElementwise<N>& op, const Shape<N>& s, Sink& out) {
  cost(op.op, Shape<N>{N(1), ceil(N(s.batch * s.new_tokens / op.devices)), s.context}, out);
}

/// Bytes per weight and per activation, which every element-wise operator takes.
template <class N>
struct Sizes {
  N weight;
  N activation;
};

/// RMSNorm or LayerNorm: reads and writes `width` elements; `parameters` scales (and shifts).
template <class N>
Elementwise<N> norm(const N& width, const N& parameters, const Sizes<N>& sizes) {
  return {width, width, parameters, sizes.weight, sizes.activation};
}

/// Rotary embedding of queries and keys: reads and writes (N + K)·H elements.
template <class N>
Elementwise<N> rotary(const N& query_heads, const N& kv_heads, const N& head_dim,
                      const Sizes<N>& sizes) {
  const N width = (query_heads + kv_heads) * head_dim;
  return {width, width, N(0), sizes.weight, sizes.activation};
}

/// act(G) ∘ U: reads the 2·F outputs of gate_up, writes F.
template <class N>
Elementwise<N> gated_activation(const N& intermediate, const Sizes<N>& sizes) {
  return {2 * intermediate, intermediate, N(0), sizes.weight, sizes.activation};
}

/// act(U): reads and writes F elements.
template <class N>
Elementwise<N> plain_activation(const N& intermediate, const Sizes<N>& sizes) {
  return {intermediate, intermediate, N(0), sizes.weight, sizes.activation};
}

/// X + Y: reads 2·D elements, writes D.
template <class N>
Elementwise<N> residual(const N& hidden, const Sizes<N>& sizes) {
  return {2 * hidden, hidden, N(0), sizes.weight, sizes.activation};
}

/// The input embedding: a lookup of rows, not a read of the table.
template <class N>
struct Embedding {
  N hidden;       ///< D
  N weight_size;  ///< bytes per element of the table
  N activation_size;

  friend bool operator==(const Embedding&, const Embedding&) = default;
};

/// X[B·T,D] = table[token]: 0 FLOPs.
///   activations  B·T·D·sizeof(W)   the rows looked up: they come with the tokens, whatever the
///   table activations  B·T·D·sizeof(X)   written
/// Assumes every row is read from device memory, repeated tokens too; a fused kernel could keep it
/// in cache, so the rows are not among the weights that a step must read.
/// Source: accounting rule "a lookup of B·T rows, not the table".
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const Embedding<N>& op, const Shape<N>& s, Sink& out) {
  out.read("rows", Kind::activations, op.weight_size, s.batch, s.new_tokens, op.hidden);
  out.write("X", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.hidden);
}

/// Choosing the next token of each sequence: temperature, softmax, one draw.
template <class N>
struct Sampling {
  N vocabulary;  ///< V
  N logit_size;  ///< bytes per logit, 4 where engines turn them to fp32
  N token_size;  ///< bytes of a token's number

  friend bool operator==(const Sampling&, const Sampling&) = default;
};

/// token[B] ~ softmax(logits[B,V]): 0 FLOPs, on one position of each sequence as LmHead.
///   activations  B·V·sizeof(logit) read, B·sizeof(token) written
/// Assumes one pass over the logits (online softmax); top-k and top-p sort more.
/// Source: Milakov and Gimelshein, "Online normalizer calculation for softmax", arXiv:1805.02867.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const Sampling<N>& op, const Shape<N>& s, Sink& out) {
  out.read("logits", Kind::activations, op.logit_size, s.batch, op.vocabulary);
  out.write("token", Kind::activations, op.token_size, s.batch);
}

}  // namespace ridgepoint::cost
