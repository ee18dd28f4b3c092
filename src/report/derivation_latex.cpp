// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "report/derivation_rows.hpp"
#include "report/utf8.hpp"
#include "ridgepoint/report/derivation.hpp"

namespace ridgepoint::report {
namespace {

using derive::Section;
using symbolic::LimitKind;

struct Spelling {
  std::string_view character;
  std::string_view latex;
};
/// What LaTeX does not print as it stands. Other characters beyond ASCII are left to its UTF-8.
constexpr std::array kSpellings{Spelling{"\\", "\\textbackslash{}"},
                                Spelling{"{", "\\{"},
                                Spelling{"}", "\\}"},
                                Spelling{"%", "\\%"},
                                Spelling{"&", "\\&"},
                                Spelling{"#", "\\#"},
                                Spelling{"$", "\\$"},
                                Spelling{"_", "\\_"},
                                Spelling{"^", "\\textasciicircum{}"},
                                Spelling{"~", "\\textasciitilde{}"},
                                Spelling{"<=", "$\\le$"},
                                Spelling{">=", "$\\ge$"},
                                Spelling{"->", "$\\to$"},
                                Spelling{"<", "$<$"},
                                Spelling{">", "$>$"},
                                Spelling{"×", "$\\times$"},
                                Spelling{"·", "$\\cdot$"},
                                Spelling{"ᵀ", "$^{\\mathsf{T}}$"},
                                Spelling{"∘", "$\\circ$"},
                                Spelling{"∂", "$\\partial$"},
                                Spelling{"²", "$^2$"},
                                Spelling{"÷", "$\\div$"},
                                Spelling{"…", "\\dots{}"},
                                Spelling{"µ", "$\\mu$"},
                                Spelling{"Σ", "$\\sum$"},
                                Spelling{"Δ", "$\\Delta$"},
                                Spelling{"α", "$\\alpha$"},
                                Spelling{"β", "$\\beta$"},
                                Spelling{"⊗", "$\\otimes$"},
                                Spelling{"←", "$\\leftarrow$"},
                                Spelling{"−", "$-$"},
                                Spelling{"—", "---"}};

std::string words(std::string_view text) {
  const std::string cleaned = clean(text);
  std::string out;
  for (std::string_view rest = cleaned; !rest.empty();) {
    const auto spelling =
        std::find_if(kSpellings.begin(), kSpellings.end(),
                     [&](const Spelling& one) { return rest.starts_with(one.character); });
    const bool found = spelling != kSpellings.end();
    out += found ? spelling->latex : rest.substr(0, 1);
    rest.remove_prefix(found ? spelling->character.size() : 1);
  }
  return out;
}

std::string math(const symbolic::Expr& expr) { return fmt::format("${}$", to_latex(expr)); }

std::string math(const symbolic::Limit& limit) {
  if (limit.kind == LimitKind::plus_infinity) return "$\\infty$";
  if (limit.kind == LimitKind::minus_infinity) return "$-\\infty$";
  return math(limit.value);
}

std::string environment(std::string_view name, const std::string& arguments,
                        const std::string& body) {
  return body.empty() ? ""
                      : fmt::format("\\begin{{{0}}}{1}\n{2}\\end{{{0}}}\n", name, arguments, body);
}

std::string steps(const Section& section) {
  std::string rows;
  for (const derive::Step& step : section.steps) {
    rows += fmt::format("{} & {} & {} \\\\\n", words(step.text),
                        step.flops.is_zero() ? "" : math(step.flops),
                        step.bytes.is_zero() ? "" : math(step.bytes));
  }
  if (rows.empty()) return {};
  return environment("longtable", "{@{}p{.42\\linewidth}p{.26\\linewidth}p{.24\\linewidth}@{}}",
                     "\\textbf{step} & \\textbf{FLOPs} & \\textbf{bytes} \\\\ \\hline\n" + rows);
}

std::string formulas(const Section& section) {
  std::string items;
  for (const FormulaRow& row : formula_rows(section)) {
    items += fmt::format("\\item[{{{}}}] ", words(row.label));
    if (row.value) {
      if (!row.subject.empty()) items += fmt::format("${}$ = ", row.subject);
      items += math(*row.value) + " " + words(row.unit);
      if (row.positive) items += fmt::format(" if ${} > 0$, else never", to_latex(*row.positive));
      if (!row.remark.empty()) items += " --- ";
    }
    items += words(row.remark) + "\n";
  }
  return environment("description", "", items);
}

std::string_view relation(symbolic::Relation one) {
  using symbolic::Relation;
  if (one == Relation::less_equal) return "\\le";
  if (one == Relation::greater_equal) return "\\ge";
  return one == Relation::less ? "<" : one == Relation::greater ? ">" : "=";
}

std::string claims(const Section& section) {
  std::string items;
  for (const derive::Claim& claim : section.claims) {
    const std::string text = is_formula(claim)
                                 ? fmt::format("${} {} {}$", to_latex(claim.left),
                                               relation(claim.relation), to_latex(claim.right))
                                 : words(claim.text);
    const std::string condition = condition_words(claim);
    items += fmt::format("\\item \\textsc{{{}}}: {} --- {}{}\n", words(proof_words(claim)), text,
                         words(claim.meaning), condition.empty() ? "" : "; " + words(condition));
  }
  return environment("itemize", "", items);
}

std::string table(const Table& table) {
  std::string rows;
  std::string columns;
  for (const Column& column : table.columns) {
    if (!columns.empty()) rows += " & ";
    columns += column.align == Align::left ? 'l' : 'r';
    const std::string unit = column.unit.empty() ? "" : fmt::format(" ({})", column.unit);
    rows += fmt::format("\\textbf{{{}}}", words(column.header + unit));
  }
  rows += " \\\\ \\hline\n";
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) rows += (i > 0 ? " & " : "") + words(row[i].text);
    rows += " \\\\\n";
  }
  return table.rows.empty() ? "" : environment("longtable", "{@{}" + columns + "@{}}", rows);
}

constexpr std::string_view kPreamble = R"(\documentclass[a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage[margin=2cm]{geometry}
\usepackage{amsmath,amssymb,longtable}
\setlength{\parindent}{0pt}
\allowdisplaybreaks\sloppy
)";

}  // namespace

std::string to_latex(const derive::Derivation& derivation) {
  std::string out(kPreamble);
  out += fmt::format("\\title{{{}}}\n\\date{{}}\n\\begin{{document}}\n\\maketitle\n",
                     words(document_title(derivation)));
  out += fmt::format("{}. {}\n", words(device_words(derivation.device)),
                     words(proofs_summary(derivation)));
  for (const Section& section : derivation.sections) {
    out += fmt::format("\n\\section*{{{}}}\n", words(section.title));
    for (const std::string& note : section.notes) out += words(note) + "\n";
    out += "\n" + steps(section) + formulas(section) + claims(section) +
           table(verdict_table(section, derivation.device)) + table(number_table(section));
  }
  std::string assumptions;
  for (const std::string& sentence : derivation.assumptions) {
    assumptions += "\\item " + words(sentence) + "\n";
  }
  out += "\n\\section*{Assumptions}\n" + environment("itemize", "", assumptions);
  return out + "\\end{document}\n";
}

}  // namespace ridgepoint::report
