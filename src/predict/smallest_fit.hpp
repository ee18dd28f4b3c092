// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "ridgepoint/predict/memory_fit.hpp"

namespace ridgepoint::predict {

/// Splits beyond this are not looked at.
inline constexpr std::int64_t kMostDevices = 1024;

/// The fewest devices of one replica that hold the sequences of a question, and how they share the
/// model: tensor parallel inside the link's domain times stages; of equal counts the one with more
/// tensor parallelism. Experts are spread over it where their width cannot be split. Nothing where
/// kMostDevices are too few.
std::optional<SmallestFit> smallest_fit(const MemoryFit& answer);

}  // namespace ridgepoint::predict
