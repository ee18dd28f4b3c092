// SPDX-License-Identifier: Apache-2.0
#include "report/bar_picture.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "report/markup.hpp"

namespace ridgepoint::report {
namespace {

using test::attribute_values;

BarPart part(const char* css_class, double amount, double each = 0) {
  return {css_class, css_class, amount, "about " + std::to_string(static_cast<int>(amount)), each};
}

BarChart chart_of(std::vector<BarPart> parts, double limit = 0) {
  return {
      "Bytes", "bytes (GiB)", limit > 0 ? "usable" : "", {{"a bar", "", std::move(parts), limit}}};
}

std::string picture(const BarChart& chart) { return bar_picture(chart, 480, Setting::wide); }

/// Widths of the rectangles of a class that are as high as a bar, not as a legend's mark.
std::vector<std::string> widths_of(const std::string& svg, const std::string& css_class) {
  std::vector<std::string> widths;
  const std::string start = "<rect class=\"" + css_class + "\"";
  for (std::size_t at = svg.find(start); at != svg.npos; at = svg.find(start, at + 1)) {
    const std::string element = svg.substr(at, svg.find('>', at) - at + 1);
    if (attribute_values(element, "rect", "height").at(0) == "10") continue;
    widths.push_back(attribute_values(element, "rect", "width").at(0));
  }
  return widths;
}

// The bar of 90 and 2 % of room beyond it have the 476 px between the margins of 2:
// 476 / 91.8 = 5.18519 px for each.
TEST(BarPicture, DrawsWidthsInProportionToAmounts) {
  const std::string svg = picture(chart_of({part("weights", 30), part("kv", 60)}));
  EXPECT_EQ(widths_of(svg, "weights"), std::vector<std::string>{"155.56"});
  EXPECT_EQ(widths_of(svg, "kv"), std::vector<std::string>{"311.11"});
}

// 40 of the 90 are beyond the limit of 50: 40 · 5.18519 px.
TEST(BarPicture, OutlinesWhatExceedsTheLimit) {
  const std::string svg = picture(chart_of({part("weights", 30), part("kv", 60)}, 50));
  EXPECT_EQ(widths_of(svg, "over"), std::vector<std::string>{"207.41"});
}

TEST(BarPicture, OutlinesNothingWhereOnlyFreeMemoryIsBeyondTheLimit) {
  const std::string svg =
      picture(chart_of({part("weights", 30), part("free", 20), part("left", 10)}, 50));
  EXPECT_TRUE(widths_of(svg, "over").empty());
}

// Pieces of 15 divide 60 by three lines.
TEST(BarPicture, DividesAPartIntoItsPieces) {
  const std::string svg = picture(chart_of({part("weights", 30), part("kv", 60, 15)}));
  const auto classes = attribute_values(svg, "line", "class");
  EXPECT_EQ(std::count(classes.begin(), classes.end(), "cut"), 3);
}

TEST(BarPicture, DrawsNoPiecesTooThinToSee) {
  const std::string svg = picture(chart_of({part("weights", 30), part("kv", 60, 0.1)}));
  const auto classes = attribute_values(svg, "line", "class");
  EXPECT_EQ(std::count(classes.begin(), classes.end(), "cut"), 0);
}

TEST(BarPicture, TellsItsFiguresInATableToo) {
  BarChart chart = chart_of({part("weights", 30), part("kv", 60)});
  chart.bars.push_back({"another", "70 in all", {part("kv", 70)}, 0});
  const std::vector<std::vector<std::string>> expected{{"", "weights", "kv", "in all"},
                                                       {"a bar", "about 30", "about 60", ""},
                                                       {"another", "0", "about 70", "70 in all"}};
  EXPECT_EQ(test::read_csv(to_csv(table_of(chart))), expected);
}

TEST(BarPicture, StaysWellFormedWhateverTheNames) {
  BarChart chart = chart_of({part("weights", 0)});
  chart.bars.front().name = std::string(300, '<') + "&\"'\x01\xff";
  const std::string svg = picture(chart);
  EXPECT_EQ(test::markup_fault(svg), "");
  EXPECT_EQ(svg.find("nan"), svg.npos);
}

}  // namespace
}  // namespace ridgepoint::report
