// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "derive/draft.hpp"
#include "derive/examples.hpp"
#include "derive/lecture_model.hpp"
#include "derive/sections.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;
using symbolic::Relation;

/// d ln(expr) / d ln(variable): per cent of change for one per cent.
Expr elasticity(Draft& draft, const Expr& expr, std::string_view variable) {
  return draft.derivative(expr, variable) * Expr::symbol(variable) / expr;
}

void claim_equal(Draft& draft, std::string of, std::string meaning, const Expr& left,
                 const Expr& right) {
  draft.claim({.text = fmt::format("{} = {}", of, to_text(right)),
               .meaning = std::move(meaning),
               .left = left,
               .right = right});
}

void claim_bandwidth(Draft& draft, const LectureModel& model) {
  claim_equal(draft, "∂ln latency/∂ln bandwidth", "1 % more bandwidth: 1 % less latency",
              elasticity(draft, model.latency, "bandwidth"), -1);
  claim_equal(draft, "∂ln throughput/∂ln bandwidth", "and 1 % more throughput",
              elasticity(draft, model.throughput, "bandwidth"), 1);
}

/// `cache_share` is the elasticity of latency in the batch.
void claim_batch(Draft& draft, const LectureModel& model, const Expr& cache_share) {
  const Expr throughput_gain = elasticity(draft, model.throughput, "B");
  draft.formula("∂ln latency/∂ln B: the KV cache's share of the bytes", cache_share);
  draft.formula("∂ln throughput/∂ln B: the weights' share", throughput_gain);
  draft.main_limit("∂ln latency/∂ln B", cache_share, to_infinity("B"), "B large");
  draft.claim({.text = "∂ln latency/∂ln B = B * KV cache / memory",
               .meaning = "latency feels the batch as far as the cache is read",
               .left = cache_share,
               .right = Expr::symbol("B") * model.kv / model.memory});
  draft.claim({.text = "0 < ∂ln latency/∂ln B",
               .meaning = "more sequences, slower steps",
               .left = 0,
               .relation = Relation::less,
               .right = cache_share});
  draft.claim({.text = "∂ln latency/∂ln B < 1",
               .meaning = "but less than in proportion",
               .left = cache_share,
               .relation = Relation::less,
               .right = 1});
  claim_equal(draft, "∂ln latency/∂ln B + ∂ln throughput/∂ln B",
              "what one does not lose, the other gains", cache_share + throughput_gain, 1);
  claim_equal(draft, "∂ln latency/∂ln S - ∂ln latency/∂ln B",
              "a longer context weighs as a larger batch",
              elasticity(draft, model.latency, "S") - cache_share, 0);
}

void put_numbers(Draft& draft, const Expr& share) {
  for (const int batch : {1, 64, 256}) {
    draft.number(fmt::format("∂ln latency/∂ln B, Llama 2 13B, S = 1024, B = {}", batch), share,
                 with(llama_2_13b(), {{"S", 1024}, {"B", batch}}));
  }
}

}  // namespace

Result<Section> derive_transformer_elasticities(const Context& context) {
  const LectureModel& model = context.model();
  Draft draft(context, "transformer_elasticities", "Elasticities: what 1 % more changes");
  draft->notes = {"∂ln y/∂ln x is the change of y in per cent for 1 % more x."};
  draft.repeat_generation_step();
  claim_bandwidth(draft, model);
  const Expr cache_share = elasticity(draft, model.latency, "B");
  claim_batch(draft, model, cache_share);
  put_numbers(draft, cache_share);
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
