// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "derive/context.hpp"
#include "ridgepoint/cost/transformer.hpp"
#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::derive {

/// The whole model in generation, as the lecture counts it.
struct LectureModel {
  cost::Transformer<symbolic::Expr> transformer;
  symbolic::Expr weights;     ///< bytes of the parameters
  symbolic::Expr kv;          ///< bytes of the KV cache of one sequence
  symbolic::Expr memory;      ///< bytes of both for B sequences
  symbolic::Expr latency;     ///< seconds per step
  symbolic::Expr throughput;  ///< tokens per second

  explicit LectureModel(const Context& context);
};

/// The terms of a sum that carry a symbol: what goes when it is 0.
symbolic::Expr part_with(const symbolic::Expr& sum, std::string_view name);

/// FLOPs of the operators of one step, from their own ledgers.
struct StepFlops {
  symbolic::Expr lm_head;
  symbolic::Expr mlp;
  symbolic::Expr queries;  ///< the projections Q and O
  symbolic::Expr keys;     ///< the projections K and V
  symbolic::Expr attention;

  symbolic::Expr products() const { return lm_head + mlp + queries + keys; }
  symbolic::Expr total() const { return products() + attention; }
};
StepFlops step_flops(const Context& context, const cost::Shape<symbolic::Expr>& shape,
                     cost::Pairs pairs);

/// The totals of one generation step of the whole model: everything in memory is read once.
struct GenerationStep {
  symbolic::Expr flops;
  symbolic::Expr bytes;
  symbolic::Expr intensity;
  /// Of a prefill of S tokens, which works on the same bytes: it writes the cache that a generation
  /// step reads.
  symbolic::Expr prefill_intensity;

  explicit GenerationStep(const Context& context);
};

}  // namespace ridgepoint::derive
