// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "report/answer_words.hpp"
#include "report/band_words.hpp"
#include "report/deployment_pictures.hpp"
#include "report/picture_frame.hpp"
#include "report/plot.hpp"
#include "report/tags.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using predict::BatchCurve;
using predict::BatchEstimate;
using predict::Estimate;
using predict::RequestTimes;

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;
constexpr double kReach = 26;  // labels of batch sizes stay beside their marks

double memory_gib(const BatchEstimate& point) { return point.memory_bytes.to_double() / kGiB; }
double usable_gib(const BatchCurve& curve) {
  return static_cast<double>(curve.memory.usable_bytes) / kGiB;
}

/// Throughput above, memory below, on one axis of TPOT.
struct LatencyScene {
  Plot rate;
  Plot memory;

  Point at(const RequestTimes& times) const {
    return rate.at(times.tpot_s * 1e3, times.per_device_tokens_per_s);
  }
  Point memory_at(const RequestTimes& times, double gib) const {
    return memory.at(times.tpot_s * 1e3, std::min(gib, memory.y.high));
  }
};

Axis memory_axis(const BatchCurve& curve) {
  constexpr double kMostBeyond = 2.5;  // of the usable memory: what is beyond is cut
  std::vector<double> values{usable_gib(curve)};
  for (const BatchEstimate& point : curve.points) {
    values.push_back(std::min(memory_gib(point), kMostBeyond * usable_gib(curve)));
  }
  return linear_axis("memory of a device (GiB)", values);
}

std::vector<const RequestTimes*> readings(const BatchEstimate& point) {
  std::vector<const RequestTimes*> all{&point.floor, &point.bound};
  if (point.expected) all.push_back(&point.expected->times);
  return all;
}

const RequestTimes& floor_at(const BatchEstimate& point) { return point.floor; }
const RequestTimes& bound_at(const BatchEstimate& point) { return point.bound; }
const RequestTimes& expected_at(const BatchEstimate& point) { return point.expected->times; }
bool has_expected(const BatchCurve& curve) { return curve.points.front().expected.has_value(); }

LatencyScene scene_of(const BatchCurve& curve, const Box& above, const Box& below) {
  std::vector<double> latencies;
  std::vector<double> rates;
  for (const BatchEstimate& point : curve.points) {
    for (const RequestTimes* times : readings(point)) {
      latencies.push_back(times->tpot_s * 1e3);
      rates.push_back(times->per_device_tokens_per_s);
    }
  }
  const Axis x = log_axis("TPOT: time between two tokens of a request (ms)", latencies, 1.15);
  return {{above, x, log_axis("output tokens/s of a device", rates, 1.5)},
          {below, x, memory_axis(curve)}};
}

/// Of a rising curve: the last batch that fits, where one does and not all do.
const BatchEstimate* wall_of(const BatchCurve& curve) {
  const BatchEstimate* wall = nullptr;
  for (const BatchEstimate& point : curve.points) {
    if (point.fits) wall = &point;
  }
  return curve.points.back().fits ? nullptr : wall;
}

/// What fits as a line, what does not, dashed from the last point that does.
void draw_curve(XmlWriter& out, const LatencyScene& scene, const BatchCurve& curve,
                std::string_view css_class, const RequestTimes& (*times)(const BatchEstimate&)) {
  std::vector<Point> inside;
  std::vector<Point> beyond;
  for (const BatchEstimate& point : curve.points) {
    const Point at = scene.at(times(point));
    if (!point.fits && beyond.empty() && !inside.empty()) beyond.push_back(inside.back());
    (point.fits ? inside : beyond).push_back(at);
  }
  draw_path(out, css_class, inside);
  draw_path(out, std::string(css_class) + " beyond", beyond);
}

std::string tooltip(const BatchEstimate& point) {
  const RequestTimes& bound = point.bound;
  return fmt::format(
      "batch {}: TPOT {} (floor {}), TTFT {}, {} tokens/s of a device, {} of a user, {} of its "
      "memory{}",
      format_integer(point.batch), format_time(Seconds(bound.tpot_s)),
      format_time(Seconds(point.floor.tpot_s)), format_time(Seconds(bound.ttft_s)),
      format_number(bound.per_device_tokens_per_s), format_number(bound.per_user_tokens_per_s),
      format_bytes(point.memory_bytes.to_double()), point.fits ? "" : "; does not fit");
}

