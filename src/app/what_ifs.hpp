// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/arguments.hpp"

namespace ridgepoint::app {

/// One way to answer all questions of --set or --set-device.
struct WhatIf {
  std::vector<std::string> changes;  ///< "num_key_value_heads=8", one for each time it was given
  std::string words;                 ///< those that have other values elsewhere
};

/// Every combination of what an option's lists say, the last one varying fastest: "key=8,4" is two
/// values; what begins as JSON ([, {, ") is one. One without changes where it was not given.
/// Faults: an empty entry; too many combinations.
std::vector<WhatIf> read_what_ifs(const Arguments& arguments, std::string_view option,
                                  Faults& faults);

/// The words with one of them for all that was given.
Arguments with(const Arguments& arguments, std::string_view option, const WhatIf& what_if);

}  // namespace ridgepoint::app
