// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "symbolic/parse_source.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

constexpr const char* kLanguage =
    "expressions are made of names, numbers, + - * / ^, parentheses and functions";

struct Advice {
  std::string_view character;
  std::string_view help;
};

constexpr std::array<Advice, 15> kForeignCharacters{{
    {"²", "write ^2 for a square"},
    {"³", "write ^3 for a cube"},
    {"√", "write sqrt(x) for a square root"},
    {"½", "write 1/2"},
    {"[", "group with parentheses"},
    {"]", "group with parentheses"},
    {"{", "group with parentheses"},
    {"}", "group with parentheses"},
    {"\\", "write plain text: a/b for \\frac{a}{b}"},
    {"⌈", "write ceil(x)"},
    {"⌊", "write floor(x)"},
    {"_", "names begin with a letter"},
    {";", "separate with a comma"},
    {"%", "write /100 for percent"},
    {".", "a number has one decimal point"},
}};

bool ends_operand(TokenKind kind) {
  return kind == TokenKind::number || kind == TokenKind::name || kind == TokenKind::close;
}

std::string advise_on_invalid(std::string_view character) {
  for (const Advice& row : kForeignCharacters) {
    if (row.character == character) return std::string(row.help);
  }
  const auto lead = static_cast<unsigned char>(character[0]);
  if (character.size() > 1 && lead >= 0xC3 && lead <= 0xDF) {
    return "names are made of the letters a-z and A-Z, digits and underscores";
  }
  return {};
}

/// For two operands side by side, as in 2B, 2 B, B D, B(D + F) and (B)(D).
std::string advise_on_juxtaposition(const Source& source, const Token& previous,
                                    const Token& found) {
  const bool number = found.kind == TokenKind::number;
  if (number && previous.kind == TokenKind::number) {
    const bool point = source.text[found.begin] == '.' && previous.end == found.begin;
    return point ? "a number has one decimal point" : "write an operator between the numbers";
  }
  if (previous.kind == TokenKind::close || found.kind == TokenKind::open) {
    return "write '*' between the factors";
  }
  return fmt::format("write {}*{}", spelling(source, previous), spelling(source, found));
}

std::string advise_on_comma(const Token& previous) {
  return previous.kind == TokenKind::number
             ? "write numbers without separators: 1000, and 0.5 with a point"
             : "a comma stands between the arguments of max and min";
}

std::string advise_on_known(const Source& source, const Token& previous, const Token& found) {
  switch (found.kind) {
    case TokenKind::invalid:
      return advise_on_invalid(source.text.substr(found.begin, found.end - found.begin));
    case TokenKind::number:
    case TokenKind::name:
    case TokenKind::open:
      return ends_operand(previous.kind) ? advise_on_juxtaposition(source, previous, found) : "";
    case TokenKind::times:
      return previous.kind == TokenKind::times || previous.kind == TokenKind::power
                 ? "did you mean '^' for a power?"
                 : "";
    case TokenKind::divide:
      return previous.kind == TokenKind::divide ? "write '/' once" : "";
    case TokenKind::plus:
      return "a '+' stands between two terms";
    case TokenKind::comma:
      return advise_on_comma(previous);
    case TokenKind::less:
    case TokenKind::less_equal:
    case TokenKind::equal:
    case TokenKind::greater_equal:
    case TokenKind::greater:
      return "an expression has no comparison or assignment in it";
    case TokenKind::infinity:
      return "oo (infinity) stands only behind the arrow of a limit: c->oo";
    default:
      return {};
  }
}

}  // namespace

std::string advise(const Source& source, const Token& previous, const Token& found) {
  const std::string known = advise_on_known(source, previous, found);
  if (!known.empty()) return known;
  if (found.kind == TokenKind::invalid) return kLanguage;
  if (ends_operand(previous.kind)) {
    return found.kind == TokenKind::close ? "remove it, or write its '('" : kLanguage;
  }
  return previous.kind == TokenKind::end ? "write an expression, such as 2*B*D"
                                         : "write a number, a name or '(' there";
}

}  // namespace ridgepoint::symbolic::detail
