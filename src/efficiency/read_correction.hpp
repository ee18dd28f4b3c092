// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/core/json_reader.hpp"
#include "ridgepoint/efficiency/correction.hpp"
#include "ridgepoint/efficiency/shapes.hpp"

namespace ridgepoint::efficiency {

/// A table of a class of kernels. What does not fit the class, or itself, is a fault; one that has
/// a fault is of no use.
Correction read_correction(json::Reader& reader, OperatorClass kind, Diagnostics& faults);

}  // namespace ridgepoint::efficiency
