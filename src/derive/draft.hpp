// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "derive/context.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/cost/sink.hpp"
#include "ridgepoint/derive/section.hpp"

namespace ridgepoint::derive {

/// A section while it is written. Faults of the algebra are collected, and finish() reports them:
/// an expression that could not be had is `undefined` meanwhile.
class Draft {
 public:
  Draft(const Context& context, std::string_view subject, std::string title);

  Section* operator->() { return &section_; }

  /// The audit: steps, totals and intensity from the ledger of an operator.
  template <class Op>
  void audit(const Op& op, const cost::Shape<symbolic::Expr>& shape) {
    audit(cost::ledger(op, shape));
  }
  void audit(const std::vector<cost::Entry<symbolic::Expr>>& ledger);
  /// For a section without an audit of its own: the totals of a generation step of the whole model.
  void repeat_generation_step();
  /// REQUIRES: audit() came first, for the five below.
  const symbolic::Expr& flops() const { return *section_.flops; }
  const symbolic::Expr& bytes() const { return *section_.bytes; }
  const symbolic::Expr& intensity() const { return *section_.arithmetic_intensity; }
  const symbolic::Expr& prefill() const { return *section_.prefill; }
  const symbolic::Expr& decode() const { return *section_.decode; }
  /// Puts in T = S (prefill) and T = 1 (decode).
  void specialise();
  void specialise(const symbolic::Expr& prefill, const symbolic::Expr& decode);

  symbolic::Expr derivative(const symbolic::Expr& expr, std::string_view variable);
  /// The finite limit along a path.
  symbolic::Expr limit(const symbolic::Expr& expr, const symbolic::Path& path);
  symbolic::Expr limit_at_infinity(const symbolic::Expr& expr, std::string_view variable);
  std::vector<symbolic::Solution> solve(const symbolic::Expr& expr, const symbolic::Expr& target,
                                        std::string_view variable);
  /// The one solution; `undefined` when there is none or more than one.
  symbolic::Expr root(const symbolic::Expr& expr, const symbolic::Expr& target,
                      std::string_view variable);

  /// Opens the section with why its intensity is what it is, ended by the formula and what `model`
  /// makes of it: "…: N/K FLOP/byte, 8 for Llama 3 70B." Without a model, by the formula alone.
  void reason(std::string_view why, const symbolic::Expr& intensity, std::string_view model = {},
              const symbolic::Substitution& numbers = {});

  /// The limit that the section is remembered by, then others.
  symbolic::Expr main_limit(std::string of, const symbolic::Expr& expr, const symbolic::Path& path,
                            std::string assumption = {});
  symbolic::Expr more_limit(std::string of, const symbolic::Expr& expr, const symbolic::Path& path,
                            std::string assumption = {});
  /// Where `formula` meets `target`; its solution, `undefined` where it has not exactly one.
  symbolic::Expr crossover(std::string question, const symbolic::Expr& formula,
                           const symbolic::Expr& target, std::string_view variable);
  void formula(std::string name, const symbolic::Expr& formula, std::string unit = {});
  void utilisation(std::string name, const symbolic::Expr& intensity);

  /// Proves a claim and keeps it. Its text is made of the formulas unless it has one.
  void claim(Claim claim);
  /// "∂I/∂B > 0": the sign of a derivative, `name` standing for the formula.
  void claim_slope(std::string_view name, const symbolic::Expr& expr, std::string_view variable,
                   symbolic::Relation relation, std::string meaning,
                   const symbolic::Bounds& bounds = {});

  /// The verdict of the device on an intensity once the numbers are in.
  void verdict(std::string at, const symbolic::Expr& intensity,
               const symbolic::Substitution& numbers);
  void number(std::string text, const symbolic::Expr& formula,
              const symbolic::Substitution& numbers, std::string unit = {});

  /// A figure that a ledger gave in numbers.
  void number(std::string text, double value, std::string unit = {});

  void note_fault(Diagnostics diagnostics);
  Result<Section> finish() &&;

 private:
  /// In double arithmetic.
  double evaluate(const symbolic::Expr& expr, const symbolic::Substitution& numbers);
  LimitCase limit_case(std::string of, const symbolic::Expr& expr, const symbolic::Path& path,
                       std::string assumption);

  const Context* context_;
  Section section_;
  Diagnostics faults_;
};

/// The path variable → infinity, nothing else moving.
symbolic::Path to_infinity(std::string_view variable);

/// "B = 64, D = 5120": numbers as a reader puts them in.
std::string setting_words(const symbolic::Substitution& numbers);

}  // namespace ridgepoint::derive
