// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/cost/matmul.hpp"

#include <fmt/format.h>

#include <cmath>

#include "derive/draft.hpp"
#include "derive/examples.hpp"
#include "derive/sections.hpp"
#include "derive/words.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;
using symbolic::Relation;

/// "989.4 TFLOP/s ÷ 3.35 TB/s = 295.3 FLOP/byte", and what the notes make of the rounded peak.
std::string ridge_words(const DeviceFacts& device) {
  std::string words = fmt::format("The ridge point R of {} is {} = {} FLOP/byte", device.name,
                                  quotient_words(device), format_number(device.ridge().value(), 4));
  const double tera = std::floor(device.peak.value() / 1e12);
  if (tera * 1e12 == device.peak.value()) return words + ".";
  const double rounded = tera * 1e12 / device.bandwidth.value();
  return words + fmt::format("; with the peak rounded to {} TFLOP/s it is {}.", format_exact(tera),
                             format_number(rounded, 4));
}

void claim_intensity(Draft& draft, const Expr& limit) {
  draft.claim({.meaning = "however wide the matrix, its limit is never reached",
               .left = draft.intensity(),
               .relation = Relation::less,
               .right = limit});
  draft.claim_slope("I", draft.intensity(), "B", Relation::greater, "more rows use W better");
  draft.claim_slope("I", draft.intensity(), "D", Relation::greater, "so does a wider input");
  draft.claim_slope("I", draft.intensity(), "F", Relation::greater, "and a wider output");
}

/// At B = 1, matrix times vector.
void claim_single_row(Draft& draft, const Context& context) {
  const Expr c = Expr::symbol("c");
  const symbolic::Path wide{{{"D", c}, {"F", c}}, "c", true, {}};
  const Expr single = substitute(draft.intensity(), {{"B", Expr(1)}});
  draft.formula("intensity at B = 1", single, "FLOP/byte");
  const Expr limit = draft.more_limit("intensity at B = 1", single, wide, "D and F large");
  draft.claim({.text = fmt::format("I at B = 1 tends to {}", to_text(context.density())),
               .meaning = fmt::format("matrix times vector does {} FLOP per byte",
                                      to_text(context.density())),
               .left = limit,
               .right = context.density()});
  draft.claim({.meaning = fmt::format("never that much: memory-bound wherever R >= {}",
                                      to_text(context.density())),
               .left = single,
               .relation = Relation::less,
               .right = context.density()});
}

/// Beyond the limit: finite D and F ask for more rows, and small matrices never get there.
void derive_crossover(Draft& draft, const Context& context, const Expr& limit) {
  const Symbols& s = context.symbols;
  const Expr batch = draft.crossover("the batch from which it is compute-limited",
                                     draft.intensity(), s.ridge, "B");
  const Expr in_limit = draft.root(limit, s.ridge, "B");
  draft.formula("crossover batch in the limit", in_limit, "rows");
  const Expr ceiling =
      draft.more_limit("intensity", draft.intensity(), to_infinity("B"), "B far larger than D, F");
  draft.claim({.meaning = "so where this is at most R it is never compute-limited",
               .left = draft.intensity(),
               .relation = Relation::less,
               .right = ceiling});
  // Every D and F for which it crosses, D·F > R·(D + F), are D = R + v, F = (R·D + u)/v with
  // positive u and v (R counted at 2 bytes per element).
  const Expr in_ridge = s.ridge / context.density();
  const Expr v = Expr::symbol("v");
  const Expr hidden = in_ridge + v;
  const Expr intermediate = (in_ridge * hidden + Expr::symbol("u")) / v;
  draft.claim({.text = fmt::format("crossover > {}", to_text(in_limit)),
               .meaning = "finite matrices need more rows than the limit says",
               .left = substitute(batch, {{"D", hidden}, {"F", intermediate}}),
               .relation = Relation::greater,
               .right = in_limit,
               .given = fmt::format("D = {}, F = {}: every matrix that crosses", to_text(hidden),
                                    to_text(intermediate))});
}

void put_numbers(Draft& draft, const Context& context) {
  const Expr hidden = 5120;
  const Expr intermediate = 13824;
  for (const int batch : {1, 64, 256, 1024}) {
    const symbolic::Substitution numbers{{"B", batch}, {"D", hidden}, {"F", intermediate}};
    draft.verdict(fmt::format("B = {}, D = 5120, F = 13824", batch), draft.intensity(), numbers);
  }
  const symbolic::Substitution known{{"D", hidden}, {"F", intermediate}};
  const Expr batch = draft.root(substitute(draft.intensity(), known), context.ridge_value, "B");
  draft.number("crossover batch, D = 5120, F = 13824 (Llama 2 13B)", batch, {}, "rows");
  const symbolic::Substitution small{{"D", Expr(256)}, {"F", Expr(256)}};
  const bool never =
      draft.solve(substitute(draft.intensity(), small), context.ridge_value, "B").empty();
  if (never) draft->notes.push_back("A 256×256 matrix never gets there on this device.");
}

}  // namespace

Result<Section> derive_matmul(const Context& context) {
  const Symbols& s = context.symbols;
  Draft draft(context, "matmul", "Matrix multiplication: Y = X·W");
  draft->notes = {"X has B rows: one per sequence in generation, S per sequence in prefill.",
                  ridge_words(context.device)};
  const cost::Matmul<Expr> op{s.hidden, s.intermediate, context.element_size, context.element_size};
  draft.audit(op, {s.batch, Expr(1), Expr(1)});
  draft.specialise(substitute(draft.intensity(), {{"B", s.batch * s.context}}), draft.intensity());
  const Expr wide = Expr::symbol("c") * s.batch;
  const Expr limit =
      draft.main_limit("arithmetic intensity", draft.intensity(),
                       {{{"D", wide}, {"F", wide}}, "c", true, {}}, "D and F far larger than B");
  draft.utilisation("utilisation of the compute units", draft.intensity());
  draft.utilisation("utilisation in the limit", limit);
  draft.claim({.text = fmt::format("I tends to {}", to_text(context.density() * s.batch)),
               .meaning = "the intensity of a large matmul is its number of rows",
               .left = limit,
               .right = context.density() * s.batch});
  claim_intensity(draft, limit);
  claim_single_row(draft, context);
  derive_crossover(draft, context, limit);
  put_numbers(draft, context);
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
