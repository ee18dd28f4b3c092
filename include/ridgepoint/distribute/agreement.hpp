// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ridgepoint/core/result.hpp"

namespace ridgepoint::distribute {

/// The faults of all ranks, the same at each of them: empty where none has one. What only others
/// than the first rank have met names the rank. `inputs` tells what a rank was given to read; where
/// nothing else is wrong, another one than the first rank's is a fault. For all ranks together.
Diagnostics agreed(const Diagnostics& mine, const std::string& inputs = {});

}  // namespace ridgepoint::distribute
