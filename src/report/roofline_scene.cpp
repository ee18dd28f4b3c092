// SPDX-License-Identifier: Apache-2.0
#include "report/roofline_scene.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>
#include <ranges>

#include "report/labels.hpp"
#include "report/roofline_words.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using predict::Analysis;
using predict::OperatorAnalysis;
using predict::StepAnalysis;

constexpr double kAxisWidth = 58;   // for the labels of the y axis
constexpr double kAxisHeight = 46;  // for those of the x axis
constexpr double kZeroWidth = 54;
constexpr double kSmallestRadius = 3.5;
constexpr double kSameSpot = 10;  // pixels within which marks share a label

bool computes(const OperatorAnalysis& one) { return one.arithmetic_intensity > 0; }
double attained(const OperatorAnalysis& one) { return one.flops.to_double() / one.time_s; }

double radius_of(double share, bool is_narrow) {
  return std::max(kSmallestRadius, (is_narrow ? 20 : 30) * std::sqrt(share));
}

std::vector<Roof> roofs_of(const Analysis& analysis) {
  std::vector<Roof> roofs;
  for (const hardware::PeakInUse& peak : analysis.peaks) {
    const auto same = [&](const Roof& roof) { return roof.flops_per_second == peak.value.value(); };
    const auto known = std::find_if(roofs.begin(), roofs.end(), same);
    const std::string type(name(peak.used));
    if (known == roofs.end()) {
      const double ridge = (peak.value / analysis.device.memory_bandwidth.value).value();
      roofs.push_back({type, peak.value.value(), ridge, {}, {}, {}, {}});
    } else if (known->types.find(type) == std::string::npos) {
      known->types += ", " + type;
    }
  }
  std::sort(roofs.begin(), roofs.end(),
            [](const Roof& a, const Roof& b) { return a.flops_per_second < b.flops_per_second; });
  return roofs;
}

struct Range {
  double low;
  double high;
  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

/// Intensities and rates shown: every operator, every ridge, and air around them.
struct Ranges {
  Range x;
  Range y;
};
Ranges ranges(const Analysis& analysis, const std::vector<Roof>& roofs) {
  const double bandwidth = analysis.device.memory_bandwidth.value.value();
  Range x{roofs.front().ridge, roofs.back().ridge};
  Range y{roofs.front().flops_per_second, roofs.back().flops_per_second};
  for (const StepAnalysis& step : analysis.steps) {
    for (const OperatorAnalysis& one : step.operators) {
      if (!computes(one)) continue;
      x.include(one.arithmetic_intensity);
      y.include(attained(one));
      if (const double rate = expected_rate(one); rate > 0) y.include(rate);
    }
  }
  x.low = std::min(x.low / 4, roofs.front().ridge / 40);
  y.low = std::min(y.low, x.low * bandwidth) / 2;
  return {{x.low, std::max(x.high * 2.5, roofs.back().ridge * 8)}, {y.low, y.high * 3}};
}

bool has_zeros(const Analysis& analysis) {
  for (const StepAnalysis& step : analysis.steps) {
    if (!std::all_of(step.operators.begin(), step.operators.end(), computes)) return true;
  }
  return false;
}

std::vector<Mark> marks_of(const StepAnalysis& step, const RooflineScene& scene, bool is_narrow) {
  std::vector<Mark> marks;
  for (const OperatorAnalysis& one : step.operators) {
    if (!computes(one)) continue;
    const double rate = attained(one);
    marks.push_back({&one,
                     rate,
                     {scene.x(one.arithmetic_intensity), scene.y(rate)},
                     radius_of(one.share, is_narrow)});
    if (const double expected = expected_rate(one); expected > 0) {
      marks.back().expected = Point{scene.x(one.arithmetic_intensity), scene.y(expected)};
    }
  }
  std::stable_sort(marks.begin(), marks.end(),
                   [](const Mark& a, const Mark& b) { return a.op->share > b.op->share; });
  return marks;
}

double share_of(const MarkGroup& group) {
  double share = 0;
  for (const Mark& mark : group.marks) share += mark.op->share;
  return share;
}

/// A mark in words' size.
std::string_view sign(predict::Phase part) {
  switch (part) {
    case predict::Phase::prefill:
      return "◆";
    case predict::Phase::decode:
      return "●";
    case predict::Phase::mixed:
      break;
  }
  return "■";
}

/// Names side by side while they fit, then their mark and their share of the step.
std::vector<std::string> label_lines(const MarkGroup& group, bool is_narrow) {
  const std::size_t limit = is_narrow ? 13 : 18;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < group.marks.size(); ++i) {
    const bool is_last = i + 1 == group.marks.size();
    const std::string word = group.marks[i].op->name + (is_last ? "" : ",");
    if (lines.empty() || lines.back().size() + 1 + word.size() > limit) {
      lines.push_back(word);
    } else {
      lines.back() += " " + word;
    }
  }
  lines.push_back(
      fmt::format("{} {} %", sign(group.marks.front().op->part), percent(share_of(group))));
  return lines;
}

