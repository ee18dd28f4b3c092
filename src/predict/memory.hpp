// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::predict {

/// Bytes of all weights, every expert and the embedding table included.
Count weight_memory(const model::Architecture& architecture, const Precision& precision);

/// Weights and KV cache against the datasheet's capacity, and the largest batch that fits.
MemoryUse memory_use(const model::Architecture& architecture, const hardware::Device& device,
                     const Workload& workload);

}  // namespace ridgepoint::predict
