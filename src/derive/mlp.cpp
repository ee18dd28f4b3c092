// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/cost/mlp.hpp"

#include <fmt/format.h>

#include "derive/draft.hpp"
#include "derive/examples.hpp"
#include "derive/sections.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;
using symbolic::Relation;

/// D and F growing together beside B and T.
symbolic::Path wide_layers(const Context& context) {
  const Expr wide = Expr::symbol("c") * context.symbols.batch;
  return {{{"D", wide}, {"F", wide}}, "c", true, {}};
}

void claim_limits(Draft& draft, const Context& context, const Expr& limit) {
  const Symbols& s = context.symbols;
  const Expr d = context.density();
  const std::string wide = "D and F far larger than B";
  const Expr prefill = draft.more_limit("prefill", draft.prefill(), wide_layers(context), wide);
  const Expr decode = draft.more_limit("generation", draft.decode(), wide_layers(context), wide);
  draft.claim({.text = fmt::format("I tends to {}", to_text(d * s.batch * s.new_tokens)),
               .meaning = "the intensity of a large MLP is its number of tokens",
               .left = limit,
               .right = d * s.batch * s.new_tokens});
  draft.claim({.text = fmt::format("prefill tends to {}", to_text(d * s.batch * s.context)),
               .meaning = "long prompts make it compute-limited even at B = 1",
               .left = prefill,
               .right = d * s.batch * s.context});
  draft.claim({.text = fmt::format("generation tends to {}", to_text(d * s.batch)),
               .meaning = "only concurrent sequences make it compute-limited",
               .left = decode,
               .right = d * s.batch});
}

void claim_bounds(Draft& draft, const Expr& limit) {
  draft.claim({.text = fmt::format("I < {}", to_text(limit)),
               .meaning = "the limit is never reached",
               .left = draft.intensity(),
               .relation = Relation::less,
               .right = limit});
  draft.claim_slope("I", draft.intensity(), "B", Relation::greater,
                    "more sequences use the weights better");
  draft.claim_slope("I", draft.intensity(), "T", Relation::greater, "and so do more tokens each");
}

void put_numbers(Draft& draft, const Context& context) {
  const symbolic::Substitution llama{{"D", 5120}, {"F", 13824}};
  draft.verdict("prefill, B = 1, S = 1024, D = 5120, F = 13824", draft.prefill(),
                with(llama, {{"B", 1}, {"S", 1024}}));
  for (const int batch : {1, 64, 256, 1024}) {
    draft.verdict(fmt::format("generation, B = {}, D = 5120, F = 13824", batch), draft.decode(),
                  with(llama, {{"B", batch}}));
  }
  const Expr batch = draft.root(substitute(draft.decode(), llama), context.ridge_value, "B");
  draft.number("crossover batch in generation, D = 5120, F = 13824 (Llama 2 13B)", batch, {},
               "sequences");
}

template <class Op>
Result<Section> derive_any_mlp(const Context& context, std::string_view subject, std::string title,
                               std::vector<std::string> notes) {
  const Symbols& s = context.symbols;
  Draft draft(context, subject, std::move(title));
  draft->notes = std::move(notes);
  draft.audit(Op{s.hidden, s.intermediate, context.element_size, context.element_size}, s.shape());
  draft.specialise();
  const Expr limit = draft.main_limit("arithmetic intensity", draft.intensity(),
                                      wide_layers(context), "D and F far larger than B");
  draft.utilisation("utilisation of the compute units", draft.intensity());
  draft.utilisation("utilisation in the limit", limit);
  draft.crossover("the batch from which generation is compute-limited", draft.decode(), s.ridge,
                  "B");
  claim_limits(draft, context, limit);
  claim_bounds(draft, limit);
  put_numbers(draft, context);
  return std::move(draft).finish();
}

}  // namespace

Result<Section> derive_mlp(const Context& context) {
  return derive_any_mlp<cost::GatedMlp<Expr>>(
      context, "mlp", "Gated MLP: Y = (act(X·Wgate) ∘ (X·Wup))·Wdown",
      {"U and G are written once and stay on chip for the product and the down projection.",
       "In prefill T = S, in generation T = 1."});
}

Result<Section> derive_mlp_plain(const Context& context) {
  return derive_any_mlp<cost::PlainMlp<Expr>>(
      context, "mlp_plain", "Plain MLP with two matrices: Y = act(X·Wup)·Wdown",
      {"The MLP of GPT-2, OPT and BLOOM: a third fewer weights, the same limits."});
}

}  // namespace ridgepoint::derive
