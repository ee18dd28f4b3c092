// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "ridgepoint/core/json_reader.hpp"

namespace ridgepoint::efficiency {

inline constexpr const char* kFitAgain = "fit the profile again";

/// A finite number; a fault where there is none.
std::optional<double> read_number(json::Reader& reader, const std::string& key);

/// Likewise what times are multiplied by, as its logarithm: no larger than any that a fit can find,
/// so that times stay numbers.
std::optional<double> read_logarithm(json::Reader& reader, const std::string& key);
bool is_logarithm(double value);

enum class Presence { required, optional };

/// Hands a reader of each object of a list to `take`; what is no list of objects is a fault.
void read_objects(json::Reader& reader, const char* key, Presence presence, Diagnostics& faults,
                  const std::function<void(json::Reader&)>& take);

}  // namespace ridgepoint::efficiency
