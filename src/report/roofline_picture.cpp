// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "report/band_words.hpp"
#include "report/picture_frame.hpp"
#include "report/pictures.hpp"
#include "report/roofline_scene.hpp"
#include "report/roofline_words.hpp"
#include "report/scale.hpp"
#include "report/text.hpp"
#include "report/xml.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using predict::Analysis;
using predict::OperatorAnalysis;
using predict::Phase;

/// The unit of the y axis: of the highest roof, but no more than TFLOP, as peaks are quoted.
Scale rate_scale(const RooflineScene& scene) {
  const Scale own = flops_scale({scene.roofs.back().flops_per_second});
  return own.size > 1e12 ? Scale{"TFLOP", 1e12} : own;
}

void draw_regions(XmlWriter& out, const RooflineScene& scene) {
  const Box& plot = scene.plot;
  const Roof& low = scene.roofs.front();
  const Roof& high = scene.roofs.back();
  const double start = scene.y(scene.x_low * scene.bandwidth);
  out.empty("path",
            {{"class", "memory-region"},
             {"d", fmt::format("M{} {}V{}L{} {}V{}Z", px(plot.x), px(plot.bottom()), px(start),
                               px(low.corner.x), px(low.corner.y), px(plot.bottom()))}});
  out.empty("rect", {{"class", "compute-region"},
                     {"x", px(high.corner.x)},
                     {"y", px(high.corner.y)},
                     {"width", px(plot.right() - high.corner.x)},
                     {"height", px(plot.bottom() - high.corner.y)}});
}

void draw_region_names(XmlWriter& out, const RooflineScene& scene) {
  const Box& plot = scene.plot;
  const double y = plot.bottom() - 10;
  const auto draw = [&](double from, double to, const char* css_class, const char* words) {
    const std::string_view text = to - from > 130 ? words : "";
    if (text.empty()) return;
    out.element("text",
                {{"class", fmt::format("region mid {}", css_class)},
                 {"x", px((from + to) / 2)},
                 {"y", px(y)}},
                text);
  };
  draw(plot.x, scene.roofs.front().corner.x, "memory-name", "MEMORY-BOUND");
  draw(scene.roofs.back().corner.x, plot.right(), "compute-name", "COMPUTE-BOUND");
}

void draw_axes(XmlWriter& out, const RooflineScene& scene, bool is_narrow) {
  const Box& plot = scene.plot;
  for (const double tick : log_ticks(scene.x_low, scene.x_high)) {
    draw_line(out, "grid", {{scene.x(tick), plot.y}, {scene.x(tick), plot.bottom()}});
    draw_tick_label(out, plot, scene.x(tick), tick);
  }
  const Scale unit = rate_scale(scene);
  for (const double tick : log_ticks(scene.y_low / unit.size, scene.y_high / unit.size)) {
    const double y = scene.y(tick * unit.size);
    draw_line(out, "grid", {{plot.x, y}, {plot.right(), y}});
    draw_text(out, "m end", {scene.zero.x - 8, y + 4}, format_number(tick, 1));
  }
  draw_line(out, "axis", {{plot.x, plot.bottom()}, {plot.right(), plot.bottom()}});
  draw_text(out, "t mid", {plot.centre().x, plot.bottom() + 38},
            is_narrow ? "intensity (FLOP/byte)" : "arithmetic intensity (FLOP/byte)");
  draw_text(out, "t", {scene.zero.x - (is_narrow ? 40 : 58), plot.y - 10},
            fmt::format("attainable {}/s", unit.unit));
}

void draw_roofs(XmlWriter& out, const RooflineScene& scene) {
  const Box& plot = scene.plot;
  const double start = scene.y(scene.x_low * scene.bandwidth);
  const Roof& top = scene.roofs.back();
  draw_line(out, "roof", {{plot.x, start}, top.corner});
  for (const Roof& roof : scene.roofs) {
    draw_line(out, "drop", {roof.corner, {roof.corner.x, plot.bottom()}});
    draw_line(out, "roof", {roof.corner, {plot.right(), roof.corner.y}});
    draw_text(out, "t end halo strong", {roof.label.right(), roof.label.bottom() - 4}, roof.words);
    draw_text(out, "t end halo strong", {roof.corner.x - 12, roof.corner.y - 10}, roof.ridge_words);
  }
  for (const Roof& roof : scene.roofs) {
    out.empty(
        "circle",
        {{"class", "ridge"}, {"cx", px(roof.corner.x)}, {"cy", px(roof.corner.y)}, {"r", "5"}});
  }
}

