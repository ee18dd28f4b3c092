// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/sweep_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/answer_words.hpp"
#include "report/inputs_json.hpp"
#include "report/request_figures.hpp"
#include "report/sweep_axes.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using explore::Sweep;
using explore::SweepRow;
using predict::Reading;

const predict::RequestTimes& times_of(const SweepRow& row, Reading reading) {
  if (reading == Reading::expected && row.estimate.expected) return row.estimate.expected->times;
  return reading == Reading::floor ? row.estimate.floor : row.estimate.bound;
}

std::string integer(std::uint64_t count) {
  return format_integer(static_cast<std::int64_t>(count));
}

std::string headline(const SweptSpace& swept) {
  return fmt::format("{}: {} points by their {} times", common_words(swept.space),
                     integer(swept.space.points()), name(swept.sweep.question.reading));
}

std::string subject_words(const explore::Subject& subject) {
  std::vector<std::string> words;
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

std::vector<std::string> left_out_sentences(const Sweep& sweep) {
  std::vector<std::string> sentences;
  for (const explore::LeftOut& each : sweep.left_out) {
    sentences.push_back(fmt::format("{} {}: {}: {}", integer(each.deployments),
                                    each.deployments == 1 ? "deployment" : "deployments",
                                    each.reason.where, each.reason.what));
  }
  return sentences;
}

/// The figures that a row shows: those of requests, but for what repeats others.
std::vector<RequestFigure> shown_figures(const Sweep& sweep) {
  std::vector<RequestFigure> shown;
  for (const RequestFigure& figure : kRequestFigures) {
    const bool is_known = std::any_of(sweep.top.begin(), sweep.top.end(), [&](const SweepRow& row) {
      return times_of(row, sweep.question.reading).*figure.value > 0;
    });
    if (is_known || sweep.top.empty()) shown.push_back(figure);
  }
  return shown;
}

Table rows_table(const SweptSpace& swept, const std::vector<SweepRow>& rows) {
  Table table;
  const auto axes = sweep_axes(swept.space.axes());
  const auto figures = shown_figures(swept.sweep);
  for (const SweepAxis& axis : axes) {
    if (axis.use == SweepAxis::Use::varied) {
      table.columns.push_back({axis.header, "", axis.is_number ? Align::right : Align::left, 0});
    }
  }
  int rank = 0;
  for (const RequestFigure& figure : figures) {
    table.columns.push_back({figure.words, figure.unit, Align::point, rank++});
  }
  table.columns.push_back({"room", "sequences", Align::right, rank});
  for (const SweepRow& row : rows) {
    std::vector<Cell> cells;
    for (const SweepAxis& axis : axes) {
      if (axis.use == SweepAxis::Use::varied) cells.emplace_back(axis.words(row.candidate));
    }
    for (const RequestFigure& figure : figures) {
      const double value = times_of(row, swept.sweep.question.reading).*figure.value;
      cells.emplace_back(value > 0 ? format_number(figure.scale * value) : "–");
    }
    const auto room = static_cast<std::int64_t>(row.estimate.most_sequences);
    cells.emplace_back(format_integer(room), row.estimate.fits ? Tone::plain : Tone::warning);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::string top_heading(const Sweep& sweep) {
  return fmt::format("The {} best by {}", sweep.top.size(), name(sweep.question.objective));
}

std::string front_heading(const Sweep& sweep) {
  std::vector<std::string> names;
  for (const explore::Objective& each : sweep.question.front) names.push_back(name(each));
  return fmt::format("The {} that no other point beats in all of {}", sweep.front.size(),
                     joined(names));
}

Json row_json(const SweptSpace& swept, const SweepRow& row) {
  Json out = Json::object();
  for (const SweepAxis& axis : sweep_axes(swept.space.axes())) {
    out[axis.key] = axis.json(row.candidate);
  }
  out["fits"] = row.estimate.fits;
  out["most_sequences"] = row.estimate.most_sequences;
  out.update(times_json(times_of(row, swept.sweep.question.reading)));
  out["floor"] = times_json(row.estimate.floor);
  out["bound"] = times_json(row.estimate.bound);
  if (row.estimate.expected) out["expected"] = expected_json(*row.estimate.expected);
  return out;
}

Json rows_json(const SweptSpace& swept, const std::vector<SweepRow>& rows) {
  Json all = Json::array();
  for (const SweepRow& row : rows) all.push_back(row_json(swept, row));
  return all;
}

template <class T>
Json list_json(const std::vector<T>& values) {
  Json all = Json::array();
  for (const T& value : values) all.push_back(value);
  return all;
}

template <class T>
Json names_json(const std::vector<T>& choices) {
  Json all = Json::array();
  for (const T& choice : choices) all.push_back(choice.name);
  return all;
}

Json inputs_json(const SweptSpace& swept) {
  const explore::Axes& axes = swept.space.axes();
  const explore::SweepQuestion& question = swept.sweep.question;
  const explore::Candidate first = swept.space.point(0);
  Json inputs{{"models", names_json(axes.models)},     {"devices", names_json(axes.devices)},
              {"mode", name(question.reading)},        {"subject", subject_words(question.subject)},
              {"objective", name(question.objective)}, {"top", question.top}};
  inputs["pareto"] = Json::array();
  for (const explore::Objective& each : question.front) inputs["pareto"].push_back(name(each));
  for (const SweepAxis& axis : sweep_axes(axes)) {
    if (axis.use == SweepAxis::Use::common && !inputs.contains(axis.key))
      inputs[axis.key] = axis.json(first);
  }
  inputs["batch"] = list_json(axes.batch);
  inputs["input"] = list_json(axes.input);
  inputs["output"] = list_json(axes.output);
  inputs["max_num_batched_tokens"] = list_json(axes.max_num_batched_tokens);
  add_engine(inputs, first.question.execution.engine);
  return inputs;
}

void add_csv_rows(const SweptSpace& swept, const std::vector<SweepRow>& rows, const char* list,
                  Table& table) {
  for (const SweepRow& row : rows) {
    std::vector<Cell> cells{Cell(list)};
    for (const SweepAxis& axis : sweep_axes(swept.space.axes())) {
      const Json value = axis.json(row.candidate);
      cells.emplace_back(value.is_string() ? value.get<std::string>() : value.dump());
    }
    cells.emplace_back(row.estimate.fits ? "true" : "false");
    cells.emplace_back(format_exact(row.estimate.most_sequences));
    for (const RequestFigure& figure : kRequestFigures) {
      cells.emplace_back(format_exact(times_of(row, swept.sweep.question.reading).*figure.value));
    }
    table.rows.push_back(std::move(cells));
  }
}

}  // namespace

std::string to_text(const SweptSpace& swept, const Terminal& terminal) {
  const Sweep& sweep = swept.sweep;
  std::string out = bold(wrapped(headline(swept), terminal), terminal);
  out += wrapped(counts_sentence(swept), terminal);
  if (!sweep.top.empty()) {
    out += "\n" + wrapped(top_heading(sweep), terminal);
    out += to_text(rows_table(swept, sweep.top), terminal);
  }
  if (!sweep.front.empty()) {
    out += "\n" + wrapped(front_heading(sweep), terminal);
    out += to_text(rows_table(swept, sweep.front), terminal);
  }
  if (!sweep.left_out.empty()) {
    out += "\n" + listed("Left out", left_out_sentences(sweep), terminal);
  }
  return out + "\n" + listed("Assumptions", sweep.assumptions, terminal);
}

std::string to_json(const SweptSpace& swept) {
  const Sweep& sweep = swept.sweep;
  Json document = envelope("sweep", inputs_json(swept), sweep.assumptions);
  document["points"] = swept.space.points();
  document["evaluated"] = sweep.counts.evaluated;
  document["fitting"] = sweep.counts.fitting;
  document["meeting"] = sweep.counts.meeting;
  document["complete"] = sweep.is_complete;
  document["results"] = rows_json(swept, sweep.top);
  document["pareto"] = rows_json(swept, sweep.front);
  document["left_out"] = Json::array();
  for (const explore::LeftOut& each : sweep.left_out) {
    document["left_out"].push_back({{"deployments", each.deployments},
                                    {"where", each.reason.where},
                                    {"reason", each.reason.what},
                                    {"help", each.reason.help}});
  }
  return dump(document);
}

std::string to_csv(const SweptSpace& swept) {
  Table table;
  table.columns.push_back({"list", "", Align::left, 0});
  for (const SweepAxis& axis : sweep_axes(swept.space.axes())) {
    table.columns.push_back({axis.key, "", Align::left, 0});
  }
  for (const char* key : {"fits", "most_sequences"}) {
    table.columns.push_back({key, "", Align::left, 0});
  }
  for (const RequestFigure& figure : kRequestFigures) {
    table.columns.push_back({figure.key, "", Align::left, 0});
  }
  add_csv_rows(swept, swept.sweep.top, "results", table);
  add_csv_rows(swept, swept.sweep.front, "pareto", table);
  return to_csv(table);
}

std::string to_markdown(const SweptSpace& swept) {
  const Sweep& sweep = swept.sweep;
  std::string out = fmt::format("# {}\n\n{}\n", escape_markdown(headline(swept)),
                                escape_markdown(counts_sentence(swept)));
  if (!sweep.top.empty()) {
    out +=
        fmt::format("\n## {}\n\n{}", top_heading(sweep), to_markdown(rows_table(swept, sweep.top)));
  }
  if (!sweep.front.empty()) {
    out += fmt::format("\n## {}\n\n{}", front_heading(sweep),
                       to_markdown(rows_table(swept, sweep.front)));
  }
  const auto list = [&](const char* heading, const std::vector<std::string>& sentences) {
    if (sentences.empty()) return;
    out += fmt::format("\n## {}\n\n", heading);
    for (const std::string& item : escaped(sentences)) out += fmt::format("- {}\n", item);
  };
  list("Left out", left_out_sentences(sweep));
  list("Assumptions", sweep.assumptions);
  return out;
}

}  // namespace ridgepoint::report
