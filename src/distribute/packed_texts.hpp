// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "ridgepoint/distribute/ranks.hpp"

namespace ridgepoint::distribute {

/// Texts as one, each after its length: "3:abc0:".
std::string packed(const Texts& texts);
/// REQUIRES: what `packed` made.
Texts unpacked(std::string_view bytes);

}  // namespace ridgepoint::distribute
