// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "derive/draft.hpp"
#include "derive/examples.hpp"
#include "derive/sections.hpp"
#include "ridgepoint/cost/attention.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;
using symbolic::Relation;

void claim_batch_matters(Draft& draft, const Context& context, const Expr& prefix,
                         const Expr& batch_limit, const Expr& prefix_limit) {
  const Symbols& s = context.symbols;
  const Expr d = context.density();
  draft.claim_slope("I", draft.intensity(), "B", Relation::greater,
                    "unlike plain attention: the prefix serves every sequence");
  draft.claim_slope("I", draft.intensity(), "P", Relation::greater, "the longer the prefix",
                    {{"B", 1}});
  draft.claim({.text = fmt::format("I tends to {} in B", to_text(batch_limit)),
               .meaning = "what a large batch tends to",
               .left = batch_limit,
               .right = d * s.new_tokens * (prefix + s.context) / (s.new_tokens + s.context)});
  draft.claim({.text = fmt::format("I tends to {} in P", to_text(prefix_limit)),
               .meaning = "what a long prefix tends to: a matmul with B·T rows",
               .left = prefix_limit,
               .right = d * s.batch * s.new_tokens});
  draft.claim({.text = fmt::format("I < {}", to_text(batch_limit)),
               .meaning = "and never more than the first",
               .left = draft.intensity(),
               .relation = Relation::less,
               .right = batch_limit});
  draft.claim({.text = fmt::format("I < {}", to_text(prefix_limit)),
               .meaning = "nor than the second",
               .left = draft.intensity(),
               .relation = Relation::less,
               .right = prefix_limit,
               .bounds = {{"B", 1}}});
}

/// What it buys: the bytes, hence the time while memory binds, of a cache read by each sequence.
void derive_speedup(Draft& draft, const Context& context, const Expr& prefix) {
  const Symbols& s = context.symbols;
  const cost::Attention<Expr> unshared{
      s.query_heads,        s.query_heads,        s.hidden / s.query_heads,
      context.element_size, context.element_size, cost::Pairs::full};
  const cost::Shape<Expr> whole{s.batch, s.new_tokens, prefix + s.context};
  const Expr unshared_bytes = cost::totals(unshared, whole).bytes();
  const Expr speedup = unshared_bytes / draft.bytes();
  const Expr decode_speedup = substitute(speedup, {{"T", Expr(1)}});
  draft.formula("fewer bytes than unshared, times", speedup);
  draft.formula("cached tokens saved", (s.batch - 1) * prefix, "tokens");
  draft.more_limit("fewer bytes in generation, times", decode_speedup, to_infinity("B"), "B large");
  draft.claim({.text = "speedup = 1 at B = 1",
               .meaning = "a single sequence shares with nobody",
               .left = substitute(speedup, {{"B", Expr(1)}}),
               .right = 1});
  draft.claim({.text = "speedup > 1 for B >= 2",
               .meaning = "the same FLOPs on fewer bytes: faster while memory binds",
               .left = speedup,
               .relation = Relation::greater,
               .right = 1,
               .bounds = {{"B", 2}}});
  draft.claim_slope("speedup", speedup, "B", Relation::greater, "more so in larger batches");
  draft.number("generation attention faster, B = 64, P = 8192, S = 256", decode_speedup,
               {{"B", 64}, {"P", 8192}, {"S", 256}}, "times");
}

void put_numbers(Draft& draft) {
  for (const int batch : {1, 16, 64, 256}) {
    draft.verdict(fmt::format("generation, B = {}, P = 8192, S = 256", batch), draft.decode(),
                  {{"B", batch}, {"P", 8192}, {"S", 256}});
  }
  draft.verdict("generation, B = 1024, P = 131072, S = 128", draft.decode(),
                {{"B", 1024}, {"P", 131072}, {"S", 128}});
}

}  // namespace

Result<Section> derive_prefix(const Context& context) {
  const Symbols& s = context.symbols;
  const Expr prefix = Expr::symbol("P");
  Draft draft(context, "prefix", "Attention over a prefix of P tokens that all sequences share");
  draft->notes = {"The prefix is read once for the whole batch; S tokens are each sequence's own.",
                  "All query-key pairs are counted, N·H = D, K = N."};
  draft.audit(cost::PrefixAttention<Expr>{s.query_heads, s.query_heads, s.hidden / s.query_heads,
                                          context.element_size, context.element_size, prefix},
              s.shape());
  draft.specialise();
  const Expr batch_limit =
      draft.main_limit("arithmetic intensity", draft.intensity(), to_infinity("B"), "B large");
  const Expr prefix_limit = draft.more_limit("arithmetic intensity", draft.intensity(),
                                             to_infinity("P"), "P far larger than S");
  draft.utilisation("utilisation of the compute units in generation", draft.decode());
  draft.crossover("the batch from which generation attention is compute-limited", draft.decode(),
                  s.ridge, "B");
  claim_batch_matters(draft, context, prefix, batch_limit, prefix_limit);
  derive_speedup(draft, context, prefix);
  put_numbers(draft);
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