/// The bandwidth, written along the diagonal.
void draw_bandwidth(XmlWriter& out, const SlantedLabel& label) {
  out.element("text",
              {{"class", "t mid halo strong"},
               {"transform", fmt::format("translate({} {}) rotate({})", px(label.on_line.x),
                                         px(label.on_line.y), px(label.degrees))},
               {"dy", "-9"}},
              label.words);
}

std::string tooltip(const Mark& mark) {
  const OperatorAnalysis& one = *mark.op;
  const double flops = one.flops.to_double();
  const double bytes = one.bytes().to_double();
  const Scale flop_unit = flops_scale({flops});
  const Scale byte_unit = bytes_scale({bytes});
  return fmt::format("{} × {} ({}): {} {}, {} {}, {} FLOP/byte, {}, {}, {} % of the step", one.name,
                     format_integer(one.count), name(one.phase), flop_unit.show(flops),
                     flop_unit.unit, byte_unit.show(bytes), byte_unit.unit,
                     format_number(one.arithmetic_intensity),
                     format_compute_rate(FlopsPerSecond(mark.flops_per_second)),
                     format_time(Seconds(one.time_s)), percent(one.share));
}

void draw_marks(XmlWriter& out, const RooflineScene& scene) {
  for (const MarkGroup& group : scene.groups) {
    for (const Mark& mark : group.marks) {
      draw_mark(out, mark.op->part, mark.at, mark.radius, tooltip(mark));
    }
  }
}

std::string expected_tooltip(const OperatorAnalysis& one) {
  return fmt::format("{} ({}), expected: {}, {}, of which the bound is {} %; {}", one.name,
                     name(one.phase), format_compute_rate(FlopsPerSecond(expected_rate(one))),
                     with_band(one.expected->time), percent(one.expected->efficiency()),
                     one.expected->kernel);
}

void draw_ring(XmlWriter& out, Phase part, Point at, std::string_view tooltip) {
  out.open("circle", {{"class", "e" + std::string(mark_class(part))},
                      {"cx", px(at.x)},
                      {"cy", px(at.y)},
                      {"r", px(kExpectedRadius)}});
  if (!tooltip.empty()) out.element("title", {}, tooltip);
  out.close();
}

/// Below each mark what its kernel is expected to attain.
void draw_expected(XmlWriter& out, const RooflineScene& scene) {
  for (const MarkGroup& group : scene.groups) {
    for (const Mark& mark : group.marks) {
      if (!mark.expected) continue;
      draw_line(out, "fall", {mark.at, *mark.expected});
      draw_ring(out, mark.op->part, *mark.expected, expected_tooltip(*mark.op));
    }
  }
}

/// Words in the colour of a phase's marks.
std::string text_class(Phase phase) { return "t" + std::string(mark_class(phase)); }

void draw_label(XmlWriter& out, const MarkGroup& group) {
  const Mark& largest = group.marks.front();
  const Box& box = *group.label;
  const Point near = box.nearest(largest.at);
  const double gap = distance(near, largest.at) - largest.radius;
  if (gap > 14) {
    const double t = (largest.radius + 2) / distance(near, largest.at);
    draw_line(
        out, "leader",
        {{largest.at.x + t * (near.x - largest.at.x), largest.at.y + t * (near.y - largest.at.y)},
         near});
  }
  const bool is_left = box.right() <= largest.at.x;
  const double x = is_left ? box.right() : box.x;
  for (std::size_t i = 0; i < group.lines.size(); ++i) {
    const bool is_share = i + 1 == group.lines.size();
    const std::string colour = text_class(largest.op->part);
    const double y = box.y + kLabelLine * static_cast<double>(i) + 11.5;
    draw_text(
        out,
        fmt::format("{}{} halo", is_share ? colour : std::string("t name"), is_left ? " end" : ""),
        {x, y}, group.lines[i]);
  }
}

/// Intensity 0: beside the axes, past a break.
void draw_zeros(XmlWriter& out, const RooflineScene& scene) {
  if (scene.zeros.empty()) return;
  const Box& zero = scene.zero;
  draw_line(out, "axis", {{zero.x, zero.bottom()}, {zero.right() - 8, zero.bottom()}});
  for (const double x : {zero.right() - 8, zero.right() - 2}) {
    draw_line(out, "axis", {{x - 2, zero.bottom() + 5}, {x + 2, zero.bottom() - 5}});
  }
  draw_text(out, "m mid", {zero.centre().x, zero.bottom() + 17}, "0");
  for (const ZeroMark& mark : scene.zeros) {
    std::string words = fmt::format("No FLOPs ({}):", name(mark.phase));
    for (const OperatorAnalysis* one : mark.operators) {
      words += fmt::format(" {} {} %", one->name, percent(one->share));
      if (one != mark.operators.back()) words += ",";
    }
    draw_mark(out, mark.phase, mark.at, mark.radius, words);
    draw_text(out, text_class(mark.phase) + " mid small", {mark.at.x, mark.at.y - mark.radius - 5},
              fmt::format("{} %", percent(mark.share)));
  }
}

