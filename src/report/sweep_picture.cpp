// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <utility>

#include "report/deployment_pictures.hpp"
#include "report/picture_frame.hpp"
#include "report/plot.hpp"
#include "report/shown_metric.hpp"
#include "report/sweep_axes.hpp"
#include "report/sweep_words.hpp"
#include "report/tags.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using explore::Metric;
using explore::SweepRow;

constexpr double kRadius = 5;

std::pair<ShownMetric, ShownMetric> metrics_of(const explore::SweepQuestion& question) {
  if (question.front.empty()) return {shown(Metric::tpot), shown(Metric::throughput_per_device)};
  return {shown(question.front[0].metric), shown(question.front[1].metric)};
}

/// The deployment alone: what a stretch of the front has in common.
std::string territory_words(const SweptSpace& swept, const SweepRow& row) {
  using Group = SweepAxis::Group;
  std::vector<std::string> words;
  for (const SweepAxis& axis : sweep_axes(swept.space.axes())) {
    if (axis.group == Group::load || axis.group == Group::devices) continue;
    if (axis.use == SweepAxis::Use::varied) words.push_back(axis.place(row.candidate));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

/// Rows with their places in a plot.
struct Marks {
  const std::vector<SweepRow>& rows;
  std::vector<Point> places;
};

Marks marks_of(const SweptSpace& swept, const std::vector<SweepRow>& rows, const Plot& plot) {
  const auto [x, y] = metrics_of(swept.sweep.question);
  Marks marks{rows, {}};
  for (const SweepRow& row : rows) {
    const predict::Reading reading = swept.sweep.question.reading;
    marks.places.push_back(plot.at(x.of(row, reading), y.of(row, reading)));
  }
  return marks;
}

void draw_marks(XmlWriter& out, const SweptSpace& swept, const Marks& marks) {
  for (std::size_t i = 0; i < marks.rows.size(); ++i) {
    out.open("circle", {{"class", marks.rows[i].estimate.fits ? "d dot" : "d beyond"},
                        {"cx", px(marks.places[i].x)},
                        {"cy", px(marks.places[i].y)},
                        {"r", px(kRadius)}});
    out.element("title", {}, point_words(swept, marks.rows[i])).close();
  }
}

/// Names of stretches, each at its first point; those without room are told by their tooltips.
void draw_territories(XmlWriter& out, const SweptSpace& swept, const Marks& marks,
                      const Obstacles& obstacles) {
  constexpr double kLongest = 180;
  constexpr double kReach = 90;
  std::vector<Tag> tags;
  std::string before;
  for (std::size_t i = 0; i < marks.rows.size(); ++i) {
    std::string words = territory_words(swept, marks.rows[i]);
    if (words == before) continue;
    if (!words.empty())
      tags.push_back({marks.places[i], kRadius, cut_to(words, 12, kLongest), "t"});
    before = std::move(words);
  }
  if (!tags.empty()) draw_tags(out, tags, obstacles, kReach);
}

Plot plot_of(const SweptSpace& swept, const Box& box) {
  const auto [x, y] = metrics_of(swept.sweep.question);
  std::vector<double> across;
  std::vector<double> upwards;
  for (const auto* rows : {&swept.sweep.front, &swept.sweep.top}) {
    for (const SweepRow& row : *rows) {
      across.push_back(x.of(row, swept.sweep.question.reading));
      upwards.push_back(y.of(row, swept.sweep.question.reading));
    }
  }
  constexpr double kRoom = 1.35;
  return {box, log_axis(x.words(), across, kRoom), log_axis(y.words(), upwards, kRoom)};
}

}  // namespace

std::string sweep_picture(const SweptSpace& swept, Setting setting) {
  const bool is_narrow = setting == Setting::narrow;
  const Size size = is_narrow ? Size{kPhoneWidth, 400} : Size{kWholeWidth, 460};
  PictureFrame frame(size, setting);
  frame.set_title("The best of a design space", sweep_headline(swept));
  const double left = frame.margin() + 48;
  const double top = frame.content_top() + 24;
  const Plot plot =
      plot_of(swept, {left, top, size.width - left - frame.margin() - 8, size.height - top - 46});
  XmlWriter& out = frame.out();
  draw_axes(out, plot);
  const explore::Sweep& sweep = swept.sweep;
  const Marks front = marks_of(swept, sweep.front, plot);
  // Of three metrics and more the front is no line.
  if (sweep.question.front.size() == 2) draw_path(out, "curve", front.places);
  const Marks best = marks_of(swept, sweep.top, plot);
  draw_marks(out, swept, best);
  draw_marks(out, swept, front);
  Obstacles obstacles{plot.box, {}, {}};
  constexpr double kLine = 20;
  for (std::size_t i = 1; i < front.places.size(); ++i) {
    obstacles.lines.push_back({{front.places[i - 1], front.places[i]}, kLine});
  }
  for (const Point& place : best.places) obstacles.boxes.push_back(square_around(place, kRadius));
  draw_territories(out, swept, sweep.front.empty() ? best : front, obstacles);
  return std::move(frame).take();
}

}  // namespace ridgepoint::report
