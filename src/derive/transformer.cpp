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

/// One generation step: everything in memory is read once, and worked on.
void audit_step(Draft& draft, const Context& context, const LectureModel& model) {
  const Expr& w = model.weights;
  const Symbols& s = context.symbols;
  const StepFlops flops = step_flops(context, {s.batch, Expr(1), s.context}, cost::Pairs::full);
  draft->steps = {
      {"Read the input and output embedding (V×D each)", flops.lm_head,
       substitute(w, {{"L", Expr(0)}})},
      {"Read Wgate, Wup, Wdown (D×F) of L layers", flops.mlp, part_with(w, "F")},
      {"Read WQ and WO (D×N×H) of L layers", flops.queries, part_with(w, "N")},
      {"Read WK and WV (D×K×H) of L layers", flops.keys, part_with(w, "K")},
      {"Read the keys and values (B×S×K×H) of L layers", flops.attention,
       part_with(model.memory, "S")},
  };
  draft->flops = flops.total();
  draft->bytes = Expr(0);
  for (const Step& step : draft->steps) *draft->bytes += step.bytes;
  draft->arithmetic_intensity = draft.flops() / draft.bytes();
}

void claim_audit(Draft& draft, const Context& context, const LectureModel& model) {
  const Symbols& s = context.symbols;
  draft.claim({.text = "bytes of the steps = memory",
               .meaning = "a generation step reads all that is in memory, once",
               .left = draft.bytes(),
               .right = model.memory});
  const Expr products = model.transformer.parameters() - s.vocabulary * s.hidden;
  draft.claim(
      {.text = "FLOPs = B*(2*(parameters - V*D) + 4*S*N*H*L)",
       .meaning = "every parameter but the input embedding takes one multiply and one add "
                  "per sequence, every cached key and value one per query head",
       .left = draft.flops(),
       .right = s.batch * (2 * products + 4 * s.context * s.query_heads * s.head_dim * s.layers)});
  const Expr decode_limit = s.query_heads / s.kv_heads * context.density();
  const Expr& limit = draft->more_limits.front().value.value;
  draft.claim({.text = fmt::format("limit of the intensity > {}", to_text(decode_limit)),
               .meaning = "the weights are amortised, attention is not",
               .left = limit,
               .relation = Relation::greater,
               .right = decode_limit});
}

void put_numbers(Draft& draft, const Context& context) {
  constexpr double kContext = 1024;
  const double bandwidth = context.device.bandwidth.value();
  for (const int kv_heads : {40, 8}) {
    const auto model = llama_2_13b_in_numbers(kv_heads, context.options.element_size);
    const std::string heads = fmt::format(", K = {}", kv_heads);
    draft.number("parameters, Llama 2 13B" + heads, model.parameters());
    draft.number("KV cache per sequence, S = 1024" + heads, model.kv_bytes_per_sequence(kContext),
                 "bytes");
    for (const double batch : {1.0, 64.0, 256.0}) {
      const std::string at = fmt::format("{}, B = {}", heads, batch);
      draft.number("memory" + at, model.memory_bytes(batch, kContext), "bytes");
      draft.number("latency" + at, model.latency(batch, kContext, bandwidth), "s");
      draft.number("throughput" + at, model.throughput(batch, kContext, bandwidth), "tokens/s");
    }
  }
}

void put_verdicts(Draft& draft) {
  const symbolic::Substitution llama = with(llama_2_13b(), {{"S", 1024}});
  for (const int batch : {1, 64, 256}) {
    draft.verdict(fmt::format("Llama 2 13B, S = 1024, B = {}", batch), draft.intensity(),
                  with(llama, {{"B", batch}}));
  }
  draft.verdict("Llama 2 13B, S = 1024, B without limit", draft->more_limits.front().value.value,
                llama);
}

}  // namespace

Result<Section> derive_transformer(const Context& context) {
  const LectureModel& model = context.model();
  Draft draft(context, "transformer", "The whole model in generation");
  draft->notes = {"Each step reads all parameters and the KV cache of all B sequences, once.",
                  "Norms and biases are left out, and activations: they are small.",
                  "The input embedding is a lookup, but the notes read it whole.",
                  "Prefill of S tokens writes the KV cache that a step reads: the same bytes."};
  audit_step(draft, context, model);
  draft.specialise(context.generation_step().prefill_intensity, draft.intensity());
  draft.formula("parameters", model.transformer.parameters());
  draft.formula("KV cache per sequence", model.kv, "bytes");
  draft.formula("memory", model.memory, "bytes");
  draft.formula("latency", model.latency, "s");
  draft.formula("throughput", model.throughput, "tokens/s");
  const Expr limit = draft.main_limit("throughput", model.throughput, to_infinity("B"), "B large");
  draft.more_limit("arithmetic intensity", draft.intensity(), to_infinity("B"), "B large");
  draft.crossover("the batch from which the step is compute-limited", draft.intensity(),
                  context.symbols.ridge, "B");
  draft.claim({.text = "throughput tends to bandwidth / KV cache per sequence",
               .meaning = "the weights are amortised, the KV cache never is",
               .left = limit,
               .right = context.symbols.bandwidth / model.kv});
  claim_audit(draft, context, model);
  put_verdicts(draft);
  put_numbers(draft, context);
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
