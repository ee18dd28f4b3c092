// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace ridgepoint::symbolic::detail {

enum class TokenKind {
  number,
  name,
  plus,
  minus,
  times,
  divide,
  power,
  open,
  close,
  comma,
  less,
  less_equal,
  equal,
  greater_equal,
  greater,
  arrow,
  infinity,  // oo or ∞
  invalid,
  end
};

/// A piece of the source: its kind, and its bytes [begin, end).
struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Cuts the whole text into tokens; the last one has kind `end`. Never fails: what is no token
/// becomes `invalid`, one character long.
std::vector<Token> lex(std::string_view text);

}  // namespace ridgepoint::symbolic::detail
