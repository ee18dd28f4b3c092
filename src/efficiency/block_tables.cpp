// SPDX-License-Identifier: Apache-2.0
#include "efficiency/block_tables.hpp"

#include <algorithm>
#include <utility>

#include "ridgepoint/core/block_loop.hpp"

namespace ridgepoint::efficiency {
namespace {

struct LineBody {
  KnotLine axis;
  const double* values;
  const double* feature;
  const double* kind;
  double* sum;

  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    const double at = axis.at(feature[i]);
    const double knot = axis.knot(at);
    const double share = at - knot;
    const std::int64_t index = as_index(knot + kind[i] * (axis.last + 1));
    sum[i] += values[index] * (1 - share) + values[index + 1] * share;
  }
};

struct PlaneBody {
  KnotLine first;
  KnotLine second;
  const double* values;
  const double* first_feature;
  const double* second_feature;
  const double* kind;
  double* sum;

  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    const double a = first.at(first_feature[i]);
    const double b = second.at(second_feature[i]);
    const double knot_a = first.knot(a);
    const double knot_b = second.knot(b);
    const double share_a = a - knot_a;
    const double share_b = b - knot_b;
    const double width = second.last + 1;
    const double row = kind[i] * (first.last + 1) + knot_a;
    const std::int64_t low = as_index(row * width + knot_b);
    const std::int64_t high = as_index(row * width + width + knot_b);
    sum[i] += (values[low] * (1 - share_b) + values[low + 1] * share_b) * (1 - share_a) +
              (values[high] * (1 - share_b) + values[high + 1] * share_b) * share_a;
  }
};

struct ConstantBody {
  double value;
  double* sum;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const { sum[i] += value; }
};

struct VaryingAxis {
  const Axis* axis;
  const VaryingFeature* feature;
};

std::vector<VaryingAxis> varying_axes(const Correction& table, const TableSetting& setting) {
  std::vector<VaryingAxis> found;
  for (std::size_t i = 0; i < table.axes.size(); ++i) {
    const std::size_t on = table.features.empty() ? i : table.features[i];
    for (const VaryingFeature& each : setting.varying) {
      if (each.feature == on && table.axes[i].knots > 1) found.push_back({&table.axes[i], &each});
    }
  }
  return found;
}

double log2_at(const Axis& axis, std::size_t knot) {
  return axis.first + static_cast<double>(knot) * axis.step;
}

/// The table at every knot of the axes that vary, the last one fastest, for each kind.
std::vector<double> worked_out(const Correction& table, double scale, const TableSetting& setting,
                               const std::vector<VaryingAxis>& varying) {
  std::vector<double> values;
  std::vector<double> features = setting.log2_features;
  std::size_t knots = 1;
  for (const VaryingAxis& each : varying) knots *= each.axis->knots;
  for (const double kind : setting.kinds) {
    if (setting.kind_feature) features[*setting.kind_feature] = kind;
    const int algorithm = setting.kinds_are_algorithms ? static_cast<int>(kind) : 0;
    for (std::size_t i = 0; i < knots; ++i) {
      std::size_t rest = i;
      for (std::size_t axis = varying.size(); axis-- > 0;) {
        const Axis& on = *varying[axis].axis;
        features[varying[axis].feature->feature] = log2_at(on, rest % on.knots);
        rest /= on.knots;
      }
      values.push_back(scale * correction(table, features, algorithm));
    }
  }
  return values;
}

}  // namespace

KnotLine KnotLine::of(const Axis& axis, double above) {
  return {axis.first - above, 1 / axis.step, static_cast<double>(axis.knots - 1)};
}

bool BlockTables::add(const Correction& table, double scale, const TableSetting& setting) {
  const std::vector<VaryingAxis> varying = varying_axes(table, setting);
  if (varying.size() > 2) return false;
  std::vector<double> values = worked_out(table, scale, setting, varying);
  const auto line_of = [&](std::size_t i) {
    return KnotLine::of(*varying[i].axis, varying[i].feature->above);
  };
  if (varying.size() == 2) {
    planes_.push_back({{varying[0].feature->slot, varying[1].feature->slot},
                       {line_of(0), line_of(1)},
                       std::move(values)});
  } else if (varying.size() == 1) {
    add_line({varying[0].feature->slot, line_of(0), std::move(values)});
  } else if (values.size() == 1) {
    constant_ += values.front();
  } else {
    // One number for each kind: a line that is level.
    std::vector<double> level;
    for (const double value : values) level.insert(level.end(), 2, value);
    add_line({0, KnotLine{}, std::move(level)});
  }
  return true;
}

void BlockTables::add_line(Line line) {
  for (Line& known : lines_) {
    if (known.slot != line.slot || known.axis != line.axis) continue;
    for (std::size_t i = 0; i < line.values.size(); ++i) known.values[i] += line.values[i];
    return;
  }
  lines_.push_back(std::move(line));
}

bool BlockTables::absorb(Plane& plane, const Line& line) {
  const auto width = static_cast<std::size_t>(plane.axes[1].knots());
  const bool is_first = plane.slots[0] == line.slot && plane.axes[0] == line.axis;
  const bool is_second = plane.slots[1] == line.slot && plane.axes[1] == line.axis;
  if (!is_first && !is_second) return false;
  const auto height = static_cast<std::size_t>(plane.axes[0].knots());
  for (std::size_t i = 0; i < plane.values.size(); ++i) {
    const std::size_t kind = i / (width * height);
    plane.values[i] += line.values[is_first ? i / width : kind * width + i % width];
  }
  return true;
}

void BlockTables::finish() {
  std::erase_if(lines_, [&](const Line& line) {
    return std::any_of(planes_.begin(), planes_.end(),
                       [&](Plane& plane) { return absorb(plane, line); });
  });
}

void BlockTables::add_to(double* sum, const PointFeatures& points, std::size_t n,
                         InstructionSet set) const {
  if (constant_ != 0) for_each_point(ConstantBody{constant_, sum}, n, set);
  for (const Plane& plane : planes_) {
    for_each_point(
        PlaneBody{plane.axes[0], plane.axes[1], plane.values.data(), points.slot[plane.slots[0]],
                  points.slot[plane.slots[1]], points.kind, sum},
        n, set);
  }
  for (const Line& line : lines_) {
    for_each_point(
        LineBody{line.axis, line.values.data(), points.slot[line.slot], points.kind, sum}, n, set);
  }
}

}  // namespace ridgepoint::efficiency
