// SPDX-License-Identifier: Apache-2.0
#include "symbolic/parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "ridgepoint/core/names.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

constexpr const char* kNameParts = "name its parts and substitute them";
constexpr int kMaxDepth = 200;
constexpr int kMaxExponent = 400;  // of a decimal number: 1e400
constexpr std::size_t kMaxNameLength = 100;

struct Function {
  std::string_view name;
  Expr (*unary)(const Expr&);                // exactly one argument, or nullptr
  Expr (*binary)(const Expr&, const Expr&);  // two or more, folded from the left, or nullptr
};

constexpr std::array<Function, 6> kFunctions{{
    {"max", nullptr, max},
    {"min", nullptr, min},
    {"ceil", ceil, nullptr},
    {"floor", floor, nullptr},
    {"log", log, nullptr},
    {"sqrt", sqrt, nullptr},
}};
constexpr std::string_view kFunctionList = "max, min, ceil, floor, log and sqrt";

const Function* find_function(std::string_view name) {
  const auto* row = std::find_if(kFunctions.begin(), kFunctions.end(),
                                 [name](const Function& f) { return f.name == name; });
  return row == kFunctions.end() ? nullptr : row;
}

struct OtherName {
  std::string_view name;
  std::string_view meant;
};
constexpr std::array<OtherName, 8> kOtherNames{{{"ln", "log"},
                                                {"log2", "log(x)/log(2)"},
                                                {"log10", "log(x)/log(10)"},
                                                {"maximum", "max"},
                                                {"minimum", "min"},
                                                {"roundup", "ceil"},
                                                {"trunc", "floor"},
                                                {"root", "sqrt"}}};

/// What an unknown function probably stands for; empty where nothing is near.
std::string nearest_function(const std::string& name) {
  for (const OtherName& row : kOtherNames) {
    if (row.name == name) return fmt::format("did you mean {}?", row.meant);
  }
  std::vector<std::string> names;
  names.reserve(kFunctions.size());
  for (const Function& row : kFunctions) names.emplace_back(row.name);
  return did_you_mean(name, names);
}

/// A decimal number in its parts: digits · 10^shift.
struct Decimal {
  std::string digits;
  int shift = 0;
};

/// nullopt where the exponent is beyond kMaxExponent. REQUIRES: a well-formed number.
std::optional<Decimal> split_decimal(std::string_view text) {
  Decimal result;
  const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
  if (mark < text.size()) {
    std::string_view exponent = text.substr(mark + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    const char* const end = exponent.data() + exponent.size();
    const auto [stop, error] = std::from_chars(exponent.data(), end, result.shift);
    if (error != std::errc() || result.shift > kMaxExponent || result.shift < -kMaxExponent) {
      return std::nullopt;
    }
  }
  const std::string_view mantissa = text.substr(0, mark);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  result.digits = mantissa.substr(0, point);
  if (point < mantissa.size()) {
    result.digits += mantissa.substr(point + 1);
    result.shift -= static_cast<int>(mantissa.size() - point - 1);
  }
  return result;
}

Expr power_of_ten(int exponent) {
  return Expr::from_digits("1" + std::string(static_cast<std::size_t>(exponent), '0'));
}

}  // namespace

Parser::Parser(std::string_view text, std::string_view reader)
    : source_{text, reader}, too_long_(text.size() > kMaxLength) {
  if (too_long_) {
    faults_.push_back(
        {std::string(reader),
         fmt::format("{} bytes of text: at most {} are read", text.size(), kMaxLength),
         kNameParts});
    source_.text = {};
  }
  tokens_ = lex(source_.text);
}

Token Parser::take() {
  const Token token = tokens_[next_];
  if (token.kind != TokenKind::end) ++next_;
  return token;
}

bool Parser::accept(TokenKind kind) {
  if (peek().kind != kind) return false;
  take();
  return true;
}

bool Parser::expect(TokenKind kind, const std::string& expected) {
  if (accept(kind)) return true;
  refuse_next(expected);
  return false;
}

void Parser::skip_item() {
  for (int open = 0; !at_end() && (open > 0 || peek().kind != TokenKind::comma); take()) {
    if (peek().kind == TokenKind::open) ++open;
    if (peek().kind == TokenKind::close && open > 0) --open;
  }
}

std::nullopt_t Parser::refuse(const Token& at, const std::string& what, const std::string& help) {
  if (too_long_) return std::nullopt;  // one fault says it all
  faults_.push_back(fault_at(source_, at.begin, what, help));
  return std::nullopt;
}

std::nullopt_t Parser::refuse_next(const std::string& expected, std::string help) {
  const Token previous = next_ > 0 ? tokens_[next_ - 1] : Token{};
  return refuse(peek(),
                fmt::format("expected {} but found {}", expected, describe(source_, peek())),
                help.empty() ? advise(source_, previous, peek()) : std::move(help));
}

std::optional<Expr> Parser::checked(Checked value, const Token& at) {
  if (!value) return refuse(at, value.error(), kNameParts);
  if (value->is_undefined()) return refuse(at, "this is undefined", "remove the division by zero");
  return *std::move(value);
}

std::optional<Expr> Parser::expression() {
  std::optional<Expr> first = term();
  if (!first) return std::nullopt;
  const Token begin = peek();
  std::vector<Expr> terms{*std::move(first)};
  while (peek().kind == TokenKind::plus || peek().kind == TokenKind::minus) {
    const bool negative = take().kind == TokenKind::minus;
    std::optional<Expr> next = term();
    if (!next) return std::nullopt;
    terms.push_back(negative ? -*next : *std::move(next));
  }
  return checked(arithmetic_.sum(std::move(terms)), begin);
}

