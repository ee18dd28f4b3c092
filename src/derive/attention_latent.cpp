// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "derive/draft.hpp"
#include "derive/sections.hpp"
#include "ridgepoint/cost/attention.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;
using symbolic::Relation;

void claim_limit(Draft& draft, const Context& context, const Expr& limit, const Expr& latent,
                 const Expr& rope) {
  const Expr heads = context.density() * context.symbols.query_heads;
  const Expr expected = heads * (2 * latent + rope) / (latent + rope);
  draft.claim({.text = "generation tends to " + to_text(expected),
               .meaning = "all heads share one latent vector, which is key and value at once",
               .left = limit,
               .right = expected});
  draft.claim({.meaning = "and never more",
               .left = draft.decode(),
               .relation = Relation::less,
               .right = limit});
  draft.claim({.meaning = "more than sharing one head of keys and values (MQA)",
               .left = limit,
               .relation = Relation::greater,
               .right = heads});
  draft.claim({.meaning = "but less than twice that",
               .left = limit,
               .relation = Relation::less,
               .right = 2 * heads});
  draft.claim_slope("I", draft.intensity(), "B", Relation::equal, "still nothing from batching");
  draft.claim_slope("limit", limit, "r", Relation::less, "the rotary part is key but not value");
}

/// Sources: config.json of DeepSeek-V3 and DeepSeek-V2-Lite on Hugging Face.
void put_numbers(Draft& draft, const Context& context, const Expr& limit) {
  const symbolic::Substitution deepseek_v3{{"N", 128}, {"C", 512}, {"r", 64}};
  const symbolic::Substitution deepseek_v2_lite{{"N", 16}, {"C", 512}, {"r", 64}};
  draft.verdict("N = 128, C = 512, r = 64 (DeepSeek-V3), a long context", limit, deepseek_v3);
  draft.verdict("N = 16, C = 512, r = 64 (DeepSeek-V2-Lite), a long context", limit,
                deepseek_v2_lite);
  const Expr heads = draft.root(limit, context.symbols.ridge, "N");
  draft.number("query heads that reach the ridge, C = 512, r = 64", heads,
               {{"R", context.ridge_value}, {"C", 512}, {"r", 64}}, "heads");
}

}  // namespace

Result<Section> derive_attention_latent(const Context& context) {
  const Symbols& s = context.symbols;
  const Expr latent = Expr::symbol("C");
  const Expr rope = Expr::symbol("r");
  Draft draft(context, "attention_latent", "Multi-head latent attention (MLA), absorbed");
  draft->notes = {
      "The cache holds one latent vector of width C and a rotary key of width r per "
      "token."};
  draft.audit(cost::LatentAttention<Expr>{s.query_heads, latent, rope, context.element_size,
                                          context.element_size},
              s.shape());
  draft.specialise();
  const Expr limit =
      draft.main_limit("generation", draft.decode(), to_infinity("S"), "a long context");
  draft.reason("All N heads use the same cached vector, and use it twice, as key and as value",
               limit, "DeepSeek-V3", {{"N", 128}, {"C", 512}, {"r", 64}});
  draft.more_limit("arithmetic intensity", draft.intensity(), to_infinity("S"),
                   "S far larger than T");
  draft.utilisation("utilisation of the compute units in the limit", limit);
  draft.crossover("the number of query heads from which a long context is compute-limited", limit,
                  s.ridge, "N");
  claim_limit(draft, context, limit, latent, rope);
  put_numbers(draft, context, limit);
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
