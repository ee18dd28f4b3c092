// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "report/band_words.hpp"
#include "report/labels.hpp"
#include "report/picture_frame.hpp"
#include "report/pictures.hpp"
#include "report/roofline_words.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using predict::Analysis;
using predict::BatchPoint;

/// A batch size as a point: tokens per second to the right, latency upwards.
struct Stop {
  BatchPoint batch;
  Point at_bound;
  Point at_floor;
  Point at_expected;  ///< at_bound without a calibration
};

struct BatchScene {
  Box plot;
  LogScale x;
  LogScale y;
  double x_low, x_high, y_low, y_high;
  std::vector<Stop> stops;
};

double floor_rate(const BatchPoint& point) {
  return static_cast<double>(point.batch) / point.floor_s;
}

bool has_expected(const std::vector<BatchPoint>& curve) {
  return curve.front().expected.has_value();
}

/// REQUIRES: a curve of at least two points.
BatchScene batch_scene(const std::vector<BatchPoint>& curve, const Box& plot) {
  double x_low = curve.front().tokens_per_s;
  double x_high = 0;
  double y_low = curve.front().floor_s;
  double y_high = 0;
  for (const BatchPoint& point : curve) {
    x_low = std::min(x_low, point.tokens_per_s);
    x_high = std::max(x_high, floor_rate(point));
    y_low = std::min(y_low, point.floor_s);
    y_high = std::max(y_high, point.bound_s);
    if (!point.expected) continue;
    x_low = std::min(x_low, point.expected_tokens_per_s());
    y_high = std::max(y_high, point.expected->seconds);
  }
  x_low /= 1.4;
  x_high *= 1.4;
  y_low /= 1.6;
  y_high *= 1.6;
  BatchScene scene{plot,
                   LogScale(x_low, x_high, plot.x, plot.right()),
                   LogScale(y_low, y_high, plot.bottom(), plot.y),
                   x_low,
                   x_high,
                   y_low,
                   y_high,
                   {}};
  for (const BatchPoint& point : curve) {
    const Point bound{scene.x(point.tokens_per_s), scene.y(point.bound_s)};
    const Point floor{scene.x(floor_rate(point)), scene.y(point.floor_s)};
    scene.stops.push_back({point, bound, floor, bound});
    if (!point.expected) continue;
    scene.stops.back().at_expected = {scene.x(point.expected_tokens_per_s()),
                                      scene.y(point.expected->seconds)};
  }
  return scene;
}

void draw_axes(XmlWriter& out, const BatchScene& scene) {
  const Box& plot = scene.plot;
  for (const double tick : log_ticks(scene.x_low, scene.x_high)) {
    draw_line(out, "grid", {{scene.x(tick), plot.y}, {scene.x(tick), plot.bottom()}});
    draw_tick_label(out, plot, scene.x(tick), tick);
  }
  for (const double tick : log_ticks(scene.y_low * 1e3, scene.y_high * 1e3)) {
    const double y = scene.y(tick / 1e3);
    draw_line(out, "grid", {{plot.x, y}, {plot.right(), y}});
    draw_text(out, "m end", {plot.x - 8, y + 4}, format_number(tick, 1));
  }
  draw_line(out, "axis", {{plot.x, plot.bottom()}, {plot.right(), plot.bottom()}});
  draw_text(out, "t mid", {plot.centre().x, plot.bottom() + 38}, "throughput (tokens/s)");
  draw_text(out, "t", {plot.x - 38, plot.y - 10}, "time of a step (ms)");
}

/// A line through the stops; past the last batch that fits it is dashed.
void draw_curve(XmlWriter& out, const BatchScene& scene, std::string_view css_class,
                Point Stop::* at) {
  std::string inside;
  std::string beyond;
  const auto extend = [&](std::string& path, Point point) {
    path += fmt::format("{}{} {}", path.empty() ? "M" : "L", px(point.x), px(point.y));
  };
  for (std::size_t i = 0; i < scene.stops.size(); ++i) {
    const Stop& stop = scene.stops[i];
    if (stop.batch.fits) {
      extend(inside, stop.*at);
      continue;
    }
    if (beyond.empty() && i > 0) extend(beyond, scene.stops[i - 1].*at);
    extend(beyond, stop.*at);
  }
  const std::string css(css_class);
  if (!inside.empty()) out.empty("path", {{"class", css}, {"d", inside}});
  if (!beyond.empty()) out.empty("path", {{"class", css + " beyond"}, {"d", beyond}});
}

/// The last batch that fits, if any does and not all do.
const Stop* wall_of(const BatchScene& scene) {
  const Stop* wall = nullptr;
  for (const Stop& stop : scene.stops) {
    if (stop.batch.fits) wall = &stop;
  }
  return scene.stops.back().batch.fits ? nullptr : wall;
}

void draw_wall(XmlWriter& out, const BatchScene& scene) {
  const Stop* wall = wall_of(scene);
  if (wall == nullptr) {
    if (!scene.stops.back().batch.fits) {
      draw_text(out, "alarm mid halo", {scene.plot.centre().x, scene.plot.bottom() - 10},
                "no batch fits the memory");
    }
    return;
  }
  const Box& plot = scene.plot;
  const double x = wall->at_bound.x;
  const bool is_left = x + 130 > plot.right();
  const std::string css(is_left ? "alarm end halo" : "alarm halo");
  const double at = is_left ? x - 8 : x + 8;
  draw_line(out, "wall", {{x, plot.y}, {x, plot.bottom()}});
  draw_text(out, css + " strong", {at, plot.bottom() - 26}, "memory wall");
  draw_text(out, css, {at, plot.bottom() - 10},
            fmt::format("at most batch {}", format_integer(wall->batch.batch)));
}

