// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "report/band_words.hpp"
#include "report/roofline_words.hpp"
#include "report/scale.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {

using predict::Analysis;
using predict::ExpectedTime;
using predict::OperatorAnalysis;
using predict::StepAnalysis;

namespace {

/// What one column of figures needs of an operator.
using Field = double (*)(const OperatorAnalysis&);

std::vector<double> values(const StepAnalysis& step, Field field) {
  std::vector<double> result;
  result.reserve(step.operators.size());
  for (const OperatorAnalysis& one : step.operators) result.push_back(field(one));
  return result;
}

double sum(const std::vector<double>& parts) {
  double total = 0;
  for (const double part : parts) total += part;
  return total;
}

double flops_of(const OperatorAnalysis& one) { return one.flops.to_double(); }
double weights_of(const OperatorAnalysis& one) { return one.weight_bytes.to_double(); }
double activations_of(const OperatorAnalysis& one) { return one.activation_bytes.to_double(); }
double kv_of(const OperatorAnalysis& one) { return one.kv_bytes.to_double(); }
double state_of(const OperatorAnalysis& one) { return one.state_bytes.to_double(); }
double network_of(const OperatorAnalysis& one) { return one.network_bytes.to_double(); }
double time_of(const OperatorAnalysis& one) { return one.time_s; }

/// Kernels are told by what they run, or by whose they are.
Cell kernel_cell(const OperatorAnalysis& one) {
  const predict::OperatorExpectation& expected = *one.expected;
  const bool is_own = !expected.source.empty();
  return {expected.kernel, is_own ? Tone::plain : Tone::faint};
}

Cell efficiency_cell(const OperatorAnalysis& one) {
  const double efficiency = one.expected->efficiency();
  return efficiency > 0 ? Cell(percent(efficiency)) : Cell("–", Tone::faint);
}

/// Appends a column of figures in their own unit, with their sum.
void add_figures(Table& table, const StepAnalysis& step, Column column, Field field,
                 Scale (*scale_of)(const std::vector<double>&)) {
  const std::vector<double> figures = values(step, field);
  const Scale scale = scale_of(figures);
  column.unit = scale.unit;
  column.align = Align::point;
  table.columns.push_back(std::move(column));
  for (std::size_t i = 0; i < figures.size(); ++i) {
    table.rows[i].push_back({scale.show(figures[i]), figures[i] == 0 ? Tone::faint : Tone::plain});
  }
  table.totals[0].push_back(scale.show(sum(figures)));
}

/// Appends a column that has no sum.
template <class F>
void add_cells(Table& table, const StepAnalysis& step, Column column, F cell_of,
               std::string total = {}) {
  table.columns.push_back(std::move(column));
  for (std::size_t i = 0; i < step.operators.size(); ++i) {
    table.rows[i].push_back(cell_of(step.operators[i]));
  }
  table.totals[0].push_back(std::move(total));
}

constexpr std::string_view kExpected = "expected";

Scale expected_scale(const StepAnalysis& step) {
  std::vector<double> times;
  for (const OperatorAnalysis& one : step.operators) times.push_back(one.expected->time.seconds);
  return time_scale(times);
}

/// Expected times with their bands, and how much of them the bound is.
void add_expected(Table& table, const StepAnalysis& step) {
  const ExpectedTime& whole = *step.expected;
  const Scale scale = expected_scale(step);
  using One = const OperatorAnalysis&;
  add_cells(
      table, step, {std::string(kExpected), scale.unit, Align::point, 0},
      [&](One one) {
        const double seconds = one.expected->time.seconds;
        return Cell(scale.show(seconds), seconds > 0 ? Tone::plain : Tone::faint);
      },
      scale.show(whole.whole.seconds));
  add_cells(
      table, step, {"80 % band", scale.unit, Align::right, 2},
      [&](One one) {
        const auto& time = one.expected->time;
        return time.seconds > 0 ? Cell(band_words(time, scale)) : Cell("–", Tone::faint);
      },
      band_words(whole.whole, scale));
  add_cells(table, step, {"efficiency", "%", Align::point, 1}, efficiency_cell,
            percent(step.bound_s / whole.whole.seconds));
}

/// What a server does beside the operators, above the line of the whole step.
void add_parts_beside_operators(Table& table, const StepAnalysis& step) {
  const ExpectedTime& time = *step.expected;
  const Scale scale = expected_scale(step);
  const auto column = std::find_if(table.columns.begin(), table.columns.end(),
                                   [](const Column& one) { return one.header == kExpected; });
  const auto at = static_cast<std::size_t>(column - table.columns.begin());
  const auto add = [&](const char* name, double seconds) {
    if (!(seconds > 0)) return;
    std::vector<Cell> row(table.columns.size());
    row.front() = Cell(name);
    row[at] = Cell(scale.show(seconds));
    table.totals.insert(table.totals.end() - 1, std::move(row));
  };
  add("sampling", time.sampling_s);
  add("host", time.host_s);
}

}  // namespace

