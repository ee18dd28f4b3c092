// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "report/answer_words.hpp"
#include "report/bar_picture.hpp"
#include "report/html_page.hpp"
#include "report/page_parts.hpp"
#include "report/page_words.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/report/sensitivity_report.hpp"

namespace ridgepoint::report {
namespace {

using predict::ParameterSensitivity;
using predict::RequestTimes;
using predict::Sensitivity;

PageHead head_of(const Sensitivity& answer) {
  std::vector<std::string> sentences = sensitivity_sentences(answer);
  std::string setting = sentences.front();
  sentences.erase(sentences.begin());
  return {"Sensitivity", model_on_device(answer.estimate.architecture, answer.estimate.device),
          std::move(setting), std::move(sentences)};
}

std::vector<Fact> facts_of(const Sensitivity& answer) {
  constexpr double kMilli = 1e3;
  const RequestTimes& times = answer.times();
  return {{"TTFT", format_number(kMilli * times.ttft_s), "ms"},
          {"TPOT", format_number(kMilli * times.tpot_s), "ms"},
          {"throughput", format_number(times.throughput_tokens_per_s), "tokens/s"}};
}

Bar bar_of(const ParameterSensitivity& row) {
  const double effect = row.of(&RequestTimes::e2el_s).more;
  const bool shortens = effect < 0;
  const std::string figure = fmt::format("{:.2f} %", std::fabs(effect));
  return {
      row.parameter.name,
      fmt::format("{} {}", figure, shortens ? "shorter" : "longer"),
      {{shortens ? "work" : "weights", shortens ? "shorter" : "longer", std::fabs(effect), figure}},
      0};
}

/// What changes the time of a request noticeably.
BarChart effects_on_e2el(const Sensitivity& answer) {
  constexpr double kNoticeable = 0.01;
  BarChart chart{"What the time of a request hangs on", "% of E2EL for 1 % more", "", {}};
  for (const ParameterSensitivity& row : answer.parameters) {
    const double effect = row.of(&RequestTimes::e2el_s).more;
    if (std::fabs(effect) >= kNoticeable) chart.bars.push_back(bar_of(row));
  }
  return chart;
}

}  // namespace

std::string to_html(const Sensitivity& answer) {
  XmlWriter out;
  const PageHead head = head_of(answer);
  write_head(out, head);
  write_facts(out, facts_of(answer));
  write_bars(out, "What the time of a request hangs on",
             {effects_on_e2el(answer), kWholeWidth,
              "By how many percent E2EL changes for one percent more of each: figures of the "
              "device, of the request, sizes of the model."});
  out.element("h2", {}, "Percent for one percent more");
  for (const Table& table : sensitivity_tables(answer)) write_table(out, table, "scroll small");
  write_list(out, "Assumptions", answer.assumptions);
  write_sources(out, device_sources(answer.estimate.device));
  return html_page("Sensitivity of " + head.title, std::move(out).take());
}

}  // namespace ridgepoint::report
