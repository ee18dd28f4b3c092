// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/envelope.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/architecture.hpp"
#include "ridgepoint/model/parameters.hpp"
#include "ridgepoint/predict/build_step.hpp"
#include "ridgepoint/predict/speculative_decoding.hpp"

namespace ridgepoint::report {

/// What the inputs of every answer about a deployment begin with: who, where, how many, in which
/// types.
Json deployment_inputs(const model::Architecture& architecture, const hardware::Device& device,
                       const predict::Parallelism& split, const predict::Precision& precision);

/// Adds whose server expected times are of.
void add_engine(Json& inputs, const predict::Engine& engine);

/// Adds what proposes tokens.
void add_speculation(Json& inputs, const predict::SpeculativeDecoding& decoding);

/// Adds what was computed with, every what-if applied: the sizes of the model, the bandwidth and
/// the capacity of the device.
void add_resolved(Json& inputs, const model::Architecture& architecture,
                  const hardware::Device& device);

/// Which layers keep how many tokens, and their bytes.
Json windows_json(const std::vector<model::KvWindow>& windows);

/// A run of equal layers with its sizes.
Json layer_run_json(const model::LayerRun& run);

}  // namespace ridgepoint::report
