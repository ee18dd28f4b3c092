// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/core/json.hpp"
#include "ridgepoint/core/override.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::model {

/// Puts the `--set` changes into the file's object and says each in `out.assumptions`; lists with
/// an entry for each layer follow a change of their number.
Diagnostics apply_overrides(const Overrides& overrides, json::Value& object, Architecture& out);

/// Faults in a key that an override set become the override's.
void blame(const Overrides& overrides, Diagnostics& faults);

}  // namespace ridgepoint::model
