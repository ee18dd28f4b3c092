// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::predict {

/// What was assumed for the user, as sentences: the model's, the device's and the analysis's own.
std::vector<std::string> assumptions(const Analysis& answer);

}  // namespace ridgepoint::predict
