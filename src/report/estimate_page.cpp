// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/answer_words.hpp"
#include "report/deployment_pictures.hpp"
#include "report/html_page.hpp"
#include "report/page_parts.hpp"
#include "report/page_words.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/report/estimate_report.hpp"

namespace ridgepoint::report {
namespace {

using predict::BatchCurve;
using predict::BatchEstimate;
using predict::Estimate;

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;

PageHead head_of(const Estimate& answer) {
  std::vector<std::string> sentences = estimate_sentences(answer);
  std::string setting = sentences.front();
  sentences.erase(sentences.begin());
  return {"Estimate", model_on_device(answer.architecture, answer.device), std::move(setting),
          std::move(sentences)};
}

std::vector<Fact> facts_of(const Estimate& answer) {
  const auto& bound = answer.disaggregated ? answer.disaggregated->bound.times : answer.bound;
  const auto time = [](const char* name, double seconds) {
    const std::string text = format_time(Seconds(seconds));
    const std::size_t space = text.find(' ');
    return Fact{name, text.substr(0, space), text.substr(space + 1)};
  };
  std::vector<Fact> facts{time("TTFT", bound.ttft_s),
                          time("TPOT", bound.tpot_s),
                          time("E2EL", bound.e2el_s),
                          {"tokens/s", format_number(bound.throughput_tokens_per_s), ""},
                          {"tokens/s a device", format_number(bound.per_device_tokens_per_s), ""},
                          {"tokens/s a user", format_number(bound.per_user_tokens_per_s), ""}};
  if (bound.cost_per_million_tokens > 0) {
    facts.push_back({"per million tokens", "$" + format_number(bound.cost_per_million_tokens), ""});
  }
  return facts;
}

Table curve_table(const BatchCurve& curve, std::int64_t asked) {
  Table table{{{"batch", "", Align::right, 0},
               {"TTFT", "ms", Align::point, 0},
               {"TPOT", "ms", Align::point, 0},
               {"TPOT floor", "ms", Align::point, 1},
               {"throughput", "tokens/s", Align::right, 0},
               {"of a device", "tokens/s", Align::right, 0},
               {"of a user", "tokens/s", Align::right, 0},
               {"memory of a device", "GiB", Align::point, 0},
               {"fits", "", Align::left, 0},
               {"", "", Align::left, 0}},
              {},
              {}};
  for (const BatchEstimate& point : curve.points) {
    table.rows.push_back({Cell(format_integer(point.batch)),
                          Cell(format_number(point.bound.ttft_s * 1e3)),
                          Cell(format_number(point.bound.tpot_s * 1e3)),
                          Cell(format_number(point.floor.tpot_s * 1e3)),
                          Cell(format_number(point.bound.throughput_tokens_per_s)),
                          Cell(format_number(point.bound.per_device_tokens_per_s)),
                          Cell(format_number(point.bound.per_user_tokens_per_s)),
                          Cell(format_number(point.memory_bytes.to_double() / kGiB)),
                          point.fits ? Cell("yes") : Cell("no", Tone::warning),
                          Cell(point.batch == asked ? "asked for" : "")});
  }
  return table;
}

void write_curve(XmlWriter& out, const Estimate& answer, const BatchCurve& curve) {
  if (curve.points.size() < 2) return;
  const std::string what =
      answer.disaggregated ? "Of one instance that does both prefill and decode. " : "";
  write_section(out, "Latency, throughput and memory",
                {latency_picture(answer, curve, Setting::wide),
                 latency_picture(answer, curve, Setting::narrow)},
                what +
                    "Every point is a batch size: a larger one gives more tokens per second, and "
                    "every user waits longer for each. Past the memory wall the batch no longer "
                    "fits.");
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
  write_table(out, estimate_table(answer), "scroll small");
  if (!curve.points.empty()) {
    out.element("h2", {}, "By batch size");
    write_table(out, curve_table(curve, answer.question.batch));
  }
  write_list(out, "Assumptions", answer.assumptions);
  write_sources(out, device_sources(answer.device));
  return html_page("Estimate of " + model_on_device(answer.architecture, answer.device),
                   std::move(out).take());
}

}  // namespace ridgepoint::report
