// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "derive/draft.hpp"
#include "derive/kinds.hpp"
#include "ridgepoint/cost/experts.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;
using symbolic::Relation;

/// Sources: config.json of Mixtral 8x7B and DeepSeek-V3.
void put_numbers(Draft& draft, const Context& context, const Expr& all_read, const Expr& tokens,
                 const Expr& distinct) {
  draft.verdict("B = 64, E = 8, k = 2 (Mixtral 8x7B), wide experts", all_read,
                {{"B", 64}, {"T", 1}, {"E", 8}, {"k", 2}});
  draft.verdict("B = 4096, E = 256, k = 8 (DeepSeek-V3), wide experts", all_read,
                {{"B", 4096}, {"T", 1}, {"E", 256}, {"k", 8}});
  const auto ridge = [&](int experts, int chosen) {
    return symbolic::Substitution{
        {"R", context.ridge_value}, {"T", 1}, {"E", experts}, {"k", chosen}};
  };
  draft.number("batch that reaches the ridge, Mixtral 8x7B", tokens, ridge(8, 2), "tokens");
  draft.number("batch that reaches the ridge, DeepSeek-V3", tokens, ridge(256, 8), "tokens");
  draft.number("expected distinct experts, Mixtral 8x7B, B = 4", distinct,
               {{"B", 4}, {"T", 1}, {"E", 8}, {"k", 2}}, "experts");
}

}  // namespace

Result<Section> derive_moe(const Context& context) {
  const Symbols& s = context.symbols;
  const Expr read = Expr::symbol("A");
  const Expr experts = Expr::symbol("E");
  const Expr chosen = Expr::symbol("k");
  const Expr c = Expr::symbol("c");
  Draft draft(context, "moe", "A mixture of experts: k of E experts per token");
  draft->notes = {
      "A large batch reads all E experts, but each gets only k/E of the tokens: the ridge comes at "
      "E/k times the batch of a dense matmul, 4 times for Mixtral 8x7B, 32 for DeepSeek-V3.",
      "One matrix D×F of each expert; A of the E experts are chosen by some token."};
  draft.audit(cost::GroupedMatmul<Expr>{s.hidden, s.intermediate, read, chosen, Expr(1),
                                        context.element_size, context.element_size},
              s.shape());
  const symbolic::Path wide{{{"D", c}, {"F", c}}, "c", true, {}};
  const Expr limit =
      draft.main_limit("arithmetic intensity", draft.intensity(), wide, "wide experts");
  const Expr all_read = substitute(limit, {{"A", experts}});
  const Expr distinct = cost::distinct_experts(experts, chosen, Expr(s.batch * s.new_tokens));
  draft.formula("expected number of distinct experts", distinct);
  draft.formula("intensity once all experts are read", all_read);
  const Expr tokens = draft.crossover("the batch from which the experts are compute-limited",
                                      all_read, s.ridge, "B");
  draft.claim({.text = "I tends to " + to_text(limit),
               .meaning = "the tokens that each expert gets",
               .left = limit,
               .right = context.density() * s.batch * s.new_tokens * chosen / read});
  draft.claim({.text = "I < limit",
               .meaning = "and never more",
               .left = draft.intensity(),
               .relation = Relation::less,
               .right = limit});
  draft.claim({.text = "A = k gives the limit of a dense matmul",
               .meaning = "if all tokens agreed on their experts",
               .left = substitute(limit, {{"A", chosen}}),
               .right = context.density() * s.batch * s.new_tokens});
  draft.claim({.text = fmt::format("B = {} at the ridge", to_text(tokens)),
               .meaning = "E/k times the batch of a dense matmul: experts move the ridge",
               .left = tokens,
               .right = s.ridge / (context.density() * s.new_tokens) * experts / chosen});
  draft.claim_slope("limit", limit, "A", Relation::less, "the more experts, the fewer tokens each");
  draft.claim({.text = "one token reads k experts",
               .meaning = "the expected number at B = T = 1",
               .left = substitute(distinct, {{"B", Expr(1)}, {"T", Expr(1)}}),
               .right = chosen});
  put_numbers(draft, context, all_read, tokens, distinct);
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
