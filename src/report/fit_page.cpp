// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/answer_words.hpp"
#include "report/deployment_pictures.hpp"
#include "report/html_page.hpp"
#include "report/page_parts.hpp"
#include "report/page_words.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/report/fit_report.hpp"

namespace ridgepoint::report {
namespace {

using predict::MemoryFit;

PageHead head_of(const MemoryFit& fit) {
  const auto& question = fit.question;
  const std::string setting =
      fmt::format("{}, up to {} tokens a sequence, {} new tokens in the largest step",
                  describe(question.parallelism), format_integer(question.max_model_len),
                  format_integer(question.max_num_batched_tokens));
  const std::vector<FactLine> lines = fit_lines(fit);
  const FactLine& first = lines.front();
  return {"Memory",
          model_on_device(fit.architecture, fit.device),
          setting,
          {fmt::format("{}: {}.", fit.fits ? "It fits" : "It does not fit", first.words)}};
}

std::vector<Fact> facts_of(const MemoryFit& fit) {
  std::vector<Fact> facts;
  if (fit.has_cache) {
    facts.push_back({"full-length sequences", format_number(fit.sequences_at_max_length),
                     fmt::format("of {} tokens", format_integer(fit.question.max_model_len))});
    facts.push_back({"mean-length sequences", format_number(fit.sequences_at_mean_length),
                     fmt::format("of {} tokens", format_integer(fit.question.mean_length))});
    facts.push_back({"capacity", format_integer(fit.kv_capacity_tokens), "tokens"});
  }
  if (fit.smallest) {
    const std::int64_t devices = fit.smallest->devices;
    facts.push_back({"smallest that fits", format_integer(devices),
                     devices == 1 ? "device" : "devices, " + describe(fit.smallest->parallelism)});
  }
  return facts;
}

void write_lines(XmlWriter& out, const MemoryFit& fit) {
  Table table{{{"", "", Align::left, 0}, {"", "", Align::left, 0}}, {}, {}};
  const std::vector<FactLine> lines = fit_lines(fit);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    table.rows.push_back({lines[i].name, lines[i].words});
  }
  out.element("h2", {}, "In words");
  write_table(out, table, "scroll sources");
}

}  // namespace

std::string to_html(const MemoryFit& fit) {
  XmlWriter out;
  write_head(out, head_of(fit));
  write_facts(out, facts_of(fit));
  write_bars(out, "Where the memory of a device goes",
             {fit_bars(fit), kWholeWidth,
              "Up to the red line memory is used; what lies beyond it is left alone. Lines "
              "divide the room into sequences of full length."});
  write_table(out, fit_table(fit));
  write_lines(out, fit);
  write_list(out, "Assumptions", fit.assumptions);
  write_sources(out, {capacity_source(fit.device)});
  return html_page("Memory of " + model_on_device(fit.architecture, fit.device),
                   std::move(out).take(), "Counted from the architecture, not measured.");
}

}  // namespace ridgepoint::report
