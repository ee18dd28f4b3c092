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

/// What labels stay away from.
struct Obstacles {
  Box frame;                   ///< labels stay inside
  std::vector<Box> boxes;      ///< never covered
  std::vector<Segment> lines;  ///< covered only where nothing else is left
};

/// A place for each label, in the order of the requests, the earlier ones first served. Boxes
/// overlap neither each other nor an obstacle's box nor another request's mark; a label that finds
/// no such place within reach gets none.
std::vector<std::optional<Box>> place_labels(const std::vector<LabelRequest>& requests,
                                             const Obstacles& obstacles);

}  // namespace ridgepoint::report
