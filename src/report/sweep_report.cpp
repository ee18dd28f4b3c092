// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/sweep_report.hpp"

#include <fmt/format.h>

#include "report/answer_words.hpp"
#include "report/inputs_json.hpp"
#include "report/request_figures.hpp"
#include "report/space_json.hpp"
#include "report/sweep_axes.hpp"
#include "report/sweep_grids.hpp"
#include "report/sweep_histogram.hpp"
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

Json grid_json(const SweptSpace& swept, const explore::SweepGrid& grid) {
  const std::vector<explore::Axis>& axes = grid.grid.axes;
  Json cells = Json::array();
  for (std::size_t i = 0; i < grid.cells.size(); ++i) {
    const explore::SweepCell& cell = grid.cells[i];
    Json one = Json::object();
    std::uint64_t rest = i;
    for (std::size_t j = 0; j < axes.size(); ++j) {
      const char* key = !grid.grid.is_map() ? "value" : j == 0 ? "x" : "y";
      one[key] = axis_value_json(swept.space.axes(), axes[j], rest % swept.space.size(axes[j]));
      rest /= swept.space.size(axes[j]);
    }
    one["region"] = name(cell.region);
    one["evaluated"] = cell.found.evaluated;
    one["fitting"] = cell.found.fitting;
    one["meeting"] = cell.found.meeting;
    if (cell.best) one["best"] = row_json(swept, *cell.best);
    cells.push_back(std::move(one));
  }
  Json out = Json::object();
  if (grid.grid.is_map()) {
    out["x"] = facts(axes[0]).key;
    out["y"] = facts(axes[1]).key;
  } else {
    out["axis"] = facts(axes[0]).key;
  }
  out["cells"] = std::move(cells);
  return out;
}

void add_grids(const SweptSpace& swept, Json& document) {
  document["groups"] = Json::array();
  for (const explore::SweepGrid& grid : swept.sweep.grids) {
    if (grid.grid.is_map()) {
      document["heatmap"] = grid_json(swept, grid);
    } else {
      document["groups"].push_back(grid_json(swept, grid));
    }
  }
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
  if (axes.has_speculation()) {
    add_speculation(inputs, axes.rest.speculation);
    inputs["num_speculative_tokens"] = Json(axes.speculative_tokens);
  }
  add_engine(inputs, first.question.execution.engine);
  return inputs;
}

/// Where a point is and its figures.
std::vector<Cell> csv_cells(const SweptSpace& swept, const SweepRow& row) {
  std::vector<Cell> cells;
  for (const SweepAxis& axis : sweep_axes(swept.space.axes())) {
    cells.emplace_back(field_text(axis.json(row.candidate)));
  }
  cells.emplace_back(row.estimate.fits ? "true" : "false");
  cells.emplace_back(format_exact(row.estimate.most_sequences));
  for (const RequestFigure& figure : kRequestFigures) {
    cells.emplace_back(
        format_exact(times_of(row.estimate, swept.sweep.question.reading).*figure.value));
  }
  return cells;
}

/// A line of a list; cells that it has not are empty.
void add_csv_line(const char* list, std::vector<Cell> cells, Table& table) {
  cells.insert(cells.begin(), Cell(list));
  cells.resize(table.columns.size());
  table.rows.push_back(std::move(cells));
}

void add_csv_rows(const SweptSpace& swept, const std::vector<SweepRow>& rows, const char* list,
                  Table& table) {
  for (const SweepRow& row : rows) add_csv_line(list, csv_cells(swept, row), table);
}

/// The best point of each cell, and behind the columns of points where the cell is.
void add_csv_grid(const SweptSpace& swept, const explore::SweepGrid& grid, Table& table) {
  const std::vector<explore::Axis>& axes = grid.grid.axes;
  constexpr std::size_t kOfCells = 7;
  const std::size_t of_points = table.columns.size() - 1 - kOfCells;
  for (std::size_t i = 0; i < grid.cells.size(); ++i) {
    const explore::SweepCell& cell = grid.cells[i];
    std::vector<Cell> cells =
        cell.best ? csv_cells(swept, *cell.best) : std::vector<Cell>(of_points);
    const std::uint64_t width = swept.space.size(axes[0]);
    const bool is_map = grid.grid.is_map();
    const auto value = [&](explore::Axis axis, std::uint64_t at) {
      return field_text(axis_value_json(swept.space.axes(), axis, at));
    };
    cells.emplace_back(std::string(facts(axes[0]).key) +
                       (is_map ? "," + std::string(facts(axes[1]).key) : ""));
    cells.emplace_back(value(axes[0], i % width));
    cells.emplace_back(is_map ? value(axes[1], i / width) : "");
    cells.emplace_back(std::string(name(cell.region)));
    for (const std::uint64_t count :
         {cell.found.evaluated, cell.found.fitting, cell.found.meeting}) {
      cells.emplace_back(std::to_string(count));
    }
    add_csv_line(is_map ? "heatmap" : "group", std::move(cells), table);
  }
}

