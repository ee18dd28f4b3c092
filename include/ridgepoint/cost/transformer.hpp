// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ridgepoint::cost {

/// The whole model as the lecture counts it, written once over its scalar.
template <class N>
struct Transformer {
  N vocabulary;    ///< V
  N hidden;        ///< D
  N intermediate;  ///< F
  N layers;        ///< L
  N query_heads;   ///< N
  N kv_heads;      ///< K
  N head_dim;      ///< H
  N element_size;  ///< bytes per parameter and per cached element

  /// 2VD + 3DFL + (2DNH + 2DKH)L: input and output embedding, gated MLP, Q and O, K and V.
  /// Norms and biases are not counted. Source: the lecture.
  N parameters() const {
    return 2 * vocabulary * hidden + 3 * hidden * intermediate * layers +
           (2 * hidden * query_heads * head_dim + 2 * hidden * kv_heads * head_dim) * layers;
  }
  N parameter_bytes() const { return parameters() * element_size; }
  /// S·K·H·L·2 elements: a key and a value per token, head and layer.
  N kv_bytes_per_sequence(const N& context) const {
    return context * kv_heads * head_dim * layers * 2 * element_size;
  }
  /// Parameters once and the KV cache of B sequences.
  N memory_bytes(const N& batch, const N& context) const {
    return batch * kv_bytes_per_sequence(context) + parameter_bytes();
  }
  /// Seconds per decode step: everything in memory is read once. In double, Expr.
  N latency(const N& batch, const N& context, const N& bandwidth) const {
    return memory_bytes(batch, context) / bandwidth;
  }
  /// Tokens per second: one for each sequence and step.
  N throughput(const N& batch, const N& context, const N& bandwidth) const {
    return batch / latency(batch, context, bandwidth);
  }
};

}  // namespace ridgepoint::cost
