// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ridgepoint::report {

/// The version of this program: "0.1.0".
std::string_view version();

}  // namespace ridgepoint::report
