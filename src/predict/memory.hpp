// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::predict {

/// Weights and KV cache of one device against the datasheet's capacity, and the largest batch that
/// fits.
MemoryUse memory_use(const DeviceShare& share, const hardware::Device& device,
                     const Workload& workload);

}  // namespace ridgepoint::predict
