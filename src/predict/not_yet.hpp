// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::predict {

/// The kinds of layer that no step is built of yet, a fault each; empty when a step can be built.
Diagnostics not_yet_in_steps(const model::Architecture& architecture);

}  // namespace ridgepoint::predict
