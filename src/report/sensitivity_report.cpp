// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/sensitivity_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/answer_words.hpp"
#include "report/envelope.hpp"
#include "report/page_words.hpp"
#include "report/parameter_words.hpp"
#include "report/request_figures.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using predict::Elasticity;
using predict::Method;
using predict::ParameterSensitivity;
using predict::RequestTimes;
using predict::Sensitivity;

/// How a figure that elasticities are of is called.
const RequestFigure& words_of(double RequestTimes::* figure) {
  return *std::find_if(kRequestFigures.begin(), kRequestFigures.end(),
                       [&](const RequestFigure& one) { return one.value == figure; });
}

/// Those of kSensitiveFigures that are known: cost without a price is not.
std::vector<double RequestTimes::*> figures_of(const Sensitivity& answer) {
  std::vector<double RequestTimes::*> known;
  for (double RequestTimes::* figure : predict::kSensitiveFigures) {
    if (answer.times().*figure > 0) known.push_back(figure);
  }
  return known;
}

std::string signed_number(double value) {
  constexpr double kShown = 0.0005;
  if (std::fabs(value) < kShown) return "0";
  return fmt::format("{}{:.3f}", value < 0 ? "−" : "+", std::fabs(value));
}

/// "−0.930"; at a kink "−1.000 | 0"; of a difference "~−0.930".
std::string cell_words(const Elasticity& elasticity) {
  const std::string more = signed_number(elasticity.more);
  if (elasticity.method == Method::difference) return "~" + more;
  return elasticity.is_kink() ? fmt::format("{} | {}", signed_number(elasticity.less), more) : more;
}

/// "exact", "exact, ~ difference", "kink".
std::string method_words(const ParameterSensitivity& row, const Sensitivity& answer) {
  const auto figures = figures_of(answer);
  const auto has = [&](auto is) {
    return std::any_of(figures.begin(), figures.end(),
                       [&](double RequestTimes::* figure) { return is(row.of(figure)); });
  };
  const bool has_exact = has([](const Elasticity& one) { return one.method == Method::exact; });
  if (!has_exact) return "difference";
  if (has([](const Elasticity& one) { return one.method == Method::difference; })) {
    return "exact, ~ difference";
  }
  return has([](const Elasticity& one) { return one.is_kink(); }) ? "kink" : "exact";
}

std::string setting(const Sensitivity& answer) {
  return fmt::format("{}; {} times of a static batch", estimate_sentences(answer.estimate).front(),
                     name(answer.reading));
}

/// "1 % more memory_bandwidth gives 0.98 % less".
std::string effect_words(const ParameterSensitivity& row, double RequestTimes::* figure) {
  const double effect = row.of(figure).more;
  return fmt::format("1 % more {} gives {} % {}", row.parameter.name,
                     format_number(std::fabs(effect)), effect < 0 ? "less" : "more");
}

/// What of a group changes a figure most, the largest first; those that change it noticeably.
std::vector<const ParameterSensitivity*> strongest(const Sensitivity& answer,
                                                   std::string_view group,
                                                   double RequestTimes::* figure) {
  constexpr double kNoticeable = 0.01;
  std::vector<const ParameterSensitivity*> rows;
  for (const ParameterSensitivity& row : answer.parameters) {
    const bool counts = std::fabs(row.of(figure).more) >= kNoticeable;
    if (group_name(row.parameter) == group && counts) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(), [&](const auto* a, const auto* b) {
    return std::fabs(a->of(figure).more) > std::fabs(b->of(figure).more);
  });
  return rows;
}

/// "TPOT 14.2 ms: 1 % more memory_bandwidth gives 0.93 % less, 1 % more bf16_peak 0.07 % less."
std::string time_sentence(const Sensitivity& answer, double RequestTimes::* figure) {
  std::vector<std::string> effects;
  for (const ParameterSensitivity* row : strongest(answer, "device", figure)) {
    effects.push_back(effect_words(*row, figure));
  }
  return fmt::format("{} {}: {}.", words_of(figure).words,
                     format_time(Seconds(answer.times().*figure)),
                     effects.empty() ? "no figure of the device changes it" : joined(effects));
}

