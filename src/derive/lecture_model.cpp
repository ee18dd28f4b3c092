// SPDX-License-Identifier: Apache-2.0
#include "derive/lecture_model.hpp"

#include <memory>
#include <string>

#include "ridgepoint/cost/attention.hpp"
#include "ridgepoint/cost/matmul.hpp"
#include "ridgepoint/cost/mlp.hpp"

namespace ridgepoint::derive {

using symbolic::Expr;

LectureModel::LectureModel(const Context& context)
    : transformer{context.symbols.vocabulary,   context.symbols.hidden,
                  context.symbols.intermediate, context.symbols.layers,
                  context.symbols.query_heads,  context.symbols.kv_heads,
                  context.symbols.head_dim,     context.element_size},
      weights(transformer.parameter_bytes()),
      kv(transformer.kv_bytes_per_sequence(context.symbols.context)),
      memory(transformer.memory_bytes(context.symbols.batch, context.symbols.context)),
      latency(memory / context.symbols.bandwidth),
      throughput(context.symbols.batch / latency) {}

const LectureModel& Context::model() const {
  if (!shared_model) shared_model = std::make_shared<const LectureModel>(*this);
  return *shared_model;
}

namespace {

/// The sink that adds FLOPs and nothing else.
class FlopSink {
 public:
  template <class... Dims>
  void read(std::string_view, cost::Kind, const Expr&, const Dims&...) {}
  template <class... Dims>
  void write(std::string_view, cost::Kind, const Expr&, const Dims&...) {}
  void compute(std::string_view, const Expr& flops) { total_ += flops; }

  const Expr& total() const { return total_; }

 private:
  Expr total_;
};

template <class Op>
Expr flops_of(const Op& op, const cost::Shape<Expr>& shape) {
  FlopSink sink;
  cost::cost(op, shape, sink);
  return sink.total();
}

}  // namespace

Expr part_with(const Expr& sum, std::string_view name) {
  return sum - substitute(sum, {{std::string(name), Expr(0)}});
}

StepFlops step_flops(const Context& context, const cost::Shape<Expr>& shape, cost::Pairs pairs) {
  const Symbols& s = context.symbols;
  const Expr& e = context.element_size;
  const auto flops = [&](const auto& op) { return flops_of(op, shape); };
  const cost::QkvProjection<Expr> projection{s.hidden, s.query_heads, s.kv_heads, s.head_dim, e, e,
                                             e};
  const Expr qkv = flops(projection);
  const Expr keys = part_with(qkv, "K");
  const Expr output = flops(cost::Matmul<Expr>{s.query_heads * s.head_dim, s.hidden, e, e});
  const cost::Attention<Expr> attention{s.query_heads, s.kv_heads, s.head_dim, e, e, pairs};
  return {.lm_head = flops(cost::LmHead<Expr>{s.hidden, s.vocabulary, e, e}),
          .mlp = s.layers * flops(cost::GatedMlp<Expr>{s.hidden, s.intermediate, e, e}),
          .queries = s.layers * (qkv - keys + output),
          .keys = s.layers * keys,
          .attention = s.layers * flops(attention)};
}

GenerationStep::GenerationStep(const Context& context) : bytes(context.model().memory) {
  const Symbols& s = context.symbols;
  flops = step_flops(context, {s.batch, Expr(1), s.context}, cost::Pairs::full).total();
  intensity = flops / bytes;
  const cost::Shape<Expr> prompt{s.batch, s.context, s.context};
  prefill_intensity = step_flops(context, prompt, context.options.pairs).total() / bytes;
}

const GenerationStep& Context::generation_step() const {
  if (!shared_step) shared_step = std::make_shared<const GenerationStep>(*this);
  return *shared_step;
}

}  // namespace ridgepoint::derive
