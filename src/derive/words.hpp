// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/cost/sink.hpp"
#include "ridgepoint/derive/derive.hpp"
#include "ridgepoint/symbolic/calculus.hpp"
#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::derive {

/// "B×T×D": the extents of a tensor, those that are 1 left out.
std::string shape_words(const std::vector<symbolic::Expr>& shape);

/// A ledger entry as a lecturer says it: "Read X (B×D) from HBM", "Compute Y = X (B×D) @ W (D×F)".
/// The shapes of a plain product are looked up among the tensors of its ledger.
std::string step_words(const cost::Entry<symbolic::Expr>& entry,
                       const std::vector<cost::Entry<symbolic::Expr>>& ledger);

/// "D = c*B, F = c*B, c -> oo"
std::string path_words(const symbolic::Path& path);

/// "I < B": the formulas of a relation, spelled out.
std::string relation_words(const symbolic::Expr& left, symbolic::Relation relation,
                           const symbolic::Expr& right);

/// "989.4 TFLOP/s ÷ 3.35 TB/s": peak and bandwidth, every digit of the datasheet.
std::string quotient_words(const DeviceFacts& device);

}  // namespace ridgepoint::derive
