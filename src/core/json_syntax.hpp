// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ridgepoint::json {

/// Why a text is no JSON: the byte where it shows, what is wrong, what to do.
struct SyntaxFault {
  std::size_t offset = 0;
  std::string what;
  std::string help;
};

/// Puts the parser's complaint into plain words. It stopped after `position` bytes, one more than
/// there are where the end surprised it; `message` is what it says itself.
SyntaxFault explain_syntax(std::string_view text, std::size_t position, std::string_view message);

}  // namespace ridgepoint::json
