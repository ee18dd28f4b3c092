// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "ridgepoint/cost/attention.hpp"
#include "ridgepoint/cost/formula.hpp"
#include "ridgepoint/derive/derive.hpp"
#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::derive {

/// The lecture's letters.
struct Symbols {
  symbolic::Expr batch = symbolic::Expr::symbol("B");
  symbolic::Expr context = symbolic::Expr::symbol("S");
  symbolic::Expr new_tokens = symbolic::Expr::symbol("T");
  symbolic::Expr hidden = symbolic::Expr::symbol("D");
  symbolic::Expr intermediate = symbolic::Expr::symbol("F");
  symbolic::Expr query_heads = symbolic::Expr::symbol("N");
  symbolic::Expr kv_heads = symbolic::Expr::symbol("K");
  symbolic::Expr head_dim = symbolic::Expr::symbol("H");
  symbolic::Expr layers = symbolic::Expr::symbol("L");
  symbolic::Expr vocabulary = symbolic::Expr::symbol("V");
  symbolic::Expr ridge = symbolic::Expr::symbol("R");
  symbolic::Expr bandwidth = symbolic::Expr::symbol("bandwidth");

  cost::Shape<symbolic::Expr> shape() const { return {batch, new_tokens, context}; }
};

struct LectureModel;
struct GenerationStep;

/// What every derivation of one call is made from.
struct Context {
  Symbols symbols;
  DeviceFacts device;
  Options options;
  symbolic::Expr element_size = 2;
  symbolic::Expr ridge_value;  ///< of the device, exactly

  /// The whole model, worked out by the first section that asks.
  const LectureModel& model() const;
  mutable std::shared_ptr<const LectureModel> shared_model{};

  /// Its totals, likewise.
  const GenerationStep& generation_step() const;
  mutable std::shared_ptr<const GenerationStep> shared_step{};

  /// How much higher every intensity is than with the lecture's 2 bytes per element.
  symbolic::Expr density() const { return 2 / element_size; }
};

}  // namespace ridgepoint::derive
