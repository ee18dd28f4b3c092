// SPDX-License-Identifier: Apache-2.0
#include "derive/draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "derive/lecture_model.hpp"
#include "derive/words.hpp"

namespace ridgepoint::derive {

using symbolic::Expr;
using symbolic::Path;
using symbolic::Relation;
using symbolic::Solution;
using symbolic::Substitution;

Draft::Draft(const Context& context, std::string_view subject, std::string title)
    : context_(&context) {
  section_.subject = subject;
  section_.title = std::move(title);
}

void Draft::audit(const std::vector<cost::Entry<Expr>>& ledger) {
  Expr flops;
  Expr bytes;
  for (const cost::Entry<Expr>& entry : ledger) {
    if (entry.flops.is_zero() && entry.bytes.is_zero()) continue;
    section_.steps.push_back({step_words(entry, ledger), entry.flops, entry.bytes});
    flops += entry.flops;
    bytes += entry.bytes;
  }
  section_.arithmetic_intensity = flops / bytes;
  section_.flops = std::move(flops);
  section_.bytes = std::move(bytes);
}

void Draft::repeat_generation_step() {
  const GenerationStep& step = context_->generation_step();
  section_.totals_from = "transformer";
  section_.flops = step.flops;
  section_.bytes = step.bytes;
  section_.arithmetic_intensity = step.intensity;
  specialise(step.prefill_intensity, step.intensity);
}

void Draft::specialise() {
  specialise(substitute(intensity(), {{"T", context_->symbols.context}}),
             substitute(intensity(), {{"T", Expr(1)}}));
}

void Draft::specialise(const Expr& prefill, const Expr& decode) {
  section_.prefill = prefill;
  section_.decode = decode;
}

void Draft::note_fault(Diagnostics diagnostics) {
  for (Diagnostic& diagnostic : diagnostics) {
    diagnostic.where = fmt::format("derivation of {}: {}", section_.subject, diagnostic.where);
    faults_.push_back(std::move(diagnostic));
  }
}

Expr Draft::derivative(const Expr& expr, std::string_view variable) {
  Result<Expr> result = symbolic::differentiate(expr, variable);
  if (result) return *std::move(result);
  note_fault(result.error());
  return Expr::undefined();
}

LimitCase Draft::limit_case(std::string of, const Expr& expr, const Path& path,
                            std::string assumption) {
  const std::string words = path_words(path);
  assumption = assumption.empty() ? words : fmt::format("{}: {}", assumption, words);
  LimitCase result{std::move(of), {}, std::move(assumption)};
  Result<symbolic::Limit> value = symbolic::limit(expr, path);
  if (value) {
    result.value = *std::move(value);
  } else {
    note_fault(value.error());
    result.value.value = Expr::undefined();
  }
  if (result.value.kind != symbolic::LimitKind::finite) result.value.value = Expr::undefined();
  return result;
}

Expr Draft::limit(const Expr& expr, const Path& path) {
  return limit_case("", expr, path, "").value.value;
}

Expr Draft::limit_at_infinity(const Expr& expr, std::string_view variable) {
  return limit(expr, to_infinity(variable));
}

std::vector<Solution> Draft::solve(const Expr& expr, const Expr& target,
                                   std::string_view variable) {
  Result<std::vector<Solution>> result = symbolic::solve(expr, target, std::string(variable));
  if (result) return *std::move(result);
  note_fault(result.error());
  return {};
}

Expr Draft::root(const Expr& expr, const Expr& target, std::string_view variable) {
  const std::vector<Solution> solutions = solve(expr, target, variable);
  return solutions.size() == 1 ? solutions.front().value : Expr::undefined();
}

void Draft::reason(std::string_view why, const Expr& intensity, std::string_view model,
                   const Substitution& numbers) {
  std::string words = fmt::format("{}: {} FLOP/byte", why, to_text(intensity));
  if (!model.empty()) {
    words += fmt::format(", {:.3g} for {}", evaluate(intensity, numbers), model);
  }
  section_.notes.insert(section_.notes.begin(), words + ".");
}

Expr Draft::main_limit(std::string of, const Expr& expr, const Path& path, std::string assumption) {
  section_.limit = limit_case(std::move(of), expr, path, std::move(assumption));
  return section_.limit->value.value;
}

Expr Draft::more_limit(std::string of, const Expr& expr, const Path& path, std::string assumption) {
  section_.more_limits.push_back(limit_case(std::move(of), expr, path, std::move(assumption)));
  return section_.more_limits.back().value.value;
}

Expr Draft::crossover(std::string question, const Expr& formula, const Expr& target,
                      std::string_view variable) {
  section_.crossover = Crossover{std::move(question), std::string(variable), formula, target,
                                 solve(formula, target, variable)};
  const std::vector<Solution>& solutions = section_.crossover->solutions;
  return solutions.size() == 1 ? solutions.front().value : Expr::undefined();
}

void Draft::formula(std::string name, const Expr& formula, std::string unit) {
  section_.formulas.push_back({std::move(name), formula, std::move(unit)});
}

void Draft::utilisation(std::string name, const Expr& intensity) {
  formula(std::move(name), min(Expr(1), intensity / context_->symbols.ridge));
}

void Draft::claim(Claim claim) {
  if (claim.text.empty()) claim.text = relation_words(claim.left, claim.relation, claim.right);
  symbolic::Proof proof = symbolic::prove(claim.left, claim.relation, claim.right, claim.bounds);
  claim.verdict = proof.verdict;
  claim.witness = std::move(proof.witness);
  section_.claims.push_back(std::move(claim));
}

void Draft::claim_slope(std::string_view name, const Expr& expr, std::string_view variable,
                        Relation relation, std::string meaning, const symbolic::Bounds& bounds) {
  claim({.text = fmt::format("∂{}/∂{} {} 0", name, variable, symbolic::to_text(relation)),
         .meaning = std::move(meaning),
         .left = derivative(expr, variable),
         .relation = relation,
         .right = 0,
         .bounds = bounds});
}

double Draft::evaluate(const Expr& expr, const Substitution& numbers) {
  std::map<std::string, double, std::less<>> values;
  for (const auto& [name, number] : numbers) values.emplace(name, number.to_double());
  const Result<double> value = symbolic::evaluate(expr, values);
  if (value) return *value;
  note_fault(value.error());
  return 0;
}

void Draft::verdict(std::string at, const Expr& intensity, const Substitution& numbers) {
  const double value = evaluate(intensity, numbers);
  const FlopsPerByte ridge = context_->device.ridge();
  section_.verdicts.push_back({std::move(at), value, roofline::verdict(FlopsPerByte(value), ridge),
                               std::min(1.0, value / ridge.value())});
}

void Draft::number(std::string text, const Expr& formula, const Substitution& numbers,
                   std::string unit) {
  number(std::move(text), evaluate(formula, numbers), std::move(unit));
}

void Draft::number(std::string text, double value, std::string unit) {
  section_.numbers.push_back({std::move(text), value, std::move(unit)});
}

Result<Section> Draft::finish() && {
  if (!faults_.empty()) return fail(std::move(faults_));
  return std::move(section_);
}

Path to_infinity(std::string_view variable) { return {{}, std::string(variable), true, {}}; }

std::string setting_words(const Substitution& numbers) {
  std::string words;
  for (const auto& [name, value] : numbers) {
    if (!words.empty()) words += ", ";
    words += fmt::format("{} = {}", name, to_text(value));
  }
  return words;
}

}  // namespace ridgepoint::derive