Table operator_table(const StepAnalysis& step) {
  Table table;
  table.rows.resize(step.operators.size());
  table.totals.resize(1);
  using One = const OperatorAnalysis&;
  add_cells(
      table, step, {"operator", "", Align::left, 0}, [](One one) { return Cell(one.name); },
      "step");
  add_cells(table, step, {"count", "", Align::right, 8},
            [](One one) { return Cell(format_integer(one.count)); });
  add_figures(table, step, {"FLOPs", "", Align::point, 3}, flops_of, flops_scale);
  add_figures(table, step, {"weights", "", Align::point, 5}, weights_of, bytes_scale);
  add_figures(table, step, {"activations", "", Align::point, 6}, activations_of, bytes_scale);
  add_figures(table, step, {"KV cache", "", Align::point, 7}, kv_of, bytes_scale);
  if (sum(values(step, state_of)) > 0) {
    add_figures(table, step, {"state", "", Align::point, 7}, state_of, bytes_scale);
  }
  if (sum(values(step, network_of)) > 0) {
    add_figures(table, step, {"network", "", Align::point, 6}, network_of, bytes_scale);
  }
  const double step_intensity = step.flops.to_double() / step.bytes.to_double();
  add_cells(
      table, step, {"intensity", "FLOP/B", Align::point, 1},
      [](One one) { return Cell(format_number(one.arithmetic_intensity)); },
      format_number(step_intensity));
  add_cells(table, step, {"ridge", "FLOP/B", Align::point, 4},
            [](One one) { return Cell(format_number(one.ridge_point)); });
  add_cells(table, step, {"bound", "", Align::left, 0},
            [](One one) { return Cell(std::string(limit_word(one.bound)), tone(one.bound)); });
  add_figures(table, step, {"time", "", Align::point, 0}, time_of, time_scale);
  add_cells(
      table, step, {"share", "%", Align::point, 0},
      [](One one) { return Cell(percent(one.share)); }, "100");
  if (step.expected) add_expected(table, step);
  if (step.crossover) {
    add_cells(table, step, {"compute-bound", "", Align::left, 2},
              [](One one) { return Cell(crossover_words(*one.crossover)); });
  }
  if (step.expected) {
    add_cells(table, step, {"kernel", "", Align::left, 9}, kernel_cell);
    add_parts_beside_operators(table, step);
  }
  return table;
}

Table step_table(const Analysis& analysis) {
  const auto any = [&](auto is) {
    return std::any_of(analysis.steps.begin(), analysis.steps.end(), is);
  };
  const bool is_expected = has_expected(analysis);
  const bool has_network = any([](const StepAnalysis& step) { return step.network_s > 0; });
  const bool has_crossovers =
      any([](const StepAnalysis& step) { return step.crossover.has_value(); });
  Table table{{{"step", "", Align::left, 0},
               {"floor", "ms", Align::point, 0},
               {"bound", "ms", Align::point, 0}},
              {},
              {}};
  if (is_expected) {
    table.columns.push_back({"expected", "ms", Align::point, 0});
    table.columns.push_back({"80 % band", "ms", Align::right, 0});
  }
  const std::vector<Column> further{
      {is_expected ? "throughput at the bound" : "throughput", "", Align::right, 0},
      {"limit", "", Align::left, 0},
      {"of the floor: compute", "ms", Align::point, 2},
      {"memory", "ms", Align::point, 3}};
  table.columns.insert(table.columns.end(), further.begin(), further.end());
  if (has_network) table.columns.push_back({"network", "ms", Align::point, 3});
  if (has_crossovers) table.columns.push_back({"compute-bound", "", Align::left, 1});
  const Scale ms{"ms", 1e-3};
  for (const StepAnalysis& step : analysis.steps) {
    std::vector<Cell> row{Cell(std::string(name(step.phase))), ms.show(step.floor_s),
                          ms.show(step.bound_s)};
    if (step.expected) {
      row.emplace_back(ms.show(step.expected->whole.seconds));
      row.emplace_back(band_words(step.expected->whole, ms));
    }
    row.emplace_back(rate_words(step));
    row.emplace_back(std::string(limit_word(step.limit)), tone(step.limit));
    row.emplace_back(ms.show(step.compute_s));
    row.emplace_back(ms.show(step.compulsory_memory_s));
    if (has_network) row.emplace_back(ms.show(step.network_s));
    if (has_crossovers) {
      row.emplace_back(step.crossover ? crossover_words(*step.crossover) : std::string());
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table batch_table(const Analysis& analysis) {
  const bool is_expected =
      !analysis.batch_curve.empty() && analysis.batch_curve.front().expected.has_value();
  Table table{{{"batch", "", Align::right, 0},
               {"floor", "ms", Align::point, is_expected ? 3 : 1},
               {"bound", "ms", Align::point, 0}},
              {},
              {}};
  if (is_expected) {
    table.columns.push_back({"expected", "ms", Align::point, 0});
    table.columns.push_back({"80 % band", "ms", Align::right, 1});
    table.columns.push_back({"throughput expected", "tokens/s", Align::right, 0});
  }
  const std::vector<Column> further{
      {is_expected ? "at the bound" : "throughput", "tokens/s", Align::right, is_expected ? 1 : 0},
      {"memory", "GiB", Align::point, 2},
      {"fits", "", Align::left, 0}};
  table.columns.insert(table.columns.end(), further.begin(), further.end());
  constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;
  const Scale ms{"ms", 1e-3};
  for (const predict::BatchPoint& point : analysis.batch_curve) {
    std::vector<Cell> row{Cell(format_integer(point.batch)), ms.show(point.floor_s),
                          ms.show(point.bound_s)};
    if (is_expected) {
      row.emplace_back(ms.show(point.expected->seconds));
      row.emplace_back(band_words(*point.expected, ms));
      row.emplace_back(format_number(point.expected_tokens_per_s()));
    }
    row.emplace_back(format_number(point.tokens_per_s));
    row.emplace_back(format_number(memory_bytes(analysis.memory, point.batch).to_double() / kGiB));
    row.push_back(point.fits ? Cell("yes") : Cell("no", Tone::warning));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace ridgepoint::report
