// SPDX-License-Identifier: Apache-2.0
#include "predict/crossover.hpp"

#include <cmath>

#include "ridgepoint/symbolic/calculus.hpp"

namespace ridgepoint::predict {

using symbolic::Expr;

Crossover find_crossover(const Expr& compute_s, const Expr& memory_s) {
  const Expr ratio = compute_s / memory_s;
  const Expr at_one = symbolic::substitute(ratio, {{"B", Expr(1)}});
  if (symbolic::prove(at_one, symbolic::Relation::greater_equal, Expr(1)).verdict ==
      symbolic::Verdict::proved) {
    return {Crossover::When::always, 1, 1};
  }
  if (symbolic::symbols(ratio).empty()) return {};
  const auto roots = symbolic::solve(ratio, Expr(1), "B");
  if (!roots || roots->empty()) return {};
  const Expr& root = roots->front().value;
  const auto batch = symbolic::ceil(root).to_integer();
  if (!batch) return {};  // beyond 2^63 − 1: never for any batch that can be asked for
  return {Crossover::When::from_batch, *batch, root.to_double()};
}

Crossover find_whole_crossover(const std::function<bool(double)>& is_compute_bound) {
  constexpr double kLargest = 1099511627776.0;  // 2^40: beyond it nothing changes any more
  if (is_compute_bound(1)) return {Crossover::When::always, 1, 1};
  if (!is_compute_bound(kLargest)) return {};
  double below = 1;
  double above = kLargest;
  while (above - below > 1) {
    const double middle = std::floor((below + above) / 2);
    (is_compute_bound(middle) ? above : below) = middle;
  }
  return {Crossover::When::from_batch, static_cast<std::int64_t>(above), above};
}

}  // namespace ridgepoint::predict