/// The first, the last, the wall and the one asked for get their labels first.
std::vector<const Stop*> by_importance(const BatchScene& scene, std::int64_t asked) {
  std::vector<const Stop*> order{&scene.stops.front(), &scene.stops.back()};
  const Stop* wall = wall_of(scene);
  if (wall != nullptr) order.insert(order.begin(), wall);
  for (const Stop& stop : scene.stops) {
    if (stop.batch.batch == asked) order.insert(order.begin(), &stop);
  }
  for (const Stop& stop : scene.stops) order.push_back(&stop);
  std::vector<const Stop*> unique;
  for (const Stop* stop : order) {
    if (std::find(unique.begin(), unique.end(), stop) == unique.end()) unique.push_back(stop);
  }
  return unique;
}

/// Batch sizes above the curve, past the wall right of it, where there is room; every stop has a
/// tooltip.
void draw_stops(XmlWriter& out, const BatchScene& scene, std::int64_t asked) {
  for (const Stop& stop : scene.stops) {
    const bool is_asked = stop.batch.batch == asked;
    out.open("circle", {{"class", stop.batch.fits ? "d dot" : "d"},
                        {"cx", px(stop.at_bound.x)},
                        {"cy", px(stop.at_bound.y)},
                        {"r", is_asked ? "6" : "3.5"}});
    out.element(
        "title", {},
        fmt::format(
            "batch {}: {} per step, {} tokens/s, floor {}{}", format_integer(stop.batch.batch),
            format_time(Seconds(stop.batch.bound_s)), format_number(stop.batch.tokens_per_s),
            format_time(Seconds(stop.batch.floor_s)), stop.batch.fits ? "" : "; does not fit"));
    out.close();
  }
  const bool has_wall = wall_of(scene) != nullptr;
  std::vector<Box> taken;
  for (const Stop* stop : by_importance(scene, asked)) {
    const bool is_asked = stop->batch.batch == asked;
    const std::string text = format_integer(stop->batch.batch);
    const double width = text_width(text, 12, Face::sans);
    const bool is_left = stop->batch.fits || !has_wall;
    const double x = is_left ? stop->at_bound.x - 8 - width : stop->at_bound.x + 9;
    const Box box{x, stop->at_bound.y - (is_left ? 18 : 7), width, 14};
    const auto hit = [&](const Box& other) { return other.overlaps(box.grown(2)); };
    if (std::any_of(taken.begin(), taken.end(), hit)) continue;
    taken.push_back(box);
    const std::string css =
        fmt::format("{}{} halo", is_asked ? "td strong" : "t", is_left ? " end" : "");
    draw_text(out, css, {is_left ? box.right() : box.x, box.bottom() - 3}, text);
  }
}

void draw_expected(XmlWriter& out, const BatchScene& scene) {
  draw_curve(out, scene, "expected", &Stop::at_expected);
  for (const Stop& stop : scene.stops) {
    out.open("circle", {{"class", "measured"},
                        {"cx", px(stop.at_expected.x)},
                        {"cy", px(stop.at_expected.y)},
                        {"r", "3"}});
    out.element("title", {},
                fmt::format("batch {} expected: {} per step, {} tokens/s",
                            format_integer(stop.batch.batch), with_band(*stop.batch.expected),
                            format_number(stop.batch.expected_tokens_per_s())));
    out.close();
  }
}

/// In the corner that a rising curve leaves free.
void draw_legend(XmlWriter& out, const BatchScene& scene) {
  const double x = scene.plot.x + 12;
  double y = scene.plot.y + 16;
  const auto row = [&](std::string_view line, std::string_view words) {
    draw_line(out, line, {{x, y - 4}, {x + 26, y - 4}});
    draw_text(out, "t halo", {x + 34, y}, words);
    y += 18;
  };
  if (scene.stops.front().batch.expected) row("expected", "expected");
  row("curve", "bound, by batch size");
  row("floor", "floor");
  if (!scene.stops.back().batch.fits) row("curve beyond", "does not fit");
}

}  // namespace

std::string batch_picture(const Analysis& analysis, Setting setting) {
  if (analysis.batch_curve.size() < 2) return {};
  const Size size = setting == Setting::narrow ? Size{400, 360} : Size{480, 380};
  PictureFrame frame(size, setting);
  frame.set_title("Decode: time of a step against throughput", report::setting(analysis));
  const double top = frame.content_top() + 24;
  const double left = frame.margin() + 42;
  const BatchScene scene =
      batch_scene(analysis.batch_curve,
                  {left, top, size.width - left - frame.margin() - 8, size.height - top - 46});
  XmlWriter& out = frame.out();
  draw_axes(out, scene);
  draw_curve(out, scene, "floor", &Stop::at_floor);
  draw_curve(out, scene, "curve", &Stop::at_bound);
  if (has_expected(analysis.batch_curve)) draw_expected(out, scene);
  draw_wall(out, scene);
  draw_stops(out, scene, analysis.workload.batch);
  draw_legend(out, scene);
  return std::move(frame).take();
}

}  // namespace ridgepoint::report
