// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/band_words.hpp"
#include "report/comparison_words.hpp"
#include "report/deployment_pictures.hpp"
#include "report/picture_frame.hpp"
#include "report/plot.hpp"
#include "report/tags.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using predict::ComparedDeployment;
using predict::Comparison;

constexpr double kRadius = 6;
constexpr double kLongestName = 210;

/// Expected, where all deployments have expected times; else of the bound.
const predict::RequestTimes& shown_times(const Comparison& comparison,
                                         const ComparedDeployment& column) {
  return all_have_expected(comparison) ? column.estimate.expected->times : column.estimate.bound;
}

Plot plot_of(const Comparison& comparison, const Box& box) {
  const bool is_expected = all_have_expected(comparison);
  std::vector<double> latencies;
  std::vector<double> rates;
  for (const ComparedDeployment& column : comparison.columns) {
    const predict::RequestTimes& times = shown_times(comparison, column);
    latencies.push_back(times.tpot_s * 1e3);
    rates.push_back(times.per_device_tokens_per_s);
  }
  return {box, log_axis(is_expected ? "TPOT expected (ms)" : "TPOT (ms)", latencies, 1.35),
          log_axis("output tokens/s of a device", rates, 1.35)};
}

Point point_of(const Plot& plot, const Comparison& comparison, const ComparedDeployment& column) {
  const predict::RequestTimes& times = shown_times(comparison, column);
  return plot.at(times.tpot_s * 1e3, times.per_device_tokens_per_s);
}

std::string tooltip(const ComparedDeployment& column) {
  const auto& bound = column.estimate.bound;
  const auto& expected = column.estimate.expected;
  return fmt::format(
      "{}: {}TPOT {}, TTFT {}, {} tokens/s of a device, {} in all{}", column.name,
      expected ? "TPOT expected " + with_band(expected->tpot.whole) + "; bound: " : "",
      format_time(Seconds(bound.tpot_s)), format_time(Seconds(bound.ttft_s)),
      format_number(bound.per_device_tokens_per_s), format_number(bound.throughput_tokens_per_s),
      holds_batch(column) ? "" : "; the batch does not fit");
}

void draw_marks(XmlWriter& out, const Plot& plot, const Comparison& comparison) {
  const Point base = point_of(plot, comparison, comparison.base());
  out.empty("circle", {{"class", "ring"}, {"cx", px(base.x)}, {"cy", px(base.y)}, {"r", "10"}});
  for (const ComparedDeployment& column : comparison.columns) {
    const Point at = point_of(plot, comparison, column);
    out.open("circle", {{"class", holds_batch(column) ? "d dot" : "d beyond"},
                        {"cx", px(at.x)},
                        {"cy", px(at.y)},
                        {"r", px(kRadius)}});
    out.element("title", {}, tooltip(column)).close();
  }
}

/// Names beside the marks; those that find no room are told below.
std::vector<std::string> draw_names(XmlWriter& out, const Plot& plot,
                                    const Comparison& comparison) {
  std::vector<Tag> tags;
  for (const ComparedDeployment& column : comparison.columns) {
    const bool is_base = &column == &comparison.columns.front();
    tags.push_back({point_of(plot, comparison, column), is_base ? 10 : kRadius,
                    cut_to(column.name, 12, kLongestName), is_base ? "t strong" : "t"});
  }
  constexpr double kReach = 120;
  return draw_tags(out, tags, {plot.box, {}, {}}, kReach);
}

std::vector<std::string> notes(const Comparison& comparison,
                               const std::vector<std::string>& unnamed) {
  std::vector<std::string> sentences{"Ringed: " + comparison.base().name +
                                     ", to which the others are compared."};
  for (const ComparedDeployment& column : comparison.columns) {
    if (holds_batch(column)) continue;
    sentences.emplace_back("Pale: memory does not hold the batch.");
    break;
  }
  if (!unnamed.empty()) {
    sentences.push_back(fmt::format("Not labelled for want of room: {}.", joined(unnamed)));
  }
  return sentences;
}

}  // namespace

std::string comparison_picture(const Comparison& comparison, Setting setting) {
  const bool is_narrow = setting == Setting::narrow;
  const Size size = is_narrow ? Size{kPhoneWidth, 400} : Size{kWholeWidth, 440};
  PictureFrame frame(size, setting);
  frame.set_title("Throughput of a device against TPOT", comparison_headline(comparison));
  const double left = frame.margin() + 48;
  const double top = frame.content_top() + 24;
  const Plot plot = plot_of(
      comparison, {left, top, size.width - left - frame.margin() - 8, size.height - top - 46});
  XmlWriter& out = frame.out();
  draw_axes(out, plot);
  draw_text(out, "m small", {plot.box.x + 6, plot.box.y + 14}, "↖ better");
  draw_marks(out, plot, comparison);
  frame.add_notes(notes(comparison, draw_names(out, plot, comparison)), plot.box.bottom() + 60);
  return std::move(frame).take();
}

}  // namespace ridgepoint::report