std::optional<Expr> Parser::term() {
  std::optional<Expr> value = factor();
  while (value) {
    const Token at = peek();
    if (accept(TokenKind::times)) {
      const std::optional<Expr> next = factor();
      value = next ? checked(arithmetic_.product(*value, *next), at) : std::nullopt;
    } else if (accept(TokenKind::divide)) {
      value = divide(*value);
    } else {
      break;
    }
  }
  return value;
}

std::optional<Expr> Parser::divide(const Expr& dividend) {
  const Token at = peek();
  const std::optional<Expr> divisor = factor();
  if (!divisor) return std::nullopt;
  if (divisor->is_zero()) return refuse(at, "the divisor is zero", "divide by something else");
  return checked(arithmetic_.quotient(dividend, *divisor), at);
}

/// power := '-' power | atom ('^' power)?
std::optional<Expr> Parser::factor() {
  if (depth_ >= kMaxDepth) {
    return refuse(peek(), fmt::format("nested deeper than {}", kMaxDepth), kNameParts);
  }
  ++depth_;
  std::optional<Expr> value;
  if (accept(TokenKind::minus)) {
    if (const std::optional<Expr> operand = factor()) value = -*operand;
  } else {
    value = atom();
    const Token at = peek();
    if (value && accept(TokenKind::power)) {
      const std::optional<Expr> exponent = factor();
      value = exponent ? checked(arithmetic_.power(*value, *exponent), at) : std::nullopt;
    }
  }
  --depth_;
  return value;
}

std::optional<Expr> Parser::atom() {
  switch (peek().kind) {
    case TokenKind::number:
      return number();
    case TokenKind::name:
      return name_or_call();
    case TokenKind::open:
      return parenthesised();
    default:
      return refuse_next("a number, a name or '('");
  }
}

std::optional<Expr> Parser::number() {
  const Token token = take();
  const auto decimal = split_decimal(source_.text.substr(token.begin, token.end - token.begin));
  if (!decimal) {
    return refuse(
        token,
        fmt::format("the exponent of {} is beyond {}", spelling(source_, token), kMaxExponent),
        "write a smaller number");
  }
  const auto zeros = static_cast<std::size_t>(std::abs(decimal->shift));
  if (decimal->digits.size() + zeros > BoundedArithmetic::kMaxDigits) {
    return refuse(token,
                  fmt::format("a number of more than {} digits", BoundedArithmetic::kMaxDigits),
                  "write a shorter number");
  }
  const Expr digits = Expr::from_digits(decimal->digits);
  const Expr scale = power_of_ten(std::abs(decimal->shift));
  return decimal->shift < 0 ? digits / scale : digits * scale;
}

std::optional<std::string> Parser::symbol_name() {
  if (peek().kind != TokenKind::name) return refuse_next("a name");
  const Token token = take();
  const std::string_view name = source_.text.substr(token.begin, token.end - token.begin);
  if (find_function(name) != nullptr) {
    return refuse(token, fmt::format("'{}' is a function, not a symbol", name),
                  fmt::format("write {}(…), or choose another name", name));
  }
  if (name.size() > kMaxNameLength) {
    return refuse(token, fmt::format("a name longer than {} characters", kMaxNameLength),
                  "choose a shorter name");
  }
  return std::string(name);
}

std::optional<Expr> Parser::name_or_call() {
  if (tokens_[next_ + 1].kind == TokenKind::open) return call(take());
  const std::optional<std::string> name = symbol_name();
  if (!name) return std::nullopt;
  return Expr::symbol(*name);
}

std::optional<Expr> Parser::call(const Token& token) {
  const std::string name = spelling(source_, token);
  const Function* const function = find_function(name);
  if (function == nullptr) {
    const std::string near = nearest_function(name);
    return refuse(
        token, fmt::format("there is no function '{}': there are {}", name, kFunctionList),
        near.empty() ? fmt::format("for a product with the symbol {0} write {0}*(…)", name) : near);
  }
  const Token open = take();
  std::optional<Expr> value = expression();
  if (!value) return std::nullopt;
  int count = 1;
  for (; function->binary != nullptr && accept(TokenKind::comma); ++count) {
    const std::optional<Expr> next = expression();
    if (!next) return std::nullopt;
    value = checked(arithmetic_.apply(function->binary, *value, *next), token);
    if (!value) return std::nullopt;
  }
  if (function->unary == nullptr && count == 1 && peek().kind == TokenKind::close) {
    return refuse(peek(), fmt::format("{} takes two or more arguments", name),
                  fmt::format("write {}(a, b)", name));
  }
  if (function->unary != nullptr && peek().kind == TokenKind::comma) {
    return refuse(peek(), fmt::format("{} takes one argument", name),
                  fmt::format("write {}(a)", name));
  }
  if (!close(open)) return std::nullopt;
  return function->unary != nullptr ? checked(arithmetic_.apply(function->unary, *value), token)
                                    : value;
}

std::optional<Expr> Parser::parenthesised() {
  const Token open = take();
  std::optional<Expr> value = expression();
  return value && close(open) ? value : std::nullopt;
}

bool Parser::close(const Token& open) {
  if (accept(TokenKind::close)) return true;
  if (at_end()) {
    refuse(peek(), "expected ')' but found the end",
           fmt::format("the '(' in column {} is still open", column_of(source_, open.begin)));
  } else {
    refuse_next("an operator or ')'");
  }
  return false;
}

}  // namespace ridgepoint::symbolic::detail
