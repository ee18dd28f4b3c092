// SPDX-License-Identifier: Apache-2.0
#include "explore/grid_reducer.hpp"

namespace ridgepoint::explore {

void GridReducer::add(std::uint64_t first, std::span<const double> keys,
                      std::span<const double> fits) {
  constexpr double kWorst = std::numeric_limits<double>::max();
  const auto see = [&](GridCell& cell, std::uint64_t i) {
    cell.fitting += fits[i] > 0 ? 1U : 0U;
    cell.meeting += keys[i] <= kWorst ? 1U : 0U;
    const KeyedPoint point{keys[i], first + i};
    if (point.key <= kWorst && point < cell.best) cell.best = point;
  };
  places_.for_each_run(first, keys.size(),
                       [&](std::uint64_t cell, std::uint64_t i, std::uint64_t end) {
                         cells_[cell].evaluated += end - i;
                         if (end - i == 1) return see(cells_[cell], i);  // as along the last axis
                         GridCell seen;
                         for (; i < end; ++i) see(seen, i);
                         cells_[cell] += seen;
                       });
}

void GridReducer::add(const std::vector<GridCell>& others) {
  for (std::size_t i = 0; i < others.size(); ++i) cells_[i] += others[i];
}

}  // namespace ridgepoint::explore
