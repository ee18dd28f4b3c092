// SPDX-License-Identifier: Apache-2.0
#include "report/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace ridgepoint::report {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

struct Range {
  char32_t first;
  char32_t last;
};
template <std::size_t N>
bool is_within(char32_t code_point, const std::array<Range, N>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return range.first <= code_point && code_point <= range.last;
  });
}

/// C0, DEL and C1, and the marks that turn the direction of what follows them.
constexpr std::array kControls{Range{0x00, 0x1F},     Range{0x7F, 0x9F},     Range{0x200E, 0x200F},
                               Range{0x2028, 0x202E}, Range{0x2066, 0x2069}, Range{0xFFFE, 0xFFFF}};
constexpr std::array kZeroWidth{Range{0x300, 0x36F}, Range{0x200B, 0x200D}, Range{0xFE00, 0xFE0F}};
constexpr std::array kDoubleWidth{
    Range{0x1100, 0x115F}, Range{0x2E80, 0xA4CF}, Range{0xAC00, 0xD7A3},  Range{0xF900, 0xFAFF},
    Range{0xFE30, 0xFE6F}, Range{0xFF00, 0xFF60}, Range{0x1F300, 0x1FAFF}};

struct Spelling {
  char32_t code_point;
  std::string_view ascii;
};
constexpr std::array kSpellings{
    Spelling{U'×', "x"},     Spelling{U'·', "*"},       Spelling{U'µ', "u"},
    Spelling{U'μ', "u"},     Spelling{U'−', "-"},       Spelling{U'–', "-"},
    Spelling{U'—', "--"},    Spelling{U'…', "..."},     Spelling{U'→', "->"},
    Spelling{U'≥', ">="},    Spelling{U'≤', "<="},      Spelling{U'≠', "!="},
    Spelling{U'≈', "~"},     Spelling{U'÷', "/"},       Spelling{U'ᵀ', "^T"},
    Spelling{U'²', "^2"},    Spelling{U'³', "^3"},      Spelling{U'∞', "oo"},
    Spelling{U'∂', "d"},     Spelling{U'Σ', "sum of "}, Spelling{U'─', "-"},
    Spelling{U'⊙', "*"},     Spelling{U'∘', "*"},       Spelling{U'⁶', "^6"},
    Spelling{U'⁹', "^9"},    Spelling{U'∝', "~"},       Spelling{U'‘', "'"},
    Spelling{U'’', "'"},     Spelling{U'“', "\""},      Spelling{U'”', "\""},
    Spelling{U'≫', ">>"},    Spelling{U'≪', "<<"},      Spelling{U'\u00A0', " "},
    Spelling{U'\u2007', " "}};

/// Bytes of a sequence that begins so; 0 for a byte that none begins with.
std::size_t sequence_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

/// Takes one code point off the front; U+FFFD and one byte where there is none.
char32_t take_code_point(std::string_view& text) {
  constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = sequence_length(first);
  char32_t value = length <= 1 ? first : first & (0x7Fu >> length);
  bool valid = length != 0 && length <= text.size();
  for (std::size_t i = 1; valid && i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    valid = (byte & 0xC0u) == 0x80;
    value = (value << 6) | (byte & 0x3Fu);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  valid = valid && value >= kSmallest[length] && value <= 0x10FFFF && !surrogate;
  text.remove_prefix(valid ? length : 1);
  return valid ? value : kReplacement;
}

}  // namespace

std::u32string decode_utf8(std::string_view text) {
  std::u32string result;
  while (!text.empty()) result += take_code_point(text);
  return result;
}

void append_utf8(std::string& text, char32_t code_point) {
  const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3F));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

std::string clean(std::string_view text) {
  std::string result;
  for (const char32_t code_point : decode_utf8(text)) {
    if (code_point == U'\n' || code_point == U'\t') {
      result += ' ';
    } else {
      append_utf8(result, is_within(code_point, kControls) ? kReplacement : code_point);
    }
  }
  return result;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (const char32_t code_point : decode_utf8(text)) {
    if (is_within(code_point, kZeroWidth)) continue;
    width += is_within(code_point, kDoubleWidth) ? 2u : 1u;
  }
  return width;
}

std::string to_ascii(std::string_view text) {
  std::string result;
  for (const char32_t code_point : decode_utf8(text)) {
    const auto* row =
        std::find_if(kSpellings.begin(), kSpellings.end(),
                     [&](const Spelling& spelling) { return spelling.code_point == code_point; });
    if (row != kSpellings.end()) {
      result += row->ascii;
    } else {
      result += code_point < 0x80 ? static_cast<char>(code_point) : '?';
    }
  }
  return result;
}

}  // namespace ridgepoint::report
