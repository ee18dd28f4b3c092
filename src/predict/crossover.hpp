// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::predict {

/// From which batch on `compute_s` >= `memory_s`, both functions of the one symbol B. Exact: the
/// algebra solves for it. REQUIRES: both of degree at most 1 in B, so that there is one crossover.
Crossover find_crossover(const symbolic::Expr& compute_s, const symbolic::Expr& memory_s);

/// The first whole batch that is compute-bound, for an operator whose cost is defined for whole
/// batches only (experts). REQUIRES: once compute-bound, compute-bound at every larger batch.
Crossover find_whole_crossover(const std::function<bool(double batch)>& is_compute_bound);

}  // namespace ridgepoint::predict
