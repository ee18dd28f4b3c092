// SPDX-License-Identifier: Apache-2.0
#include "symbolic/parse_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ridgepoint/core/text.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

/// The line and its caret line, each indented by two; a window around the caret of a long line.
std::string excerpt(std::string_view text, std::size_t column) {
  constexpr std::size_t kWidth = 72;
  const std::size_t length = count_characters(text);
  std::size_t first = 0;
  if (length > kWidth && column > kWidth / 2) {
    first = std::min(column - kWidth / 2, length - kWidth);
  }
  const std::string before = first > 0 ? "…" : "";
  const std::string after = first + kWidth < length ? "…" : "";
  const std::size_t indent = column - 1 - first + (first > 0 ? 1 : 0);
  return fmt::format("\n  {}{}{}\n  {:{}}^", before, printable(characters(text, first, kWidth)),
                     after, "", indent);
}

}  // namespace

std::size_t column_of(const Source& source, std::size_t position) {
  return count_characters(source.text.substr(0, position)) + 1;
}

Diagnostic fault_at(const Source& source, std::size_t position, const std::string& what,
                    const std::string& help) {
  const std::size_t column = column_of(source, position);
  return {fmt::format("{}, column {}", source.reader, column), what + excerpt(source.text, column),
          help};
}

std::string spelling(const Source& source, const Token& token) {
  constexpr std::size_t kLongest = 40;
  return shown(source.text.substr(token.begin, token.end - token.begin), kLongest);
}

std::string describe(const Source& source, const Token& token) {
  if (token.kind == TokenKind::end) return "the end";
  const auto byte = static_cast<unsigned char>(source.text[token.begin]);
  const bool is_stray = byte >= 0x80 && token.end - token.begin == 1;
  if (is_stray || byte < 0x20 || byte == 0x7F) return fmt::format("byte 0x{:02X}", byte);
  return fmt::format("'{}'", spelling(source, token));
}

}  // namespace ridgepoint::symbolic::detail
