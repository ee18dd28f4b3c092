// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/cost/recurrent.hpp"

#include "derive/draft.hpp"
#include "derive/kinds.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;
using symbolic::Relation;

constexpr const char* kRecurrence =
    "The recurrence; chunks do more FLOPs on the same bytes. The state has the element size of the "
    "rest; in fp32 it weighs more.";

/// What they have in common: no S, nothing from batching, `most` FLOPs per byte in generation.
void derive_state(Draft& draft, const Context& context, const symbolic::Path& large,
                  const Expr& most) {
  draft.specialise();
  const Expr limit = draft.main_limit("generation", draft.decode(), large, "a large state");
  draft.more_limit("arithmetic intensity", draft.intensity(), to_infinity("T"), "a long prompt");
  draft.utilisation("utilisation of the compute units in generation", draft.decode());
  draft.crossover("the prompt length from which the recurrence is compute-limited",
                  draft.intensity(), context.symbols.ridge, "T");
  draft.claim({.meaning = "each element of the state is read and written for a few FLOPs",
               .left = limit,
               .right = most});
  draft.claim({.text = "generation < " + to_text(most),
               .meaning = "and never more",
               .left = draft.decode(),
               .relation = Relation::less,
               .right = most});
  draft.claim_slope("I", draft.intensity(), "S", Relation::equal, "the context costs nothing");
  draft.claim_slope("I", draft.intensity(), "B", Relation::equal, "nothing from batching");
  draft.claim_slope("I", draft.intensity(), "T", Relation::greater,
                    "tokens of a prompt share the state");
}

}  // namespace

Result<Section> derive_linear(const Context& context) {
  const Symbols& s = context.symbols;
  const Expr e = context.element_size;
  Draft draft(context, "linear", "Linear attention: a state H×H per head instead of a cache");
  draft->notes = {kRecurrence};
  draft.audit(
      cost::LinearAttention<Expr>{s.query_heads, s.query_heads, s.head_dim, s.head_dim, Expr(0),
                                  Expr(0), e, e, e, Expr(1), cost::Scan::recurrent},
      s.shape());
  derive_state(draft, context, to_infinity("H"), context.density());
  draft.verdict("generation, H = 128 (MiniMax-Text-01)", draft.decode(), {{"H", 128}});
  return std::move(draft).finish();
}

Result<Section> derive_linear_delta(const Context& context) {
  const Symbols& s = context.symbols;
  const Expr e = context.element_size;
  Draft draft(context, "linear_delta", "Gated DeltaNet: linear attention with the delta rule");
  draft->notes = {kRecurrence, "As many key heads as value heads; the gates' weights left out."};
  draft.audit(
      cost::DeltaNet<Expr>{s.query_heads, s.query_heads, s.head_dim, s.head_dim, 2 * s.query_heads,
                           Expr(0), e, e, e, Expr(1), cost::Scan::recurrent},
      s.shape());
  derive_state(draft, context, to_infinity("H"), 3 * context.density() / 2);
  draft.verdict("generation, H = 128 (Qwen3-Next)", draft.decode(), {{"H", 128}});
  return std::move(draft).finish();
}

Result<Section> derive_mamba2(const Context& context) {
  const Symbols& s = context.symbols;
  const Expr states = Expr::symbol("n");
  const Expr c = Expr::symbol("c");
  const Expr e = context.element_size;
  Draft draft(context, "mamba2", "Mamba-2: N heads of H×n states, K groups of B and C");
  draft->notes = {kRecurrence, "The weights A, D and the bias of Δ are left out."};
  draft.audit(
      cost::LinearAttention<Expr>{s.query_heads, s.kv_heads, states, s.head_dim, s.query_heads,
                                  Expr(0), e, e, e, Expr(1), cost::Scan::recurrent},
      s.shape());
  derive_state(draft, context, {{{"H", c}, {"n", c}}, "c", true, {}}, context.density());
  draft.verdict("generation, N = 64, K = 8, H = 64, n = 128 (Nemotron 3 Nano)", draft.decode(),
                {{"N", 64}, {"K", 8}, {"H", 64}, {"n", 128}});
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
