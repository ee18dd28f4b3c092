// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ridgepoint {

/// The length in bytes of the UTF-8 character at `position`; 1 for a byte that begins none.
/// REQUIRES: position < text.size().
std::size_t character_length(std::string_view text, std::size_t position);

/// The number of characters in `text`; a byte that belongs to none counts as one.
std::size_t count_characters(std::string_view text);

/// At most `count` characters of `text` from character `first` on.
std::string_view characters(std::string_view text, std::size_t first, std::size_t count);

/// The place of the first byte that belongs to no UTF-8 character; npos where there is none.
std::size_t first_stray_byte(std::string_view text);

/// Any bytes as one line of valid UTF-8 that moves no cursor and turns no direction of writing:
/// control characters become spaces, stray bytes '?'. As many characters as before.
std::string printable(std::string_view text);

/// The same for text of several lines: line feeds stay.
std::string printable_lines(std::string_view text);

/// Without the blanks and line ends around it.
std::string_view trimmed(std::string_view text);

/// What was given to us, as a message quotes it: printable, and cut after `most` characters.
std::string shown(std::string_view text, std::size_t most = 60);

}  // namespace ridgepoint
