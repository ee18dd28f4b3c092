// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/core/json.hpp"
#include "ridgepoint/core/override.hpp"

namespace ridgepoint::model {

/// After `--set num_hidden_layers=L`: lists and strings that had one entry for each of the `before`
/// layers are cut to L, or go on as they began if they repeat themselves.
void fit_layer_lists(const Overrides& overrides, std::int64_t before, json::Value& object);

}  // namespace ridgepoint::model
