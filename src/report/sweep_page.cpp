// SPDX-License-Identifier: Apache-2.0
#include "report/deployment_pictures.hpp"
#include "report/html_page.hpp"
#include "report/page_parts.hpp"
#include "report/sweep_words.hpp"

namespace ridgepoint::report {

std::string to_html(const SweptSpace& swept) {
  const explore::Sweep& sweep = swept.sweep;
  XmlWriter out;
  write_head(out,
             {"Sweep", sweep_title(swept.space), sweep_headline(swept), {counts_sentence(swept)}});
  if (!sweep.top.empty() || !sweep.front.empty()) {
    write_section(
        out, sweep.front.empty() ? "The best points" : "The front",
        {sweep_picture(swept, Setting::wide), sweep_picture(swept, Setting::narrow)},
        "Each mark is a point of the space; its tooltip tells which. Names stand where another "
        "deployment takes over.");
  }
  if (!sweep.front.empty()) {
    out.element("h2", {}, front_heading(sweep));
    write_table(out, rows_table(swept, sweep.front), "scroll small");
  }
  if (!sweep.top.empty()) {
    out.element("h2", {}, top_heading(sweep));
    write_table(out, rows_table(swept, sweep.top), "scroll small");
  }
  write_list(out, "Left out", left_out_sentences(sweep.left_out));
  write_list(out, "Assumptions", sweep.assumptions);
  return html_page("Sweep: " + sweep_title(swept.space), std::move(out).take());
}

}  // namespace ridgepoint::report
