// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "ridgepoint/predict/memory_fit.hpp"

namespace ridgepoint::predict {

/// The fewest devices of one replica that hold the sequences of a question, and how they share the
/// model: tensor parallel inside the link's domain times stages; of equal counts the one with more
/// tensor parallelism. Experts are spread over it where their width cannot be split. Nothing where
/// 1024 devices are too few.
std::optional<SmallestFit> smallest_fit(const MemoryFit& answer);

}  // namespace ridgepoint::predict
