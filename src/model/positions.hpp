// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "model/config.hpp"

namespace ridgepoint::model {

/// Says of each layer with softmax attention whether its queries and keys are rotated: by the keys
/// of the file (no_rope_layers, alibi, position_embedding_type), else by the rule of the family.
void mark_rotary(Config& config, std::vector<LayerRun>& layers);

}  // namespace ridgepoint::model
