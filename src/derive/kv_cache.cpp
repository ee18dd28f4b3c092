// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "derive/draft.hpp"
#include "derive/examples.hpp"
#include "derive/lecture_model.hpp"
#include "derive/sections.hpp"
#include "derive/sums.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;
using symbolic::Relation;

/// FLOPs of step t, and of the steps 1 … T.
struct Generation {
  StepFlops step;
  Expr products;      ///< with weights, all steps
  Expr attention;     ///< all steps
  Expr weight_bytes;  ///< the parameters, read in every step
  Expr kv_bytes;      ///< keys and values that attention reads, cached or made in the step
  Expr total() const { return products + attention; }

  Generation(const Context& context, const cost::Shape<Expr>& shape)
      : step(step_flops(context, shape, context.options.pairs)),
        products(sum(step.products(), "t", context.symbols.new_tokens)),
        attention(sum(step.attention, "t", context.symbols.new_tokens)),
        weight_bytes(context.symbols.new_tokens * context.model().weights),
        kv_bytes(sum(context.symbols.batch *
                         context.model().transformer.kv_bytes_per_sequence(Expr::symbol("t")),
                     "t", context.symbols.new_tokens)) {}
};

/// Step t runs over all t tokens again.
Generation without_cache(const Context& context) {
  const Expr t = Expr::symbol("t");
  return {context, {context.symbols.batch, t, t}};
}

/// Step t runs over one token, which attends to t.
Generation with_cache(const Context& context) {
  return {context, {context.symbols.batch, Expr(1), Expr::symbol("t")}};
}

/// The closed form of Σ t^degree, by induction: its first step and its differences.
void claim_closed_form(Draft& draft, int degree) {
  const Expr last = Expr::symbol("T");
  const Expr summand = pow(Expr::symbol("t"), degree);
  const Expr closed = sum(summand, "t", last);
  const std::string name = degree == 1 ? "1 + … + T" : fmt::format("1 + … + T^{}", degree);
  draft.claim({.text = fmt::format("{} = {} at T = 1", name, to_text(closed)),
               .meaning = "induction, the start",
               .left = substitute(closed, {{"T", Expr(1)}}),
               .right = 1});
  draft.claim({.text = fmt::format("{} grows by {}", to_text(closed), to_text(pow(last, degree))),
               .meaning = "induction, the step from T - 1 to T",
               .left = closed - substitute(closed, {{"T", last - 1}}),
               .right = pow(last, degree)});
}

/// O(T^degree): the quotient has a limit, which is positive.
Expr claim_order(Draft& draft, std::string_view what, const Expr& flops, int degree) {
  const Expr quotient = flops / pow(Expr::symbol("T"), degree);
  const Expr limit = draft.limit_at_infinity(quotient, "T");
  const std::string power = degree == 1 ? "T" : fmt::format("T^{}", degree);
  draft.claim({.text = fmt::format("{} / {} tends to {} > 0", what, power, to_text(limit)),
               .meaning = fmt::format("they grow as {}, no faster and no slower", power),
               .left = limit,
               .relation = Relation::greater,
               .right = 0});
  return limit;
}

struct Orders {
  int products;
  int attention;
};

void write_generation(Draft& draft, const Generation& all, const Orders& orders,
                      std::string_view pairs) {
  draft->notes.push_back(
      "Bytes are those of the parameters and of the keys and values that attention reads.");
  draft->steps = {
      {"Multiply with the weights in steps t = 1 … T", all.products, all.weight_bytes},
      {fmt::format("Attend in steps t = 1 … T, {}", pairs), all.attention, all.kv_bytes}};
  draft->flops = all.total();
  draft->bytes = all.weight_bytes + all.kv_bytes;
  draft->arithmetic_intensity = draft.flops() / draft.bytes();
  draft.formula("FLOPs of step t", all.step.total());
  const Expr T = Expr::symbol("T");
  draft.main_limit(fmt::format("FLOPs / T^{}", orders.attention),
                   draft.flops() / pow(T, orders.attention), to_infinity("T"), "many tokens");
  for (int degree = 1; degree < orders.attention; ++degree) claim_closed_form(draft, degree);
  claim_order(draft, "FLOPs of products", all.products, orders.products);
  claim_order(draft, "FLOPs of attention", all.attention, orders.attention);
  const auto llama = with(llama_2_13b(), {{"B", 1}, {"T", 1024}});
  draft.number("FLOPs of 1024 tokens, Llama 2 13B, B = 1", draft.flops(), llama, "FLOP");
}

void claim_gain(Draft& draft, const Generation& without, const Generation& cached) {
  const Expr products = without.products / cached.products;
  const Expr attention = without.attention / cached.attention;
  draft.formula("attention FLOPs saved, times", attention);
  draft.claim({.text = "FLOPs without a cache > FLOPs with one",
               .meaning = "from the second token on",
               .left = without.total(),
               .relation = Relation::greater,
               .right = cached.total(),
               .bounds = {{"T", 2}}});
  draft.claim_slope("(attention FLOPs saved)", attention, "T", Relation::greater,
                    "the longer, the more", {{"T", 1}});
  draft.claim_slope("(product FLOPs saved)", products, "T", Relation::greater,
                    "for the weights too", {{"T", 1}});
  draft.number("fewer FLOPs for 1024 tokens, Llama 2 13B, times", without.total() / cached.total(),
               with(llama_2_13b(), {{"B", 1}, {"T", 1024}}));
}

}  // namespace

Result<Section> derive_no_kv_cache(const Context& context) {
  Draft draft(context, "no_kv_cache", "Generating T tokens without a KV cache");
  draft->notes = {"From an empty prompt. Step t runs the model over all t tokens again."};
  write_generation(draft, without_cache(context), {.products = 2, .attention = 3},
                   "t queries on t keys");
  return std::move(draft).finish();
}

Result<Section> derive_kv_cache(const Context& context) {
  Draft draft(context, "kv_cache", "Generating T tokens with a KV cache");
  draft->notes = {
      "From an empty prompt. Step t runs the model over one token, which attends to t."};
  const Generation cached = with_cache(context);
  write_generation(draft, cached, {.products = 1, .attention = 2}, "1 query on t keys");
  claim_gain(draft, without_cache(context), cached);
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
