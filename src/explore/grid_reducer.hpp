// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ridgepoint/explore/grid.hpp"
#include "ridgepoint/explore/sweep_state.hpp"

namespace ridgepoint::explore {

/// The cells of a grid, as one thread has seen them: the same in any order of points.
class GridReducer {
 public:
  GridReducer(const Space& space, const Grid& grid)
      : places_(space, grid), cells_(places_.count()) {}

  /// Points one after the other: their keys, infinite where they do not keep to the subject, and
  /// whether they find room.
  void add(std::uint64_t first, std::span<const double> keys, std::span<const double> fits);
  /// REQUIRES: cells of the same grid.
  void add(const std::vector<GridCell>& others);
  const std::vector<GridCell>& cells() const { return cells_; }

 private:
  Cells places_;
  std::vector<GridCell> cells_;
};

}  // namespace ridgepoint::explore