std::vector<MarkGroup> groups_of(const std::vector<Mark>& marks, bool is_narrow) {
  std::vector<MarkGroup> groups;
  for (const Mark& mark : marks) {
    const auto near = [&](const MarkGroup& group) {
      const Mark& largest = group.marks.front();
      return largest.op->part == mark.op->part &&
             distance(largest.at, mark.at) <= std::max(kSameSpot, 0.8 * largest.radius);
    };
    const auto known = std::find_if(groups.begin(), groups.end(), near);
    if (known == groups.end()) {
      groups.push_back({{mark}, {}, {}});
    } else {
      known->marks.push_back(mark);
    }
  }
  for (MarkGroup& group : groups) group.lines = label_lines(group, is_narrow);
  return groups;
}

void add_zeros(const Analysis& analysis, RooflineScene& scene, bool is_narrow) {
  double floor = scene.plot.bottom() - 8;
  for (const StepAnalysis& step : std::views::reverse(analysis.steps)) {
    ZeroMark mark;
    mark.phase = step.phase;
    for (const OperatorAnalysis& one : step.operators) {
      if (computes(one)) continue;
      mark.operators.push_back(&one);
      mark.share += one.share;
    }
    if (mark.operators.empty()) continue;
    mark.radius = radius_of(mark.share, is_narrow);
    mark.at = {scene.zero.centre().x, floor - mark.radius};
    floor -= 2 * mark.radius + 26;  // and a line of text above each
    scene.zeros.push_back(std::move(mark));
  }
}

Size label_size(const std::vector<std::string>& lines) {
  double width = 0;
  for (const std::string& line : lines) {
    width = std::max(width, text_width(line, kLabelFont, Face::mono));
  }
  return {width, static_cast<double>(lines.size()) * kLabelLine};
}

/// The lines that labels keep off, as far as they can: the diagonal and the flat roofs.
std::vector<SoftLine> roof_lines(const RooflineScene& scene) {
  std::vector<SoftLine> lines;
  const Roof& top = scene.roofs.back();
  lines.push_back({{{scene.plot.x, scene.y(scene.x_low * scene.bandwidth)}, top.corner}, 150});
  for (const Roof& roof : scene.roofs) {
    lines.push_back({{roof.corner, {scene.plot.right(), roof.corner.y}}, 150});
    lines.push_back({{roof.corner, {roof.corner.x, scene.plot.bottom()}}, 20});
  }
  return lines;
}

