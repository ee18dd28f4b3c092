// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/answer_words.hpp"
#include "report/band_words.hpp"
#include "report/deployment_pictures.hpp"
#include "report/html_page.hpp"
#include "report/page_parts.hpp"
#include "report/page_words.hpp"
#include "report/request_figures.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/report/estimate_report.hpp"

namespace ridgepoint::report {
namespace {

using predict::BatchCurve;
using predict::BatchEstimate;
using predict::Estimate;
using predict::RequestTimes;

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;

PageHead head_of(const Estimate& answer) {
  std::vector<std::string> sentences = estimate_sentences(answer);
  std::string setting = sentences.front();
  sentences.erase(sentences.begin());
  return {"Estimate", model_on_device(answer.architecture, answer.device), std::move(setting),
          std::move(sentences)};
}

/// The expected figures with their bands, or those of the bound.
std::vector<Fact> facts_of(const Estimate& answer) {
  const predict::ExpectedRequest* expected = expected_of(answer);
  const RequestTimes& shown = expected == nullptr ? bound_of(answer) : expected->times;
  const char* reading = expected == nullptr ? "" : " expected";
  const auto time = [&](const char* name, double RequestTimes::* figure) {
    const Scale scale = time_scale({shown.*figure});
    Fact fact{std::string(name) + reading, scale.show(shown.*figure), scale.unit};
    if (expected != nullptr) {
      fact.unit +=
          fmt::format(" ({})", band_words(expected->fast.*figure, expected->slow.*figure, scale));
    }
    return fact;
  };
  std::vector<Fact> facts{
      time("TTFT", &RequestTimes::ttft_s),
      time("TPOT", &RequestTimes::tpot_s),
      time("E2EL", &RequestTimes::e2el_s),
      {std::string("tokens/s") + reading, format_number(shown.throughput_tokens_per_s), ""},
      {"tokens/s a device", format_number(shown.per_device_tokens_per_s), ""},
      {"tokens/s a user", format_number(shown.per_user_tokens_per_s), ""}};
  if (shown.cost_per_million_tokens > 0) {
    facts.push_back({"per million tokens", "$" + format_number(shown.cost_per_million_tokens), ""});
  }
  return facts;
}

Table curve_table(const BatchCurve& curve, std::int64_t asked) {
  const bool has_expected = curve.points.front().expected.has_value();
  Table table{{{"batch", "", Align::right, 0},
               {"TTFT", "ms", Align::point, 0},
               {"TPOT", "ms", Align::point, 0},
               {"TPOT floor", "ms", Align::point, 1}},
              {},
              {}};
  if (has_expected) {
    const std::vector<Column> expected{{"TTFT expected", "ms", Align::point, 0},
                                       {"TPOT expected", "ms", Align::point, 0},
                                       {"80 % band", "ms", Align::right, 1},
                                       {"throughput expected", "tokens/s", Align::right, 0}};
    table.columns.insert(table.columns.end(), expected.begin(), expected.end());
  }
  const std::vector<Column> further{{"throughput", "tokens/s", Align::right, 0},
                                    {"of a device", "tokens/s", Align::right, 0},
                                    {"of a user", "tokens/s", Align::right, 0},
                                    {"memory of a device", "GiB", Align::point, 0},
                                    {"fits", "", Align::left, 0},
                                    {"", "", Align::left, 0}};
  table.columns.insert(table.columns.end(), further.begin(), further.end());
  const Scale ms{"ms", 1e-3};
  for (const BatchEstimate& point : curve.points) {
    std::vector<Cell> row{Cell(format_integer(point.batch)), ms.show(point.bound.ttft_s),
                          ms.show(point.bound.tpot_s), ms.show(point.floor.tpot_s)};
    if (has_expected) {
      const predict::ExpectedRequest& expected = *point.expected;
      row.emplace_back(ms.show(expected.times.ttft_s));
      row.emplace_back(ms.show(expected.times.tpot_s));
      row.emplace_back(band_words(expected.tpot.whole, ms));
      row.emplace_back(format_number(expected.times.throughput_tokens_per_s));
    }
    for (const double rate :
         {point.bound.throughput_tokens_per_s, point.bound.per_device_tokens_per_s,
          point.bound.per_user_tokens_per_s, point.memory_bytes.to_double() / kGiB}) {
      row.emplace_back(format_number(rate));
    }
    row.push_back(point.fits ? Cell("yes") : Cell("no", Tone::warning));
    row.emplace_back(point.batch == asked ? "asked for" : "");
    table.rows.push_back(std::move(row));
  }
  return table;
}

void write_curve(XmlWriter& out, const Estimate& answer, const BatchCurve& curve) {
  if (curve.points.size() < 2) return;
  const std::string what =
      answer.disaggregated ? "Of one instance that does both prefill and decode. " : "";
  const char* dark = curve.points.front().expected
                         ? " The dark line with rings is what is expected of a server; the memory "
                           "wall stands where the bound reaches it."
                         : "";
  write_section(out, "Latency, throughput and memory",
                {latency_picture(answer, curve, Setting::wide),
                 latency_picture(answer, curve, Setting::narrow)},
                what +
                    "Every point is a batch size: a larger one gives more tokens per second, and "
                    "every user waits longer for each. Past the memory wall the batch no longer "
                    "fits." +
                    dark);
}

void write_pair(XmlWriter& out, const Estimate& answer) {
  out.open("div", {{"class", "pair"}});
  write_bars(out, "What it waits for",
             {wait_bars(answer), kHalfWidth,
              "Shares of the bound: an operator waits for compute, for the network or for what "
              "it reads and writes."});
  write_bars(out, "One request",
             {timeline(answer), kHalfWidth, "First the prompt is read, then token follows token."});
  out.close();
}

}  // namespace

std::string to_html(const Estimate& answer, const BatchCurve& curve) {
  XmlWriter out;
  write_head(out, head_of(answer));
  write_facts(out, facts_of(answer));
  write_curve(out, answer, curve);
  write_pair(out, answer);
  out.element("h2", {}, "Figures");
  for (const Table& table : estimate_tables(answer)) write_table(out, table, "scroll small");
  if (!curve.points.empty()) {
    out.element("h2", {}, "By batch size");
    write_table(out, curve_table(curve, answer.question.batch));
  }
  write_list(out, "Where expected times come from", expected_lines(answer));
  write_list(out, "Assumptions", answer.assumptions);
  write_sources(out, device_sources(answer.device));
  return html_page("Estimate of " + model_on_device(answer.architecture, answer.device),
                   std::move(out).take());
}

}  // namespace ridgepoint::report
