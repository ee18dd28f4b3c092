// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ridgepoint::report {

/// A page that needs no other file and no script: <main> holds `body`, which is well-formed.
std::string html_page(std::string_view title, std::string_view body);

}  // namespace ridgepoint::report
