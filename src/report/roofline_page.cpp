// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/band_words.hpp"
#include "report/formula_words.hpp"
#include "report/html_page.hpp"
#include "report/pictures.hpp"
#include "report/roofline_words.hpp"
#include "report/xml.hpp"
#include "ridgepoint/report/roofline_report.hpp"

namespace ridgepoint::report {
namespace {

using predict::Analysis;
using predict::FormulaLine;
using predict::OperatorAnalysis;
using predict::StepAnalysis;

void write_head(XmlWriter& out, const Analysis& analysis) {
  out.open("header");
  out.element("p", {{"class", "eyebrow"}}, "Roofline");
  out.element("h1", {}, model_on_device(analysis));
  out.element("p", {{"class", "setting"}}, setting(analysis));
  out.open("div", {{"class", "lead"}});
  for (const StepAnalysis& step : analysis.steps) {
    out.element("p", {}, step_sentence(step) + " " + further_sentence(step));
  }
  out.element("p", {}, memory_sentence(analysis));
  out.close().close();
}

struct Fact {
  std::string name;
  std::string figure;
  std::string unit;
};

void write_facts(XmlWriter& out, const StepAnalysis& step) {
  const auto time = [](const char* name, double seconds) {
    const std::string text = format_time(Seconds(seconds));
    const std::size_t space = text.find(' ');
    return Fact{name, text.substr(0, space), text.substr(space + 1)};
  };
  const std::string phase = phase_title(step.phase);
  std::vector<Fact> facts{time((phase + " floor").c_str(), step.floor_s),
                          time("bound", step.bound_s)};
  if (step.expected) {
    const efficiency::Expected& expected = step.expected->whole;
    const Scale scale = time_scale({expected.seconds});
    facts.push_back({"expected", scale.show(expected.seconds),
                     fmt::format("{} ({})", scale.unit, band_words(expected, scale))});
  }
  if (step.tokens_per_s > 0) {
    facts.push_back({"throughput", format_number(step.tokens_per_s), "tokens/s"});
  }
  if (step.prompt_tokens_per_s > 0) {
    facts.push_back({step.tokens_per_s > 0 ? "of prompts" : "throughput",
                     format_number(step.prompt_tokens_per_s), "prompt tokens/s"});
  }
  facts.push_back({"limited by", std::string(limit_word(step.limit)), ""});
  if (step.crossover) facts.push_back({"compute-bound", crossover_words(*step.crossover), ""});
  out.open("dl", {{"class", "facts"}});
  for (const Fact& fact : facts) {
    out.open("div").element("dt", {}, fact.name).open("dd").text(fact.figure + " ");
    if (!fact.unit.empty()) out.element("small", {}, fact.unit);
    out.close().close();
  }
  out.close();
}

/// A picture for wide screens and for phones, with its caption.
void write_figure(XmlWriter& out, const Analysis& analysis,
                  std::string (*picture)(const Analysis&, Setting), std::string_view caption) {
  const std::string wide = picture(analysis, Setting::wide);
  if (wide.empty()) return;
  out.open("figure").raw(wide).raw(picture(analysis, Setting::narrow));
  out.element("figcaption", {}, caption).close();
}

void write_pictures(XmlWriter& out, const Analysis& analysis) {
  const std::string roofline =
      "Each operator at its arithmetic intensity, under the roof of the device. Left of the ridge "
      "point the memory sets the pace, right of it the compute units do.";
  const char* rings = has_expected(analysis)
                          ? " Marks stand at the bound; the ring below each is what its kernel is "
                            "expected to attain."
                          : "";
  write_figure(out, analysis, roofline_picture, roofline + rings);
  out.open("div", {{"class", "pair"}});
  if (!analysis.batch_curve.empty()) {
    out.open("section").element("h2", {}, "What a larger batch buys");
    write_figure(out, analysis, batch_picture,
                 "Decode steps by batch size: more tokens per second for a longer step. Past the "
                 "memory wall the KV cache no longer fits.");
    out.close();
  }
  out.open("section").element("h2", {}, "Where the memory goes");
  write_figure(out, analysis, memory_picture,
               "Weights are paid once, the KV cache for every sequence of the batch.");
  out.close().close();
}

void write_table(XmlWriter& out, const Table& table, const char* css_class = "scroll") {
  out.open("div", {{"class", css_class}}).raw(to_html(table)).close();
}

void write_tables(XmlWriter& out, const Analysis& analysis) {
  for (const StepAnalysis& step : analysis.steps) {
    out.element("h2", {}, phase_title(step.phase) + ", operator by operator");
    write_facts(out, step);
    write_table(out, operator_table(step));
  }
  if (analysis.batch_curve.empty()) return;
  out.element("h2", {}, "Decode by batch");
  write_table(out, batch_table(analysis), "scroll small");
}

void write_formula(XmlWriter& out, const FormulaLine& line, const Letters& numbers) {
  out.open("tr").element("td", {{"class", "left"}}, entry_words(line.entry));
  out.element("td", {{"class", "left"}}, kind_words(line.entry));
  out.open("td", {{"class", "left"}}).raw(to_mathml(amount(line.entry))).close();
  out.element("td", {{"class", "left faint"}}, with_numbers(to_text(amount(line.entry)), numbers));
  out.element("td", {{"class", "right"}},
              fmt::format("{} {}", whole(line.value), amount_unit(line.entry)));
  out.close();
}

void write_formulas(XmlWriter& out, const Analysis& analysis) {
  const Letters numbers = letters(analysis);
  out.element("h2", {}, "Formulas");
  out.element("p", {}, "Of one instance of each operator: what it reads, computes and writes.");
  Table meanings{
      {{"letter", "", Align::left, 0}, {"is", "", Align::right, 0}, {"", "", Align::left, 0}},
      {},
      {}};
  for (const LetterMeaning& row : letter_meanings(analysis)) {
    meanings.rows.push_back({row.letter, row.number, row.meaning});
  }
  out.open("details").element("summary", {}, "Letters");
  write_table(out, meanings, "scroll small");
  out.close();
  for (const StepAnalysis& step : analysis.steps) {
    for (const OperatorAnalysis& one : step.operators) {
      out.open("details").open("summary").element("code", {}, one.name);
      out.element(
          "span", {{"class", "brief"}},
          fmt::format("{}, × {}, {} FLOP/byte, {}", name(step.phase), format_integer(one.count),
                      format_number(one.arithmetic_intensity), short_name(one.bound)));
      out.close().open("div", {{"class", "scroll"}}).open("table").open("tbody");
      for (const FormulaLine& line : one.formula) {
        if (!is_nothing(line)) write_formula(out, line, numbers);
      }
      out.close().close().close().close();
    }
  }
}

void write_ground(XmlWriter& out, const Analysis& analysis) {
  out.element("h2", {}, "Assumptions").open("ul");
  for (const std::string& sentence : analysis.assumptions) out.element("li", {}, sentence);
  out.close().element("h2", {}, "Sources");
  Table sources{{{"figure", "", Align::left, 0},
                 {"value", "", Align::left, 0},
                 {"source", "", Align::left, 0}},
                {},
                {}};
  for (const SourcedFigure& figure : figures_in_use(analysis)) {
    sources.rows.push_back({figure.name, figure.value, figure.source});
  }
  write_table(out, sources, "scroll sources");
}

}  // namespace

std::string to_html(const Analysis& analysis) {
  XmlWriter out;
  write_head(out, analysis);
  write_pictures(out, analysis);
  write_tables(out, analysis);
  write_formulas(out, analysis);
  write_ground(out, analysis);
  return html_page("Roofline of " + model_on_device(analysis), std::move(out).take());
}

std::string to_svg(const Analysis& analysis) {
  return roofline_picture(analysis, Setting::standalone);
}

}  // namespace ridgepoint::report