/// Labels of all groups, those of large shares first.
void place(RooflineScene& scene) {
  std::stable_sort(
      scene.groups.begin(), scene.groups.end(),
      [](const MarkGroup& a, const MarkGroup& b) { return share_of(a) > share_of(b); });
  std::vector<LabelRequest> requests;
  std::vector<Box> taken = scene.fixed_labels;
  std::vector<SoftLine> falls;
  for (const MarkGroup& group : scene.groups) {
    const Mark& largest = group.marks.front();
    requests.push_back({largest.at, largest.radius, label_size(group.lines)});
    for (const Mark& mark : group.marks) {
      taken.push_back(square_around(mark.at, mark.radius * 0.7));
      if (!mark.expected) continue;
      taken.push_back(square_around(*mark.expected, kExpectedRadius));
      falls.push_back({{mark.at, *mark.expected}, 30});
    }
  }
  std::vector<SoftLine> lines = roof_lines(scene);
  lines.insert(lines.end(), falls.begin(), falls.end());
  const auto boxes = place_labels(requests, {scene.plot.grown(-4), taken, lines});
  for (std::size_t i = 0; i < boxes.size(); ++i) scene.groups[i].label = boxes[i];
}

/// At the right end above the roof, or the next best place that no mark covers.
Box roof_label(const RooflineScene& scene, const Roof& roof) {
  const Box& plot = scene.plot;
  const Size size{text_width(roof.words, kLabelFont, Face::sans) + 4, 18};
  const double right = plot.right() - 6 - size.width;
  const double left = roof.corner.x + 12;
  const double above = roof.corner.y - 24;
  const double below = roof.corner.y + 6;
  const auto is_free = [&](const Box& box) {
    for (const MarkGroup& group : scene.groups) {
      for (const Mark& mark : group.marks) {
        if (box.overlaps(square_around(mark.at, 1.1 * mark.radius))) return false;
      }
    }
    for (const Roof& other : scene.roofs) {
      const Segment line{other.corner, {plot.right(), other.corner.y}};
      if (box.crosses(line) || box.overlaps(other.label)) return false;
    }
    return plot.contains(box);
  };
  for (const Point at : {Point{right, above}, Point{left, above}, Point{right, below},
                         Point{left, below}, Point{right, above - 14}, Point{right, above - 28}}) {
    const Box box{at.x, at.y, size.width, size.height};
    if (is_free(box)) return box;
  }
  return {right, std::max(plot.y, above - 20), size.width, size.height};
}

/// Room for what always stands in the same place.
void reserve_fixed_labels(RooflineScene& scene) {
  const Box& plot = scene.plot;
  scene.fixed_labels.push_back({plot.x, plot.bottom() - 24, plot.width, 24});  // region names
  for (Roof& roof : scene.roofs) {
    roof.label = roof_label(scene, roof);
    const Box ridge{plot.x, roof.corner.y - 26, roof.corner.x - plot.x, 22};
    scene.fixed_labels.insert(scene.fixed_labels.end(), {roof.label, ridge});
  }
}

/// The ridge point's words, left of its corner.
Box ridge_box(const Roof& roof) {
  const double width = text_width(roof.ridge_words, kLabelFont, Face::sans);
  return {roof.corner.x - 12 - width, roof.corner.y - 26, width, 20};
}

/// Points along words that stand above the diagonal, in the middle of their height.
std::vector<Point> middle_of_words(Point on_line, Point unit, double half) {
  constexpr int kApart = 10;
  std::vector<Point> points;
  for (int i = 0; i <= static_cast<int>(2 * half) / kApart; ++i) {
    const double along = i * kApart - half;
    points.push_back(
        {on_line.x + along * unit.x + 14 * unit.y, on_line.y + along * unit.y - 14 * unit.x});
  }
  return points;
}

/// How far words keep off every mark and off the words at the ridges; more than 20 pixels are no
/// better.
double clearance(const RooflineScene& scene, const std::vector<Point>& words) {
  constexpr double kHalfLine = 9;
  double nearest = 20;
  for (const Point point : words) {
    for (const MarkGroup& group : scene.groups) {
      for (const Mark& mark : group.marks) {
        nearest = std::min(nearest, distance(point, mark.at) - mark.radius - kHalfLine);
      }
    }
    for (const Roof& roof : scene.roofs) {
      nearest = std::min(nearest, distance(point, ridge_box(roof).nearest(point)) - kHalfLine);
    }
  }
  return nearest;
}

