// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ridgepoint/predict/request.hpp"
#include "ridgepoint/roofline/operator_time.hpp"
#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::predict {

/// "attention=compute_bound": which value of what makes that so.
struct OperatorQuestion {
  RequestQuestion request;
  Phase phase = Phase::decode;  ///< prefill: all prompts of the batch in one step
  std::string op;               ///< as `roofline` calls it
  roofline::Bound wanted = roofline::Bound::compute_bound;
  std::string unknown;  ///< batch, context, input, a size by its letter or name, a rate
};

/// An operator with the unknown at one value.
struct OperatorPoint {
  double value = 0;      ///< of the unknown
  double intensity = 0;  ///< FLOP/byte
  double ridge = 0;      ///< FLOP/byte
  roofline::Bound bound() const {
    return roofline::verdict(FlopsPerByte(intensity), FlopsPerByte(ridge));
  }
};

/// Where one operator turns from memory- to compute-bound.
struct OperatorCrossover {
  OperatorQuestion question;
  std::string meaning;    ///< of the unknown: "num_key_value_heads"
  bool is_rate = false;   ///< of the device: any positive number is one
  std::string intensity;  ///< in the letters of the model: FLOPs ÷ bytes
  std::string solution;   ///< of the unknown, with the ridge as "ridge"; empty: found by bisection
  std::vector<Letter> letters;  ///< that both use, B and S apart
  OperatorPoint now;
  std::optional<double> crossover;  ///< none: the same side whatever the value
  /// The nearest legal values before it and from it on; without a crossover the ends, 1 and 2^40.
  std::optional<OperatorPoint> below;
  std::optional<OperatorPoint> above;
  std::vector<std::string> assumptions;

  /// Whether the operator is as wanted at `now` (without a crossover), or at a legal value.
  bool is_met() const;
  /// Whether it is as wanted from the crossover on, not up to it. REQUIRES: a crossover, is_met.
  bool is_met_above() const;
};

/// By the algebra: FLOPs ÷ bytes = peak ÷ bandwidth is solved for the letter of the unknown,
/// exactly where its degree is 1 or 2; of experts, and where batch stands in an exponent, by
/// bisection over whole numbers. Of several devices it is the share of one on the first stage.
/// Legal are whole numbers from 1; key/value heads divide the heads, heads are a multiple of them.
/// Errors: as estimate; an operator that the step has not, a collective, one without FLOPs, an
/// unknown that it does not hang on.
Result<OperatorCrossover> solve_operator(const model::Architecture& architecture,
                                         const hardware::Device& device,
                                         const OperatorQuestion& question);

}  // namespace ridgepoint::predict