/// A table of its own would be another file: columns of other lists stay empty.
void add_csv_histogram(const Sweep& sweep, Table& table) {
  const std::size_t before = table.columns.size() - 4;
  for (std::size_t bin = 0; bin < sweep.histogram.size(); ++bin) {
    if (sweep.histogram[bin] == 0) continue;
    const explore::BinEdges edges = explore::edges_of(bin);
    std::vector<Cell> cells(before);
    cells.emplace_back(format_exact(edges.from));
    cells.emplace_back(format_exact(edges.to));
    cells.emplace_back(std::to_string(sweep.histogram[bin]));
    add_csv_line("histogram", std::move(cells), table);
  }
}

void add_csv_columns(Table& table, std::initializer_list<const char*> keys) {
  for (const char* key : keys) table.columns.push_back({key, "", Align::left, 0});
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
  for (const explore::SweepGrid& grid : sweep.grids) {
    out += "\n" + wrapped(grid_heading(swept, grid), terminal);
    out += grid.grid.is_map() ? map_text(swept, grid, terminal)
                              : to_text(cells_table(swept, grid), terminal);
  }
  if (sweep.question.histogram && sweep.counts.meeting > 0) {
    out += "\n" + wrapped(histogram_heading(sweep), terminal);
    out += histogram_text(sweep, terminal);
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
  add_grids(swept, document);
  if (sweep.question.histogram) document["histogram"] = histogram_json(sweep);
  document["left_out"] = left_out_json(sweep.left_out);
  return dump(document);
}

std::string to_csv(const SweptSpace& swept) {
  Table table;
  table.columns.push_back({"list", "", Align::left, 0});
  for (const SweepAxis& axis : sweep_axes(swept.space.axes())) {
    table.columns.push_back({axis.key, "", Align::left, 0});
  }
  add_csv_columns(table, {"fits", "most_sequences"});
  for (const RequestFigure& figure : kRequestFigures) {
    table.columns.push_back({figure.key, "", Align::left, 0});
  }
  add_csv_rows(swept, swept.sweep.top, "results", table);
  add_csv_rows(swept, swept.sweep.front, "pareto", table);
  if (!swept.sweep.grids.empty()) {
    add_csv_columns(table, {"axes", "x", "y", "region", "evaluated", "fitting", "meeting"});
  }
  for (const explore::SweepGrid& grid : swept.sweep.grids) add_csv_grid(swept, grid, table);
  if (swept.sweep.question.histogram) {
    add_csv_columns(table, {"from", "to", "count"});
    add_csv_histogram(swept.sweep, table);
  }
  for (auto& row : table.rows) row.resize(table.columns.size());
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
  for (const explore::SweepGrid& grid : sweep.grids) {
    const Table table = grid.grid.is_map() ? map_table(swept, grid) : cells_table(swept, grid);
    out += fmt::format("\n## {}\n\n{}", grid_heading(swept, grid), to_markdown(table));
    if (grid.grid.is_map()) out += "\n" + escape_markdown(legend_sentence(swept, grid)) + "\n";
  }
  if (sweep.question.histogram && sweep.counts.meeting > 0) {
    out += fmt::format("\n## {}\n\n{}\n{}\n", histogram_heading(sweep),
                       to_markdown(histogram_table(sweep)),
                       escape_markdown(percentiles_sentence(sweep)));
  }
  out += markdown_section("Left out", left_out_sentences(sweep.left_out));
  return out + markdown_section("Assumptions", sweep.assumptions);
}

}  // namespace ridgepoint::report