/// What helps throughput most, of each group.
std::string help_sentence(const Sensitivity& answer) {
  constexpr auto kFigure = &RequestTimes::throughput_tokens_per_s;
  std::vector<std::string> helps;
  for (const char* group : {"device", "request", "model"}) {
    const auto rows = strongest(answer, group, kFigure);
    if (rows.empty()) continue;
    const double effect = rows.front()->of(kFigure).more;
    helps.push_back(fmt::format("of the {} {} (+{} % for 1 % {})", group,
                                rows.front()->parameter.name, format_number(std::fabs(effect)),
                                effect < 0 ? "less" : "more"));
  }
  return fmt::format("Throughput {} tokens/s; what helps it most: {}.",
                     format_number(answer.times().throughput_tokens_per_s), joined(helps));
}

std::string kink_sentence(const Sensitivity& answer) {
  std::vector<std::string> names;
  for (const ParameterSensitivity& row : answer.parameters) {
    if (method_words(row, answer) == "kink") names.push_back(row.parameter.name);
  }
  if (names.empty()) return {};
  return fmt::format(
      "At a kink, where something else takes over: {}; of two figures the first is for less of it, "
      "the second for more.",
      joined(names));
}

std::vector<std::string> sentences(const Sensitivity& answer) {
  std::vector<std::string> all{setting(answer), time_sentence(answer, &RequestTimes::tpot_s),
                               time_sentence(answer, &RequestTimes::ttft_s), help_sentence(answer),
                               kink_sentence(answer)};
  std::erase(all, "");
  return all;
}

