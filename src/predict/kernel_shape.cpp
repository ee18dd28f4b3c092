// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "predict/kernel_call.hpp"

namespace ridgepoint::predict {

using efficiency::AttentionShape;
using efficiency::CollectiveKind;
using efficiency::CollectiveShape;
using efficiency::ElementwiseKind;
using efficiency::ElementwiseShape;
using efficiency::ExpertsShape;
using efficiency::GemmShape;
using efficiency::LatentAttentionShape;
using efficiency::OperatorClass;
using efficiency::Shape;

namespace {

/// The shape of the kernel that runs an operator; of kinds without a form not called.
class ShapeOf {
 public:
  ShapeOf(const KernelCall& call, const CallPoint& at) : call_(call), at_(at) {}

  Shape operator()(const cost::Matmul<double>& op) const {
    return matmul(at_.tokens, op.n + call_.more_columns, op.k);
  }
  Shape operator()(const cost::LmHead<double>& op) const {
    return GemmShape{at_.sequences, op.vocabulary, op.hidden};
  }
  Shape operator()(const cost::QkvProjection<double>& op) const {
    const double values = op.has_values ? op.kv_heads * op.value_dim : 0;
    const double outputs =
        op.query_heads * op.head_dim + op.gate_width + op.kv_heads * op.head_dim + values;
    return matmul(at_.tokens, outputs, op.hidden);
  }
  Shape operator()(const cost::CacheProjection<double>& op) const {
    return matmul(at_.tokens, op.width, op.hidden);
  }
  /// As many columns as all heads have: the same weights and arithmetic.
  Shape operator()(const cost::HeadwiseMatmul<double>& op) const {
    return GemmShape{at_.tokens, op.heads * op.n, op.k};
  }
  Shape operator()(const cost::LatentUpProjection<double>& op) const {
    return GemmShape{at_.shape.batch * at_.shape.context,
                     op.query_heads * (op.nope_dim + op.value_dim), op.latent_dim};
  }
  Shape operator()(const cost::CrossKvProjection<double>& op) const {
    return GemmShape{at_.sequences * op.source_tokens, 2 * op.kv_heads * op.head_dim, op.hidden};
  }

  Shape operator()(const cost::Attention<double>& op) const {
    const double mean_dim = (op.head_dim + op.value_dim) / 2;
    AttentionShape shape = attention(op.query_heads, op.kv_heads, mean_dim);
    if (op.pairs == cost::Pairs::full && shape.new_tokens > 1) see_all(shape);
    return shape;
  }
  Shape operator()(const cost::WindowAttention<double>& op) const {
    AttentionShape shape = attention(op.query_heads, op.kv_heads, (op.head_dim + op.value_dim) / 2);
    shape.window = op.window;
    return shape;
  }
  /// Chunks are sequences of their own; a decode sees the last one so far.
  Shape operator()(const cost::ChunkedAttention<double>& op) const {
    AttentionShape shape = attention(op.query_heads, op.kv_heads, (op.head_dim + op.value_dim) / 2);
    const double chunks = std::ceil(shape.new_tokens / op.chunk);
    shape.batch *= chunks;
    shape.new_tokens /= chunks;
    const double before = std::ceil((shape.context - shape.new_tokens * chunks + 1) / op.chunk) - 1;
    shape.context =
        std::max(shape.new_tokens, std::min(shape.context - before * op.chunk, op.chunk));
    return shape;
  }
  Shape operator()(const cost::EncoderAttention<double>& op) const {
    AttentionShape shape = attention(op.query_heads, op.kv_heads, op.head_dim);
    shape.context = shape.new_tokens;
    if (op.is_local) {
      shape.window = 2 * op.reach - 1;
    } else if (shape.new_tokens > 1) {
      see_all(shape);
    }
    return shape;
  }
  Shape operator()(const cost::CrossAttention<double>& op) const {
    AttentionShape shape = attention(op.query_heads, op.kv_heads, op.head_dim);
    shape.context = std::max(op.source_tokens, shape.new_tokens);
    return shape;
  }
  Shape operator()(const cost::LatentAttention<double>& op) const {
    return latent(op.query_heads, at_.shape.context);
  }
  Shape operator()(const cost::ExpandedLatentAttention<double>& op) const {
    return latent(op.query_heads, at_.shape.context);
  }
  Shape operator()(const cost::SparseLatentAttention<double>& op) const {
    return latent(op.query_heads, std::min(at_.shape.context, op.top_k));
  }

