// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/text.hpp"

namespace ridgepoint {
namespace {

unsigned byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

bool is_stray(std::string_view text, std::size_t i, std::size_t length) {
  return length == 1 && byte_at(text, i) >= 0x80;
}

/// U+0000–001F, U+007F–009F, U+061C, U+200E–200F, U+2028–202E, U+2066–2069 and U+FEFF.
bool is_control(std::string_view character) {
  const unsigned lead = byte_at(character, 0);
  if (character.size() == 1) return lead < 0x20 || lead == 0x7F;
  const unsigned last = byte_at(character, character.size() - 1);
  if (character.size() == 2) return (lead == 0xC2 && last < 0xA0) || character == "\xD8\x9C";
  if (character.starts_with("\xE2\x80")) {
    return last == 0x8E || last == 0x8F || (last >= 0xA8 && last <= 0xAE);
  }
  if (character.starts_with("\xE2\x81")) return last >= 0xA6 && last <= 0xA9;
  return character == "\xEF\xBB\xBF";
}

}  // namespace

std::size_t character_length(std::string_view text, std::size_t position) {
  const unsigned lead = byte_at(text, position);
  const std::size_t length = lead < 0xC2   ? 1
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 1;
  if (length == 1 || position + length > text.size()) return 1;
  // RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
  const unsigned second = byte_at(text, position + 1);
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
      (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
    return 1;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, position + i) & 0xC0U) != 0x80) return 1;
  }
  return length;
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); i += character_length(text, i)) ++count;
  return count;
}

std::string_view characters(std::string_view text, std::size_t first, std::size_t count) {
  std::size_t begin = 0;
  for (; first > 0 && begin < text.size(); --first) begin += character_length(text, begin);
  std::size_t end = begin;
  for (; count > 0 && end < text.size(); --count) end += character_length(text, end);
  return text.substr(begin, end - begin);
}

std::size_t first_stray_byte(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character_length(text, i);
    if (is_stray(text, i, length)) return i;
    i += length;
  }
  return std::string_view::npos;
}

std::string printable(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character_length(text, i);
    const std::string_view character = text.substr(i, length);
    if (is_control(character)) {
      result += ' ';
    } else if (is_stray(text, i, length)) {
      result += '?';
    } else {
      result += character;
    }
    i += length;
  }
  return result;
}

std::string printable_lines(std::string_view text) {
  std::string result;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    result += printable(text.substr(0, end)) + '\n';
    text.remove_prefix(end + 1);
  }
  return result + printable(text);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string shown(std::string_view text, std::size_t most) {
  const std::string_view begin = characters(text, 0, most);
  return printable(begin) + (begin.size() < text.size() ? "…" : "");
}

}  // namespace ridgepoint
