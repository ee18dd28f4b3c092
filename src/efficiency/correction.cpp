// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/efficiency/correction.hpp"

#include <algorithm>
#include <cassert>

namespace ridgepoint::efficiency {
namespace {

/// The knot before a point and how far it is to the next one, 0 … 1.
struct Place {
  std::size_t knot;
  double share;
};

Place place(const Axis& axis, double feature) {
  if (axis.knots < 2) return {0, 0};
  const double last = static_cast<double>(axis.knots - 1);
  const double at = std::clamp((feature - axis.first) / axis.step, 0.0, last);
  const auto knot = std::min(static_cast<std::size_t>(at), axis.knots - 2);
  return {knot, at - static_cast<double>(knot)};
}

}  // namespace

Stencil stencil(std::span<const Axis> axes, std::span<const double> log2_features) {
  assert(axes.size() == log2_features.size() && axes.size() <= kMostAxes);
  Stencil out;
  out.weight[0] = 1;
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    const Place at = place(axes[axis], log2_features[axis]);
    const bool is_single = axes[axis].knots < 2;
    for (std::size_t i = 0; i < out.size; ++i) {
      out.index[i] = out.index[i] * axes[axis].knots + at.knot;
      if (is_single) continue;
      out.index[out.size + i] = out.index[i] + 1;
      out.weight[out.size + i] = out.weight[i] * at.share;
      out.weight[i] *= 1 - at.share;
    }
    if (!is_single) out.size *= 2;
  }
  return out;
}

std::size_t Correction::knots() const {
  std::size_t product = 1;
  for (const Axis& axis : axes) product *= axis.knots;
  return product;
}

std::vector<double> features_of(const Correction& table, std::span<const double> log2_features) {
  std::vector<double> chosen;
  chosen.reserve(table.axes.size());
  for (std::size_t i = 0; i < table.axes.size(); ++i) {
    chosen.push_back(log2_features[table.features.empty() ? i : table.features[i]]);
  }
  return chosen;
}

double correction(const Correction& table, std::span<const double> log2_features, int algorithm) {
  if (table.axes.empty()) return 0;
  const auto at = std::find(table.algorithms.begin(), table.algorithms.end(), algorithm);
  if (!table.algorithms.empty() && at == table.algorithms.end()) return 0;
  const std::size_t first = table.knots() * static_cast<std::size_t>(at - table.algorithms.begin());
  const Stencil around = stencil(table.axes, features_of(table, log2_features));
  double sum = 0;
  for (std::size_t i = 0; i < around.size; ++i) {
    sum += around.weight[i] * table.values[first + around.index[i]];
  }
  return sum;
}

}  // namespace ridgepoint::efficiency
