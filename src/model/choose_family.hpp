// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/family.hpp"
#include "ridgepoint/core/json_reader.hpp"
#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::model {

/// The row of model_type, of the class in `architectures`, or the common geometry, which is said
/// in `out.assumptions`; null, with a fault, for what cannot be counted.
const Family* choose_family(const json::Value& root, json::Reader& reader, Diagnostics& faults,
                            Architecture& out);

}  // namespace ridgepoint::model
