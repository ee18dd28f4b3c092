// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/cost/attention.hpp"

#include <fmt/format.h>

#include "derive/draft.hpp"
#include "derive/sections.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;
using symbolic::Relation;

/// As many key/value heads as query heads, and H = D/N, so that N·H = D.
cost::Attention<Expr> multi_head(const Context& context, cost::Pairs pairs) {
  const Symbols& s = context.symbols;
  return {s.query_heads,        s.query_heads,        s.hidden / s.query_heads,
          context.element_size, context.element_size, pairs};
}

void claim_batch_is_nothing(Draft& draft) {
  draft.claim_slope("I", draft.intensity(), "B", Relation::equal,
                    "every sequence has its own K and V: batching buys nothing");
}

void claim_generation(Draft& draft, const Context& context) {
  draft.claim({.meaning = fmt::format("generation attention never does {} FLOP per byte",
                                      to_text(context.density())),
               .left = draft.decode(),
               .relation = Relation::less,
               .right = context.density()});
  draft.claim_slope("generation", draft.decode(), "S", Relation::greater,
                    "a longer context helps, but hardly");
}

void claim_bounds(Draft& draft, const Context& context, const Expr& limit) {
  const Symbols& s = context.symbols;
  draft.claim({.text = fmt::format("I tends to {}", to_text(context.density() * s.new_tokens)),
               .meaning = "each key serves the T queries of its own sequence",
               .left = limit,
               .right = context.density() * s.new_tokens});
  draft.claim({.meaning = "and never more",
               .left = draft.intensity(),
               .relation = Relation::less,
               .right = limit,
               .bounds = {{"T", 1}}});
  draft.claim({.meaning = "nor more than the keys that each query meets",
               .left = draft.intensity(),
               .relation = Relation::less,
               .right = context.density() * s.context,
               .bounds = {{"T", 1}}});
  draft.claim_slope("prefill", draft.prefill(), "S", Relation::greater,
                    "long prompts make prefill attention compute-limited");
}

void put_numbers(Draft& draft, const Context& context) {
  for (const int context_length : {512, 1024, 8192}) {
    draft.verdict(fmt::format("prefill, S = {}", context_length), draft.prefill(),
                  {{"S", context_length}});
  }
  draft.verdict("generation, S = 1024", draft.decode(), {{"S", 1024}});
  draft.verdict("generation, S = 131072", draft.decode(), {{"S", 131072}});
  const Expr& solved = draft->crossover->solutions.empty()
                           ? Expr::undefined()
                           : draft->crossover->solutions.front().value;
  draft.number("prompt length from which prefill is compute-limited", solved,
               {{"R", context.ridge_value}}, "tokens");
}

Result<Section> derive_multi_head(const Context& context, cost::Pairs pairs, Draft draft) {
  const Symbols& s = context.symbols;
  draft->notes.push_back("N query and N key/value heads of width H, N·H = D.");
  draft.audit(multi_head(context, pairs), s.shape());
  draft.specialise();
  const Expr limit = draft.main_limit("arithmetic intensity", draft.intensity(), to_infinity("S"),
                                      "S far larger than T");
  draft.utilisation("utilisation of the compute units in prefill", draft.prefill());
  draft.utilisation("utilisation of the compute units in generation", draft.decode());
  draft.crossover("the prompt length from which prefill is compute-limited", draft.prefill(),
                  s.ridge, "S");
  claim_batch_is_nothing(draft);
  claim_generation(draft, context);
  claim_bounds(draft, context, limit);
  put_numbers(draft, context);
  return std::move(draft).finish();
}

}  // namespace

Result<Section> derive_attention(const Context& context) {
  Draft draft(context, "attention", "Attention: Y = softmax(Q·Kᵀ)·V");
  const bool full = context.options.pairs == cost::Pairs::full;
  draft->notes = {full ? "All S·T query-key pairs are counted, as the notes do; attention_causal "
                         "counts those that a causal mask leaves."
                       : "Only the query-key pairs that a causal mask leaves are counted."};
  return derive_multi_head(context, context.options.pairs, std::move(draft));
}

Result<Section> derive_attention_causal(const Context& context) {
  Draft draft(context, "attention_causal", "Attention, causal pairs only");
  draft->notes = {
      "T·(S - T) + T·(T + 1)/2 query-key pairs: each query sees the keys up to its own "
      "position. The bytes stay the same."};
  return derive_multi_head(context, cost::Pairs::causal, std::move(draft));
}

}  // namespace ridgepoint::derive
