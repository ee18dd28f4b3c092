// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "derive/draft.hpp"
#include "derive/examples.hpp"
#include "derive/lecture_model.hpp"
#include "derive/sections.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;
using symbolic::Relation;
using symbolic::Substitution;

/// The batch that fits into M bytes beside the weights.
Expr largest_batch(const LectureModel& model) {
  return (Expr::symbol("capacity") - model.weights) / model.kv;
}

void put_numbers(Draft& draft, const Context& context) {
  constexpr double kContext = 1024;
  constexpr double kBatch = 64;
  const DeviceFacts& device = context.device;
  const double bandwidth = device.bandwidth.value();
  for (const int kv_heads : {40, 8}) {
    const auto model = llama_2_13b_in_numbers(kv_heads, context.options.element_size);
    const std::string at = ", Llama 2 13B, S = 1024, K = " + std::to_string(kv_heads);
    const double kv = model.kv_bytes_per_sequence(kContext);
    const double fits = std::floor((device.capacity_bytes - model.parameter_bytes()) / kv);
    draft.number("KV cache per sequence" + at, kv, "bytes");
    draft.number("latency at B = 64" + at, model.latency(kBatch, kContext, bandwidth), "s");
    draft.number("throughput at B = 64" + at, model.throughput(kBatch, kContext, bandwidth),
                 "tokens/s");
    draft.number("largest batch" + at, std::max(fits, 0.0), "sequences");
  }
}

}  // namespace

/// What grouped-query attention buys for the whole model.
Result<Section> derive_transformer_kv_heads(const Context& context) {
  const LectureModel& model = context.model();
  const Symbols& s = context.symbols;
  Draft draft(context, "transformer_kv_heads", "What fewer key/value heads buy");
  draft->notes = {"K of N: the KV cache shrinks, so steps are faster and more sequences fit."};
  draft.repeat_generation_step();
  draft.formula("latency", model.latency, "s");
  draft.formula("throughput", model.throughput, "tokens/s");
  draft.formula("largest batch in capacity bytes", largest_batch(model), "sequences");
  draft.claim_slope("latency", model.latency, "K", Relation::greater,
                    "each key/value head makes steps slower");
  draft.claim_slope("throughput", model.throughput, "K", Relation::less, "and takes throughput");
  const Substitution all_heads{{"K", s.query_heads}};
  const Expr multi_head = substitute(model.kv, all_heads);
  draft.main_limit("throughput over that at K = N, times",
                   model.throughput / substitute(model.throughput, all_heads), to_infinity("B"),
                   "B large");
  draft.claim({.text = "KV cache / KV cache at K = N = K/N",
               .meaning = "the cache shrinks in proportion",
               .left = model.kv / multi_head,
               .right = s.kv_heads / s.query_heads});
  draft.claim(
      {.text = "∂(largest batch)/∂K < 0 where a sequence fits",
       .meaning = "and more sequences fit",
       .left = draft.derivative(
           substitute(largest_batch(model), {{"capacity", model.weights + Expr::symbol("u")}}),
           "K"),
       .relation = Relation::less,
       .right = 0,
       .given = "capacity = parameter bytes + u"});
  put_numbers(draft, context);
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