/// The operators at intensity 0 that `is_meant` picks, with their share of each step; nothing when
/// there are none.
template <class Meant>
std::string zero_sentence(const RooflineScene& scene, std::string_view what, Meant is_meant) {
  std::vector<std::string> names;
  std::vector<std::string> shares;
  for (const ZeroMark& mark : scene.zeros) {
    double share = 0;
    for (const OperatorAnalysis* one : mark.operators) {
      if (!is_meant(*one)) continue;
      share += one->share;
      const bool is_new = std::find(names.begin(), names.end(), one->name) == names.end();
      if (is_new) names.push_back(one->name);
    }
    if (share > 0) shares.push_back(fmt::format("{} % of {}", percent(share), name(mark.phase)));
  }
  return names.empty() ? "" : fmt::format("{} ({}): {}.", what, joined(shares), joined(names));
}

/// What the picture cannot show as a point, in words.
std::vector<std::string> notes(const RooflineScene& scene) {
  std::vector<std::string> sentences;
  const auto is_exchange = [](const OperatorAnalysis& one) {
    return one.bound == roofline::Bound::network_bound;
  };
  for (const std::string& sentence :
       {zero_sentence(scene, "At 0, without tensor FLOPs",
                      [&](const OperatorAnalysis& one) { return !is_exchange(one); }),
        zero_sentence(scene, "At 0 too, exchanged over the links", is_exchange)}) {
    if (!sentence.empty()) sentences.push_back(sentence);
  }
  for (const MarkGroup& group : scene.groups) {
    if (group.label) continue;
    std::string words = "Not labelled for want of room:";
    for (const std::string& line : group.lines) words += " " + line;
    sentences.push_back(words + ".");
  }
  return sentences;
}

/// The phases, and of a mixed step the parts that have operators of their own.
std::vector<Phase> kinds_of_marks(const Analysis& analysis) {
  std::vector<Phase> kinds;
  for (const predict::StepAnalysis& step : analysis.steps) {
    for (const OperatorAnalysis& one : step.operators) {
      if (std::find(kinds.begin(), kinds.end(), one.part) == kinds.end()) kinds.push_back(one.part);
    }
  }
  return kinds;
}

std::string_view kind_name(Phase kind) { return kind == Phase::mixed ? "both" : name(kind); }

/// From left to right, ending at `right_end`.
void draw_legend(XmlWriter& out, const Analysis& analysis, Point right_end) {
  constexpr double kWord = 68;  // a mark and the name of its phase
  const std::string_view area = "area: share of the step's time";
  const std::vector<Phase> kinds = kinds_of_marks(analysis);
  double x = right_end.x - 184 - kWord * static_cast<double>(kinds.size());
  if (has_expected(analysis)) {
    draw_ring(out, kinds.front(), {x - 82, right_end.y - 4}, "");
    draw_text(out, "t", {x - 73, right_end.y}, "expected");
  }
  for (const Phase kind : kinds) {
    draw_mark(out, kind, {x, right_end.y - 4}, 5, "");
    draw_text(out, text_class(kind), {x + 9, right_end.y}, kind_name(kind));
    x += kWord;
  }
  draw_text(out, "m end", right_end, area);
}

}  // namespace

std::string roofline_picture(const Analysis& analysis, Setting setting) {
  const bool is_narrow = setting == Setting::narrow;
  const Size size =
      is_narrow ? Size{400, 470} : Size{960, setting == Setting::wide ? 560.0 : 620.0};
  PictureFrame frame(size, setting);
  frame.set_title(fmt::format("Roofline of {}", model_on_device(analysis)),
                  report::setting(analysis));
  const double top = frame.content_top() + 26;
  const RooflineScene scene = roofline_scene(
      analysis, {frame.margin(), top, size.width - 2 * frame.margin(), size.height - top - 42},
      is_narrow);
  XmlWriter& out = frame.out();
  draw_regions(out, scene);
  draw_axes(out, scene, is_narrow);
  draw_region_names(out, scene);
  draw_roofs(out, scene);
  draw_bandwidth(out, scene.diagonal);
  draw_marks(out, scene);
  draw_expected(out, scene);
  draw_zeros(out, scene);
  for (const MarkGroup& group : scene.groups) {
    if (group.label) draw_label(out, group);
  }
  if (!is_narrow) draw_legend(out, analysis, {scene.plot.right(), top - 10});
  frame.add_notes(notes(scene), scene.plot.bottom() + 60);
  return std::move(frame).take();
}

}  // namespace ridgepoint::report
