// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "predict/stage_memory.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/cost/step.hpp"
#include "ridgepoint/predict/build_step.hpp"
#include "ridgepoint/predict/memory_fit.hpp"
#include "ridgepoint/predict/speculative_decoding.hpp"

namespace ridgepoint::predict {

/// How a draft runs beside a model: on the same devices, split as the model is, stored as its own
/// config says, with a cache of the model's type.
Execution draft_execution(const model::Architecture& draft, const Execution& of_model);

/// The model's decode step where each of its tokens needs logits, of which it is to accept some.
cost::Step<double> check_step(const model::Architecture& architecture, const Execution& execution);

/// A decode step of the draft, or all heads at once. REQUIRES: tokens are proposed.
cost::Step<double> propose_step(const model::Architecture& architecture, const Execution& execution,
                                const SpeculativeDecoding& decoding);
/// How many of them a check needs.
double propose_steps(const SpeculativeDecoding& decoding);

/// What a device holds for it.
struct ProposerMemory {
  Count weight_bytes;
  Count activation_bytes;         ///< alive at once in the draft's largest step
  std::optional<KeptBytes> kept;  ///< none: heads keep nothing of a sequence
};
/// REQUIRES: tokens are proposed.
ProposerMemory proposer_memory(const DeviceShare& share, const FitQuestion& question);

/// Why a model cannot be run so; empty when it can.
Diagnostics faults_of(const model::Architecture& architecture, const Parallelism& split,
                      const SpeculativeDecoding& decoding);

/// What is assumed of proposals and checks.
std::vector<std::string> speculation_assumptions(const SpeculativeDecoding& decoding);

}  // namespace ridgepoint::predict