/// Where along the diagonal its words are farthest from everything, the middle first.
void place_diagonal_label(RooflineScene& scene, bool is_narrow) {
  const std::string rate = format_bandwidth(BytesPerSecond(scene.bandwidth));
  scene.diagonal.words = is_narrow ? rate : rate + " memory bandwidth";
  const Point low{scene.plot.x, scene.y(scene.x_low * scene.bandwidth)};
  const Point high = scene.roofs.front().corner;
  const double length = distance(low, high);
  const Point unit{(high.x - low.x) / length, (high.y - low.y) / length};
  const double half = text_width(scene.diagonal.words, kLabelFont, Face::sans) / 2;

  double best_clearance = -length;
  std::vector<Point> best;
  for (const double t : {0.6, 0.5, 0.7, 0.4, 0.75, 0.3, 0.8, 0.2, 0.85, 0.9}) {
    const double at = std::clamp(t * length, half, std::max(half, length - half - 12));
    const Point on{low.x + at * unit.x, low.y + at * unit.y};
    std::vector<Point> words = middle_of_words(on, unit, half);
    const double room = clearance(scene, words);
    if (room <= best_clearance) continue;
    best_clearance = room;
    best = std::move(words);
    scene.diagonal.on_line = on;
  }
  scene.diagonal.degrees = std::atan2(unit.y, unit.x) * 180 / std::numbers::pi;
  for (const Point point : best) scene.fixed_labels.push_back(square_around(point, 8));
}

}  // namespace

double expected_rate(const OperatorAnalysis& one) {
  if (!computes(one) || !one.expected || !(one.expected->time.seconds > 0)) return 0;
  return one.expected->flops / one.expected->time.seconds;
}

RooflineScene roofline_scene(const Analysis& analysis, const Box& frame, bool is_narrow) {
  std::vector<Roof> roofs = roofs_of(analysis);
  const auto [x, y] = ranges(analysis, roofs);
  const double axis_width = is_narrow ? 40 : kAxisWidth;
  const double strip = has_zeros(analysis) ? kZeroWidth : 0;
  const Box zero{frame.x + axis_width, frame.y, strip, frame.height - kAxisHeight};
  const Box plot{zero.right(), frame.y, frame.right() - zero.right(), zero.height};

  RooflineScene scene{.plot = plot,
                      .zero = zero,
                      .x = LogScale(x.low, x.high, plot.x, plot.right()),
                      .y = LogScale(y.low, y.high, plot.bottom(), plot.y),
                      .x_low = x.low,
                      .x_high = x.high,
                      .y_low = y.low,
                      .y_high = y.high,
                      .bandwidth = analysis.device.memory_bandwidth.value.value(),
                      .roofs = std::move(roofs),
                      .groups = {},
                      .zeros = {},
                      .diagonal = {},
                      .fixed_labels = {}};
  for (Roof& roof : scene.roofs) {
    const std::string rate = format_compute_rate(FlopsPerSecond(roof.flops_per_second));
    roof.corner = {scene.x(roof.ridge), scene.y(roof.flops_per_second)};
    const char* dense = scene.roofs.size() == 1 ? "dense " : "";  // short where labels are many
    roof.ridge_words = fmt::format("{} {} FLOP/byte", is_narrow ? "ridge" : "ridge point",
                                   format_number(roof.ridge));
    roof.words = is_narrow ? rate : fmt::format("{}, {}{}", rate, dense, roof.types);
  }
  for (const StepAnalysis& step : analysis.steps) {
    for (MarkGroup& group : groups_of(marks_of(step, scene, is_narrow), is_narrow)) {
      scene.groups.push_back(std::move(group));
    }
  }
  add_zeros(analysis, scene, is_narrow);
  reserve_fixed_labels(scene);
  place_diagonal_label(scene, is_narrow);
  place(scene);
  return scene;
}

}  // namespace ridgepoint::report
