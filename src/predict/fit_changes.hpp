// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "ridgepoint/predict/memory_fit.hpp"

namespace ridgepoint::predict {

/// Other settings that would make it fit, or admit more sequences, the cheapest first: what is left
/// out before what is bought. REQUIRES: `answer.smallest` is known.
std::vector<FitChange> fit_changes(const MemoryFit& answer);

}  // namespace ridgepoint::predict
