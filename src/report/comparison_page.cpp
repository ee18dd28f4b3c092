// SPDX-License-Identifier: Apache-2.0
#include "report/comparison_words.hpp"
#include "report/deployment_pictures.hpp"
#include "report/html_page.hpp"
#include "report/page_parts.hpp"
#include "ridgepoint/report/comparison_report.hpp"

namespace ridgepoint::report {
namespace {

using predict::Comparison;
using predict::Estimate;

PageHead head_of(const Comparison& comparison) {
  return {"Comparison", comparison_title(comparison), comparison_setting(comparison),
          best_sentences(comparison)};
}

void write_charts(XmlWriter& out, const Comparison& comparison) {
  out.open("div", {{"class", "pair"}});
  write_bars(out, "What a token waits for",
             {compared_waits(comparison, &Estimate::tpot_parts, "TPOT"), kHalfWidth,
              "The bound of the time between two tokens, and what it is made of."});
  write_bars(out, "What the first token waits for",
             {compared_waits(comparison, &Estimate::ttft_parts, "TTFT"), kHalfWidth,
              "Likewise of the time to the first one."});
  out.close();
  write_bars(out, "What the batch takes of the memory",
             {compared_memory(comparison), kWholeWidth,
              "One device of each deployment, that of the tightest stage. What passes the red line "
              "does not fit."});
}

}  // namespace

std::string to_html(const Comparison& comparison) {
  XmlWriter out;
  write_head(out, head_of(comparison));
  write_section(
      out, "Speed for the user, and for the operator",
      {comparison_picture(comparison, Setting::wide),
       comparison_picture(comparison, Setting::narrow)},
      std::string("To the left every user gets tokens faster, upwards a device serves more "
                  "of them. Marks stand at ") +
          (all_have_expected(comparison) ? "expected times." : "the bound."));
  write_charts(out, comparison);
  out.element("h2", {}, "Figures");
  write_table(out, comparison_table(comparison));
  if (has_expected(comparison)) {
    out.element("h2", {}, "Bands of expected times");
    write_table(out, band_table(comparison));
  }
  out.element("h2", {}, "Ratios");
  write_table(out, ratio_table(comparison));
  write_list(out, "Why", reasons(comparison));
  write_list(out, "Left out", left_out_sentences(comparison));
  write_list(out, "Assumptions", comparison.assumptions);
  return html_page("Comparison: " + comparison_headline(comparison), std::move(out).take());
}

}  // namespace ridgepoint::report
