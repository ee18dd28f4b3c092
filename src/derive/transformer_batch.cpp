// SPDX-License-Identifier: Apache-2.0
#include "derive/draft.hpp"
#include "derive/examples.hpp"
#include "derive/lecture_model.hpp"
#include "derive/sections.hpp"

namespace ridgepoint::derive {

using symbolic::Expr;
using symbolic::Relation;

/// The trade-off between latency and throughput, and its diminishing return.
Result<Section> derive_transformer_batch(const Context& context) {
  const LectureModel& model = context.model();
  Draft draft(context, "transformer_batch", "What a larger batch buys, and costs");
  draft->notes = {"Every sequence adds its KV cache to the step; the weights are read anyway."};
  draft.repeat_generation_step();
  draft.formula("latency", model.latency, "s");
  draft.formula("throughput", model.throughput, "tokens/s");
  const Expr limit = draft.main_limit("throughput", model.throughput, to_infinity("B"), "B large");
  const Expr half = draft.crossover("the batch at which throughput reaches half of its limit",
                                    model.throughput, limit / 2, "B");
  draft.claim_slope("latency", model.latency, "B", Relation::greater,
                    "each sequence makes all others wait");
  draft.claim_slope("throughput", model.throughput, "B", Relation::greater,
                    "yet more tokens come out");
  draft.claim({.text = "∂²throughput/∂B² < 0",
               .meaning = "with diminishing returns",
               .left = draft.derivative(draft.derivative(model.throughput, "B"), "B"),
               .relation = Relation::less,
               .right = 0});
  draft.claim({.text = "throughput < bandwidth / KV cache per sequence",
               .meaning = "the limit is never reached",
               .left = model.throughput,
               .relation = Relation::less,
               .right = limit});
  draft.claim({.text = "half of it at B = parameter bytes / KV cache per sequence",
               .meaning = "there the step reads as much cache as weights",
               .left = half,
               .right = model.weights / model.kv});
  draft.claim({.text = "latency there = 2 × latency of the weights alone",
               .meaning = "half of the throughput costs twice the least latency",
               .left = substitute(model.latency, {{"B", half}}),
               .right = 2 * model.weights / context.symbols.bandwidth});
  draft.number("batch at half of the throughput's limit, Llama 2 13B, S = 1024", half,
               with(llama_2_13b(), {{"S", 1024}}), "sequences");
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