std::string expected_tooltip(const BatchEstimate& point) {
  const predict::ExpectedRequest& expected = *point.expected;
  return fmt::format("batch {} expected: TPOT {}, TTFT {}, {} tokens/s of a device",
                     format_integer(point.batch), with_band(expected.tpot.whole),
                     with_band(expected.ttft.whole),
                     format_number(expected.times.per_device_tokens_per_s));
}

void draw_expected_points(XmlWriter& out, const LatencyScene& scene, const BatchCurve& curve,
                          std::int64_t asked) {
  for (const BatchEstimate& point : curve.points) {
    const Point at = scene.at(expected_at(point));
    out.open("circle", {{"class", "measured"},
                        {"cx", px(at.x)},
                        {"cy", px(at.y)},
                        {"r", point.batch == asked ? "6" : "3.5"}});
    out.element("title", {}, expected_tooltip(point)).close();
  }
}

void draw_points(XmlWriter& out, const LatencyScene& scene, const BatchCurve& curve,
                 std::int64_t asked) {
  for (const BatchEstimate& point : curve.points) {
    const Point at = scene.at(point.bound);
    const bool is_asked = point.batch == asked;
    if (is_asked) {
      out.empty("circle", {{"class", "ring"}, {"cx", px(at.x)}, {"cy", px(at.y)}, {"r", "10"}});
    }
    out.open("circle", {{"class", point.fits ? "d dot" : "d"},
                        {"cx", px(at.x)},
                        {"cy", px(at.y)},
                        {"r", is_asked ? "6" : "4"}});
    out.element("title", {}, tooltip(point)).close();
  }
}

/// The one asked for, the wall and the ends get their labels first.
std::vector<Tag> tags_of(const LatencyScene& scene, const BatchCurve& curve, std::int64_t asked) {
  std::vector<const BatchEstimate*> order;
  const auto add = [&](const BatchEstimate* point) {
    const bool is_new = std::find(order.begin(), order.end(), point) == order.end();
    if (point != nullptr && is_new) order.push_back(point);
  };
  for (const BatchEstimate& point : curve.points) {
    if (point.batch == asked) add(&point);
  }
  add(wall_of(curve));
  add(&curve.points.front());
  add(&curve.points.back());
  for (const BatchEstimate& point : curve.points) add(&point);
  std::vector<Tag> tags;
  for (const BatchEstimate* point : order) {
    const bool is_asked = point->batch == asked;
    const std::string number = format_integer(point->batch);
    tags.push_back({scene.at(point->bound), is_asked ? 10.0 : 4.0,
                    is_asked ? "batch " + number : number, is_asked ? "td strong" : "t"});
  }
  return tags;
}

void draw_labels(XmlWriter& out, const LatencyScene& scene, const BatchCurve& curve,
                 std::int64_t asked) {
  Obstacles obstacles{scene.rate.box, {}, {}};
  const BatchEstimate* wall = wall_of(curve);
  constexpr double kCurve = 20;  // what it costs to stand on a line
  if (wall != nullptr) {
    const double x = scene.at(wall->bound).x;
    obstacles.lines.push_back({{{x, scene.rate.box.y}, {x, scene.rate.box.bottom()}}, kCurve});
  }
  for (std::size_t i = 1; i < curve.points.size(); ++i) {
    const BatchEstimate& from = curve.points[i - 1];
    const BatchEstimate& to = curve.points[i];
    obstacles.lines.push_back({{scene.at(from.bound), scene.at(to.bound)}, kCurve});
    obstacles.lines.push_back({{scene.at(from.floor), scene.at(to.floor)}, kCurve / 2});
    if (!from.expected) continue;
    obstacles.lines.push_back({{scene.at(expected_at(from)), scene.at(expected_at(to))}, kCurve});
  }
  draw_tags(out, tags_of(scene, curve, asked), obstacles, kReach);
}

/// From the curve down to the memory, with its name beside it.
void draw_wall(XmlWriter& out, const LatencyScene& scene, const BatchCurve& curve) {
  const Box& box = scene.rate.box;
  const BatchEstimate* wall = wall_of(curve);
  if (wall == nullptr) {
    if (!curve.points.back().fits) {
      draw_text(out, "alarm mid halo strong", {box.centre().x, box.bottom() - 12},
                "no batch fits the memory");
    }
    return;
  }
  const double x = scene.at(wall->bound).x;
  draw_line(out, "wall", {{x, box.y}, {x, scene.memory.box.bottom()}});
  const bool is_left = x + 130 > box.right();
  const std::string css = is_left ? "alarm end halo" : "alarm halo";
  const double at = is_left ? x - 8 : x + 8;
  draw_text(out, css + " strong", {at, box.bottom() - 26}, "memory wall");
  draw_text(out, css, {at, box.bottom() - 10},
            fmt::format("at most batch {}", format_integer(wall->batch)));
}

