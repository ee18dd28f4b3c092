// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/page_parts.hpp"
#include "report/pictures.hpp"

namespace ridgepoint::report {

inline constexpr double kWholeWidth = 960;  ///< of a picture on a page
inline constexpr double kHalfWidth = 480;   ///< of one of a pair
inline constexpr double kPhoneWidth = 400;

/// A part of a bar. Parts of one name have one class in all bars of a chart.
struct BarPart {
  std::string css_class;
  std::string name;
  double amount = 0;   ///< in the unit of the axis
  std::string figure;  ///< how it is written
  double each = 0;     ///< above 0: lines divide it into pieces of this amount
};

/// A bar of parts, one after the other.
struct Bar {
  std::string name;
  std::string total;  ///< at the right end of its line
  std::vector<BarPart> parts;
  double limit = 0;  ///< above 0: what parts but "free" and "left" should not exceed
};

struct BarChart {
  std::string title;  ///< for those who cannot see it
  std::string axis;   ///< what amounts are, with the unit
  std::string limit;  ///< what the bars' limits are: "usable"
  std::vector<Bar> bars;
};

/// Bars below each other on one axis, with a legend above. REQUIRES: a bar, no negative amount.
std::string bar_picture(const BarChart& chart, double width, Setting setting);
/// What the picture shows, for those who cannot see it.
Table table_of(const BarChart& chart);

/// A chart on a page.
struct BarSection {
  BarChart chart;
  double width = kWholeWidth;  ///< on wide screens
  std::string_view caption;
};
void write_bars(XmlWriter& out, std::string_view heading, const BarSection& section);

}  // namespace ridgepoint::report
