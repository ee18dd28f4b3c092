// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>
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

/// Turns a size into a scalar: as the number that it is, or as its letter.
template <class N>
using Naming = std::function<N(std::string_view letter, std::int64_t value, const char* meaning)>;

/// The same with every size as `naming` has it.
template <class N>
cost::Step<N> build_step(const StepPlan& plan, Naming<N> naming);

/// The steps of these plans with letters in common.
LetteredSteps build_lettered_steps(const std::vector<StepPlan>& plans);

}  // namespace ridgepoint::predict
