// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/roofline_words.hpp"
#include "report/text.hpp"
#include "ridgepoint/report/roofline_report.hpp"

namespace ridgepoint::report {

using predict::Analysis;
using predict::OperatorAnalysis;
using predict::StepAnalysis;

std::string to_text(const Analysis& analysis, const Terminal& terminal) {
  const auto heading = [&](const std::string& words) {
    return "\n" + bold(spelled(words, terminal), terminal) + "\n";
  };
  std::string out = bold(wrapped(model_on_device(analysis), terminal), terminal);
  out += wrapped(setting(analysis), terminal);
  for (const StepAnalysis& step : analysis.steps) out += wrapped(step_sentence(step), terminal);
  for (const StepAnalysis& step : analysis.steps) {
    out += wrapped(further_sentence(step), terminal);
  }
  out += wrapped(memory_sentence(analysis), terminal);
  for (const StepAnalysis& step : analysis.steps) {
    out += heading(phase_title(step.phase) + ", operator by operator");
    out += to_text(operator_table(step), terminal);
  }
  out += heading("Steps") + to_text(step_table(analysis), terminal);
  if (!analysis.batch_curve.empty()) {
    out += heading("Decode by batch") + to_text(batch_table(analysis), terminal);
  }
  return out + "\n" + listed("Assumptions", analysis.assumptions, terminal);
}

std::string to_markdown(const Analysis& analysis) {
  std::string out = fmt::format("# {}\n\n", escape_markdown(model_on_device(analysis)));
  out += escape_markdown(setting(analysis)) + "\n\n";
  const auto item = [](const std::string& sentence) {
    return fmt::format("- {}\n", escape_markdown(sentence));
  };
  for (const StepAnalysis& step : analysis.steps) {
    out += item(step_sentence(step) + " " + further_sentence(step));
  }
  out += item(memory_sentence(analysis));
  for (const StepAnalysis& step : analysis.steps) {
    out += fmt::format("\n## {}\n\n", phase_title(step.phase)) + to_markdown(operator_table(step));
  }
  out += "\n## Steps\n\n" + to_markdown(step_table(analysis));
  if (!analysis.batch_curve.empty()) {
    out += "\n## Decode by batch\n\n" + to_markdown(batch_table(analysis));
  }
  out += "\n## Assumptions\n\n";
  for (const std::string& sentence : analysis.assumptions) out += item(sentence);
  out += "\n## Sources\n\n";
  for (const SourcedFigure& figure : figures_in_use(analysis)) {
    out += item(fmt::format("{} {}: {}", figure.name, figure.value, figure.source));
  }
  return out;
}

std::string to_csv(const Analysis& analysis) {
  Table table;
  for (const char* key : {"phase",
                          "name",
                          "count",
                          "compute_type",
                          "flops",
                          "weight_bytes",
                          "activation_bytes",
                          "kv_bytes",
                          "state_bytes",
                          "network_bytes",
                          "arithmetic_intensity",
                          "ridge_point",
                          "bound",
                          "time_s",
                          "share",
                          "utilisation",
                          "crossover",
                          "crossover_batch",
                          "expected_s",
                          "expected_low_s",
                          "expected_high_s",
                          "efficiency",
                          "expected_kernel",
                          "expected_from"}) {
    table.columns.push_back({key, "", Align::left, 0});
  }
  for (const StepAnalysis& step : analysis.steps) {
    for (const OperatorAnalysis& one : step.operators) {
      table.rows.push_back({std::string(name(one.phase)), one.name, fmt::format("{}", one.count),
                            std::string(name(one.compute_type)), exact(one.flops),
                            exact(one.weight_bytes), exact(one.activation_bytes),
                            exact(one.kv_bytes), exact(one.state_bytes), exact(one.network_bytes),
                            format_exact(one.arithmetic_intensity), format_exact(one.ridge_point),
                            std::string(name(one.bound)), format_exact(one.time_s),
                            format_exact(one.share), format_exact(one.utilisation),
                            one.crossover ? std::string(crossover_key(*one.crossover)) : "",
                            one.crossover ? fmt::format("{}", one.crossover->batch) : ""});
      const predict::OperatorExpectation expected =
          one.expected.value_or(predict::OperatorExpectation{});
      std::vector<Cell>& row = table.rows.back();
      for (const double value :
           {expected.time.seconds, expected.time.low, expected.time.high, expected.efficiency()}) {
        row.emplace_back(format_exact(value));
      }
      row.emplace_back(expected.kernel);
      row.emplace_back(expected.source);
    }
  }
  return to_csv(table);
}

}  // namespace ridgepoint::report
