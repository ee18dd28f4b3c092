// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "model/family.hpp"
#include "ridgepoint/core/json_reader.hpp"

namespace ridgepoint::model {

/// For each layer whether it sees only the sliding window: by the file's layer_types, else by the
/// rule of the family. As many as `layers` unless the reader was given a fault.
std::vector<bool> windowed_layers(const Family& family, std::int64_t layers, json::Reader& reader);

}  // namespace ridgepoint::model
