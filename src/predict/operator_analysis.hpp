// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "predict/step_analysis.hpp"

namespace ridgepoint::predict {

/// The counts of an operator and what follows from them: intensity, verdict, utilisation. A
/// compute type without a peak is refused before.
OperatorAnalysis count_operator(const cost::StepOperator<Count>& part,
                                const cost::Totals<Count>& totals, const hardware::Device& device);

/// Shapes of the parts of a step as letters, and as numbers.
struct LetteredShapes {
  std::span<const cost::Shape<symbolic::Expr>> letters;
  std::span<const cost::Shape<Count>> numbers;
};
/// What one instance does on these shapes.
std::vector<FormulaLine> formula(const cost::StepOperator<symbolic::Expr>& letters,
                                 const cost::StepOperator<Count>& exact,
                                 const LetteredShapes& shapes);

/// How a collective travels; nothing of other operators.
std::string exchange_of(const roofline::TimedOperator& op, const hardware::Device& device);

/// Sums of counts over the operators, times, and each operator's share.
void finish(StepAnalysis& step, const roofline::StepTime& time);

}  // namespace ridgepoint::predict
