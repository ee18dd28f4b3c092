// SPDX-License-Identifier: Apache-2.0
#include "report/bar_picture.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/picture_frame.hpp"
#include "report/plot.hpp"

namespace ridgepoint::report {
namespace {

constexpr double kThickness = 24;
constexpr double kPitch = 74;        // from bar to bar: name, bar, figures
constexpr double kSmall = 11;        // font size of figures
constexpr std::size_t kFewBars = 3;  // whose parts bear their names
constexpr double kNarrowestPiece = 3;
constexpr double kTickPitch = 90;

bool is_free(const BarPart& part) { return part.css_class == "free" || part.css_class == "left"; }

double used_of(const Bar& bar) {
  double used = 0;
  for (const BarPart& part : bar.parts) used += is_free(part) ? 0 : part.amount;
  return used;
}

double widest_of(const BarChart& chart) {
  double widest = 0;
  for (const Bar& bar : chart.bars) {
    double sum = 0;
    for (const BarPart& part : bar.parts) sum += part.amount;
    widest = std::max({widest, sum, bar.limit});
  }
  return widest > 0 ? widest * 1.02 : 1;
}

/// Each name once, in the order of the bars, if there is any of it.
std::vector<BarPart> kinds_of(const BarChart& chart) {
  std::vector<BarPart> kinds;
  for (const Bar& bar : chart.bars) {
    for (const BarPart& part : bar.parts) {
      const auto same = [&](const BarPart& kind) { return kind.name == part.name; };
      const auto known = std::find_if(kinds.begin(), kinds.end(), same);
      if (known == kinds.end()) {
        kinds.push_back(part);
      } else {
        known->amount += part.amount;
      }
    }
  }
  std::erase_if(kinds, [](const BarPart& kind) { return kind.amount <= 0; });
  return kinds;
}

std::vector<LegendEntry> legend_of(const BarChart& chart) {
  std::vector<LegendEntry> entries;
  for (const BarPart& kind : kinds_of(chart)) entries.push_back({kind.css_class, kind.name, false});
  if (!chart.limit.empty()) entries.push_back({"wall", chart.limit, true});
  return entries;
}

void draw_part(XmlWriter& out, const BarPart& part, const Box& box) {
  out.open("rect", {{"class", part.css_class},
                    {"x", px(box.x)},
                    {"y", px(box.y)},
                    {"width", px(box.width)},
                    {"height", px(box.height)}});
  out.element("title", {}, fmt::format("{}: {}", part.name, part.figure)).close();
  const double piece = part.each > 0 ? part.each * box.width / part.amount : 0;
  if (piece < kNarrowestPiece) return;
  for (double x = box.x + piece; x < box.right() - 0.5; x += piece) {
    draw_line(out, "cut", {{x, box.y}, {x, box.bottom()}});
  }
}

/// Figures below their parts, with the name where there is room, none where it is too tight.
void draw_figure(XmlWriter& out, const BarPart& part, const Box& box, bool has_names) {
  const std::string named = has_names ? part.name + " " + part.figure : part.figure;
  for (const std::string& words : {named, part.figure}) {
    if (text_width(words, kSmall, Face::sans) > box.width) continue;
    draw_text(out, "m small", {box.x + 1, box.bottom() + 14}, words);
    return;
  }
}

/// Where a bar begins, and how long one unit of the axis is.
struct BarPlace {
  Point at;
  double scale;
  double right;  ///< of the picture
  bool has_names;
};

void draw_limit(XmlWriter& out, const Bar& bar, const BarPlace& place) {
  if (bar.limit <= 0) return;
  const double edge = place.at.x + bar.limit * place.scale;
  draw_line(out, "wall", {{edge, place.at.y - 4}, {edge, place.at.y + kThickness + 4}});
  const double used = used_of(bar);
  if (used <= bar.limit * (1 + 1e-9)) return;
  out.empty("rect", {{"class", "over"},
                     {"x", px(edge)},
                     {"y", px(place.at.y - 2)},
                     {"width", px((used - bar.limit) * place.scale)},
                     {"height", px(kThickness + 4)}});
}

void draw_bar(XmlWriter& out, const Bar& bar, const BarPlace& place) {
  const double total_width = text_width(bar.total, 12, Face::sans);
  const double room = place.right - place.at.x - total_width - 12;
  const std::string name = cut_to(bar.name, 12, room);
  const Point above{place.at.x, place.at.y - 9};
  out.open("text", {{"class", "t strong"}, {"x", px(above.x)}, {"y", px(above.y)}}).text(name);
  if (name != bar.name) out.element("title", {}, bar.name);
  out.close();
  draw_text(out, "t end", {place.right, above.y}, bar.total);
  double x = place.at.x;
  for (const BarPart& part : bar.parts) {
    const Box box{x, place.at.y, part.amount * place.scale, kThickness};
    if (part.amount <= 0) continue;
    draw_part(out, part, box);
    draw_figure(out, part, box, place.has_names);
    x += box.width;
  }
  draw_limit(out, bar, place);
}

void draw_axis(XmlWriter& out, const BarChart& chart, const Box& plot, double high) {
  const Axis axis{chart.axis, 0, high, false};
  for (const double tick : axis.ticks(plot.width, kTickPitch)) {
    const double x = axis.at(tick, plot.x, plot.right());
    draw_line(out, "grid", {{x, plot.y}, {x, plot.bottom()}});
    const std::string words = tick_words(tick);
    const bool is_edge = x + text_width(words, 12, Face::sans) / 2 > plot.right();
    const std::string_view css = tick == 0 ? "m" : is_edge ? "m end" : "m mid";
    draw_text(out, css, {is_edge ? plot.right() : x, plot.bottom() + 17}, words);
  }
  draw_line(out, "axis", {{plot.x, plot.bottom()}, {plot.right(), plot.bottom()}});
  draw_text(out, "t mid", {plot.centre().x, plot.bottom() + 36}, chart.axis);
}

}  // namespace

std::string bar_picture(const BarChart& chart, double width, Setting setting) {
  XmlWriter legend;
  const double left = PictureFrame({}, setting).margin();
  const Box all{left, 2, width - 2 * left, 0};
  const double top = draw_legend(legend, legend_of(chart), all) + 4;
  const double height = kPitch * static_cast<double>(chart.bars.size());
  PictureFrame frame({width, top + height + 42}, setting);
  frame.set_title(chart.title, chart.axis);
  XmlWriter& out = frame.out();
  out.raw(std::move(legend).take());
  const double widest = widest_of(chart);
  draw_axis(out, chart, {left, top, all.width, height}, widest);
  BarPlace place{{left, top + 25}, all.width / widest, all.right(), chart.bars.size() <= kFewBars};
  for (const Bar& bar : chart.bars) {
    draw_bar(out, bar, place);
    place.at.y += kPitch;
  }
  return std::move(frame).take();
}

Table table_of(const BarChart& chart) {
  Table table{{{"", "", Align::left, 0}}, {}, {}};
  const std::vector<BarPart> kinds = kinds_of(chart);
  for (const BarPart& kind : kinds) table.columns.push_back({kind.name, "", Align::point, 0});
  table.columns.push_back({"in all", "", Align::right, 0});
  for (const Bar& bar : chart.bars) {
    std::vector<Cell> row{Cell(bar.name)};
    for (const BarPart& kind : kinds) {
      const auto same = [&](const BarPart& part) { return part.name == kind.name; };
      const auto part = std::find_if(bar.parts.begin(), bar.parts.end(), same);
      row.emplace_back(part == bar.parts.end() ? std::string("0") : part->figure);
    }
    row.emplace_back(bar.total);
    table.rows.push_back(std::move(row));
  }
  return table;
}

void write_bars(XmlWriter& out, std::string_view heading, const BarSection& section) {
  const BarChart& chart = section.chart;
  out.open("section").element("h2", {}, heading);
  write_figure(out,
               {bar_picture(chart, section.width, Setting::wide),
                bar_picture(chart, kPhoneWidth, Setting::narrow)},
               section.caption);
  out.open("details").element("summary", {}, "As a table: " + chart.axis);
  write_table(out, table_of(chart), "scroll small bars");
  out.close().close();
}

}  // namespace ridgepoint::report
