// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ridgepoint::report {

/// The code points of a text; each byte that is not UTF-8 becomes U+FFFD.
std::u32string decode_utf8(std::string_view text);
void append_utf8(std::string& text, char32_t code_point);

/// Valid UTF-8 without control characters: a name in a user's file neither moves the cursor of a
/// terminal nor breaks a document. Line feeds become spaces.
std::string clean(std::string_view text);

/// Columns that a text takes on a terminal.
std::size_t display_width(std::string_view text);

/// Plain ASCII with the same meaning: × as x, · as *, µ as u, Kᵀ as K^T.
std::string to_ascii(std::string_view text);

}  // namespace ridgepoint::report
