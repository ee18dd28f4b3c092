// SPDX-License-Identifier: Apache-2.0
#include "report/deployment_pictures.hpp"
#include "report/html_page.hpp"
#include "report/page_parts.hpp"
#include "report/sweep_grids.hpp"
#include "report/sweep_histogram.hpp"
#include "report/sweep_words.hpp"

namespace ridgepoint::report {
namespace {

void write_table_twin(XmlWriter& out, const Table& table) {
  out.open("details").element("summary", {}, "As a table");
  write_table(out, table, "scroll small");
  out.close();
}

void write_grid(XmlWriter& out, const SweptSpace& swept, const explore::SweepGrid& grid) {
  if (!grid.grid.is_map()) {
    out.element("h2", {}, grid_heading(swept, grid));
    return write_table(out, cells_table(swept, grid), "scroll small");
  }
  write_section(
      out, grid_heading(swept, grid),
      {heat_picture(swept, grid, Setting::wide), heat_picture(swept, grid, Setting::narrow)},
      "The stronger the colour, the larger the value of the best point; lines part regions that "
      "something else limits. Tooltips tell each cell's point.");
  write_table_twin(out, cells_table(swept, grid));
}

void write_histogram(XmlWriter& out, const explore::Sweep& sweep) {
  if (!sweep.question.histogram || sweep.counts.meeting == 0) return;
  write_section(
      out, histogram_heading(sweep),
      {histogram_picture(sweep, Setting::wide), histogram_picture(sweep, Setting::narrow)},
      percentiles_sentence(sweep));
  write_table_twin(out, histogram_table(sweep));
}

}  // namespace

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
  for (const explore::SweepGrid& grid : sweep.grids) write_grid(out, swept, grid);
  write_histogram(out, sweep);
  write_list(out, "Left out", left_out_sentences(sweep.left_out));
  write_list(out, "Assumptions", sweep.assumptions);
  return html_page("Sweep: " + sweep_title(swept.space), std::move(out).take());
}

}  // namespace ridgepoint::report
