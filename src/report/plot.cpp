// SPDX-License-Identifier: Apache-2.0
#include "report/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/picture_frame.hpp"
#include "report/utf8.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

// Between the ticks of an axis.
constexpr double kAcross = 90;
constexpr double kDown = 45;

/// From low to high in about `wanted` steps of 1, 2 or 5: on a short logarithmic axis too.
std::vector<double> even_ticks(double low, double high, int wanted) {
  const double step = linear_ticks(high - low, wanted)[1];
  std::vector<double> ticks;
  for (double i = std::ceil(low / step); i * step <= high; ++i) ticks.push_back(i * step);
  return ticks;
}

/// 1, 2, 5, 10, 20, …
std::vector<double> dense_ticks(double low, double high) {
  std::vector<double> ticks;
  constexpr int kWidest = 24;
  for (int exponent = -kWidest; exponent <= kWidest; ++exponent) {
    const double power = exponent < 0 ? 1 / std::pow(10.0, -exponent) : std::pow(10.0, exponent);
    for (const double mantissa : {1.0, 2.0, 5.0}) {
      const double tick = mantissa * power;
      if (low <= tick && tick <= high) ticks.push_back(tick);
    }
  }
  return ticks;
}

}  // namespace

void draw_upper_axes(XmlWriter& out, const Plot& plot) {
  const Box& box = plot.box;
  for (const double tick : plot.x.ticks(box.width, kAcross)) {
    const double x = plot.at(tick, plot.y.low).x;
    draw_line(out, "grid", {{x, box.y}, {x, box.bottom()}});
  }
  for (const double tick : plot.y.ticks(box.height, kDown)) {
    const double y = plot.at(plot.x.low, tick).y;
    draw_line(out, "grid", {{box.x, y}, {box.right(), y}});
    draw_text(out, "m end", {box.x - 8, y + 4}, tick_words(tick));
  }
  draw_line(out, "axis", {{box.x, box.bottom()}, {box.right(), box.bottom()}});
  draw_text(out, "t", {box.x - 38, box.y - 12}, plot.y.words);
}

double Axis::at(double value, double from, double to) const {
  if (is_log) return LogScale(low, high, from, to)(value);
  return from + (value - low) / (high - low) * (to - from);
}

std::vector<double> Axis::ticks(double length, double pitch) const {
  const int wanted = std::max(2, static_cast<int>(length / pitch));
  if (!is_log) return linear_ticks(high, wanted);
  constexpr double kShort = 5;  // high ÷ low
  if (high < kShort * low) return even_ticks(low, high, wanted);
  const std::vector<double> ticks = log_ticks(low, high);
  constexpr std::size_t kFew = 3;
  return ticks.size() < kFew ? dense_ticks(low, high) : ticks;
}

Axis log_axis(std::string words, const std::vector<double>& values, double room) {
  double low = 0;
  double high = 0;
  for (const double value : values) {
    if (value <= 0) continue;
    low = low == 0 ? value : std::min(low, value);
    high = std::max(high, value);
  }
  if (low == 0) low = high = 1;
  return {std::move(words), low / room, high * room, true};
}

Axis linear_axis(std::string words, const std::vector<double>& values) {
  constexpr double kRoom = 1.12;
  double high = 0;
  for (const double value : values) high = std::max(high, value);
  return {std::move(words), 0, high > 0 ? high * kRoom : 1, false};
}

Point Plot::at(double x_value, double y_value) const {
  return {x.at(x_value, box.x, box.right()), y.at(y_value, box.bottom(), box.y)};
}

void draw_axes(XmlWriter& out, const Plot& plot) {
  draw_upper_axes(out, plot);
  const Box& box = plot.box;
  double free_from = box.x - 20;
  for (const double tick : plot.x.ticks(box.width, kAcross)) {
    const std::string words = tick_words(tick);
    const double half = text_width(words, 12, Face::sans) / 2;
    const double middle = std::min(plot.at(tick, plot.y.low).x, box.right() - half);
    if (middle - half < free_from) continue;
    draw_text(out, "m mid", {middle, box.bottom() + 17}, words);
    free_from = middle + half + 6;
  }
  draw_text(out, "t mid", {box.centre().x, box.bottom() + 38}, plot.x.words);
}

std::string tick_words(double value) {
  constexpr double kThousand = 1000;
  return value >= kThousand ? format_number(value, 1) : fmt::format("{:.6g}", value);
}

double draw_legend(XmlWriter& out, const std::vector<LegendEntry>& entries, const Box& place) {
  constexpr double kRow = 20;
  double x = place.x;
  double y = place.y + 12;
  for (const LegendEntry& entry : entries) {
    const double mark = entry.is_line ? 26 : 10;
    const double width = mark + 6 + text_width(entry.words, 12, Face::sans);
    if (x > place.x && x + width > place.right()) {
      x = place.x;
      y += kRow;
    }
    if (entry.is_line) {
      draw_line(out, entry.css_class, {{x, y - 4}, {x + mark, y - 4}});
    } else {
      out.empty("rect", {{"class", entry.css_class},
                         {"x", px(x)},
                         {"y", px(y - 9)},
                         {"width", px(mark)},
                         {"height", "10"},
                         {"rx", "2"}});
    }
    draw_text(out, "t", {x + mark + 6, y}, entry.words);
    x += width + 10;
  }
  return y + kRow;
}

std::string path_through(const std::vector<Point>& points) {
  std::string path;
  for (const Point& point : points) {
    path += fmt::format("{}{} {}", path.empty() ? "M" : "L", px(point.x), px(point.y));
  }
  return path;
}

void draw_path(XmlWriter& out, std::string_view css_class, const std::vector<Point>& points) {
  if (points.size() < 2) return;
  out.empty("path", {{"class", std::string(css_class)}, {"d", path_through(points)}});
}

std::string cut_to(const std::string& words, double font_size, double width) {
  std::string text = clean(words);
  if (text_width(text, font_size, Face::sans) <= width) return text;
  while (!text.empty() && text_width(text + "…", font_size, Face::sans) > width) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) {
      text.pop_back();
    }
    if (!text.empty()) text.pop_back();
  }
  return text + "…";
}

}  // namespace ridgepoint::report
