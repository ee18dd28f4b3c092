// SPDX-License-Identifier: Apache-2.0
#include "core/json_syntax.hpp"

#include <fmt/format.h>

#include "ridgepoint/core/text.hpp"

namespace ridgepoint::json {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// "syntax error while parsing value - unexpected end of input; expected …" without its preface.
std::string plain_message(std::string_view message) {
  const std::size_t dash = message.find(" - ");
  constexpr std::size_t kLongest = 300;
  return shown(dash == std::string_view::npos ? message : message.substr(dash + 3), kLongest);
}

SyntaxFault not_utf8(std::string_view text, std::size_t offset) {
  const bool is_utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
  return {offset,
          fmt::format("byte 0x{:02X} is not UTF-8 text", static_cast<unsigned char>(text[offset])),
          is_utf16 ? "the file is UTF-16: save it as UTF-8" : "save the file as UTF-8"};
}

/// The last character before `offset` that is not blank, and its place.
std::size_t before(std::string_view text, std::size_t offset) {
  return text.substr(0, offset).find_last_not_of(kBlank);
}

std::string help_at(std::string_view text, std::size_t offset, std::string_view message) {
  const char c = text[offset];
  if (text.find_first_not_of(kBlank) == offset) {
    return "is it the right file? expected a JSON object: {\"key\": value, …}";
  }
  if (has(message, "control character"))
    return "close the string in its line, and write \\n for a line end";
  if (c == '\'') return "write keys and strings in double quotes";
  if (c == '/' || c == '#') return "remove the comment: JSON has none";
  if (has(message, "; expected '}'") || has(message, "; expected ']'")) {
    return "is there a comma missing before it?";
  }
  if (has(message, "expected ':'")) return "write a colon between a key and its value";
  if (has(message, "while parsing object key")) return "write keys in double quotes";
  return "write a number, true, false, null, or text in double quotes";
}

}  // namespace

SyntaxFault explain_syntax(std::string_view text, std::size_t position, std::string_view message) {
  const std::size_t stray = first_stray_byte(text.substr(0, position));
  if (stray != std::string_view::npos) return not_utf8(text, stray);
  if (position > text.size() || has(message, "unexpected end of input")) {
    return {text.size(), "the file ends too early", "is it complete?"};
  }
  const std::size_t offset = position == 0 ? 0 : position - 1;
  if (has(message, "expected end of input")) {
    return {offset, "there is text after the end of the JSON value",
            "keep one value in the file, and remove what follows it"};
  }
  const std::size_t comma = before(text, offset);
  const bool closes = text[offset] == '}' || text[offset] == ']';
  if (closes && comma != std::string_view::npos && text[comma] == ',') {
    return {comma, fmt::format("a trailing comma before '{}'", text[offset]), "remove the comma"};
  }
  return {offset, plain_message(message), help_at(text, offset, message)};
}

}  // namespace ridgepoint::json
