// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "efficiency/inline_numbers.hpp"
#include "ridgepoint/core/instruction_set.hpp"
#include "ridgepoint/efficiency/correction.hpp"

namespace ridgepoint::efficiency {

/// A feature of a form that varies between points: where its logarithms are kept.
struct VaryingFeature {
  std::size_t feature;
  std::size_t slot;
  double above = 0;  ///< the feature is the slot's number and so much
};

/// What tables are worked out at.
struct TableSetting {
  std::vector<double> log2_features;  ///< those that do not vary, in their places
  std::vector<VaryingFeature> varying;
  /// A feature with few values, which a point has one of; a table for each value.
  std::optional<std::size_t> kind_feature;
  std::vector<double> kinds{0};
  bool kinds_are_algorithms = false;  ///< numbers of the form's
};

/// The features of the points of a chunk.
struct PointFeatures {
  static constexpr std::size_t kSlots = 4;
  std::array<const double*, kSlots> slot{};
  const double* kind = nullptr;  ///< which of the kinds, from 0
};

/// Evenly spaced knots, as a loop over points reads them.
struct KnotLine {
  double first = 0;
  double of_step = 1;
  double last = 1;  ///< number of the last knot, from 1 on

  static KnotLine of(const Axis& axis, double above);
  friend bool operator==(const KnotLine&, const KnotLine&) = default;

  /// 0 … last.
  RIDGEPOINT_INLINE double at(double feature) const {
    return smaller(larger((feature - first) * of_step, 0), last);
  }
  /// The knot before that.
  RIDGEPOINT_INLINE double knot(double at) const { return smaller(std::floor(at), last - 1); }
  double knots() const { return last + 1; }
};

/// The sum of a kernel's tables over what varies, with all else worked out.
class BlockTables {
 public:
  /// False where a table is on more than two features that vary.
  bool add(const Correction& table, double scale, const TableSetting& setting);
  /// Lines that a plane has room for go into it.
  void finish();

  double constant() const { return constant_; }
  /// Added to each point's sum.
  void add_to(double* sum, const PointFeatures& points, std::size_t n, InstructionSet set) const;

 private:
  struct Line {
    std::size_t slot;
    KnotLine axis;
    std::vector<double> values;  ///< by kind, then knot
  };
  struct Plane {
    std::array<std::size_t, 2> slots;
    std::array<KnotLine, 2> axes;
    std::vector<double> values;  ///< by kind, then the first axis's knot, then the second's
  };
  void add_line(Line line);
  static bool absorb(Plane& plane, const Line& line);

  double constant_ = 0;
  std::vector<Line> lines_;
  std::vector<Plane> planes_;
};

}  // namespace ridgepoint::efficiency
