// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "ridgepoint/predict/memory_fit.hpp"

namespace ridgepoint::predict {

/// How long a decode step takes when memory is full; none where not even one sequence fits, nothing
/// decodes, or the device has no peak or link for it.
std::optional<FullStep> full_step(const MemoryFit& fit);

}  // namespace ridgepoint::predict
