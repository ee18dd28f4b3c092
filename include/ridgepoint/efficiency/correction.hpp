// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace ridgepoint::efficiency {

inline constexpr std::size_t kMostAxes = 3;

/// Evenly spaced knots on the logarithm of one feature of a shape.
struct Axis {
  double first = 0;  ///< log2 of the feature at the first knot
  double step = 1;
  std::size_t knots = 1;
};

/// What the form of a kernel class leaves over, as the data has it: a correction of ln time, by
/// multilinear interpolation between knots, constant beyond the outermost ones.
struct Correction {
  /// Which of the form's features each axis is on; none: the first ones in their order.
  std::vector<std::size_t> features = {};
  std::vector<Axis> axes = {};             ///< at most kMostAxes; none: no correction
  std::vector<double> values = {};         ///< the last axis varies fastest
  std::optional<std::size_t> factor = {};  ///< of the form's, that it is multiplied by; none: 1
  std::vector<int> algorithms = {};  ///< a table for each, one after the other; none: one for all

  std::size_t knots() const;  ///< of one table
};

/// The knots around a point and their weights, which sum to 1.
struct Stencil {
  std::array<std::size_t, 1U << kMostAxes> index{};
  std::array<double, 1U << kMostAxes> weight{};
  std::size_t size = 1;
};
/// REQUIRES: as many features as axes.
Stencil stencil(std::span<const Axis> axes, std::span<const double> log2_features);

/// Those of all features that the axes are on, in their order. REQUIRES: they are there.
std::vector<double> features_of(const Correction& table, std::span<const double> log2_features);

/// Added to ln time; 0 for an algorithm without a table. REQUIRES: the features that its axes are
/// on.
double correction(const Correction& table, std::span<const double> log2_features,
                  int algorithm = 0);

}  // namespace ridgepoint::efficiency
