// SPDX-License-Identifier: Apache-2.0
#include "symbolic/lexer.hpp"

#include <array>

#include "ridgepoint/core/text.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

struct Spelling {
  std::string_view text;
  TokenKind kind;
};

/// Longer spellings before their prefixes.
constexpr std::array<Spelling, 25> kOperators{{
    {"**", TokenKind::power},        {"->", TokenKind::arrow},
    {"<=", TokenKind::less_equal},   {">=", TokenKind::greater_equal},
    {"==", TokenKind::equal},        {"+", TokenKind::plus},
    {"-", TokenKind::minus},         {"*", TokenKind::times},
    {"/", TokenKind::divide},        {"^", TokenKind::power},
    {"(", TokenKind::open},          {")", TokenKind::close},
    {",", TokenKind::comma},         {"<", TokenKind::less},
    {"=", TokenKind::equal},         {">", TokenKind::greater},
    {"·", TokenKind::times},         {"⋅", TokenKind::times},
    {"×", TokenKind::times},         {"÷", TokenKind::divide},
    {"−", TokenKind::minus},         {"≤", TokenKind::less_equal},
    {"≥", TokenKind::greater_equal}, {"→", TokenKind::arrow},
    {"∞", TokenKind::infinity},
}};

constexpr std::array<std::string_view, 7> kBlanks{" ",      "\t",     "\n",    "\r",
                                                  "\u00A0", "\u202F", "\u2009"};

std::size_t skip_blanks(std::string_view text, std::size_t position) {
  for (bool found = true; found;) {
    found = false;
    for (const std::string_view blank : kBlanks) {
      if (text.substr(position).starts_with(blank)) {
        position += blank.size();
        found = true;
      }
    }
  }
  return position;
}

std::size_t skip_digits(std::string_view text, std::size_t position) {
  while (position < text.size() && is_digit(text[position])) ++position;
  return position;
}

/// digits [. digits] or . digits, then [e [sign] digits]; `position` unchanged where none begins.
std::size_t skip_number(std::string_view text, std::size_t position) {
  std::size_t end = skip_digits(text, position);
  const bool has_whole_part = end > position;
  if (end < text.size() && text[end] == '.') {
    const std::size_t fraction_end = skip_digits(text, end + 1);
    if (!has_whole_part && fraction_end == end + 1) return position;
    end = fraction_end;
  } else if (!has_whole_part) {
    return position;
  }
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    std::size_t exponent = end + 1;
    if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-')) ++exponent;
    const std::size_t exponent_end = skip_digits(text, exponent);
    if (exponent_end > exponent) end = exponent_end;
  }
  return end;
}

std::size_t skip_name(std::string_view text, std::size_t position) {
  if (!is_letter(text[position])) return position;
  while (position < text.size() &&
         (is_letter(text[position]) || is_digit(text[position]) || text[position] == '_')) {
    ++position;
  }
  return position;
}

Token next_token(std::string_view text, std::size_t begin) {
  if (const std::size_t end = skip_number(text, begin); end > begin) {
    return {TokenKind::number, begin, end};
  }
  if (const std::size_t end = skip_name(text, begin); end > begin) {
    const bool infinity = text.substr(begin, end - begin) == "oo";
    return {infinity ? TokenKind::infinity : TokenKind::name, begin, end};
  }
  for (const Spelling& row : kOperators) {
    if (text.substr(begin).starts_with(row.text)) return {row.kind, begin, begin + row.text.size()};
  }
  return {TokenKind::invalid, begin, begin + character_length(text, begin)};
}

}  // namespace

std::vector<Token> lex(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t position = skip_blanks(text, 0); position < text.size();
       position = skip_blanks(text, position)) {
    tokens.push_back(next_token(text, position));
    position = tokens.back().end;
  }
  tokens.push_back({TokenKind::end, text.size(), text.size()});
  return tokens;
}

}  // namespace ridgepoint::symbolic::detail
