// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

/// Cleaned, and in ASCII where the terminal has no more.
std::string spelled(std::string_view text, const Terminal& terminal);

/// In the colour of its tone, if the terminal has colours.
std::string coloured(std::string_view text, Tone tone, const Terminal& terminal);
std::string bold(std::string_view text, const Terminal& terminal);

/// A paragraph, spelled, broken at spaces to fit; `indent` blanks before every line but the first.
std::string wrapped(std::string_view text, const Terminal& terminal, std::size_t indent = 0);

/// A heading and a list of sentences; nothing when there are none.
std::string listed(std::string_view heading, const std::vector<std::string>& sentences,
                   const Terminal& terminal);

std::string repeated(std::string_view text, std::size_t times);

/// Words for Markdown, outside code, on one line.
std::string escape_markdown(std::string_view text);

/// A count in base units for CSV, all its digits.
std::string exact(const Count& count);

/// "a", "a and b", "a, b and c".
std::string joined(const std::vector<std::string>& words);

}  // namespace ridgepoint::report
