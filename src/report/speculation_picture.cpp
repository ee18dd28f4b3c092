// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "report/deployment_pictures.hpp"
#include "report/picture_frame.hpp"
#include "report/plot.hpp"
#include "report/tags.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

constexpr double kRadius = 4.5;

using predict::Speculation;
using predict::SpeculationRow;

/// A level that the curve is read against.
struct Level {
  const char* css_class;
  double at;
  std::string words;
};

/// One figure by batch size.
struct BatchLine {
  std::string title;
  std::string axis;
  double SpeculationRow::* figure;
  std::vector<Level> levels;
  bool pays_above = true;  ///< of the first level
  double most = 0;         ///< above 0: the axis ends there, figures beyond it are not drawn
};

std::string tooltip(const SpeculationRow& row) {
  return fmt::format(
      "batch {}: {}× as fast; {} to propose and {} to check {} tokens, a plain step takes {}; "
      "{}",
      format_integer(row.batch), format_number(row.speedup), format_time(Seconds(row.propose_s)),
      format_time(Seconds(row.check_s)), format_number(row.tokens_per_step),
      format_time(Seconds(row.decode_s)),
      row.break_even_acceptance > 1
          ? std::string("no acceptance pays")
          : fmt::format("pays from acceptance {}", format_number(row.break_even_acceptance)));
}

std::vector<SpeculationRow> rising(const Speculation& answer) {
  std::vector<SpeculationRow> rows = answer.rows;
  std::stable_sort(rows.begin(), rows.end(), [](const SpeculationRow& a, const SpeculationRow& b) {
    return a.batch < b.batch;
  });
  return rows;
}

Plot plot_of(const std::vector<SpeculationRow>& rows, const BatchLine& line, const Box& box) {
  std::vector<double> batches;
  std::vector<double> figures;
  for (const SpeculationRow& row : rows) {
    batches.push_back(static_cast<double>(row.batch));
    figures.push_back(row.*line.figure);
  }
  for (const Level& level : line.levels) figures.push_back(level.at);
  const Axis y =
      line.most > 0 ? Axis{line.axis, 0, line.most, false} : linear_axis(line.axis, figures);
  return {box, log_axis("batch (sequences in a step)", batches, 1.5), y};
}

/// The half of the plot in which it does not pay.
void draw_loss(XmlWriter& out, const Plot& plot, const BatchLine& line) {
  const double y = plot.at(plot.x.low, line.levels.front().at).y;
  const double from = line.pays_above ? y : plot.box.y;
  const double to = line.pays_above ? plot.box.bottom() : y;
  out.empty("rect", {{"class", "loss"},
                     {"x", px(plot.box.x)},
                     {"y", px(from)},
                     {"width", px(plot.box.width)},
                     {"height", px(to - from)}});
}

/// Its words stand on the line, at the end that the curve is farther from.
Box words_of(const Plot& plot, const Level& level, const std::vector<Point>& path) {
  const double y = plot.at(plot.x.low, level.at).y;
  const double width = text_width(level.words, 12, Face::sans);
  const bool is_left = !path.empty() && std::abs(path.front().y - y) > std::abs(path.back().y - y);
  return {is_left ? plot.box.x + 4 : plot.box.right() - 4 - width, y - 19, width, 18};
}

void draw_level(XmlWriter& out, const Plot& plot, const Level& level, const Box& words) {
  const double y = plot.at(plot.x.low, level.at).y;
  draw_line(out, level.css_class, {{plot.box.x, y}, {plot.box.right(), y}});
  const std::string colour = std::string_view(level.css_class) == "wall" ? "alarm" : "m";
  const bool is_left = words.x < plot.box.x + 5;
  draw_text(out, colour + (is_left ? " halo" : " end halo"),
            {is_left ? words.x : words.right(), y - 6}, level.words);
}

