// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/cost/recurrent.hpp"

#include <fmt/format.h>

#include "derive/draft.hpp"
#include "derive/kinds.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;
using symbolic::Relation;

constexpr const char* kRecurrence =
    "The recurrence; chunks do more FLOPs on the same bytes. The state has the element size of the "
    "rest; in fp32 it weighs more.";

/// What one kind of state differs in.
struct State {
  symbolic::Path large;  ///< how it becomes large
  Expr most;             ///< FLOPs per byte in generation, once it is large
  Expr bytes;            ///< read and written in a step
};

void explain(Draft& draft, const Context& context, const State& state, const Expr& limit) {
  const Symbols& s = context.symbols;
  const cost::Attention<Expr> attention{s.query_heads, s.query_heads, s.head_dim,
                                        context.element_size, context.element_size};
  const Expr saving = cost::totals(attention, s.shape()).kv_bytes / state.bytes;
  const Expr even = draft.root(saving, 1, "S");
  draft->notes.insert(
      draft->notes.begin(),
      fmt::format("A KV cache of N heads moves more bytes from S = {} on; the state "
                  "never grows.",
                  to_text(even)));
  draft.reason(fmt::format("Each step reads and writes the state, whatever the context, for {} "
                           "FLOPs per element",
                           to_text(state.most * 2 * context.element_size)),
               limit);
  draft.formula("fewer bytes than a KV cache of N heads, times", saving);
}

/// What they have in common: no S, nothing from batching.
void derive_state(Draft& draft, const Context& context, const State& state) {
  const Expr& most = state.most;
  draft.specialise();
  const Expr limit = draft.main_limit("generation", draft.decode(), state.large, "a large state");
  draft.more_limit("arithmetic intensity", draft.intensity(), to_infinity("T"), "a long prompt");
  explain(draft, context, state, limit);
  draft.utilisation("utilisation of the compute units in generation", draft.decode());
  draft.crossover("the prompt length from which the recurrence is compute-limited",
                  draft.intensity(), context.symbols.ridge, "T");
  draft.claim({.text = "generation tends to " + to_text(limit),
               .meaning = "each element of the state is read and written for a few FLOPs",
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

template <class Op>
Expr state_bytes(const Op& op, const Symbols& s) {
  return cost::totals(op, s.shape()).state_bytes;
}

}  // namespace

Result<Section> derive_linear(const Context& context) {
  const Symbols& s = context.symbols;
  const Expr e = context.element_size;
  Draft draft(context, "linear", "Linear attention: a state H×H per head instead of a cache");
  draft->notes = {kRecurrence};
  const cost::LinearAttention<Expr> op{
      s.query_heads, s.query_heads,        s.head_dim, s.head_dim, Expr(0), Expr(0), e, e, e,
      Expr(1),       cost::Scan::recurrent};
  draft.audit(op, s.shape());
  derive_state(draft, context, {to_infinity("H"), context.density(), state_bytes(op, s)});
  draft.verdict("generation, H = 128 (MiniMax-Text-01)", draft.decode(), {{"H", 128}});
  return std::move(draft).finish();
}

Result<Section> derive_linear_delta(const Context& context) {
  const Symbols& s = context.symbols;
  const Expr e = context.element_size;
  Draft draft(context, "linear_delta", "Gated DeltaNet: linear attention with the delta rule");
  draft->notes = {kRecurrence, "As many key heads as value heads; the gates' weights left out."};
  const cost::DeltaNet<Expr> op{s.query_heads,
                                s.query_heads,
                                s.head_dim,
                                s.head_dim,
                                2 * s.query_heads,
                                Expr(0),
                                e,
                                e,
                                e,
                                Expr(1),
                                cost::Scan::recurrent};
  draft.audit(op, s.shape());
  derive_state(draft, context, {to_infinity("H"), 3 * context.density() / 2, state_bytes(op, s)});
  draft.verdict("generation, H = 128 (Qwen3-Next)", draft.decode(), {{"H", 128}});
  return std::move(draft).finish();
}

Result<Section> derive_mamba2(const Context& context) {
  const Symbols& s = context.symbols;
  const Expr states = Expr::symbol("n");
  const Expr c = Expr::symbol("c");
  const Expr e = context.element_size;
  Draft draft(context, "mamba2", "Mamba-2: N heads with a state n×H, K groups of q and k");
  draft->notes = {
      kRecurrence,
      "q and k are Mamba's C and B, the gate its Δ. The weights A, D and the bias of Δ are "
      "left out."};
  const cost::LinearAttention<Expr> op{
      s.query_heads, s.kv_heads,           states, s.head_dim, s.query_heads, Expr(0), e, e, e,
      Expr(1),       cost::Scan::recurrent};
  draft.audit(op, s.shape());
  const symbolic::Path large{{{"H", c}, {"n", c}}, "c", true, {}};
  derive_state(draft, context, {large, context.density(), state_bytes(op, s)});
  draft.verdict("generation, N = 64, K = 8, H = 64, n = 128 (Nemotron 3 Nano)", draft.decode(),
                {{"N", 64}, {"K", 8}, {"H", 64}, {"n", 128}});
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
