// SPDX-License-Identifier: Apache-2.0
#include "derive/draft.hpp"
#include "derive/kinds.hpp"
#include "ridgepoint/cost/latent.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;
using symbolic::Relation;

/// One decode step: the indexer over S keys, then absorbed attention over the k that it kept.
struct SparseStep {
  cost::SparseIndexer<Expr> indexer;
  cost::LatentAttention<Expr> attention;
};

template <class Sink>
void cost(const SparseStep& op, const cost::Shape<Expr>& s, Sink& out) {
  using cost::cost;
  cost(op.indexer, s, out);
  cost(op.attention, cost::Shape<Expr>{s.batch, s.new_tokens, op.indexer.top_k}, out);
}

void claim_sparse(Draft& draft, const Expr& limit, const Expr& index_heads, const Expr& saving,
                  const Expr& saving_limit) {
  draft.claim({.text = "generation tends to " + to_text(limit),
               .meaning = "the indexer's scores are what is left of a long context",
               .left = limit,
               .right = index_heads});
  draft.claim_slope("I", draft.intensity(), "B", Relation::equal, "still nothing from batching");
  draft.claim({.text = "saving < (C + r)/d",
               .meaning = "fewer cache bytes than latent attention on all keys, but bounded",
               .left = saving,
               .relation = Relation::less,
               .right = saving_limit});
}

}  // namespace

/// Sources of the numbers: config.json of Mistral 7B v0.1, Gemma 3 27B and gpt-oss-20b.
Result<Section> derive_window(const Context& context) {
  const Symbols& s = context.symbols;
  const Expr window = Expr::symbol("W");
  Draft draft(context, "window", "Attention in a sliding window of W tokens, generation");
  draft->notes = {"A context of W tokens or more."};
  draft.audit(cost::WindowAttention<Expr>{s.query_heads, s.kv_heads, s.head_dim,
                                          context.element_size, context.element_size, window},
              {s.batch, Expr(1), window});
  const Expr limit =
      draft.main_limit("generation", draft.intensity(), to_infinity("W"), "a long window");
  draft.reason(
      "A step reads the last W keys and values and no others, which leaves out FLOPs and "
      "bytes alike",
      limit, "Mistral 7B", {{"N", 32}, {"K", 8}});
  draft.utilisation("utilisation of the compute units in generation", draft.intensity());
  draft.formula("fewer cached tokens than full attention, times", s.context / window);
  draft.crossover("the window from which generation is compute-limited", draft.intensity(), s.ridge,
                  "W");
  draft.claim({.text = "generation tends to " + to_text(limit),
               .meaning = "what full attention tends to in S",
               .left = limit,
               .right = context.density() * s.query_heads / s.kv_heads});
  draft.claim({.meaning = "a window saves time and memory; it does not raise the intensity",
               .left = draft.intensity(),
               .relation = Relation::less,
               .right = limit});
  draft.claim_slope("I", draft.intensity(), "S", Relation::equal, "a longer context costs nothing");
  draft.claim_slope("I", draft.intensity(), "B", Relation::equal, "nothing from batching");
  draft.verdict("N = 32, K = 8, W = 4096 (Mistral 7B)", draft.intensity(),
                {{"N", 32}, {"K", 8}, {"W", 4096}});
  draft.verdict("N = 32, K = 16, W = 1024 (Gemma 3 27B)", draft.intensity(),
                {{"N", 32}, {"K", 16}, {"W", 1024}});
  draft.verdict("N = 64, K = 8, W = 128 (gpt-oss-20b)", draft.intensity(),
                {{"N", 64}, {"K", 8}, {"W", 128}});
  draft.number("fewer cached tokens, S = 131072, W = 4096", s.context / window,
               {{"S", 131072}, {"W", 4096}}, "times");
  return std::move(draft).finish();
}

/// Source of the numbers: config.json of DeepSeek-V3.2.
Result<Section> derive_sparse(const Context& context) {
  const Symbols& s = context.symbols;
  const Expr latent = Expr::symbol("C");
  const Expr rope = Expr::symbol("r");
  const Expr heads = Expr::symbol("h");
  const Expr width = Expr::symbol("d");
  const Expr kept = Expr::symbol("k");
  const Expr all = kept + Expr::symbol("u");
  const Expr e = context.element_size;
  Draft draft(context, "sparse", "DeepSeek sparse attention: an indexer keeps k of S keys");
  draft->notes = {
      "h index heads of width d score all S keys; N heads attend to the k best. One new token.",
      "S = k + u: u tokens more than the indexer keeps. Index keys have the element size of the "
      "rest; in fp8 they weigh half."};
  draft.audit(SparseStep{{heads, width, kept, e, e, e}, {s.query_heads, latent, rope, e, e}},
              {s.batch, Expr(1), all});
  const Expr limit =
      draft.main_limit("generation", draft.intensity(), to_infinity("u"), "a long context");
  draft.reason(
      "N heads read k keys only, so in a long context nearly all bytes are index keys, "
      "each of them for the scores of h heads",
      limit, "DeepSeek-V3.2", {{"h", 64}});
  draft.utilisation("utilisation of the compute units in the limit", limit);
  const Expr saving = all * (latent + rope) / (all * width + kept * (latent + rope));
  draft.formula("fewer cache bytes than on all keys, times", saving);
  const Expr saving_limit =
      draft.more_limit("fewer cache bytes, times", saving, to_infinity("u"), "a long context");
  draft.crossover("the index heads from which a long context is compute-limited", limit, s.ridge,
                  "h");
  claim_sparse(draft, limit, context.density() * heads, saving, saving_limit);
  draft.verdict(
      "DeepSeek-V3.2, S = 131072", draft.intensity(),
      {{"N", 128}, {"C", 512}, {"r", 64}, {"h", 64}, {"d", 128}, {"k", 2048}, {"u", 129024}});
  draft.verdict("h = 64 (DeepSeek-V3.2), a long context", limit, {{"h", 64}});
  draft.number("fewer cache bytes, DeepSeek-V3.2, S = 131072", saving,
               {{"C", 512}, {"r", 64}, {"d", 128}, {"k", 2048}, {"u", 129024}}, "times");
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