/// The first batch at which it no longer pays.
void draw_break_even(XmlWriter& out, const Plot& plot, std::int64_t batch) {
  const auto at = static_cast<double>(batch);
  if (batch == 0 || at < plot.x.low || at > plot.x.high) return;
  const double x = plot.at(at, plot.y.low).x;
  draw_line(out, "wall", {{x, plot.at(at, 1).y}, {x, plot.box.bottom()}});
  const std::string words = batch == 1
                                ? std::string("pays at no batch")
                                : fmt::format("pays no longer from {} on", format_integer(batch));
  const bool is_left = x - plot.box.x > text_width(words, 12, Face::sans) + 6;
  draw_text(out, is_left ? "alarm end halo" : "alarm halo",
            {is_left ? x - 6 : x + 6, plot.box.bottom() - 8}, words);
}

std::vector<Point> path_of(const Plot& plot, const std::vector<SpeculationRow>& rows,
                           const BatchLine& line) {
  std::vector<Point> path;
  for (const SpeculationRow& row : rows) {
    if (line.most > 0 && row.*line.figure > line.most) break;
    path.push_back(plot.at(static_cast<double>(row.batch), row.*line.figure));
  }
  return path;
}

void draw_rows(XmlWriter& out, const std::vector<SpeculationRow>& rows,
               const std::vector<Point>& path) {
  draw_path(out, "curve", path);
  for (std::size_t i = 0; i < path.size(); ++i) {
    out.open(
        "circle",
        {{"class", "d dot"}, {"cx", px(path[i].x)}, {"cy", px(path[i].y)}, {"r", px(kRadius)}});
    out.element("title", {}, tooltip(rows[i])).close();
  }
}

void draw_figures(XmlWriter& out, const std::vector<SpeculationRow>& rows,
                  const std::vector<Point>& path, const BatchLine& line, Obstacles obstacles) {
  std::vector<Tag> tags;
  constexpr double kLine = 20;
  for (std::size_t i = 0; i < path.size(); ++i) {
    tags.push_back({path[i], kRadius, format_number(rows[i].*line.figure), "t"});
    if (i > 0) obstacles.lines.push_back({{path[i - 1], path[i]}, kLine});
  }
  constexpr double kReach = 12;
  if (!tags.empty()) draw_tags(out, tags, obstacles, kReach);
}

std::string batch_line_picture(const Speculation& answer, const BatchLine& line, Setting setting) {
  const double width = setting == Setting::narrow ? kPhoneWidth : kHalfWidth;
  const Size size{width, 340};
  PictureFrame frame(size, setting);
  frame.set_title(line.title, answer.architecture.name);
  const std::vector<SpeculationRow> rows = rising(answer);
  const double left = frame.margin() + 42;
  const double top = frame.content_top() + 24;
  const Plot plot =
      plot_of(rows, line, {left, top, width - left - frame.margin() - 8, size.height - top - 46});
  XmlWriter& out = frame.out();
  draw_loss(out, plot, line);
  draw_axes(out, plot);
  const std::vector<Point> path = path_of(plot, rows, line);
  Obstacles obstacles{plot.box, {}, {}};
  if (line.pays_above) draw_break_even(out, plot, answer.break_even_batch);
  for (const Level& level : line.levels) {
    const Box words = words_of(plot, level, path);
    draw_level(out, plot, level, words);
    obstacles.boxes.push_back(words);
  }
  draw_rows(out, rows, path);
  draw_figures(out, rows, path, line, std::move(obstacles));
  return std::move(frame).take();
}

}  // namespace

std::string speedup_picture(const Speculation& answer, Setting setting) {
  const double ideal = answer.rows.front().tokens_per_step;
  return batch_line_picture(
      answer,
      {"Speed-up of decoding by batch size",
       "times as fast as plain decoding",
       &SpeculationRow::speedup,
       {{"wall", 1, "pays above 1"},
        {"floor", ideal, fmt::format("{} tokens a step, for free", format_number(ideal))}}},
      setting);
}

std::string acceptance_picture(const Speculation& answer, Setting setting) {
  const double given = answer.question.acceptance;
  return batch_line_picture(answer,
                            {"The acceptance that would pay, by batch size",
                             "acceptance from which it pays",
                             &SpeculationRow::break_even_acceptance,
                             {{"wall", given, fmt::format("given: {:g}", given)}},
                             false,
                             1},
                            setting);
}

}  // namespace ridgepoint::report
