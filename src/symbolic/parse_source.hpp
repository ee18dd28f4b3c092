// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ridgepoint/core/result.hpp"
#include "symbolic/lexer.hpp"

namespace ridgepoint::symbolic::detail {

/// The text being read, and the name under which its faults are reported ("expression").
struct Source {
  std::string_view text;
  std::string_view reader;
};

/// The fault `what` at byte `position`: "expression, column 7" in characters from 1, and below
/// `what` the source line (72 characters of it) with a caret.
Diagnostic fault_at(const Source& source, std::size_t position, const std::string& what,
                    const std::string& help = {});

/// The column of byte `position`, in characters from 1.
std::size_t column_of(const Source& source, std::size_t position);

/// The source text of a token, printable and at most 40 characters long.
std::string spelling(const Source& source, const Token& token);
/// "'B'", "the end", "byte 0xFF".
std::string describe(const Source& source, const Token& token);

/// What was probably meant where `found` follows `previous` (of kind end at the beginning) and
/// cannot stand there; empty where there is no good guess.
std::string advise(const Source& source, const Token& previous, const Token& found);

}  // namespace ridgepoint::symbolic::detail
