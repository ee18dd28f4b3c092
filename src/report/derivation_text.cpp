// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "report/derivation_rows.hpp"
#include "report/text.hpp"
#include "report/utf8.hpp"
#include "ridgepoint/report/derivation.hpp"

namespace ridgepoint::report {
namespace {

using derive::Claim;
using derive::Section;

constexpr std::size_t kWidestLabel = 32;
constexpr std::size_t kWidestClaim = 40;
constexpr std::size_t kVerdictWidth = 8;  // "proved  "

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t used = display_width(text);
  return used < width ? text + std::string(width - used, ' ') : text + "  ";
}

/// Words beside a label of `width` columns, broken to fit; under the label where it is too long.
std::string hanging(const std::string& label, std::string_view words, std::size_t width,
                    const Terminal& terminal) {
  const std::string margin(width, ' ');
  Terminal column = terminal;
  if (terminal.width > 0) column.width = std::max(30, terminal.width - static_cast<int>(width));
  std::string out = margin;
  if (!label.empty() && display_width(label) + 2 > width) {
    out = coloured(label, Tone::faint, terminal) + "\n" + margin;
  } else if (!label.empty()) {
    out = coloured(padded(label, width), Tone::faint, terminal);
  }
  for (const char c : wrapped(words, column)) {
    if (!out.empty() && out.back() == '\n') out += margin;
    out += c;
  }
  return out;
}

std::string formula_words(const FormulaRow& row) {
  std::string words = row.subject.empty() ? "" : row.subject + " = ";
  words += symbolic::to_text(*row.value);
  if (!row.unit.empty()) words += " " + row.unit;
  if (row.positive) words += fmt::format(" if {} > 0, else never", to_text(*row.positive));
  return words;
}

std::string formula_lines(const Section& section, const Terminal& terminal) {
  const std::vector<FormulaRow> rows = formula_rows(section);
  std::size_t width = 0;
  for (const FormulaRow& row : rows) {
    const std::size_t label = display_width(row.label);
    if (label <= kWidestLabel) width = std::max(width, label + 2);
  }
  std::string out;
  for (const FormulaRow& row : rows) {
    out += hanging(spelled(row.label, terminal), row.value ? formula_words(row) : row.remark, width,
                   terminal);
    if (row.value && !row.remark.empty()) out += hanging("", row.remark, width, terminal);
  }
  return out;
}

/// "proved  S/(S + 1) < 1  generation attention never does one FLOP per byte"
std::string claim_lines(const Claim& claim, std::size_t width, const Terminal& terminal) {
  const bool proved = claim.verdict == symbolic::Verdict::proved;
  const std::string verdict = coloured(padded(proof_words(claim), kVerdictWidth),
                                       proved ? Tone::memory_bound : Tone::warning, terminal);
  const std::string text = spelled(claim.text, terminal);
  const std::string condition = condition_words(claim);
  const std::string meaning = condition.empty() ? claim.meaning : claim.meaning + "; " + condition;
  const std::size_t column = kVerdictWidth + width + 2;
  const bool beside = display_width(text) <= width &&
                      (terminal.width == 0 ||
                       column + display_width(meaning) <= static_cast<std::size_t>(terminal.width));
  if (proved && beside)
    return verdict + padded(text, width + 2) + spelled(meaning, terminal) + "\n";
  return verdict + text + "\n" + hanging("", meaning, kVerdictWidth, terminal);
}

std::string claims_block(const Section& section, const Terminal& terminal) {
  std::size_t width = 0;
  for (const Claim& claim : section.claims) {
    const std::size_t one = display_width(spelled(claim.text, terminal));
    if (one <= kWidestClaim) width = std::max(width, one);
  }
  std::string out;
  for (const Claim& claim : section.claims) out += claim_lines(claim, width, terminal);
  return out;
}

std::string block(std::string lines) { return lines.empty() ? "" : "\n" + std::move(lines); }

std::string section_text(const Section& section, const derive::DeviceFacts& device,
                         const Terminal& terminal) {
  const std::string title =
      spelled(fmt::format("{}: {}", section.subject, section.title), terminal);
  std::string out = "\n" + bold(title, terminal) + "\n";
  out += coloured(repeated(spelled("─", terminal), display_width(title)), Tone::faint, terminal);
  out += "\n";
  for (const std::string& note : section.notes) out += wrapped(note, terminal);
  if (!section.steps.empty()) out += block(to_text(step_table(section), terminal));
  out += block(formula_lines(section, terminal));
  out += block(claims_block(section, terminal));
  if (!section.verdicts.empty()) out += block(to_text(verdict_table(section, device), terminal));
  if (!section.numbers.empty()) out += block(to_text(number_table(section), terminal));
  return out;
}

}  // namespace

std::string to_text(const derive::Derivation& derivation, const Terminal& terminal) {
  std::string out = bold(spelled(document_title(derivation), terminal), terminal) + "\n";
  out += wrapped(device_words(derivation.device) + ". " + proofs_summary(derivation), terminal);
  for (const Section& section : derivation.sections) {
    out += section_text(section, derivation.device, terminal);
  }
  return out + "\n" + listed("Assumptions", derivation.assumptions, terminal);
}

}  // namespace ridgepoint::report
