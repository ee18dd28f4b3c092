// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "predict/expected_step.hpp"
#include "predict/step_plan.hpp"
#include "ridgepoint/predict/analysis.hpp"
#include "ridgepoint/roofline/step_time.hpp"

namespace ridgepoint::predict {

/// The step of one phase in each of the scalars that the answer needs, operator by operator.
struct StepReadings {
  Phase phase;
  cost::Step<Count> exact;
  cost::Step<symbolic::Expr> sizes;    ///< numbers as constants of the algebra
  cost::Step<symbolic::Expr> letters;  ///< D, F, N, …
  roofline::TimedStep timed;
  std::optional<ExpectedStep> expected;  ///< none without a calibration
};

/// Errors: a compute type without a peak, a link or network whose rate is not known.
Result<StepReadings> read_step(const StepPlan& plan, const hardware::Device& device,
                               cost::Step<symbolic::Expr> letters);

/// How the step of a workload is run.
inline Execution execution_of(const Workload& workload) {
  return {.precision = workload.precision,
          .expert_imbalance = workload.expert_imbalance,
          .parallelism = workload.parallelism,
          .engine = workload.engine,
          .calibration = workload.calibration};
}

bool asks_for(const Workload& workload, Phase phase);

/// B sequences whose context ends at S, in the tokens of a phase.
template <class N>
cost::Shape<N> shape(Phase phase, const N& batch, const N& context) {
  return {batch, phase == Phase::prefill ? context : N(1), context};
}

/// A chunk of one prompt.
template <class N>
cost::Shape<N> chunk_shape(const N& tokens, const N& context) {
  return {N(1), tokens, context};
}

/// The parts of a mixed step: the chunk, then the decode.
template <class N>
std::array<cost::Shape<N>, 2> mixed_shapes(const Workload& workload) {
  return {chunk_shape(N(workload.chunk.tokens), N(workload.chunk.context)),
          shape(Phase::decode, N(workload.batch), N(workload.context))};
}

/// The operators of one phase one after the other, and their sum.
StepAnalysis analyse_step(const StepReadings& step, const hardware::Device& device,
                          const Workload& workload);

/// The same of a mixed step, whose parts are a chunk of a prompt and a decode.
StepAnalysis analyse_mixed_step(const StepReadings& prefill, const StepReadings& decode,
                                const hardware::Device& device, const Workload& workload);

}  // namespace ridgepoint::predict
