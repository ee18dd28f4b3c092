// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "report/comparison_words.hpp"
#include "report/request_figures.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {

using predict::ComparedDeployment;
using predict::Comparison;

namespace {

const std::string kNone = "–";  ///< in place of a figure that is not known, or none at all

/// The figures that some deployment has.
std::vector<ComparedFigure> shown_figures(const Comparison& comparison) {
  std::vector<ComparedFigure> shown = compared_figures();
  if (!has_expected(comparison)) {
    std::erase_if(shown, [](const ComparedFigure& figure) {
      return figure.reading == ComparedFigure::Reading::expected;
    });
  }
  return shown;
}

void add_columns(const std::vector<ComparedFigure>& figures, bool has_units, Table& table) {
  int rank = 0;
  for (const ComparedFigure& figure : figures) {
    table.columns.push_back({figure.words, has_units ? figure.unit : "", Align::point, rank++});
  }
}

}  // namespace

Table comparison_table(const Comparison& comparison) {
  Table table{{{"", "", Align::left, 0}, {"batch fits", "", Align::left, 2}}, {}, {}};
  const std::vector<ComparedFigure> figures = shown_figures(comparison);
  add_columns(figures, true, table);
  for (const ComparedDeployment& column : comparison.columns) {
    std::vector<Cell> row{Cell(column.name),
                          holds_batch(column) ? Cell("yes") : Cell("no", Tone::warning)};
    for (const ComparedFigure& figure : figures) {
      const double value = figure.value(column);
      row.emplace_back(value > 0 ? format_number(figure.scale * value) : kNone);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table band_table(const Comparison& comparison) {
  Table table{{{"80 % band of expected", "", Align::left, 0}}, {}, {}};
  if (!has_expected(comparison)) return table;
  constexpr std::array<std::size_t, 4> kBanded{0, 1, 3, 5};  // TTFT, TPOT, throughput, per device
  int rank = 0;
  for (const std::size_t i : kBanded) {
    const RequestFigure& figure = kRequestFigures[i];
    table.columns.push_back({figure.words, figure.unit, Align::right, rank++});
  }
  for (const ComparedDeployment& column : comparison.columns) {
    std::vector<Cell> row{Cell(column.name)};
    const auto& expected = column.estimate.expected;
    for (const std::size_t i : kBanded) {
      row.emplace_back(expected ? figure_band(kRequestFigures[i], *expected) : kNone);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table ratio_table(const Comparison& comparison) {
  Table table{{{"÷ " + comparison.base().name, "", Align::left, 0}}, {}, {}};
  const std::vector<ComparedFigure> figures = shown_figures(comparison);
  add_columns(figures, false, table);
  for (const ComparedDeployment& column : comparison.columns) {
    std::vector<Cell> row{Cell(column.name)};
    for (const ComparedFigure& figure : figures) {
      const double factor = ratio(figure, column, comparison.base());
      row.emplace_back(factor > 0 ? format_number(factor) : kNone);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace ridgepoint::report
