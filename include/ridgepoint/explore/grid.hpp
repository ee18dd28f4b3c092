// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/explore/space.hpp"

namespace ridgepoint::explore {

/// One or two axes of a space whose values part its points into cells: groups, or a heat map.
struct Grid {
  std::vector<Axis> axes;  ///< of a heat map: across, then down

  bool is_map() const { return axes.size() == 2; }
  friend bool operator==(const Grid&, const Grid&) = default;
};

inline constexpr std::uint64_t kMostCells = 10'000;

/// "batch,context". Errors: an unknown axis, not two of them, one twice.
Result<Grid> parse_heatmap(std::string_view text, std::string_view where);
/// "device". Errors: an unknown axis.
Result<Grid> parse_group(std::string_view text, std::string_view where);
/// What keeps a space from being parted so: more than kMostCells cells, an axis that follows from
/// others.
Diagnostics faults_of(const Grid& grid, const Axes& axes, std::string_view where);

/// Which cell of a grid a point is in: the first axis varies fastest.
class Cells {
 public:
  Cells(const Space& space, const Grid& grid);

  std::uint64_t count() const { return width_ * height_; }
  std::uint64_t width() const { return width_; }
  std::uint64_t height() const { return height_; }

  /// Visits stretches of points of one cell: visit(cell, i, end) for the points first + [i, end).
  template <class Visit>
  void for_each_run(std::uint64_t first, std::uint64_t points, const Visit& visit) const;

 private:
  /// An axis as the numbers of points have it.
  struct Digit {
    std::uint64_t stride = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t size = 1;
    std::uint64_t weight = 0;  ///< in the number of a cell

    std::uint64_t of(std::uint64_t point) const { return point / stride % size; }
  };

  std::uint64_t width_;
  std::uint64_t height_;
  // Of axes with several values; the one that varies faster, and the other.
  Digit fast_;
  Digit slow_;
};

/// Divides once for each round of the faster axis: between its values a cell's number only steps.
template <class Visit>
void Cells::for_each_run(std::uint64_t first, std::uint64_t points, const Visit& visit) const {
  std::uint64_t i = 0;
  while (i < points) {
    const std::uint64_t point = first + i;
    std::uint64_t digit = fast_.of(point);
    std::uint64_t cell = slow_.of(point) * slow_.weight + digit * fast_.weight;
    std::uint64_t left = fast_.stride - point % fast_.stride;
    for (; digit < fast_.size && i < points; ++digit, cell += fast_.weight, left = fast_.stride) {
      const std::uint64_t end = left < points - i ? i + left : points;
      visit(cell, i, end);
      i = end;
    }
  }
}

}  // namespace ridgepoint::explore
