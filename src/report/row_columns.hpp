// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "report/request_figures.hpp"
#include "report/sweep_axes.hpp"
#include "ridgepoint/explore/row_stream.hpp"

namespace ridgepoint::report {

/// The columns of files of rows: axes of deployments, then of loads, whether it fits, the room, and
/// all figures that times alone make.
struct RowColumns {
  explicit RowColumns(const explore::Space& space);

  std::size_t count() const {
    return deployment.size() + load.size() + kOfRoom.size() + figures.size();
  }

  static constexpr std::array<const char*, 2> kOfRoom{"fits", "most_sequences"};
  std::vector<SweepAxis> deployment;
  std::vector<SweepAxis> load;
  std::vector<RequestFigure> figures;
};

/// Whether the batch of a point finds room.
bool fits(const explore::Candidate& candidate, const explore::KeptPoint& point);

}  // namespace ridgepoint::report
