// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/band_words.hpp"
#include "report/formula_words.hpp"
#include "report/roofline_words.hpp"
#include "report/text.hpp"
#include "ridgepoint/report/roofline_report.hpp"

namespace ridgepoint::report {
namespace {

using predict::Analysis;
using predict::FormulaLine;
using predict::OperatorAnalysis;
using predict::StepAnalysis;

std::string indented(const std::string& words, const Terminal& terminal) {
  constexpr int kIndent = 2;
  Terminal inside = terminal;
  if (inside.width > kIndent) inside.width -= kIndent;
  return std::string(kIndent, ' ') + wrapped(words, inside, 6);
}

/// One entry: what it does, its formula in letters, then with the numbers put in.
std::string entry_text(const FormulaLine& line, const Letters& letters, const Terminal& terminal) {
  const std::string formula = to_text(amount(line.entry));
  const std::string kind(kind_words(line.entry));
  return indented(
      fmt::format("{}{}: {} = {} = {} {}", entry_words(line.entry), kind.empty() ? "" : ", " + kind,
                  formula, with_numbers(formula, letters), whole(line.value),
                  amount_unit(line.entry)),
      terminal);
}

/// A collective: its payload, how it travels, and what that takes.
std::string exchange_text(const OperatorAnalysis& one, const Terminal& terminal) {
  return indented(fmt::format("payload = {} B; {}", whole(one.network_bytes), one.exchange),
                  terminal) +
         indented(fmt::format("time = {}, {} % of the step; {}",
                              format_time(Seconds(one.time_s), 3, terminal.charset),
                              percent(one.share), short_name(one.bound)),
                  terminal);
}

std::string intensity_text(const OperatorAnalysis& one, const Analysis& analysis,
                           const Terminal& terminal) {
  if (one.bound == roofline::Bound::network_bound) return exchange_text(one, terminal);
  const auto& device = analysis.device;
  const bool computes = one.bound == roofline::Bound::compute_bound;
  const double peak = one.ridge_point * device.memory_bandwidth.value.value();
  const std::string resource =
      computes ? fmt::format("{} FLOP ÷ {}", whole(one.flops),
                             format_compute_rate(FlopsPerSecond(peak), 4))
               : fmt::format("{} B ÷ {}", whole(one.bytes()),
                             format_bandwidth(device.memory_bandwidth.value, 4));
  std::string out = indented(
      fmt::format("intensity = {} FLOP ÷ {} B = {} FLOP/B {} ridge {}: {}", whole(one.flops),
                  whole(one.bytes()), format_number(one.arithmetic_intensity), computes ? "≥" : "<",
                  format_number(one.ridge_point), short_name(one.bound)),
      terminal);
  const std::string change =
      one.crossover ? "; compute-bound " + crossover_words(*one.crossover) : "";
  out += indented(fmt::format("time = {} = {}, {} % of the step{}", resource,
                              format_time(Seconds(one.time_s), 3, terminal.charset),
                              percent(one.share), change),
                  terminal);
  return out;
}

/// "expected = 4.31 ms (4.10–4.55), 92 % of it the bound; gemm bf16, …"
std::string expected_text(const OperatorAnalysis& one, const Terminal& terminal) {
  const predict::OperatorExpectation& expected = *one.expected;
  if (!(expected.time.seconds > 0)) return indented("expected: " + expected.kernel, terminal);
  std::string words = "expected = " + with_band(expected.time);
  if (expected.efficiency() > 0) {
    words += fmt::format(", of which the bound is {} %", percent(expected.efficiency()));
  } else {
    words += ", " + expected.kernel;
  }
  return indented(words + "; " + expected.source, terminal);
}

std::string operator_text(const OperatorAnalysis& one, const Analysis& analysis,
                          const Letters& letters, const Terminal& terminal) {
  std::string out =
      bold(spelled(one.name, terminal), terminal) +
      spelled(fmt::format(", {}, × {}", name(one.phase), format_integer(one.count)), terminal) +
      "\n";
  for (const FormulaLine& line : one.formula) {
    if (!is_nothing(line)) out += entry_text(line, letters, terminal);
  }
  out += intensity_text(one, analysis, terminal);
  return one.expected ? out + expected_text(one, terminal) : out;
}

std::string step_text(const StepAnalysis& step, const Terminal& terminal) {
  const auto time = [&](double seconds) {
    return format_time(Seconds(seconds), 3, terminal.charset);
  };
  return wrapped(
      fmt::format("{} floor = max(compute {}, compulsory memory {}{}) = {}; bound = sum over "
                  "operators of max(compute, memory{}) = {}.",
                  phase_title(step.phase), time(step.compute_s), time(step.compulsory_memory_s),
                  step.network_s > 0 ? ", network " + time(step.network_s) : "", time(step.floor_s),
                  step.network_s > 0 ? ", network" : "", time(step.bound_s)),
      terminal);
}

std::string expected_step_text(const StepAnalysis& step, const Terminal& terminal) {
  if (!step.expected) return {};
  return wrapped(
      fmt::format("{} expected {} = {}.", phase_title(step.phase), with_band(step.expected->whole),
                  composition_words(*step.expected, terminal.charset)),
      terminal);
}

}  // namespace

std::string to_explanation(const Analysis& analysis, const Terminal& terminal) {
  const auto heading = [&](std::string_view words) {
    return "\n" + bold(spelled(words, terminal), terminal) + "\n";
  };
  const Letters numbers = letters(analysis);
  std::string out = bold(wrapped(model_on_device(analysis), terminal), terminal);
  out += wrapped(setting(analysis), terminal);
  out += heading("Letters");
  for (const LetterMeaning& row : letter_meanings(analysis)) {
    out += indented(fmt::format("{} = {}  {}", row.letter, row.number, row.meaning), terminal);
  }
  for (const StepAnalysis& step : analysis.steps) {
    out += heading(phase_title(step.phase) +
                   ": entries of one instance; intensity and time of all instances");
    for (const OperatorAnalysis& one : step.operators) {
      out += operator_text(one, analysis, numbers, terminal);
    }
    out += step_text(step, terminal);
    out += expected_step_text(step, terminal);
    out += wrapped(further_sentence(step), terminal);
  }
  std::vector<std::string> sources;
  for (const SourcedFigure& figure : figures_in_use(analysis)) {
    sources.push_back(fmt::format("{} {}: {}", figure.name, figure.value, figure.source));
  }
  out += "\n" + listed("Assumptions", analysis.assumptions, terminal);
  return out + "\n" + listed("Sources", sources, terminal);
}

}  // namespace ridgepoint::report
