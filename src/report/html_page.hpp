// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ridgepoint::report {

/// A page that needs no other file and no script: <main> holds `body`, which is well-formed.
std::string html_page(std::string_view title, std::string_view body);
/// With another last word than what floor and bound are.
std::string html_page(std::string_view title, std::string_view body, std::string_view note);

}  // namespace ridgepoint::report
