// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/derivation_rows.hpp"
#include "report/text.hpp"
#include "ridgepoint/report/derivation.hpp"

namespace ridgepoint::report {
namespace {

using derive::Section;

std::string code(const std::string& text) { return text.empty() ? "" : fmt::format("`{}`", text); }

/// A table whose cells are ready for Markdown.
std::string pipes(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += fmt::format(" {} |", cell);
  return line + "\n";
}

std::string steps(const Section& section) {
  std::string out = pipes({"step", "FLOPs", "bytes"}) + "|---|---|---|\n";
  for (const auto& row : step_table(section).rows) {
    out += pipes({escape_markdown(row[0].text), code(row[1].text), code(row[2].text)});
  }
  return out + "\n";
}

std::string formulas(const Section& section) {
  std::string out;
  for (const FormulaRow& row : formula_rows(section)) {
    out += fmt::format("- **{}**: ", escape_markdown(row.label));
    if (row.value) {
      out += code((row.subject.empty() ? "" : row.subject + " = ") + symbolic::to_text(*row.value));
      if (!row.unit.empty()) out += " " + escape_markdown(row.unit);
      if (row.positive) out += fmt::format(" if `{} > 0`, else never", to_text(*row.positive));
      if (!row.remark.empty()) out += ", ";
    }
    out += escape_markdown(row.remark) + "\n";
  }
  return out + "\n";
}

std::string claims(const Section& section) {
  if (section.claims.empty()) return {};
  std::string out = pipes({"verdict", "claim", "meaning"}) + "|---|---|---|\n";
  for (const derive::Claim& claim : section.claims) {
    const std::string text = is_formula(claim) ? code(claim.text) : escape_markdown(claim.text);
    const std::string condition = condition_words(claim);
    const std::string meaning =
        condition.empty() ? claim.meaning : claim.meaning + "; " + condition;
    out += pipes({escape_markdown(proof_words(claim)), text, escape_markdown(meaning)});
  }
  return out + "\n";
}

std::string section_markdown(const Section& section, const derive::DeviceFacts& device) {
  std::string out = fmt::format("\n## {}: {}\n\n", section.subject, escape_markdown(section.title));
  for (const std::string& note : section.notes) out += escape_markdown(note) + "\n";
  out += "\n";
  if (!section.steps.empty()) out += steps(section);
  out += formulas(section) + claims(section);
  if (!section.verdicts.empty()) out += to_markdown(verdict_table(section, device)) + "\n";
  if (!section.numbers.empty()) out += to_markdown(number_table(section)) + "\n";
  out.pop_back();
  return out;
}

}  // namespace

std::string to_markdown(const derive::Derivation& derivation) {
  std::string out = fmt::format("# {}\n\n", escape_markdown(document_title(derivation)));
  out +=
      escape_markdown(device_words(derivation.device)) + ". " + proofs_summary(derivation) + "\n";
  for (const Section& section : derivation.sections) {
    out += section_markdown(section, derivation.device);
  }
  out += "\n## Assumptions\n\n";
  for (const std::string& sentence : derivation.assumptions) {
    out += fmt::format("- {}\n", escape_markdown(sentence));
  }
  return out;
}

}  // namespace ridgepoint::report
