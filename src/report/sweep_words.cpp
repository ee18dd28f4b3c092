// SPDX-License-Identifier: Apache-2.0
#include "report/sweep_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/shown_metric.hpp"
#include "report/sweep_axes.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {

using explore::Sweep;
using explore::SweepRow;

namespace {

std::string integer(std::uint64_t count) {
  return format_integer(static_cast<std::int64_t>(count));
}

/// The figures that a row shows: those of requests, but for what repeats others.
std::vector<RequestFigure> shown_figures(const Sweep& sweep) {
  std::vector<RequestFigure> shown;
  for (const RequestFigure& figure : kRequestFigures) {
    const bool is_known = std::any_of(sweep.top.begin(), sweep.top.end(), [&](const SweepRow& row) {
      return times_of(row.estimate, sweep.question.reading).*figure.value > 0;
    });
    if (is_known || sweep.top.empty()) shown.push_back(figure);
  }
  return shown;
}

std::vector<SweepAxis> varied_axes(const explore::Axes& axes,
                                   const std::vector<explore::Axis>& without) {
  std::vector<SweepAxis> all = sweep_axes(axes);
  std::erase_if(all, [&](const SweepAxis& each) {
    return each.use != SweepAxis::Use::varied ||
           std::any_of(without.begin(), without.end(),
                       [&](explore::Axis axis) { return facts(axis).key == each.key; });
  });
  return all;
}

}  // namespace

std::string sweep_title(const explore::Space& space) {
  const auto names = [](const auto& choices, const char* kind) {
    constexpr std::size_t kMost = 4;
    if (choices.size() > kMost) return fmt::format("{} {}", choices.size(), kind);
    std::vector<std::string> all;
    all.reserve(choices.size());
    for (const auto& choice : choices) all.push_back(choice.words());
    return joined(all);
  };
  return names(space.axes().models, "models") + " on " + names(space.axes().devices, "devices");
}

std::string sweep_headline(const SweptSpace& swept) {
  return fmt::format("{}: {} points by their {} times", common_words(swept.space),
                     integer(swept.space.points()), name(swept.sweep.question.reading));
}

std::string subject_words(const explore::Subject& subject) {
  std::vector<std::string> words;
  words.reserve(subject.limits.size() + 1);
  if (subject.fits) words.emplace_back("fits");
  for (const explore::Limit& limit : subject.limits) words.push_back(limit.text);
  return words.empty() ? "any" : fmt::format("{}", fmt::join(words, ", "));
}

std::string counts_sentence(const SweptSpace& swept) {
  const explore::SweepCounts& counts = swept.sweep.counts;
  std::string words = fmt::format("{} evaluated", integer(counts.evaluated));
  if (swept.sweep.question.subject.fits) {
    words += fmt::format(", {} fit", integer(counts.fitting));
  }
  words += fmt::format(", {} keep to: {}.", integer(counts.meeting),
                       subject_words(swept.sweep.question.subject));
  if (!swept.sweep.is_complete) {
    words += fmt::format(" Ended early, after {} points: the best so far.", integer(counts.points));
  }
  return words;
}

std::vector<std::string> left_out_sentences(const std::vector<explore::LeftOut>& left_out) {
  std::vector<std::string> sentences;
  sentences.reserve(left_out.size());
  for (const explore::LeftOut& each : left_out) {
    sentences.push_back(fmt::format("{} {}: {}: {}", integer(each.deployments),
                                    each.deployments == 1 ? "deployment" : "deployments",
                                    each.reason.where, each.reason.what));
  }
  return sentences;
}

Table rows_table(const SweptSpace& swept, const std::vector<SweepRow>& rows,
                 const std::vector<explore::Axis>& without) {
  Table table;
  const auto axes = varied_axes(swept.space.axes(), without);
  const auto figures = shown_figures(swept.sweep);
  for (const SweepAxis& axis : axes) {
    table.columns.push_back({axis.header, "", axis.is_number ? Align::right : Align::left, 0});
  }
  int rank = 0;
  for (const RequestFigure& figure : figures) {
    table.columns.push_back({figure.words, figure.unit, Align::point, rank++});
  }
  table.columns.push_back({"room", "sequences", Align::right, rank});
  for (const SweepRow& row : rows) {
    std::vector<Cell> cells;
    for (const SweepAxis& axis : axes) cells.emplace_back(axis.words(row.candidate));
    for (const RequestFigure& figure : figures) {
      const double value = times_of(row.estimate, swept.sweep.question.reading).*figure.value;
      cells.emplace_back(value > 0 ? format_number(figure.scale * value) : "–");
    }
    const auto room = static_cast<std::int64_t>(row.estimate.most_sequences);
    cells.emplace_back(format_integer(room), row.estimate.fits ? Tone::plain : Tone::warning);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::string point_words(const SweptSpace& swept, const SweepRow& row) {
  const predict::RequestTimes& times = times_of(row.estimate, swept.sweep.question.reading);
  return fmt::format(
      "{}: TTFT {}, TPOT {}, {} tokens/s of a device, {} in all{}{}",
      place_words(swept.space, row.candidate), format_time(Seconds(times.ttft_s)),
      format_time(Seconds(times.tpot_s)), format_number(times.per_device_tokens_per_s),
      format_number(times.throughput_tokens_per_s),
      times.cost_per_million_tokens > 0
          ? fmt::format(", {} $ for a million tokens", format_number(times.cost_per_million_tokens))
          : "",
      row.estimate.fits ? "" : "; the batch does not fit");
}

std::string best_words(const explore::Space& space, const explore::Objective& objective,
                       const explore::KeyedPoint& best) {
  const ShownMetric metric = shown(objective.metric);
  const std::string value = metric.show(objective.is_max ? -best.key : best.key);
  return fmt::format("{} {}: {}", value,
                     metric.unit.empty() ? explore::facts(metric.metric).words : metric.unit,
                     place_words(space, space.point(best.point)));
}

std::string top_heading(const Sweep& sweep) {
  return fmt::format("The {} best by {}", sweep.top.size(), name(sweep.question.objective));
}

std::string front_heading(const Sweep& sweep) {
  std::vector<std::string> names;
  names.reserve(sweep.question.front.size());
  for (const explore::Objective& each : sweep.question.front) names.push_back(name(each));
  return fmt::format("The {} that no other point beats in all of {}", sweep.front.size(),
                     joined(names));
}

}  // namespace ridgepoint::report
