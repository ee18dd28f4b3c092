// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ridgepoint/roofline/operator_time.hpp"
#include "ridgepoint/symbolic/calculus.hpp"
#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::derive {

/// One line of an audit, in a lecturer's words: "Read X (B×D) from HBM".
struct Step {
  std::string text;
  symbolic::Expr flops{};
  symbolic::Expr bytes{};
};

/// A relation that the algebra was asked to prove.
struct Claim {
  std::string text{};     ///< "S/(S + 1) < 1"; with names where the formulas are long: "∂I/∂B > 0"
  std::string meaning{};  ///< one sentence on why it matters
  symbolic::Expr left{};
  symbolic::Relation relation = symbolic::Relation::equal;
  symbolic::Expr right{};
  symbolic::Bounds bounds{};  ///< lower bounds under which it is claimed: S >= 1
  /// What was put in before proving, as a reader would say it: "S = R + u". May be empty.
  std::string given{};
  symbolic::Verdict verdict = symbolic::Verdict::unknown;
  symbolic::Substitution witness{};
};

/// What a formula tends to, with the assumption named.
struct LimitCase {
  std::string of;  ///< "arithmetic intensity"
  symbolic::Limit value;
  std::string assumption;  ///< "D and F far larger than B: D = c*B, F = c*B, c -> oo"
};

/// Where a formula meets a target: the value of one symbol from which the verdict changes.
struct Crossover {
  std::string question;  ///< "the batch from which it is compute-limited"
  std::string variable;
  symbolic::Expr formula;
  symbolic::Expr target;
  std::vector<symbolic::Solution> solutions;  ///< none: never
};

/// A named formula that belongs to the subject: latency, throughput, utilisation.
struct NamedFormula {
  std::string name;
  symbolic::Expr formula;
  std::string unit;  ///< "s", "bytes", "tokens/s"; empty for a pure number
};

/// A formula with numbers put in.
struct Number {
  std::string text;  ///< "latency, Llama 2 13B, B = 1, S = 1024"
  double value = 0;
  std::string unit;
};

/// What a device makes of an intensity.
struct DeviceVerdict {
  std::string at;  ///< "B = 64, D = 5120, F = 13824"
  double arithmetic_intensity = 0;
  roofline::Bound bound = roofline::Bound::memory_bound;
  double utilisation = 0;  ///< of the compute units: min(1, intensity / ridge)
};

/// The derivation of one subject. What a subject does not have is absent or empty.
struct Section {
  std::string subject;  ///< unique: "attention_gqa"
  std::string title;
  std::vector<std::string> notes;  ///< sentences that open the section

  std::vector<Step> steps;
  /// The subject whose audit the totals and intensities below repeat; empty where they are the
  /// section's own. Documents for people leave them out where they are repeated.
  std::string totals_from;
  std::optional<symbolic::Expr> flops;
  std::optional<symbolic::Expr> bytes;
  std::optional<symbolic::Expr> arithmetic_intensity;
  std::optional<symbolic::Expr> prefill;  ///< the intensity at T = S
  std::optional<symbolic::Expr> decode;   ///< the intensity at T = 1
  std::optional<LimitCase> limit;         ///< the first thing to remember
  std::vector<LimitCase> more_limits;
  std::vector<NamedFormula> formulas;
  std::optional<Crossover> crossover;
  std::vector<Claim> claims;

  std::vector<DeviceVerdict> verdicts;
  std::vector<Number> numbers;
};

}  // namespace ridgepoint::derive
