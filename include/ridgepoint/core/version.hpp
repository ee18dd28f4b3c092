// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ridgepoint {

/// The one home of the version: the build reads it from here.
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace ridgepoint
