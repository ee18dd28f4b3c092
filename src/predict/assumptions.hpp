// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::predict {

/// What reading the model and the device assumed.
std::vector<std::string> given_assumptions(const model::Architecture& architecture,
                                           const hardware::Device& device);

/// "weights fp8, activations bf16, KV cache bf16".
std::string precision_sentence(const model::Architecture& architecture, const Precision& precision);

/// What was assumed for the user, as sentences: the model's, the device's and the analysis's own.
std::vector<std::string> assumptions(const Analysis& answer);

}  // namespace ridgepoint::predict