Table group_table(const Sensitivity& answer, const char* group) {
  Table table{{{group, "", Align::left, 0}, {"is", "", Align::right, 0}}, {}, {}};
  const auto figures = figures_of(answer);
  int rank = 0;
  for (double RequestTimes::* figure : figures) {
    const bool is_first = figure == &RequestTimes::ttft_s || figure == &RequestTimes::tpot_s;
    table.columns.push_back({words_of(figure).words, "", Align::right, is_first ? 0 : ++rank});
  }
  table.columns.push_back({"how", "", Align::left, 9});
  for (const ParameterSensitivity& row : answer.parameters) {
    if (group_name(row.parameter) != group) continue;
    std::vector<Cell> cells{Cell(row.parameter.name),
                            Cell(value_words(row.parameter, row.parameter.value))};
    for (double RequestTimes::* figure : figures) cells.emplace_back(cell_words(row.of(figure)));
    cells.emplace_back(method_words(row, answer), Tone::faint);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::vector<Table> tables(const Sensitivity& answer) {
  std::vector<Table> all;
  for (const char* group : {"device", "request", "model"}) {
    all.push_back(group_table(answer, group));
    if (all.back().rows.empty()) all.pop_back();
  }
  return all;
}

constexpr const char* kLegend =
    "by how many percent a figure changes for 1 % more of the parameter";

Json elasticity_json(const Elasticity& one) {
  return {{"less", one.less},
          {"more", one.more},
          {"is_kink", one.is_kink()},
          {"method", name(one.method)}};
}

Json row_json(const ParameterSensitivity& row) {
  Json json{{"parameter", row.parameter.name}, {"group", group_name(row.parameter)},
            {"letter", row.parameter.letter},  {"value", row.parameter.value},
            {"unit", unit_key(row.parameter)}, {"elasticities", Json::object()}};
  for (double RequestTimes::* figure : predict::kSensitiveFigures) {
    json["elasticities"][words_of(figure).key] = elasticity_json(row.of(figure));
  }
  return json;
}

/// How the elasticities of times follow from what they wait for.
std::vector<std::string> time_lines(const Sensitivity& answer) {
  const auto& at = answer.estimate;
  if (answer.reading == predict::Reading::expected) return {};
  if (answer.reading == predict::Reading::floor) {
    return {
        "a floor is the largest of three sums, over compute, compulsory memory and network: "
        "elasticity to the rate of that one −1, to the others 0"};
  }
  return {parts_sentence("TPOT", at.tpot_parts), parts_sentence("TTFT", at.ttft_parts),
          "elasticity to a rate = −(time of the operators that wait for it) / time",
          "elasticity to a size = Σ of d ln of each operator's time / d ln size, weighted by its "
          "share; the larger of compute and memory counts"};
}

}  // namespace

std::vector<std::string> sensitivity_sentences(const Sensitivity& answer) {
  return sentences(answer);
}

std::vector<Table> sensitivity_tables(const Sensitivity& answer) { return tables(answer); }

std::string to_text(const Sensitivity& answer, const Terminal& terminal) {
  const auto& at = answer.estimate;
  std::string out = bold(wrapped(model_on_device(at.architecture, at.device), terminal), terminal);
  for (const std::string& sentence : sentences(answer)) out += wrapped(sentence, terminal);
  out += "\n" + wrapped(fmt::format("Elasticities: {}.", kLegend), terminal);
  for (const Table& table : tables(answer)) out += "\n" + to_text(table, terminal);
  return out + "\n" + listed("Assumptions", answer.assumptions, terminal);
}

std::string to_explanation(const Sensitivity& answer, const Terminal& terminal) {
  const RequestTimes& times = answer.times();
  const std::int64_t steps = answer.estimate.question.output - 1;
  const auto time = [&](double seconds) {
    return format_time(Seconds(seconds), 4, terminal.charset);
  };
  std::vector<std::string> lines{"elasticity = d ln figure / d ln parameter"};
  const auto more = time_lines(answer);
  lines.insert(lines.end(), more.begin(), more.end());
  lines.push_back(fmt::format(
      "E2EL = TTFT + (output − 1)·TPOT = {} + {}·{} = {}: its elasticities are theirs, weighted by "
      "{} % and {} %",
      time(times.ttft_s), steps, time(times.tpot_s), time(times.e2el_s),
      format_number(100 * times.ttft_s / times.e2el_s),
      format_number(100 * static_cast<double>(steps) * times.tpot_s / times.e2el_s)));
  lines.emplace_back(
      "throughput = batch · output / E2EL: −(that of E2EL), and +1 to batch and output; energy and "
      "cost: −(that of throughput), and +1 to power and price");
  return listed("Formulas", lines, terminal);
}

std::string to_json(const Sensitivity& answer) {
  Json inputs = estimate_inputs(answer.estimate);
  inputs["mode"] = name(answer.reading);
  Json document = envelope("sensitivity", std::move(inputs), answer.assumptions);
  document["times"] = times_json(answer.times());
  document["parameters"] = Json::array();
  for (const ParameterSensitivity& row : answer.parameters) {
    document["parameters"].push_back(row_json(row));
  }
  return dump(document);
}

std::string to_csv(const Sensitivity& answer) {
  Table table;
  for (const char* key :
       {"parameter", "group", "value", "unit", "figure", "less", "more", "is_kink", "method"}) {
    table.columns.push_back({key, "", Align::left, 0});
  }
  for (const ParameterSensitivity& row : answer.parameters) {
    for (double RequestTimes::* figure : predict::kSensitiveFigures) {
      const Elasticity& one = row.of(figure);
      table.rows.push_back({Cell(row.parameter.name), Cell(std::string(group_name(row.parameter))),
                            Cell(format_exact(row.parameter.value)),
                            Cell(std::string(unit_key(row.parameter))), Cell(words_of(figure).key),
                            Cell(format_exact(one.less)), Cell(format_exact(one.more)),
                            Cell(one.is_kink() ? "1" : "0"), Cell(std::string(name(one.method)))});
    }
  }
  return to_csv(table);
}

std::string to_markdown(const Sensitivity& answer) {
  const auto& at = answer.estimate;
  auto items = escaped(sentences(answer));
  items.push_back(fmt::format("Elasticities: {}.", kLegend));
  return markdown_answer(model_on_device(at.architecture, at.device), items, tables(answer),
                         answer.assumptions);
}

}  // namespace ridgepoint::report
