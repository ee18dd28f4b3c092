// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/geometry.hpp"
#include "report/xml.hpp"

namespace ridgepoint::report {

/// An axis of a plot. REQUIRES: low < high, both above 0 on a logarithmic one.
struct Axis {
  std::string words;  ///< what it measures, with the unit
  double low = 0;
  double high = 1;
  bool is_log = true;

  double at(double value, double from, double to) const;
  /// About one for each `pitch` of a length.
  std::vector<double> ticks(double length, double pitch) const;
};

/// A logarithmic axis with room around all values. REQUIRES: one above 0; others are passed over.
Axis log_axis(std::string words, const std::vector<double>& values, double room);
/// From 0 to above all values.
Axis linear_axis(std::string words, const std::vector<double>& values);

/// Two axes and the box between them.
struct Plot {
  Box box;
  Axis x;
  Axis y;

  Point at(double x_value, double y_value) const;
};

/// Grid, figures and names: that of x below the middle, that of y above the top.
void draw_axes(XmlWriter& out, const Plot& plot);
/// Without the figures and the name of x: of a plot that stands on another one.
void draw_upper_axes(XmlWriter& out, const Plot& plot);

/// 0, 0.2, 5, 1,000: of a tick, without digits that say nothing.
std::string tick_words(double value);

/// What a class of the picture stands for.
struct LegendEntry {
  std::string css_class;
  std::string words;
  bool is_line = false;  ///< else an area
};
/// From left to right in as many rows as the width takes; returns where the next thing may begin.
double draw_legend(XmlWriter& out, const std::vector<LegendEntry>& entries, const Box& place);

/// A line through points, as the `d` of a path.
std::string path_through(const std::vector<Point>& points);
void draw_path(XmlWriter& out, std::string_view css_class, const std::vector<Point>& points);

/// Words cut with … to a width.
std::string cut_to(const std::string& words, double font_size, double width);

}  // namespace ridgepoint::report