  /// With an imbalance as many tokens more as the busiest share has rows more.
  Shape operator()(const cost::ExpertMatmul<double>& op) const {
    ExpertsShape shape;
    shape.tokens = at_.tokens * op.replicas * op.imbalance;
    shape.hidden = op.k;
    shape.intermediate = op.n / call_.matrices_up;
    shape.experts_per_token = op.per_token;
    shape.experts = op.experts;
    shape.expert_parallel = op.devices;
    shape.matrices_up = call_.matrices_up;
    return shape;
  }

  Shape operator()(const cost::Collective<double>& op) const {
    const double rows = op.of_sequences ? at_.sequences : at_.tokens;
    CollectiveShape shape;
    shape.kind = static_cast<CollectiveKind>(op.kind);
    shape.ranks = op.kind == cost::CollectiveKind::send ? 2 : static_cast<double>(op.devices);
    shape.bytes = rows * op.width * op.element_size;
    shape.per_node = call_.ranks_per_node;
    return shape;
  }

  Shape operator()(const cost::Embedding<double>& op) const {
    return elementwise(ElementwiseKind::embedding, op.hidden, at_.tokens,
                       op.weight_size + op.activation_size);
  }
  Shape operator()(const cost::Elementwise<double>& op) const {
    return elementwise(op, at_.tokens);
  }
  Shape operator()(const cost::SharedElementwise<double>& op) const {
    return elementwise(op.op, std::ceil(at_.tokens / op.devices));
  }
  template <class Op>
  Shape operator()(const Op&) const {
    return GemmShape{};
  }

 private:
  GemmShape matmul(double m, double n, double k) const {
    return {m, n, k, false, call_.input_is_quantised};
  }
  AttentionShape attention(double query_heads, double kv_heads, double head_dim) const {
    return {at_.shape.batch, at_.shape.new_tokens, at_.shape.context, query_heads, kv_heads,
            head_dim};
  }
  /// As many pairs as if every query saw every key: those of a causal mask whose end lies half of
  /// the new tokens further on.
  static void see_all(AttentionShape& shape) { shape.context += shape.new_tokens / 2; }

  LatentAttentionShape latent(double query_heads, double context) const {
    return {at_.shape.batch, at_.shape.new_tokens, std::max(context, at_.shape.new_tokens),
            query_heads};
  }

  static ElementwiseShape elementwise(ElementwiseKind kind, double width, double rows,
                                      double bytes) {
    return {kind, std::max(rows, 1.0), std::max(width, 1.0), bytes};
  }
  ElementwiseShape elementwise(const cost::Elementwise<double>& op, double rows) const {
    const double width = std::max(op.elements_written, 1.0);
    const double bytes = (op.elements_read + op.elements_written) * op.activation_size / width;
    const ElementwiseKind kind = call_.work == "rope"           ? ElementwiseKind::rotary
                                 : call_.work.ends_with("norm") ? ElementwiseKind::norm
                                 : call_.work == "add"          ? ElementwiseKind::residual
                                                                : ElementwiseKind::activation;
    return elementwise(kind, width, rows, bytes);
  }

  const KernelCall& call_;
  const CallPoint& at_;
};

struct IsOfTokens {
  bool operator()(const cost::Matmul<double>&) const { return true; }
  bool operator()(const cost::QkvProjection<double>&) const { return true; }
  bool operator()(const cost::CacheProjection<double>&) const { return true; }
  bool operator()(const cost::HeadwiseMatmul<double>&) const { return true; }
  bool operator()(const cost::ExpertMatmul<double>&) const { return true; }
  bool operator()(const cost::Embedding<double>&) const { return true; }
  bool operator()(const cost::Elementwise<double>&) const { return true; }
  bool operator()(const cost::SharedElementwise<double>&) const { return true; }
  bool operator()(const cost::Collective<double>& op) const { return !op.of_sequences; }
  template <class Op>
  bool operator()(const Op&) const {
    return false;
  }
};
}  // namespace

bool KernelCall::is_of_sequences() const {
  const bool is_up_projection = std::holds_alternative<cost::LatentUpProjection<double>>(op) ||
                                std::holds_alternative<cost::CrossKvProjection<double>>(op);
  return is_up_projection || kind == OperatorClass::prefill_attention ||
         kind == OperatorClass::decode_attention || kind == OperatorClass::latent_prefill ||
         kind == OperatorClass::latent_decode;
}

bool KernelCall::is_of_tokens() const { return std::visit(IsOfTokens{}, op); }

Shape KernelCall::shape(const CallPoint& point) const {
  return std::visit(ShapeOf(*this, point), op);
}
}  // namespace ridgepoint::predict
