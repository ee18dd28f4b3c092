// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/envelope.hpp"
#include "ridgepoint/predict/memory_fit.hpp"

namespace ridgepoint::report {

/// Adds the figures of a fit: those of the tightest stage, what they come to, and what would change
/// them.
void add_memory(Json& document, const predict::MemoryFit& fit);

}  // namespace ridgepoint::report
