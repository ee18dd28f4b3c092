// SPDX-License-Identifier: Apache-2.0
#include "report/deployment_pictures.hpp"
#include "report/html_page.hpp"
#include "report/page_parts.hpp"
#include "report/page_words.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/report/speculation_report.hpp"

namespace ridgepoint::report {
namespace {

using predict::Speculation;
using predict::SpeculationRow;

PageHead head_of(const Speculation& answer) {
  std::vector<std::string> sentences = speculation_sentences(answer);
  std::string setting = sentences.front();
  sentences.erase(sentences.begin());
  return {"Speculative decoding", speculation_title(answer), std::move(setting),
          std::move(sentences)};
}

Fact break_even(const Speculation& answer) {
  const std::int64_t batch = answer.break_even_batch;
  if (batch == 0) return {"pays", "at every batch", "up to 65,536"};
  if (batch == 1) return {"pays", "at no batch", ""};
  return {"pays below", "batch " + format_integer(batch), ""};
}

std::vector<Fact> facts_of(const Speculation& answer) {
  const SpeculationRow& row = answer.rows.front();
  const std::string at = "at batch " + format_integer(row.batch);
  const std::string needed = row.break_even_acceptance > 1
                                 ? std::string("none")
                                 : format_number(row.break_even_acceptance);
  return {{"speed-up", format_number(row.speedup) + "×", at},
          {"tokens of a step", format_number(row.tokens_per_step), "a sequence"},
          break_even(answer),
          {"pays from acceptance", needed, at}};
}

}  // namespace

std::string to_html(const Speculation& answer) {
  XmlWriter out;
  write_head(out, head_of(answer));
  write_facts(out, facts_of(answer));
  out.open("div", {{"class", "pair"}});
  write_section(out, "How much faster",
                {speedup_picture(answer, Setting::wide), speedup_picture(answer, Setting::narrow)},
                "Below the red line plain decoding is faster. A check that cost no more than a "
                "plain step, of tokens proposed for nothing, would reach the upper line.");
  write_section(
      out, "What it takes to pay",
      {acceptance_picture(answer, Setting::wide), acceptance_picture(answer, Setting::narrow)},
      "The chance of acceptance from which speculation pays. Where the curve is above the "
      "one given, it does not.");
  out.close();
  out.element("h2", {}, "By batch size");
  write_table(out, speculation_table(answer), "scroll small");
  write_list(out, "Assumptions", answer.assumptions);
  write_sources(out, device_sources(answer.device));
  return html_page("Speculative decoding of " + speculation_title(answer), std::move(out).take());
}

}  // namespace ridgepoint::report
