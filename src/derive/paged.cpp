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

/// What both ways of keeping the cache are compared on, the model as W bytes of parameters and k
/// bytes of cache per token.
struct Cache {
  Expr weights = Expr::symbol("W");
  Expr per_token = Expr::symbol("k");
  Expr block = Expr::symbol("b");
  Expr maximum = Expr::symbol("maximum");
  Expr capacity = Expr::symbol("capacity");
  Expr tokens_that_fit = (capacity - weights) / per_token;
  Expr reserved = maximum;  ///< tokens per sequence
  Expr paged;               ///< likewise, on average over the lengths modulo b
  Expr throughput;

  explicit Cache(const Symbols& s)
      : paged(s.context + sum(block - Expr::symbol("j"), "j", block) / block),
        throughput(s.batch * s.bandwidth / (weights + s.batch * s.context * per_token)) {}

  /// W and k of a model.
  Substitution of(const LectureModel& model) const {
    return {{"W", model.weights}, {"k", substitute(model.kv, {{"S", Expr(1)}})}};
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

void claim_gain(Draft& draft, const Cache& cache, const Expr& reserved_batch,
                const Expr& paged_batch) {
  // Blocks win as soon as the reserved length exceeds what blocks take; the weights must fit.
  const Substitution all_cases{{"maximum", cache.paged + Expr::symbol("u")},
                               {"capacity", cache.weights + Expr::symbol("v")}};
  const std::string given = fmt::format("maximum = {} + u, capacity = W + v", to_text(cache.paged));
  const auto claim = [&](std::string what, std::string meaning, const Expr& in_blocks,
                         const Expr& reserving) {
    draft.claim({.text = fmt::format("{0} in blocks > {0} reserving", what),
                 .meaning = std::move(meaning),
                 .left = substitute(in_blocks, all_cases),
                 .relation = Relation::greater,
                 .right = substitute(reserving, all_cases),
                 .bounds = {{"b", 1}},
                 .given = given});
  };
  const auto at = [&](const Expr& batch) { return substitute(cache.throughput, {{"B", batch}}); };
  claim("batch", "once the reserved length exceeds what blocks take", paged_batch, reserved_batch);
  draft.claim_slope("throughput", cache.throughput, "B", Relation::greater,
                    "a larger batch amortises the weights");
  claim("throughput", "why paging raises throughput", at(paged_batch), at(reserved_batch));
}

/// More sequences fit, and throughput grows with the batch.
void derive_gain(Draft& draft, const Cache& cache, const LectureModel& model) {
  const Expr reserved_batch = cache.tokens_that_fit / cache.reserved;
  const Expr paged_batch = cache.tokens_that_fit / cache.paged;
  draft.formula("batch that fits reserving", reserved_batch, "sequences");
  draft.formula("batch that fits in blocks", paged_batch, "sequences");
  draft.formula("batch gained, times", paged_batch / reserved_batch);
  draft.formula("throughput", cache.throughput, "tokens/s");
  draft.formula("throughput reserving", substitute(cache.throughput, {{"B", reserved_batch}}),
                "tokens/s");
  draft.formula("throughput in blocks", substitute(cache.throughput, {{"B", paged_batch}}),
                "tokens/s");
  draft.claim({.text = "throughput = that of the transformer",
               .meaning = "with its bytes for W and k",
               .left = substitute(cache.throughput, cache.of(model)),
               .right = model.throughput});
  claim_gain(draft, cache, reserved_batch, paged_batch);
}

void put_numbers(Draft& draft, const Cache& cache, const LectureModel& model,
                 const Context& context) {
  const Substitution llama = llama_2_13b();
  Substitution point{{"S", 1024},
                     {"b", 16},
                     {"maximum", 4096},
                     {"capacity", Expr::from_double(context.device.capacity_bytes)},
                     {"bandwidth", Expr::from_double(context.device.bandwidth.value())}};
  for (const auto& [name, bytes] : cache.of(model)) point[name] = substitute(bytes, llama);
  const Expr fits = substitute(cache.tokens_that_fit, point);
  if (fits.to_double() <= 0) {
    draft->notes.push_back("Llama 2 13B does not fit on this device: no numbers.");
    return;
  }
  draft->notes.push_back("Numbers: Llama 2 13B, S = 1024 tokens of at most 4096, blocks of 16.");
  const Expr context_length = Expr::symbol("S");
  draft.number("tokens of cache that fit", floor(fits), {}, "tokens");
  draft.number("wasted reserving", cache.reserved - context_length, point, "tokens per sequence");
  draft.number("wasted in blocks, on average", cache.paged - context_length, point,
               "tokens per sequence");
  for (const bool in_blocks : {false, true}) {
    const std::string how = in_blocks ? " in blocks" : " reserving";
    const Expr tokens = substitute(in_blocks ? cache.paged : cache.reserved, point);
    const Expr batch = floor(fits / tokens);
    draft.number("batch that fits" + how, batch, {}, "sequences");
    draft.number("throughput" + how, cache.throughput, with(point, {{"B", batch}}), "tokens/s");
  }
}

}  // namespace

Result<Section> derive_paged(const Context& context) {
  const LectureModel& model = context.model();
  const Cache cache(context.symbols);
  Draft draft(context, "paged", "Paged KV cache: blocks of b tokens against reserved lengths");
  draft->notes = {"W bytes of parameters and k bytes of KV cache per token share the capacity.",
                  "Reserving keeps room for the maximum length from the first token on.",
                  "Blocks are taken as a sequence grows; only the last one has empty slots."};
  draft.repeat_generation_step();
  derive_waste(draft, cache, context);
  derive_gain(draft, cache, model);
  put_numbers(draft, cache, model, context);
  draft.main_limit("share of the slots in blocks that are empty",
                   1 - context.symbols.context / cache.paged, to_infinity("S"),
                   "sequences far longer than a block");
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
