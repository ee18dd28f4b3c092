// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/speculation_report.hpp"

#include <fmt/format.h>

#include "report/answer_words.hpp"
#include "report/envelope.hpp"
#include "report/inputs_json.hpp"
#include "report/page_words.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using predict::Speculation;
using predict::SpeculationRow;

std::string proposer(const Speculation& answer) {
  return answer.question.draft ? answer.question.draft->name
                               : fmt::format("{} heads", answer.question.proposed);
}

std::string headline(const Speculation& answer) {
  return fmt::format("{} with {} on {}", answer.architecture.name, proposer(answer),
                     device_title(answer.device));
}

std::string acceptance_words(double acceptance) {
  return acceptance > 1 ? std::string("no acceptance pays")
                        : fmt::format("it needs an acceptance of {}", format_number(acceptance));
}

std::vector<std::string> sentences(const Speculation& answer) {
  const auto& question = answer.question;
  const SpeculationRow& first = answer.rows.front();
  return {
      fmt::format("{} tokens proposed at a time, accepted with {:g}, context {} tokens, {} times.",
                  question.proposed, question.acceptance, format_integer(question.context),
                  name(question.reading)),
      fmt::format("At batch {} a step yields {} tokens and decoding is {}× as fast; {} to pay.",
                  format_integer(first.batch), format_number(first.tokens_per_step),
                  format_number(first.speedup), acceptance_words(first.break_even_acceptance)),
      answer.break_even_batch == 0 ? std::string("It pays at every batch up to 65,536.")
                                   : fmt::format("From batch {} on it no longer pays.",
                                                 format_integer(answer.break_even_batch))};
}

Table figures(const Speculation& answer) {
  Table table{{{"batch", "", Align::right, 0},
               {"decode", "ms", Align::point, 0},
               {"propose", "ms", Align::point, 0},
               {"check", "ms", Align::point, 0},
               {"tokens", "per step", Align::point, 1},
               {"speed-up", "", Align::point, 0},
               {"pays from acceptance", "", Align::right, 0}},
              {},
              {}};
  const auto ms = [](double seconds) { return Cell(format_number(seconds * 1e3)); };
  for (const SpeculationRow& row : answer.rows) {
    table.rows.push_back(
        {Cell(format_integer(row.batch)), ms(row.decode_s), ms(row.propose_s), ms(row.check_s),
         Cell(format_number(row.tokens_per_step)),
         Cell(format_number(row.speedup), row.speedup > 1 ? Tone::plain : Tone::warning),
         Cell(row.break_even_acceptance > 1 ? std::string("never")
                                            : format_number(row.break_even_acceptance))});
  }
  return table;
}

Json row_json(const SpeculationRow& row) {
  return {{"batch", row.batch},
          {"speedup", row.speedup},
          {"tokens_per_step", row.tokens_per_step},
          {"decode_s", row.decode_s},
          {"propose_s", row.propose_s},
          {"check_s", row.check_s},
          {"break_even_acceptance", row.break_even_acceptance}};
}

Json inputs(const Speculation& answer) {
  const auto& question = answer.question;
  Json inputs = deployment_inputs(answer.architecture, answer.device,
                                  question.execution.parallelism, question.execution.precision);
  add_speculation(inputs, question);
  inputs["context"] = question.context;
  inputs["mode"] = name(question.reading);
  add_resolved(inputs, answer.architecture, answer.device);
  return inputs;
}

}  // namespace

std::string speculation_title(const Speculation& answer) { return headline(answer); }

std::vector<std::string> speculation_sentences(const Speculation& answer) {
  return sentences(answer);
}

Table speculation_table(const Speculation& answer) { return figures(answer); }

std::string to_text(const Speculation& answer, const Terminal& terminal) {
  std::string out = bold(wrapped(headline(answer), terminal), terminal);
  for (const std::string& sentence : sentences(answer)) out += wrapped(sentence, terminal);
  out += "\n" + to_text(figures(answer), terminal) + "\n";
  return out + listed("Assumptions", answer.assumptions, terminal);
}

std::string to_explanation(const Speculation& answer, const Terminal& terminal) {
  const SpeculationRow& row = answer.rows.front();
  const auto& question = answer.question;
  const auto time = [&](double seconds) {
    return format_time(Seconds(seconds), 4, terminal.charset);
  };
  return listed(
      fmt::format("Formulas, at batch {}", row.batch),
      {fmt::format(
           "tokens per step = (1 − α^(k+1)) / (1 − α) = (1 − {0:g}^{1}) / (1 − {0:g}) = {2}",
           question.acceptance, question.proposed + 1, format_number(row.tokens_per_step)),
       fmt::format("speed-up = tokens per step · decode / (propose + check) = {} · {} / ({} + {}) "
                   "= {}",
                   format_number(row.tokens_per_step), time(row.decode_s), time(row.propose_s),
                   time(row.check_s), format_number(row.speedup)),
       "it pays from the α on at which tokens per step = (propose + check) / decode"},
      terminal);
}

std::string to_json(const Speculation& answer) {
  Json document = envelope("speculate", inputs(answer), answer.assumptions);
  document["rows"] = Json::array();
  for (const SpeculationRow& row : answer.rows) document["rows"].push_back(row_json(row));
  document["break_even_batch"] = answer.break_even_batch;
  document["break_even_acceptance"] = answer.break_even_acceptance;
  return dump(document);
}

std::string to_csv(const Speculation& answer) {
  Table table;
  for (const char* key : {"batch", "decode_s", "propose_s", "check_s", "tokens_per_step", "speedup",
                          "break_even_acceptance"}) {
    table.columns.push_back({key, "", Align::left, 0});
  }
  for (const SpeculationRow& row : answer.rows) {
    table.rows.push_back({fmt::format("{}", row.batch), format_exact(row.decode_s),
                          format_exact(row.propose_s), format_exact(row.check_s),
                          format_exact(row.tokens_per_step), format_exact(row.speedup),
                          format_exact(row.break_even_acceptance)});
  }
  return to_csv(table);
}

std::string to_markdown(const Speculation& answer) {
  return markdown_answer(headline(answer), escaped(sentences(answer)), figures(answer),
                         answer.assumptions);
}

}  // namespace ridgepoint::report
