// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/inverse_report.hpp"

#include <fmt/format.h>

#include <cmath>

#include "report/answer_words.hpp"
#include "report/envelope.hpp"
#include "report/parameter_words.hpp"
#include "report/request_figures.hpp"
#include "report/shown_metric.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/explore/request_part.hpp"

namespace ridgepoint::report {
namespace {

using explore::Inverse;
using explore::Met;

std::string metric_words(const Inverse& answer, double value) {
  return shown(answer.question.goal.metric).show_with_unit(value);
}

/// What is left to wait for where no value will do.
std::string obstacle_words(const Inverse& answer) {
  const auto parts = waits_of(answer.at, answer.question.goal.metric);
  const bool has_parts = answer.question.reading == predict::Reading::bound && parts.total_s() > 0;
  return has_parts ? " " + parts_sentence("It then", parts) : std::string();
}

std::string never_sentence(const Inverse& answer) {
  const std::string_view metric = facts(answer.question.goal.metric).words;
  if (!answer.depends) return fmt::format("{} does not hang on {}.", metric, answer.unknown.name);
  const std::string where =
      answer.unknown.is_whole()
          ? "at " + value_words(answer.unknown, answer.nearest_value)
          : fmt::format("however {} it is",
                        answer.nearest_value > answer.unknown.value ? "large" : "small");
  return fmt::format("No {} will do: {} is {} at best, {}.{}", answer.unknown.name, metric,
                     metric_words(answer, answer.nearest_met), where, obstacle_words(answer));
}

std::string answer_sentence(const Inverse& answer) {
  const std::string name = answer.unknown.name;
  const std::string value = exact_words(answer.unknown, answer.value);
  switch (answer.met) {
    case Met::never:
      return never_sentence(answer);
    case Met::always:
      return fmt::format("Any {} will do.", name);
    case Met::from:
      return fmt::format("{} from {} on.", name, value);
    case Met::up_to:
      return fmt::format("{} up to {}.", name, value);
    case Met::between:
      break;
  }
  return fmt::format("{} from {} to {}.", name, value, exact_words(answer.unknown, answer.last));
}

std::string elsewhere_sentence(const Inverse& answer) {
  return answer.is_met_elsewhere ? "Other values, apart from these, meet it too." : "";
}

bool has_edge(const Inverse& answer) {
  return answer.met != Met::never && answer.met != Met::always;
}

std::string fit_sentence(const Inverse& answer) {
  if (answer.at.fits || !has_edge(answer)) return {};
  return fmt::format("Memory then holds {} such sequences: the batch does not fit.",
                     format_integer(std::llround(answer.at.most_sequences)));
}

std::vector<std::string> sentences(const Inverse& answer) {
  std::vector<std::string> all{
      fmt::format("{}: {}", answer.question.goal.text, answer_sentence(answer)),
      fmt::format("Now it is {}, and {} {} ({}).",
                  value_words(answer.unknown, answer.unknown.value),
                  facts(answer.question.goal.metric).words, metric_words(answer, answer.metric_now),
                  name(answer.question.reading)),
      elsewhere_sentence(answer), fit_sentence(answer)};
  std::erase(all, "");
  return all;
}

double metric_at(const Inverse& answer) {
  return value_of(answer.question.goal.metric, times_of(answer.at, answer.question.reading));
}

Table table_of(const Inverse& answer) {
  const auto row = [&](const char* what, double value, double metric) {
    return std::vector<Cell>{Cell(what), Cell(value_words(answer.unknown, value)),
                             Cell(metric_words(answer, metric))};
  };
  Table table{{{"", "", Align::left, 0},
               {answer.unknown.name, "", Align::right, 0},
               {std::string(facts(answer.question.goal.metric).words), "", Align::right, 0}},
              {row("now", answer.unknown.value, answer.metric_now)},
              {}};
  if (has_edge(answer)) {
    table.rows.push_back(
        row(answer.met == Met::up_to ? "up to" : "from", answer.value, metric_at(answer)));
  }
  return table;
}

using predict::OperatorCrossover;
using predict::OperatorPoint;
using roofline::Bound;

std::string wanted_words(const OperatorCrossover& answer) {
  return answer.question.wanted == Bound::compute_bound ? "compute-bound" : "memory-bound";
}

std::string bound_words(const OperatorPoint& point) {
  return point.bound() == Bound::compute_bound ? "compute-bound" : "memory-bound";
}

std::string unknown_words(const OperatorCrossover& answer, double value) {
  if (!answer.is_rate && std::floor(value) == value) return format_integer(std::llround(value));
  if (!answer.is_rate) return format_number(value, 4);
  const bool is_memory = answer.meaning == "memory_bandwidth";
  return is_memory ? format_bandwidth(BytesPerSecond(value), 5)
                   : format_compute_rate(FlopsPerSecond(value), 5);
}

std::string point_words(const OperatorCrossover& answer, const OperatorPoint& point) {
  return fmt::format("{} ({} FLOP/byte, {})", unknown_words(answer, point.value),
                     format_number(point.intensity), bound_words(point));
}

std::string legal_sentence(const OperatorCrossover& answer) {
  const auto side = [&](const char* where, const std::optional<OperatorPoint>& point) {
    return fmt::format("{} {}", where, point ? point_words(answer, *point) : "none");
  };
  return fmt::format("Nearest legal values: {}; {}.", side("before it", answer.below),
                     side("from it on", answer.above));
}

std::string crossover_sentence(const OperatorCrossover& answer) {
  const auto& question = answer.question;
  if (!answer.crossover) {
    return fmt::format(
        "{} is {} whatever {} is: {} FLOP/byte at {}, {} far beyond; the ridge is {}.", question.op,
        bound_words(answer.now), answer.meaning, format_number(answer.below->intensity),
        format_number(answer.below->value), format_number(answer.above->intensity),
        format_number(answer.now.ridge));
  }
  const std::string value = unknown_words(answer, *answer.crossover);
  if (answer.is_met()) {
    return fmt::format("{} is {} {} {} = {}{}.", question.op, wanted_words(answer),
                       answer.is_met_above() ? "from" : "up to", answer.meaning, value,
                       answer.is_met_above() ? " on" : "");
  }
  return fmt::format("No legal {} makes {} {}: it would take {}.", answer.meaning, question.op,
                     wanted_words(answer), value);
}

std::vector<std::string> sentences(const OperatorCrossover& answer) {
  std::vector<std::string> all{
      crossover_sentence(answer),
      fmt::format("In a {} step it does {} FLOP/byte at {} = {} and is {}; the ridge is {} "
                  "FLOP/byte.",
                  name(answer.question.phase), format_number(answer.now.intensity), answer.meaning,
                  unknown_words(answer, answer.now.value), bound_words(answer.now),
                  format_number(answer.now.ridge))};
  if (answer.crossover && !answer.is_rate) all.push_back(legal_sentence(answer));
  return all;
}

std::vector<std::string> formula_lines(const OperatorCrossover& answer) {
  std::vector<std::string> lines{fmt::format("intensity = {} FLOP/byte", answer.intensity)};
  if (!answer.solution.empty()) {
    lines.push_back(
        fmt::format("{} = {}, where intensity = ridge", answer.meaning, answer.solution));
  } else if (answer.crossover) {
    lines.push_back(
        fmt::format("{}: the first whole number on the other side, by bisection", answer.meaning));
  }
  std::string letters;
  for (const predict::Letter& one : answer.letters) {
    letters += fmt::format("{}{} = {} ({})", letters.empty() ? "" : ", ", one.symbol, one.value,
                           one.meaning);
  }
  lines.push_back(letters);
  return lines;
}

/// The rows of tables and CSV: where the operator stands at which value.
std::vector<std::pair<const char*, OperatorPoint>> points_of(const OperatorCrossover& answer) {
  std::vector<std::pair<const char*, OperatorPoint>> points{{"now", answer.now}};
  if (answer.below) points.emplace_back("below", *answer.below);
  if (answer.above) points.emplace_back("above", *answer.above);
  return points;
}

Table table_of(const OperatorCrossover& answer) {
  Table table{{{"", "", Align::left, 0},
               {answer.meaning, "", Align::right, 0},
               {"intensity", "FLOP/byte", Align::point, 0},
               {"ridge", "FLOP/byte", Align::point, 0},
               {"bound", "", Align::left, 0}},
              {},
              {}};
  for (const auto& [where, point] : points_of(answer)) {
    table.rows.push_back({Cell(where), Cell(unknown_words(answer, point.value)),
                          Cell(format_number(point.intensity)), Cell(format_number(point.ridge)),
                          Cell(bound_words(point))});
  }
  return table;
}

Json point_json(const OperatorPoint& point) {
  return {{"value", point.value},
          {"intensity_flop_per_byte", point.intensity},
          {"ridge_flop_per_byte", point.ridge},
          {"bound", name(point.bound())}};
}

Json inputs_of(const OperatorCrossover& answer) {
  const auto& question = answer.question;
  return {{"solve", fmt::format("{}={}", question.op, name(question.wanted))},
          {"for", question.unknown},
          {"phase", name(question.phase)},
          {"batch", question.request.batch},
          {"input", question.request.input},
          {"output", question.request.output}};
}

template <class Answer>
std::string text_of(const Answer& answer, const Terminal& terminal) {
  std::string out;
  for (const std::string& sentence : sentences(answer)) {
    const std::string line = wrapped(sentence, terminal);
    out += out.empty() ? bold(line, terminal) : line;
  }
  return out;
}

}  // namespace

std::string to_text(const Inverse& answer, const Terminal& terminal) {
  return text_of(answer, terminal) + "\n" + listed("Assumptions", answer.assumptions, terminal);
}

std::string to_json(const Inverse& answer) {
  Json inputs = estimate_inputs(answer.at);
  if (answer.unknown.is_whole()) inputs[answer.unknown.name] = std::llround(answer.unknown.value);
  inputs["mode"] = name(answer.question.reading);
  inputs["solve"] = answer.question.goal.text;
  inputs["for"] = answer.unknown.name;
  Json document = envelope("sensitivity", std::move(inputs), answer.assumptions);
  document["solved"] = {{"met", name(answer.met)},
                        {"value", answer.value},
                        {"last", answer.last},
                        {"met_elsewhere", answer.is_met_elsewhere},
                        {"unit", unit_key(answer.unknown)},
                        {"value_now", answer.unknown.value},
                        {"metric", facts(answer.question.goal.metric).name},
                        {"metric_wanted", answer.question.goal.value},
                        {"metric_now", answer.metric_now},
                        {"metric_at_value", metric_at(answer)},
                        {"metric_at_best", answer.nearest_met},
                        {"fits", answer.at.fits}};
  return dump(document);
}

std::string to_csv(const Inverse& answer) {
  Table table;
  for (const char* key : {"parameter", "unit", "met", "value", "last", "value_now", "metric",
                          "metric_wanted", "metric_now", "metric_at_value", "metric_at_best"}) {
    table.columns.push_back({key, "", Align::left, 0});
  }
  table.rows.push_back(
      {Cell(answer.unknown.name), Cell(std::string(unit_key(answer.unknown))),
       Cell(std::string(name(answer.met))), Cell(format_exact(answer.value)),
       Cell(format_exact(answer.last)), Cell(format_exact(answer.unknown.value)),
       Cell(std::string(facts(answer.question.goal.metric).name)),
       Cell(format_exact(answer.question.goal.value)), Cell(format_exact(answer.metric_now)),
       Cell(format_exact(metric_at(answer))), Cell(format_exact(answer.nearest_met))});
  return to_csv(table);
}

std::string to_markdown(const Inverse& answer) {
  return markdown_answer(model_on_device(answer.at.architecture, answer.at.device),
                         escaped(sentences(answer)), table_of(answer), answer.assumptions);
}

std::string to_text(const OperatorCrossover& answer, const Terminal& terminal) {
  return text_of(answer, terminal) + "\n" + listed("Formulas", formula_lines(answer), terminal) +
         "\n" + listed("Assumptions", answer.assumptions, terminal);
}

std::string to_json(const OperatorCrossover& answer) {
  Json document = envelope("sensitivity", inputs_of(answer), answer.assumptions);
  Json solved{{"operator", answer.question.op},
              {"parameter", answer.meaning},
              {"is_met", answer.is_met()},
              {"has_crossover", answer.crossover.has_value()},
              {"value", answer.crossover.value_or(0)},
              {"intensity", answer.intensity},
              {"solution", answer.solution}};
  for (const auto& [where, point] : points_of(answer)) solved[where] = point_json(point);
  document["solved"] = std::move(solved);
  return dump(document);
}

std::string to_csv(const OperatorCrossover& answer) {
  Table table;
  for (const char* key : {"operator", "parameter", "where", "value", "intensity_flop_per_byte",
                          "ridge_flop_per_byte", "bound"}) {
    table.columns.push_back({key, "", Align::left, 0});
  }
  for (const auto& [where, point] : points_of(answer)) {
    table.rows.push_back({Cell(answer.question.op), Cell(answer.meaning), Cell(where),
                          Cell(format_exact(point.value)), Cell(format_exact(point.intensity)),
                          Cell(format_exact(point.ridge)), Cell(std::string(name(point.bound())))});
  }
  return to_csv(table);
}

std::string to_markdown(const OperatorCrossover& answer) {
  auto items = escaped(sentences(answer));
  for (const std::string& line : formula_lines(answer)) items.push_back(escape_markdown(line));
  return markdown_answer(fmt::format("{} = {}", answer.question.op, name(answer.question.wanted)),
                         items, table_of(answer), answer.assumptions);
}

}  // namespace ridgepoint::report
