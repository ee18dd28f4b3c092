// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/cost/sink.hpp"

namespace ridgepoint::cost {

/// A gated MLP (SwiGLU, GeGLU) counted as one fused operator, as the lecture does. Engines run it
/// as three: one gate_up matmul, the activation, one down matmul.
template <class N>
struct GatedMlp {
  N hidden;        ///< D
  N intermediate;  ///< F
  N weight_size;
  N activation_size;
};

/// Y = (act(X·Wgate) ∘ (X·Wup)) · Wdown over B×T tokens.
///   FLOPs        6·B·T·D·F
///   weights      3·D·F·sizeof(W)
///   activations  2·B·T·D + 2·B·T·F elements: X and Y, and U and G written once
/// Assumes that U and G stay on chip for the product and the down projection, and that X is read
/// once for both; the activation's arithmetic is not counted.
/// Source: Shazeer, "GLU Variants Improve Transformer", arXiv:2002.05202; the lecture's audit.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const GatedMlp<N>& op, const Shape<N>& s, Sink& out) {
  const N matmul_flops = 2 * s.batch * s.new_tokens * op.hidden * op.intermediate;
  out.read("X", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.hidden);
  out.read("Wup", Kind::weights, op.weight_size, op.hidden, op.intermediate);
  out.read("Wgate", Kind::weights, op.weight_size, op.hidden, op.intermediate);
  out.read("Wdown", Kind::weights, op.weight_size, op.intermediate, op.hidden);
  out.compute("U = X·Wup", matmul_flops);
  out.write("U", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.intermediate);
  out.compute("G = X·Wgate", matmul_flops);
  out.write("G", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.intermediate);
  out.compute("Y = (act(G) ∘ U)·Wdown", matmul_flops);
  out.write("Y", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.hidden);
}

/// A plain two-matrix MLP (GPT-2, OPT, BLOOM) counted as one fused operator.
template <class N>
struct PlainMlp {
  N hidden;        ///< D
  N intermediate;  ///< F
  N weight_size;
  N activation_size;
};

/// Y = act(X·Wup) · Wdown over B×T tokens.
///   FLOPs 4·B·T·D·F, weights 2·D·F·sizeof(W), activations 2·B·T·D + B·T·F elements
/// Assumes as GatedMlp.
/// Source: Vaswani et al., "Attention Is All You Need", 2017, section 3.3.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const PlainMlp<N>& op, const Shape<N>& s, Sink& out) {
  const N matmul_flops = 2 * s.batch * s.new_tokens * op.hidden * op.intermediate;
  out.read("X", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.hidden);
  out.read("Wup", Kind::weights, op.weight_size, op.hidden, op.intermediate);
  out.read("Wdown", Kind::weights, op.weight_size, op.intermediate, op.hidden);
  out.compute("U = X·Wup", matmul_flops);
  out.write("U", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.intermediate);
  out.compute("Y = act(U)·Wdown", matmul_flops);
  out.write("Y", Kind::activations, op.activation_size, s.batch, s.new_tokens, op.hidden);
}

}  // namespace ridgepoint::cost
