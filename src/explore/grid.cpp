// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/grid.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "explore/items.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/text.hpp"

namespace ridgepoint::explore {
namespace {

std::vector<std::string> axis_names() {
  std::vector<std::string> names;
  names.reserve(kAxes);
  for (const AxisFacts& each : kAxisFacts) names.emplace_back(each.key);
  return names;
}

/// The named axes of a list, in its order; what is none is a fault.
std::vector<Axis> parse_axes(std::string_view text, std::string_view where, Diagnostics& faults) {
  std::vector<Axis> axes;
  for (const std::string_view name : items_of(text)) {
    if (const auto axis = axis_named(name)) {
      axes.push_back(*axis);
    } else {
      faults.push_back({std::string(where), fmt::format("\"{}\" is no axis", shown(name)),
                        did_you_mean_or_list(name, axis_names(), axis_names())});
    }
  }
  return axes;
}

std::uint64_t size_of(const Axes& axes, Axis axis) {
  return axis_sizes(axes)[static_cast<std::size_t>(axis)];
}

/// Whether an axis without a list of its own has what others leave over.
bool follows(const Axes& axes, Axis axis) {
  if (size_of(axes, axis) > 1) return false;
  const bool has_counts = axes.device_counts.size() > 1;
  if (axis == Axis::tensor) return !axes.tensor.front() && has_counts;
  return axis == Axis::devices && !axes.device_counts.front() &&
         (axes.tensor.size() > 1 || axes.pipeline.size() > 1 || axes.data.size() > 1);
}

}  // namespace

Result<Grid> parse_heatmap(std::string_view text, std::string_view where) {
  Diagnostics faults;
  Grid grid{parse_axes(text, where, faults)};
  if (faults.empty() && grid.axes.size() != 2) {
    faults.push_back({std::string(where), fmt::format("a heat map of {} axes", grid.axes.size()),
                      "name two: batch,context"});
  } else if (faults.empty() && grid.axes[0] == grid.axes[1]) {
    faults.push_back({std::string(where),
                      fmt::format("{} stands there twice", facts(grid.axes[0]).key),
                      "name two different axes: batch,context"});
  }
  if (!faults.empty()) return fail(std::move(faults));
  return grid;
}

Result<Grid> parse_group(std::string_view text, std::string_view where) {
  Diagnostics faults;
  Grid grid{parse_axes(text, where, faults)};
  if (faults.empty() && grid.axes.size() != 1) {
    faults.push_back({std::string(where), fmt::format("groups by {} axes", grid.axes.size()),
                      "name one; of two there is --heatmap, and --group may be repeated"});
  }
  if (!faults.empty()) return fail(std::move(faults));
  return grid;
}

Diagnostics faults_of(const Grid& grid, const Axes& axes, std::string_view where) {
  Diagnostics faults;
  double cells = 1;
  for (const Axis axis : grid.axes) {
    cells *= static_cast<double>(size_of(axes, axis));
    if (!follows(axes, axis)) continue;
    faults.push_back({std::string(where),
                      fmt::format("{} has no values of its own here: it follows from the others",
                                  facts(axis).key),
                      axis == Axis::devices ? "list them too: --devices 1,2,4,8"
                                            : "take devices, or list the sizes too"});
  }
  if (cells > static_cast<double>(kMostCells)) {
    faults.push_back({std::string(where),
                      fmt::format("{:.0f} cells, of {} at most", cells, kMostCells),
                      "take larger steps along its axes: 1..4096:x2"});
  }
  return faults;
}

Cells::Cells(const Space& space, const Grid& grid)
    : width_(space.size(grid.axes.front())), height_(grid.is_map() ? space.size(grid.axes[1]) : 1) {
  std::uint64_t weight = 1;
  for (const Axis axis : grid.axes) {
    const Digit digit{space.stride(axis), space.size(axis), weight};
    weight *= digit.size;
    if (digit.size > 1) slow_ = std::exchange(fast_, digit);
  }
  if (slow_.size > 1 && slow_.stride < fast_.stride) std::swap(slow_, fast_);
}

}  // namespace ridgepoint::explore
