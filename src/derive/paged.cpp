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
using symbolic::Substitution;

/// What both ways of keeping the cache are compared on. `reserved` and `paged` hold tokens per
/// sequence, `cache_tokens` is what fits beside the weights.
struct Cache {
  Expr block = Expr::symbol("b");
  Expr maximum = Expr::symbol("maximum");
  Expr capacity = Expr::symbol("capacity");
  Expr per_token;
  Expr cache_tokens;
  Expr reserved;
  Expr paged;  ///< on average over the lengths modulo b

  Cache(const Context& context, const LectureModel& model)
      : per_token(substitute(model.kv, {{"S", Expr(1)}})),
        cache_tokens((capacity - model.weights) / per_token),
        reserved(maximum) {
    const Expr filled = Expr::symbol("j");
    paged = context.symbols.context + sum(block - filled, "j", block) / block;
  }
};

/// A sequence of q full blocks and j tokens in the last, 1 <= j <= b, has b - j slots empty.
void derive_waste(Draft& draft, const Cache& cache, const Context& context) {
  const Expr blocks = Expr::symbol("q");
  const Expr filled = Expr::symbol("j");
  const Expr tokens = cache.block * blocks + filled;
  const Expr waste = cache.block * (blocks + 1) - tokens;
  const Expr average = sum(waste, "j", cache.block) / cache.block;
  const Expr& s = context.symbols.context;
  draft.formula("waste reserving", cache.maximum - s, "tokens per sequence");
  draft.formula("waste in blocks", cache.block * ceil(s / cache.block) - s, "tokens per sequence");
  draft.formula("waste in blocks, on average", average, "tokens per sequence");
  draft.claim({.text = "waste in blocks <= b - 1",
               .meaning = "at most all but one slot of the last block",
               .left = waste,
               .relation = Relation::less_equal,
               .right = cache.block - 1,
               .bounds = {{"j", 1}},
               .given = "S = b*q + j with j = 1 … b tokens in the last of q + 1 blocks"});
  draft.claim({.text = "waste in blocks < b",
               .meaning = "whatever the length",
               .left = cache.block * ceil(s / cache.block) - s,
               .relation = Relation::less,
               .right = cache.block});
  draft.claim({.text = "average waste in blocks = (b - 1)/2",
               .meaning = "all lengths modulo b being equally likely",
               .left = average,
               .right = (cache.block - 1) / 2});
}

/// More sequences fit, and throughput grows with the batch.
void derive_gain(Draft& draft, const Cache& cache, const LectureModel& model) {
  const Expr reserved_batch = cache.cache_tokens / cache.reserved;
  const Expr paged_batch = cache.cache_tokens / cache.paged;
  const Expr reserved = substitute(model.throughput, {{"B", reserved_batch}});
  const Expr paged = substitute(model.throughput, {{"B", paged_batch}});
  draft.formula("batch that fits, reserving", reserved_batch, "sequences");
  draft.formula("batch that fits, in blocks", paged_batch, "sequences");
  draft.formula("batch gained, times", paged_batch / reserved_batch);
  draft.formula("throughput reserving", reserved, "tokens/s");
  draft.formula("throughput in blocks", paged, "tokens/s");
  // Blocks win as soon as the reserved length exceeds what blocks take; a sequence must fit.
  const Substitution case_of_interest{{"maximum", cache.paged + Expr::symbol("u")},
                                      {"capacity", model.weights + Expr::symbol("v")}};
  const std::string given =
      fmt::format("maximum = {} + u, capacity = parameter bytes + v", to_text(cache.paged));
  draft.claim({.text = "batch in blocks > batch reserving",
               .meaning = "once the reserved length exceeds what blocks take",
               .left = substitute(paged_batch, case_of_interest),
               .relation = Relation::greater,
               .right = substitute(reserved_batch, case_of_interest),
               .bounds = {{"b", 1}},
               .given = given});
  draft.claim_slope("throughput", model.throughput, "B", Relation::greater,
                    "a larger batch amortises the weights");
  draft.claim({.text = "throughput in blocks > throughput reserving",
               .meaning = "why paging raises throughput",
               .left = substitute(paged, case_of_interest),
               .relation = Relation::greater,
               .right = substitute(reserved, case_of_interest),
               .bounds = {{"b", 1}},
               .given = given});
}

void put_numbers(Draft& draft, const Cache& cache, const LectureModel& model,
                 const Context& context) {
  const Substitution point =
      with(llama_2_13b(), {{"S", 1024},
                           {"b", 16},
                           {"maximum", 4096},
                           {"capacity", Expr::from_double(context.device.capacity_bytes)},
                           {"bandwidth", Expr::from_double(context.device.bandwidth.value())}});
  const Expr fits = substitute(cache.cache_tokens, point);
  if (fits.to_double() <= 0) {
    draft->notes.push_back("Llama 2 13B does not fit on this device: no numbers.");
    return;
  }
  draft->notes.push_back("Numbers: Llama 2 13B, S = 1024 tokens of at most 4096, blocks of 16.");
  draft.number("tokens of cache that fit", floor(fits), {}, "tokens");
  draft.number("wasted reserving", cache.maximum - Expr::symbol("S"), point, "tokens per sequence");
  draft.number("wasted in blocks, on average", cache.paged - Expr::symbol("S"), point,
               "tokens per sequence");
  for (const bool in_blocks : {false, true}) {
    const std::string how = in_blocks ? " in blocks" : " reserving";
    const Expr batch =
        floor(substitute(cache.cache_tokens / (in_blocks ? cache.paged : cache.reserved), point));
    draft.number("batch that fits" + how, batch, {}, "sequences");
    draft.number("throughput" + how, model.throughput, with(point, {{"B", batch}}), "tokens/s");
  }
}

}  // namespace

Result<Section> derive_paged(const Context& context) {
  const LectureModel model(context);
  const Cache cache(context, model);
  Draft draft(context, "paged", "Paged KV cache: blocks of b tokens against reserved lengths");
  draft->notes = {"Reserving keeps room for the maximum length from the first token on.",
                  "Blocks are taken as a sequence grows; only the last one has empty slots."};
  derive_waste(draft, cache, context);
  derive_gain(draft, cache, model);
  put_numbers(draft, cache, model, context);
  draft.main_limit("share of the slots in blocks that are empty",
                   1 - context.symbols.context / cache.paged, to_infinity("S"),
                   "sequences far longer than a block");
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
