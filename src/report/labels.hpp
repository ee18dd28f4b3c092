// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "report/geometry.hpp"

namespace ridgepoint::report {

/// A label that wants to stand near a mark.
struct LabelRequest {
  Point anchor;
  double radius = 0;  ///< of the mark
  Size size;
};

/// A line that labels would rather not cover, at a cost in pixels of distance.
struct SoftLine {
  Segment segment;
  double cost = 0;
};

/// What labels stay away from.
struct Obstacles {
  Box frame;                    ///< labels stay inside
  std::vector<Box> boxes;       ///< never covered
  std::vector<SoftLine> lines;  ///< covered only where nothing better is left
};

/// A place for each label. Boxes overlap neither each other nor an obstacle's box nor another
/// request's mark; a label that finds no such place within reach gets none. Of several orders of
/// serving them (as given, from the left, from the right) the one with the least total cost wins,
/// where distance costs, and so does a leader that crosses another label or leader.
std::vector<std::optional<Box>> place_labels(const std::vector<LabelRequest>& requests,
                                             const Obstacles& obstacles);

}  // namespace ridgepoint::report
