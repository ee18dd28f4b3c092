// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/derivation_rows.hpp"
#include "report/envelope.hpp"
#include "report/theme.hpp"
#include "report/xml.hpp"
#include "ridgepoint/report/derivation.hpp"

namespace ridgepoint::report {
namespace {

using derive::Section;
using symbolic::LimitKind;

constexpr std::string_view kCss =
    R"(.formulas{display:grid;grid-template-columns:minmax(9rem,max-content) 1fr;gap:.55rem 1.4rem;margin:1.2rem 0;overflow-x:auto}
.formulas dt{color:var(--muted);font-size:.875rem;padding-top:.15rem;max-width:16rem}
.formulas dd{margin:0}
.formulas dd small,.claims td.faint{color:var(--muted);font-size:.8125rem}
.formulas dd small{display:block}
table.steps,table.claims{white-space:normal;font-size:.875rem}
table.steps th,table.claims th{font-family:inherit}
.claims td:first-child{width:6rem}
td.proved{color:var(--memory)}
td.open{color:var(--warning);font-weight:650}
.formulas math,.claims math{math-style:normal}
.claims td:nth-child(2){white-space:nowrap;padding-right:1.6rem}
.fit table{min-width:0}
nav ul{columns:16rem;padding:0;list-style:none}
nav a{color:inherit}
@media (max-width:46rem){.formulas{display:block}.formulas dd{margin:0 0 .8rem}}
)";

void write_math(XmlWriter& out, const symbolic::Limit& limit) {
  if (limit.kind == LimitKind::finite) {
    out.raw(to_mathml(limit.value));
  } else {
    out.element("span", {}, limit.kind == LimitKind::plus_infinity ? "∞" : "−∞");
  }
}

void write_amount(XmlWriter& out, const symbolic::Expr& amount) {
  out.open("td", {{"class", "left"}});
  if (!amount.is_zero()) out.raw(to_mathml(amount));
  out.close();
}

void write_head(XmlWriter& out, std::initializer_list<std::string_view> headers) {
  out.open("thead").open("tr");
  for (const std::string_view header : headers) {
    out.element("th", {{"scope", "col"}, {"class", "left"}}, header);
  }
  out.close().close();
}

void write_steps(XmlWriter& out, const Section& section) {
  if (section.steps.empty()) return;
  out.open("div", {{"class", "scroll"}}).open("table", {{"class", "steps"}});
  write_head(out, {"step", "FLOPs", "bytes"});
  out.open("tbody");
  for (const derive::Step& step : section.steps) {
    out.open("tr").element("th", {{"class", "left"}}, step.text);
    write_amount(out, step.flops);
    write_amount(out, step.bytes);
    out.close();
  }
  out.close().close().close();
}

void write_formula(XmlWriter& out, const FormulaRow& row) {
  out.element("dt", {}, row.label).open("dd");
  if (row.value) {
    if (!row.subject.empty()) {
      out.raw(to_mathml(symbolic::Expr::symbol(row.subject))).element("span", {}, " = ");
    }
    write_math(out, *row.value);
    if (!row.unit.empty()) out.element("span", {}, " " + row.unit);
    if (row.positive) {
      out.element("span", {}, " if ").raw(to_mathml(*row.positive));
      out.element("span", {}, " > 0, else never");
    }
  }
  if (!row.remark.empty()) out.element("small", {}, row.remark);
  out.close();
}

void write_claim(XmlWriter& out, const derive::Claim& claim) {
  const bool proved = claim.verdict == symbolic::Verdict::proved;
  out.open("tr").element("td", {{"class", proved ? "left proved" : "left open"}},
                         proof_words(claim));
  if (is_formula(claim)) {
    out.open("td", {{"class", "left"}}).raw(to_mathml(claim.left));
    out.element("span", {}, fmt::format(" {} ", symbolic::to_text(claim.relation)));
    out.raw(to_mathml(claim.right)).close();
  } else {
    out.element("td", {{"class", "left"}}, claim.text);
  }
  const std::string condition = condition_words(claim);
  out.element("td", {{"class", "left faint"}},
              condition.empty() ? claim.meaning : claim.meaning + "; " + condition);
  out.close();
}

void write_claims(XmlWriter& out, const Section& section) {
  if (section.claims.empty()) return;
  out.open("div", {{"class", "scroll"}}).open("table", {{"class", "claims"}});
  write_head(out, {"verdict", "claim", "meaning"});
  out.open("tbody");
  for (const derive::Claim& claim : section.claims) write_claim(out, claim);
  out.close().close().close();
}

void write_table(XmlWriter& out, const Table& table) {
  if (table.rows.empty()) return;
  out.open("div", {{"class", "scroll fit"}}).raw(to_html(table)).close();
}

void write_section(XmlWriter& out, const Section& section, const derive::DeviceFacts& device) {
  out.open("section", {{"id", section.subject}}).element("h2", {}, section.title);
  for (const std::string& note : section.notes) out.element("p", {}, note);
  write_steps(out, section);
  out.open("dl", {{"class", "formulas"}});
  for (const FormulaRow& row : formula_rows(section)) write_formula(out, row);
  out.close();
  write_claims(out, section);
  write_table(out, verdict_table(section, device));
  write_table(out, number_table(section));
  out.close();
}

void write_contents(XmlWriter& out, const std::vector<Section>& sections) {
  if (sections.size() < 2) return;
  out.open("nav").open("ul");
  for (const Section& section : sections) {
    out.open("li").element("a", {{"href", "#" + section.subject}}, section.title).close();
  }
  out.close().close();
}

void write_body(XmlWriter& out, const derive::Derivation& derivation) {
  out.open("body").open("main").element("p", {{"class", "eyebrow"}}, "Ridgepoint derive");
  out.element("h1", {}, document_title(derivation));
  out.element("p", {{"class", "setting"}},
              device_words(derivation.device) + ". " + proofs_summary(derivation));
  write_contents(out, derivation.sections);
  for (const Section& section : derivation.sections) {
    write_section(out, section, derivation.device);
  }
  out.element("h2", {}, "Assumptions").open("ul");
  for (const std::string& sentence : derivation.assumptions) out.element("li", {}, sentence);
  out.close();
  out.element("footer", {}, fmt::format("ridgepoint {}", version())).close().close();
}

}  // namespace

std::string to_html(const derive::Derivation& derivation) {
  XmlWriter out;
  out.open("html", {{"lang", "en"}}).open("head").empty("meta", {{"charset", "utf-8"}});
  out.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  out.element("title", {}, document_title(derivation));
  out.open("style").raw(picture_css() + page_css() + std::string(kCss)).close().close();
  write_body(out, derivation);
  out.close();
  return "<!DOCTYPE html>\n" + std::move(out).take();
}

}  // namespace ridgepoint::report
