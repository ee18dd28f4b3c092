// SPDX-License-Identifier: Apache-2.0
#include "report/derivation_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using derive::Claim;
using derive::Section;
using symbolic::Expr;
using symbolic::Limit;
using symbolic::LimitKind;

Limit finite(const Expr& value) { return {LimitKind::finite, value}; }

void add_if(std::vector<FormulaRow>& rows, std::string label, const std::optional<Expr>& formula) {
  if (formula) rows.push_back({std::move(label), "", finite(*formula), "", ""});
}

FormulaRow limit_row(const derive::LimitCase& limit) {
  return {"limit of " + limit.of, "", limit.value, "", limit.assumption};
}

void add_crossover(std::vector<FormulaRow>& rows, const derive::Crossover& crossover) {
  if (crossover.solutions.empty()) {
    rows.push_back({"crossover", "", std::nullopt, "", "never: " + crossover.question});
  }
  for (const symbolic::Solution& solution : crossover.solutions) {
    FormulaRow row{"crossover", crossover.variable, finite(solution.value), "", crossover.question};
    if (!(solution.condition == Expr(1))) row.positive = solution.condition;
    rows.push_back(std::move(row));
  }
}

struct CountPrefix {
  double factor;
  const char* name;
};
constexpr std::array<CountPrefix, 5> kPrefixes{
    {{1e18, "E"}, {1e15, "P"}, {1e12, "T"}, {1e9, "G"}, {1, ""}}};

std::string flop_words(double flops) {
  const auto prefix = std::find_if(kPrefixes.begin(), kPrefixes.end(), [&](const CountPrefix& p) {
    return flops >= p.factor || p.factor == 1;
  });
  return fmt::format("{} {}FLOP", format_number(flops / prefix->factor), prefix->name);
}

/// Counts whole, everything else to four digits.
std::string plain_number(double value) {
  constexpr double kExact = 9e15;
  if (std::trunc(value) == value && std::abs(value) < kExact) {
    return format_integer(static_cast<std::int64_t>(value));
  }
  return format_number(value, 4);
}

std::string bound_words(roofline::Bound bound) {
  return bound == roofline::Bound::compute_bound ? "compute-bound" : "memory-bound";
}

Tone tone_of(roofline::Bound bound) {
  return bound == roofline::Bound::compute_bound ? Tone::compute_bound : Tone::memory_bound;
}

std::string amount(const Expr& expr) { return expr.is_zero() ? "" : to_text(expr); }

void add_totals(std::vector<FormulaRow>& rows, const Section& section) {
  add_if(rows, "FLOPs", section.flops);
  add_if(rows, "bytes", section.bytes);
  add_if(rows, "arithmetic intensity I", section.arithmetic_intensity);
  add_if(rows, "I in prefill (T = S)", section.prefill);
  const bool is_decode = section.decode == section.arithmetic_intensity;
  if (!is_decode) add_if(rows, "I in generation (T = 1)", section.decode);
}

}  // namespace

std::vector<FormulaRow> formula_rows(const Section& section) {
  std::vector<FormulaRow> rows;
  if (section.totals_from.empty()) add_totals(rows, section);
  if (section.limit) rows.push_back(limit_row(*section.limit));
  for (const derive::LimitCase& limit : section.more_limits) rows.push_back(limit_row(limit));
  for (const derive::NamedFormula& named : section.formulas) {
    rows.push_back({named.name, "", finite(named.formula), named.unit, ""});
  }
  if (section.crossover) add_crossover(rows, *section.crossover);
  return rows;
}

bool is_formula(const Claim& claim) {
  return claim.text == fmt::format("{} {} {}", to_text(claim.left),
                                   symbolic::to_text(claim.relation), to_text(claim.right));
}

std::string proof_words(const Claim& claim) {
  std::string words = symbolic::to_text(claim.verdict);
  const char* separator = " at ";
  for (const auto& [name, value] : claim.witness) {
    words += fmt::format("{}{} = {}", separator, name, to_text(value));
    separator = ", ";
  }
  return words;
}

std::string condition_words(const Claim& claim) {
  if (!claim.given.empty()) return "given " + claim.given;
  std::vector<std::string> bounds;
  for (const auto& [name, value] : claim.bounds) {
    bounds.push_back(fmt::format("{} >= {}", name, to_text(value)));
  }
  const std::string words = bounds.empty() ? "" : "for " + joined(bounds);
  return claim.text.find(words) == std::string::npos ? words : "";
}

Table step_table(const Section& section) {
  Table table{
      {{"step", "", Align::left, 0}, {"FLOPs", "", Align::left, 0}, {"bytes", "", Align::left, 0}},
      {},
      {}};
  for (const derive::Step& step : section.steps) {
    table.rows.push_back({step.text, amount(step.flops), amount(step.bytes)});
  }
  return table;
}

Table verdict_table(const Section& section, const derive::DeviceFacts& device) {
  Table table{{{"on " + device.name, "", Align::left, 0},
               {"intensity", "FLOP/byte", Align::point, 0},
               {"verdict", "", Align::left, 0},
               {"compute in use", "%", Align::point, 0}},
              {},
              {}};
  for (const derive::DeviceVerdict& one : section.verdicts) {
    table.rows.push_back({one.at, format_number(one.arithmetic_intensity, 4),
                          Cell(bound_words(one.bound), tone_of(one.bound)),
                          format_number(100 * one.utilisation)});
  }
  return table;
}

Table number_table(const Section& section) {
  Table table{{{"in numbers", "", Align::left, 0}, {"", "", Align::right, 0}}, {}, {}};
  for (const derive::Number& number : section.numbers) {
    table.rows.push_back({number.text, figure(number)});
  }
  return table;
}

std::string figure(const derive::Number& number) {
  if (number.unit == "bytes") return format_bytes(number.value);
  if (number.unit == "s") return format_time(Seconds(number.value));
  if (number.unit == "FLOP") return flop_words(number.value);
  if (number.unit == "tokens/s") return format_number(number.value) + " tokens/s";
  const std::string value = plain_number(number.value);
  return number.unit.empty() ? value : fmt::format("{} {}", value, number.unit);
}

std::string device_words(const derive::DeviceFacts& device) {
  return fmt::format("On {}: ridge point R = {} FLOP/byte", device.name,
                     format_number(device.ridge().value(), 4));
}

std::string proofs_summary(const derive::Derivation& derivation) {
  std::size_t claims = 0;
  for (const Section& section : derivation.sections) claims += section.claims.size();
  const std::size_t open = derive::unproved(derivation.sections).size();
  if (open == 0) return fmt::format("All {} claims proved.", claims);
  return fmt::format("{} of {} claims NOT proved.", open, claims);
}

std::string document_title(const derive::Derivation& derivation) {
  const std::string subject =
      derivation.requested == "all" ? "Derivations" : "Derivation of " + derivation.requested;
  return fmt::format("{} on {}", subject, derivation.device.title);
}

}  // namespace ridgepoint::report
