// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/comparison_report.hpp"

#include <fmt/format.h>

#include "report/answer_words.hpp"
#include "report/band_words.hpp"
#include "report/comparison_words.hpp"
#include "report/fit_json.hpp"
#include "report/inputs_json.hpp"
#include "report/request_figures.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using predict::ComparedDeployment;
using predict::Comparison;

Json column_inputs(const ComparedDeployment& column) {
  const auto& request = column.estimate.question;
  Json inputs = deployment_inputs(column.estimate.architecture, column.estimate.device,
                                  request.execution.parallelism, request.execution.precision);
  inputs["input"] = request.input;
  inputs["output"] = request.output;
  inputs["batch"] = request.batch;
  inputs["context"] = column.estimate.decode_context;
  inputs["max_model_len"] = column.memory.question.max_model_len;
  inputs["max_num_batched_tokens"] = request.max_num_batched_tokens;
  add_engine(inputs, request.execution.engine);
  add_resolved(inputs, column.estimate.architecture, column.estimate.device);
  return inputs;
}

Json column_json(const ComparedDeployment& column, const ComparedDeployment& base) {
  Json out{{"name", column.name}, {"inputs", column_inputs(column)}};
  add_memory(out, column.memory);
  out["holds_batch"] = holds_batch(column);
  out["floor"] = times_json(column.estimate.floor);
  out["bound"] = times_json(column.estimate.bound);
  if (column.estimate.expected) {
    out["expected"] = expected_json(*column.estimate.expected);
    out["expected_from"] = sources_json(column.estimate.sources);
  }
  out["limits"] = limits_json(column.estimate);
  out["parts"] = {{"ttft", parts_json(column.estimate.ttft_parts)},
                  {"tpot", parts_json(column.estimate.tpot_parts)}};
  out["ratios"] = Json::object();
  for (const ComparedFigure& figure : compared_figures()) {
    out["ratios"][figure.key] = ratio(figure, column, base);
  }
  return out;
}

}  // namespace

std::string to_text(const Comparison& comparison, const Terminal& terminal) {
  std::string out = bold(wrapped(comparison_headline(comparison), terminal), terminal);
  for (const std::string& sentence : best_sentences(comparison)) {
    out += wrapped(sentence, terminal);
  }
  out += "\n" + to_text(comparison_table(comparison), terminal) + "\n";
  if (has_expected(comparison)) out += to_text(band_table(comparison), terminal) + "\n";
  out += to_text(ratio_table(comparison), terminal) + "\n";
  out += listed("Why", reasons(comparison), terminal) + "\n";
  if (!comparison.left_out.empty()) {
    out += listed("Left out", left_out_sentences(comparison), terminal) + "\n";
  }
  return out + listed("Assumptions", comparison.assumptions, terminal);
}

std::string to_explanation(const Comparison& comparison, const Terminal& terminal) {
  std::vector<std::string> lines;
  for (const ComparedDeployment& column : comparison.columns) {
    std::vector<std::string> parts;
    for (const TimePart& part : kTimeParts) {
      const double seconds = column.estimate.tpot_parts.*part.value;
      if (seconds > 0) {
        parts.push_back(
            fmt::format("{} {}", part.words, format_time(Seconds(seconds), 3, terminal.charset)));
      }
    }
    lines.push_back(
        fmt::format("{}: TPOT {} = {}", column.name,
                    format_time(Seconds(column.estimate.bound.tpot_s), 3, terminal.charset),
                    fmt::join(parts, " + ")));
  }
  for (const ComparedDeployment& column : comparison.columns) {
    const auto& expected = column.estimate.expected;
    if (!expected) continue;
    lines.push_back(fmt::format("{}: TPOT expected {} = {}", column.name,
                                with_band(expected->tpot.whole),
                                composition_words(expected->tpot, terminal.charset)));
  }
  lines.emplace_back(
      "parts are those of the bound: Σ over operators of max(compute, memory, network)");
  lines.emplace_back("`fit` and `estimate` with --explain show each deployment's own formulas");
  return listed("What a token waits for", lines, terminal);
}

std::string to_json(const Comparison& comparison) {
  Json names = Json::array();
  for (const ComparedDeployment& column : comparison.columns) names.push_back(column.name);
  Json document = envelope("compare", {{"deployments", std::move(names)}}, comparison.assumptions);
  document["base"] = comparison.base().name;
  document["columns"] = Json::array();
  for (const ComparedDeployment& column : comparison.columns) {
    document["columns"].push_back(column_json(column, comparison.base()));
  }
  document["reasons"] = reasons(comparison);
  document["left_out"] = left_out_sentences(comparison);
  return dump(document);
}

std::string to_csv(const Comparison& comparison) {
  Table table{{{"name", "", Align::left, 0}, {"holds_batch", "", Align::left, 0}}, {}, {}};
  for (const ComparedFigure& figure : compared_figures()) {
    table.columns.push_back({figure.key, "", Align::left, 0});
  }
  for (const ComparedFigure& figure : compared_figures()) {
    table.columns.push_back({fmt::format("{}_ratio", figure.key), "", Align::left, 0});
  }
  for (const ComparedDeployment& column : comparison.columns) {
    std::vector<Cell> row{Cell(column.name), Cell(holds_batch(column) ? "true" : "false")};
    for (const ComparedFigure& figure : compared_figures()) {
      row.emplace_back(format_exact(figure.value(column)));
    }
    for (const ComparedFigure& figure : compared_figures()) {
      row.emplace_back(format_exact(ratio(figure, column, comparison.base())));
    }
    table.rows.push_back(std::move(row));
  }
  return to_csv(table);
}

std::string to_markdown(const Comparison& comparison) {
  std::string out = fmt::format("# {}\n\n", escape_markdown(comparison_headline(comparison)));
  const auto list = [&](const std::vector<std::string>& sentences) {
    for (const std::string& item : escaped(sentences)) out += fmt::format("- {}\n", item);
  };
  list(best_sentences(comparison));
  out += "\n" + to_markdown(comparison_table(comparison)) + "\n";
  if (has_expected(comparison)) out += to_markdown(band_table(comparison)) + "\n";
  out += to_markdown(ratio_table(comparison)) + "\n## Why\n\n";
  list(reasons(comparison));
  if (!comparison.left_out.empty()) out += "\n## Left out\n\n";
  list(left_out_sentences(comparison));
  out += "\n## Assumptions\n\n";
  list(comparison.assumptions);
  return out;
}

}  // namespace ridgepoint::report
