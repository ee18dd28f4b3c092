// SPDX-License-Identifier: Apache-2.0
#include "derive/draft.hpp"
#include "derive/kinds.hpp"
#include "derive/sums.hpp"
#include "ridgepoint/cost/attention_kinds.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;
using symbolic::Relation;

cost::ChunkedAttention<Expr> in_chunks_of(const Expr& chunk, const Context& context) {
  const Symbols& s = context.symbols;
  return {s.query_heads, s.kv_heads, s.head_dim, context.element_size, context.element_size, chunk};
}

/// Counts of tokens are p + 1 while a ledger is made: at least one and so, surely, inside the first
/// chunk, which leaves no ceiling in it.
Expr one_or_more() { return Expr::symbol("p") + 1; }
symbolic::Substitution where_that_is(const Expr& tokens) { return {{"p", tokens - 1}}; }

/// One new token, the x-th of its chunk, with u more to come.
std::vector<cost::Entry<Expr>> one_token(const Context& context, const Expr& place) {
  const Expr position = one_or_more();
  std::vector<cost::Entry<Expr>> ledger =
      cost::ledger(in_chunks_of(position + Expr::symbol("u"), context),
                   cost::Shape<Expr>{context.symbols.batch, Expr(1), position});
  const symbolic::Substitution back = where_that_is(place);
  for (cost::Entry<Expr>& entry : ledger) {
    entry.flops = substitute(entry.flops, back);
    entry.bytes = substitute(entry.bytes, back);
    for (Expr& extent : entry.shape) extent = substitute(extent, back);
  }
  return ledger;
}

Expr prefill_intensity(const Context& context, const Expr& chunk) {
  const Expr all = one_or_more();
  const cost::Totals<Expr> totals =
      cost::totals(in_chunks_of(all, context), cost::Shape<Expr>{context.symbols.batch, all, all});
  return substitute(totals.flops / totals.bytes(), where_that_is(chunk));
}

void claim_chunks(Draft& draft, const Context& context, const Expr& mean, const Expr& limit) {
  const Symbols& s = context.symbols;
  draft.claim({.text = "generation tends to " + to_text(limit),
               .meaning = "what full attention tends to in S",
               .left = limit,
               .right = context.density() * s.query_heads / s.kv_heads});
  draft.claim({.text = "mean over a chunk = I at x = (c + 1)/2",
               .meaning = "over a chunk it is a window half as wide",
               .left = mean,
               .right = substitute(draft.intensity(), {{"x", (Expr::symbol("c") + 1) / 2}})});
  draft.claim({.meaning = "chunks save time and memory; they do not raise the intensity",
               .left = mean,
               .relation = Relation::less,
               .right = limit});
  draft.claim_slope("I", draft.intensity(), "S", Relation::equal, "a longer context costs nothing");
  draft.claim_slope("I", draft.intensity(), "B", Relation::equal, "nothing from batching");
}

/// Source: config.json of Llama 4 Scout and Maverick, attention_chunk_size 8192.
void put_numbers(Draft& draft, const Context& context, const Expr& mean, const Expr& prefill,
                 const Expr& ridge_chunk) {
  const symbolic::Substitution llama_4{{"N", 40}, {"K", 8}, {"c", 8192}};
  draft.verdict("N = 40, K = 8 (Llama 4), the first token of a chunk", draft.intensity(),
                {{"N", 40}, {"K", 8}, {"x", 1}});
  draft.verdict("c = 8192 (Llama 4), mean over a chunk", mean, llama_4);
  draft.verdict("c = 8192 (Llama 4), prefill of a chunk", prefill, llama_4);
  draft.number("chunk whose prefill reaches the ridge, Llama 4", ridge_chunk,
               {{"R", context.ridge_value}, {"N", 40}, {"K", 8}}, "tokens");
}

}  // namespace

Result<Section> derive_chunked(const Context& context) {
  const Symbols& s = context.symbols;
  const Expr chunk = Expr::symbol("c");
  const Expr place = Expr::symbol("x");
  Draft draft(context, "chunked", "Attention inside chunks of c tokens, generation");
  draft.audit(one_token(context, place));
  const Expr mean = sum(draft.flops(), "x", chunk) / sum(draft.bytes(), "x", chunk);
  const Expr prefill = prefill_intensity(context, chunk);
  const Expr limit = draft.main_limit("generation", mean, to_infinity("c"), "a long chunk");
  draft.reason(
      "A token sees the keys of its own chunk only, on average half of them, which leaves "
      "out FLOPs and bytes alike",
      limit, "Llama 4", {{"N", 40}, {"K", 8}});
  draft->notes.emplace_back(
      "The new token is the x-th of its chunk, whatever the context. Causal pairs are counted in "
      "any case.");
  draft.formula("mean over a chunk", mean);
  draft.formula("prefill of a chunk", prefill);
  draft.utilisation("utilisation of the compute units in generation", mean);
  draft.formula("fewer cached tokens than full attention, times", s.context / chunk);
  draft.formula("fewer keys read than by full attention, times", 2 * s.context / (chunk + 1));
  const Expr ridge_chunk =
      draft.crossover("the chunk from which its prefill is compute-limited", prefill, s.ridge, "c");
  claim_chunks(draft, context, mean, limit);
  put_numbers(draft, context, mean, prefill, ridge_chunk);
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