/// What is taken in any case, and on top of it the sequences, up to what is usable.
void draw_memory(XmlWriter& out, const LatencyScene& scene, const BatchCurve& curve) {
  const auto& memory = curve.memory;
  const auto& stage = memory.stage();
  const double fixed = (stage.weight_bytes + stage.activation_bytes +
                        Count(memory.question.overhead_bytes) + stage.prefix_bytes)
                           .to_double() /
                       kGiB;
  const auto area = [&](const char* css_class, auto lower, auto upper, const char* name) {
    std::vector<Point> edge;
    for (const BatchEstimate& point : curve.points) {
      edge.push_back(scene.memory_at(point.bound, upper(point)));
    }
    for (auto point = curve.points.rbegin(); point != curve.points.rend(); ++point) {
      edge.push_back(scene.memory_at(point->bound, lower(*point)));
    }
    out.open("path", {{"class", css_class}, {"d", path_through(edge) + "Z"}});
    out.element("title", {}, name).close();
  };
  const auto none = [](const BatchEstimate&) { return 0.0; };
  const auto base = [&](const BatchEstimate&) { return fixed; };
  area("weights", none, base, "weights, activations and overhead");
  area("kv", base, memory_gib, "what the sequences of the batch keep");
  const Box& box = scene.memory.box;
  const double y = scene.memory.at(scene.memory.x.low, usable_gib(curve)).y;
  draw_line(out, "wall", {{box.x, y}, {box.right(), y}});
  draw_text(out, "alarm halo strong", {box.x + 8, y - 6},
            fmt::format("usable {} GiB", format_number(usable_gib(curve))));
}

/// What sequences keep.
const char* cache_words(const Estimate& answer) {
  const bool has_state = answer.tpot_parts.state_s > 0;
  if (answer.tpot_parts.kv_cache_s > 0) return has_state ? "KV cache and state" : "KV cache";
  return has_state ? "state" : "sequences";
}

std::vector<LegendEntry> legend_of(const Estimate& answer, const BatchCurve& curve) {
  std::vector<LegendEntry> entries{{"curve", "bound, by batch size", true},
                                   {"floor", "floor", true}};
  if (has_expected(curve)) entries.insert(entries.begin(), {"expected", "expected", true});
  if (!curve.points.back().fits) entries.push_back({"curve beyond", "does not fit", true});
  entries.push_back({"weights", "weights, activations, overhead", false});
  entries.push_back({"kv", cache_words(answer), false});
  return entries;
}

}  // namespace

std::string latency_picture(const Estimate& answer, const BatchCurve& curve, Setting setting) {
  if (curve.points.size() < 2) return {};
  const bool is_narrow = setting == Setting::narrow;
  const Size size = is_narrow ? Size{kPhoneWidth, 560} : Size{kWholeWidth, 600};
  PictureFrame frame(size, setting);
  frame.set_title("Throughput against TPOT by batch size, and the memory it takes",
                  model_on_device(answer.architecture, answer.device));
  const double left = frame.margin() + 48;
  const double width = size.width - left - frame.margin() - 8;
  XmlWriter& out = frame.out();
  const double top =
      draw_legend(out, legend_of(answer, curve),
                  {frame.margin(), frame.content_top(), size.width - 2 * frame.margin(), 0}) +
      26;
  const double memory_height = is_narrow ? 110 : 140;
  const double gap = 40;
  const double rate_height = size.height - top - gap - memory_height - 46;
  const LatencyScene scene = scene_of(curve, {left, top, width, rate_height},
                                      {left, top + rate_height + gap, width, memory_height});
  draw_upper_axes(out, scene.rate);
  draw_axes(out, scene.memory);
  draw_memory(out, scene, curve);
  draw_curve(out, scene, curve, "floor", floor_at);
  draw_curve(out, scene, curve, "curve", bound_at);
  if (has_expected(curve)) draw_curve(out, scene, curve, "expected", expected_at);
  draw_wall(out, scene, curve);
  const std::int64_t asked = answer.question.batch;
  if (has_expected(curve)) draw_expected_points(out, scene, curve, asked);
  draw_points(out, scene, curve, asked);
  draw_labels(out, scene, curve, asked);
  return std::move(frame).take();
}

}  // namespace ridgepoint::report
