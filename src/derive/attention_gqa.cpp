// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "derive/draft.hpp"
#include "derive/sections.hpp"
#include "ridgepoint/cost/attention.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;
using symbolic::Relation;

void claim_grouping(Draft& draft, const Context& context, const Expr& decode_limit) {
  const Symbols& s = context.symbols;
  draft.claim({.text = fmt::format("generation tends to {}", to_text(decode_limit)),
               .meaning = "each key serves the query heads of its group",
               .left = decode_limit,
               .right = context.density() * s.query_heads / s.kv_heads});
  draft.claim({.meaning = "and never more",
               .left = draft.decode(),
               .relation = Relation::less,
               .right = decode_limit});
  draft.claim_slope("I", draft.intensity(), "B", Relation::equal, "still nothing from batching");
  draft.claim_slope("generation", draft.decode(), "K", Relation::less,
                    "fewer key/value heads raise the intensity");
  const Expr alone = context.density() * s.context / (s.context + 1);
  draft.claim({.text = "K = N gives " + to_text(alone),
               .meaning = "with a head of keys for every head of queries it is plain attention",
               .left = substitute(draft.decode(), {{"K", s.query_heads}}),
               .right = alone});
}

/// What K would have to be: K = N(S - R)/(R·S), which is below N/R, so no whole head unless N > R.
void claim_heads(Draft& draft, const Context& context, const Expr& heads) {
  const Symbols& s = context.symbols;
  const Expr in_ridge = s.ridge / context.density();
  const Expr beyond = in_ridge + Expr::symbol("u");
  draft.claim({.text = fmt::format("K < {}", to_text(s.query_heads / in_ridge)),
               .meaning = "none unless N > R: one whole head needs more query heads than that",
               .left = substitute(heads, {{"S", beyond}}),
               .relation = Relation::less,
               .right = s.query_heads / in_ridge,
               .given = fmt::format("S = {}: every S that crosses", to_text(beyond))});
  draft.more_limit("K at the ridge", heads, to_infinity("S"), "a long context");
}

void put_numbers(Draft& draft) {
  const auto at = [&](std::string_view model, int query_heads, int kv_heads) {
    draft.verdict(
        fmt::format("generation, N = {}, K = {} ({}), S = 8192", query_heads, kv_heads, model),
        draft.decode(), {{"N", query_heads}, {"K", kv_heads}, {"S", 8192}});
  };
  at("Llama 2 13B", 40, 40);
  at("Llama 3 8B", 32, 8);
  at("Llama 3 70B", 64, 8);
  at("Falcon 7B", 71, 1);
}

}  // namespace

Result<Section> derive_attention_gqa(const Context& context) {
  const Symbols& s = context.symbols;
  Draft draft(context, "attention_gqa", "Grouped-query attention: K < N key/value heads");
  const cost::Attention<Expr> op{s.query_heads,        s.kv_heads,           s.head_dim,
                                 context.element_size, context.element_size, context.options.pairs};
  draft.audit(op, s.shape());
  draft.specialise();
  const Expr decode_limit =
      draft.main_limit("generation", draft.decode(), to_infinity("S"), "a long context");
  draft.reason("N/K query heads share one head of keys and values, which is read once",
               decode_limit, "Llama 3 70B", {{"N", 64}, {"K", 8}});
  draft.more_limit("arithmetic intensity", draft.intensity(), to_infinity("S"),
                   "S far larger than T");
  draft.utilisation("utilisation of the compute units in generation", draft.decode());
  const Expr heads = draft.crossover(
      "the number of key/value heads at which generation reaches "
      "the ridge",
      draft.decode(), s.ridge, "K");
  claim_grouping(draft, context, decode_limit);
  claim_heads(draft, context, heads);
  put_numbers(draft);
  const double ridge = context.device.ridge().value() * context.element_size.to_double() / 2;
  draft.number("query heads that one key/value head would need", Expr::from_double(ridge), {},
               "heads");
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
