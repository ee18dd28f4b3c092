// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/sweep_report.hpp"

#include <fmt/format.h>

#include "report/answer_words.hpp"
#include "report/inputs_json.hpp"
#include "report/request_figures.hpp"
#include "report/space_json.hpp"
#include "report/sweep_axes.hpp"
#include "report/sweep_words.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using explore::Sweep;
using explore::SweepRow;

Json row_json(const SweptSpace& swept, const SweepRow& row) {
  Json out = candidate_json(swept.space.axes(), row.candidate);
  out["fits"] = row.estimate.fits;
  out["most_sequences"] = row.estimate.most_sequences;
  out.update(times_json(times_of(row.estimate, swept.sweep.question.reading)));
  out["floor"] = times_json(row.estimate.floor);
  out["bound"] = times_json(row.estimate.bound);
  if (row.estimate.expected) out["expected"] = expected_json(*row.estimate.expected);
  return out;
}

Json rows_json(const SweptSpace& swept, const std::vector<SweepRow>& rows) {
  return array_of(rows, [&](const SweepRow& row) { return row_json(swept, row); });
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
  inputs["batch"] = Json(axes.batch);
  inputs["input"] = Json(axes.input);
  inputs["output"] = Json(axes.output);
  inputs["max_num_batched_tokens"] = Json(axes.max_num_batched_tokens);
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
      cells.emplace_back(
          format_exact(times_of(row.estimate, swept.sweep.question.reading).*figure.value));
    }
    table.rows.push_back(std::move(cells));
  }
}

}  // namespace

std::string to_text(const SweptSpace& swept, const Terminal& terminal) {
  const Sweep& sweep = swept.sweep;
  std::string out = bold(wrapped(sweep_headline(swept), terminal), terminal);
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
    out += "\n" + listed("Left out", left_out_sentences(sweep.left_out), terminal);
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
  document["left_out"] = left_out_json(sweep.left_out);
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
  std::string out = fmt::format("# {}\n\n{}\n", escape_markdown(sweep_headline(swept)),
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
  list("Left out", left_out_sentences(sweep.left_out));
  list("Assumptions", sweep.assumptions);
  return out;
}

}  // namespace ridgepoint::report
