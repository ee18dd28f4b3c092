// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/geometry.hpp"
#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::report {

/// A flat roof: the peak of the types that reach it, and where it meets the memory diagonal.
struct Roof {
  std::string types;  ///< "bf16", or "fp8, int8" for equal peaks
  double flops_per_second = 0;
  double ridge = 0;  ///< FLOP/byte
  Point corner;
  std::string words;        ///< "989 TFLOP/s, dense bf16"
  Box label;                ///< where they stand
  std::string ridge_words;  ///< "ridge point 295 FLOP/byte"
};

/// One operator that computes, as a point.
struct Mark {
  const predict::OperatorAnalysis* op = nullptr;
  double flops_per_second = 0;  ///< attainable: at the bound
  Point at;
  double radius = 0;  ///< its square goes with the share of the step, down to a visible minimum
  /// What its kernel is expected to attain; none where that is another's, or not known.
  std::optional<Point> expected = {};
};

/// Words along the memory diagonal, where no mark covers them.
struct SlantedLabel {
  std::string words;  ///< "3.35 TB/s memory bandwidth"
  Point on_line;      ///< the point of the diagonal under their middle
  double degrees = 0;
};

/// Marks of one phase, or one part of a mixed step, that lie together, under one label.
struct MarkGroup {
  std::vector<Mark> marks;         ///< the largest first
  std::vector<std::string> lines;  ///< names, as many to a line as fit; mark and share last
  std::optional<Box> label;        ///< where it stands; empty if there is no room
};

/// The operators of a phase that do not compute: intensity 0 has no place on a log axis.
struct ZeroMark {
  predict::Phase phase = predict::Phase::decode;
  std::vector<const predict::OperatorAnalysis*> operators;
  double share = 0;
  Point at;
  double radius = 0;
};

/// The roofline picture as geometry. Points refer to the analysis, which must outlive the scene.
struct RooflineScene {
  Box plot;      ///< inside the axes
  Box zero;      ///< the strip left of them, for intensity 0; no width when nothing is there
  LogScale x;    ///< FLOP/byte
  LogScale y;    ///< FLOP/s
  double x_low;  ///< the ends of the axes
  double x_high;
  double y_low;
  double y_high;
  double bandwidth;               ///< bytes/s
  std::vector<Roof> roofs;        ///< the lowest first
  std::vector<MarkGroup> groups;  ///< the largest share first
  std::vector<ZeroMark> zeros;
  SlantedLabel diagonal;
  std::vector<Box> fixed_labels;  ///< of roofs, ridges and regions, which stand where they stand
};

inline constexpr double kExpectedRadius = 3.5;
inline constexpr double kLabelFont = 12;
inline constexpr double kLabelLine = 15;

/// FLOP/s that the operator's kernel is expected to attain; 0 where that is another's, or not
/// known.
double expected_rate(const predict::OperatorAnalysis& one);

/// REQUIRES: at least one peak. `frame` is what axes, their labels and the plot may take.
RooflineScene roofline_scene(const predict::Analysis& analysis, const Box& frame, bool is_narrow);

}  // namespace ridgepoint::report
