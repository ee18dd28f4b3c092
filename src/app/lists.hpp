// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/arguments.hpp"
#include "ridgepoint/core/units.hpp"

namespace ridgepoint::app {

/// All lists that were given for an option, one after the other: "a,b" → a and b; the name of a
/// file is one value whatever it holds. An empty name is a fault.
std::vector<std::string> read_names(const Arguments& arguments, std::string_view option,
                                    Faults& faults);
/// The same of numbers: "1,2,4", "1..64:x2".
std::vector<std::int64_t> read_numbers(const Arguments& arguments, std::string_view option,
                                       Faults& faults, CountBounds bounds = {});

}  // namespace ridgepoint::app
