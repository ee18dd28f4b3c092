// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "ridgepoint/model/storage.hpp"
#include "ridgepoint/predict/build_step.hpp"

namespace ridgepoint::predict {

/// What is known of the step of one device before it is built in any scalar.
struct StepPlan {
  DeviceShare share;
  Execution execution;
  Phase phase;
  model::WeightStorage storage;

  const model::Architecture& architecture() const { return share.model; }
  const Parallelism& parallelism() const { return execution.parallelism; }
};
StepPlan plan_step(DeviceShare share, const Execution& execution, Phase phase);

/// As build_step of a model, for the device that is planned for.
template <class N>
cost::Step<N> build_step(const StepPlan& plan);

/// The steps of these plans with letters in common.
LetteredSteps build_lettered_steps(const std::vector<StepPlan>& plans);

}  // namespace ridgepoint::predict
