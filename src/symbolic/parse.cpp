// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/symbolic/parse.hpp"

#include <fmt/format.h>

#include "symbolic/parser.hpp"

namespace ridgepoint::symbolic {
namespace {

using detail::Parser;
using detail::Token;
using detail::TokenKind;

constexpr const char* kSymbolsArePositive = "symbols are positive already; write S>=1 for integers";

/// Reads items separated by commas until `read_item` has taken the last one; after a faulty item
/// goes on with the next, so that all faults are found.
template <class ReadItem>
void read_list(Parser& parser, ReadItem read_item) {
  do {
    const bool good = read_item();
    if (good && !parser.at_end() && parser.peek().kind != TokenKind::comma) {
      parser.refuse_next("',' or the end");
    }
    parser.skip_item();
  } while (parser.accept(TokenKind::comma) && !parser.has_many_faults());
}

template <class T>
Result<T> finish(Parser& parser, T value) {
  if (parser.failed()) return fail(parser.take_faults());
  return value;
}

bool insert_new(Parser& parser, Substitution& values, const Token& at, const std::string& name,
                Expr value) {
  if (values.emplace(name, std::move(value)).second) return true;
  parser.refuse(at, fmt::format("'{}' is given twice", name), "keep one of them");
  return false;
}

/// name '=' expression
bool read_assignment(Parser& parser, Substitution& values) {
  const Token at = parser.peek();
  const std::optional<std::string> name = parser.symbol_name();
  if (!name || !parser.expect(TokenKind::equal, fmt::format("'=' after '{}'", *name))) return false;
  std::optional<Expr> value = parser.expression();
  return value && insert_new(parser, values, at, *name, *std::move(value));
}

std::optional<Relation> relation_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::less:
      return Relation::less;
    case TokenKind::less_equal:
      return Relation::less_equal;
    case TokenKind::equal:
      return Relation::equal;
    case TokenKind::greater_equal:
      return Relation::greater_equal;
    case TokenKind::greater:
      return Relation::greater;
    default:
      return std::nullopt;
  }
}

/// name '>=' number
bool read_bound(Parser& parser, Bounds& bounds) {
  const Token at = parser.peek();
  const std::optional<std::string> name = parser.symbol_name();
  if (!name) return false;
  const Token sign = parser.peek();
  if (sign.kind == TokenKind::greater) {
    parser.refuse(sign, "a lower bound is written with >=", kSymbolsArePositive);
    return false;
  }
  if (sign.kind != TokenKind::greater_equal && relation_of(sign.kind)) {
    parser.refuse(sign, "only lower bounds are taken", fmt::format("write {}>=1", *name));
    return false;
  }
  if (!parser.expect(TokenKind::greater_equal, fmt::format("'>=' after '{}'", *name))) return false;
  const Token value_at = parser.peek();
  std::optional<Expr> value = parser.expression();
  if (!value) return false;
  if (!value->is_constant() || detail::is_negative_number(*value)) {
    parser.refuse(value_at, "a lower bound is a number, 0 or more", "write for example 1");
    return false;
  }
  return insert_new(parser, bounds, at, *name, *std::move(value));
}

/// What follows the arrow: oo, or an expression without the variable.
bool read_target(Parser& parser, Path& path) {
  if (parser.accept(TokenKind::infinity)) return true;
  path.to_infinity = false;
  const Token at = parser.peek();
  std::optional<Expr> target = parser.expression();
  if (!target) return false;
  for (const std::string& name : symbols(*target)) {
    if (name != path.variable) continue;
    parser.refuse(at, fmt::format("the target depends on '{}' itself", name),
                  "let it tend to oo, to a number or to other symbols");
    return false;
  }
  if (detail::is_negative_number(*target)) {
    parser.refuse(at, "symbols are positive: the target is oo, or 0 or more",
                  "let it tend to 0 or to oo");
    return false;
  }
  path.target = *std::move(target);
  return true;
}

/// name '->' target, or an assignment.
bool read_path_item(Parser& parser, Path& path) {
  const Token at = parser.peek();
  const bool has_arrow = !path.variable.empty();
  if (has_arrow) {
    parser.refuse(at, "nothing may follow the arrow", "put the substitutions first: D=c*B, c->oo");
    return false;
  }
  if (!parser.is_followed_by(TokenKind::arrow)) return read_assignment(parser, path.along);
  const std::optional<std::string> name = parser.symbol_name();
  if (!name) return false;
  parser.expect(TokenKind::arrow, "'->'");
  path.variable = *name;
  if (path.along.contains(*name)) {
    parser.refuse(at, fmt::format("'{}' is replaced and cannot tend to anything", *name),
                  "name another variable before the arrow");
    return false;
  }
  return read_target(parser, path);
}

}  // namespace

Result<Expr> parse(std::string_view text) {
  Parser parser(text, "expression");
  std::optional<Expr> value = parser.expression();
  if (value && !parser.at_end()) parser.refuse_next("an operator or the end");
  return finish(parser, value.value_or(Expr()));
}

Result<Substitution> parse_substitution(std::string_view text) {
  Parser parser(text, "substitution");
  Substitution values;
  if (!parser.at_end()) read_list(parser, [&] { return read_assignment(parser, values); });
  return finish(parser, std::move(values));
}

Result<Path> parse_path(std::string_view text) {
  Parser parser(text, "limit");
  Path path;
  read_list(parser, [&] { return read_path_item(parser, path); });
  if (!parser.failed() && path.variable.empty()) {
    parser.refuse(parser.peek(), "expected an arrow at the end", "write c->oo for the limit");
  }
  return finish(parser, std::move(path));
}

Result<std::pair<Relation, Expr>> parse_relation(std::string_view text) {
  Parser parser(text, "comparison");
  const std::optional<Relation> relation = relation_of(parser.peek().kind);
  if (!relation) {
    parser.refuse_next("<, <=, =, >= or >", "write for example '< 1'");
    return fail(parser.take_faults());
  }
  parser.take();
  std::optional<Expr> value = parser.expression();
  if (value && !parser.at_end()) parser.refuse_next("an operator or the end");
  return finish(parser, std::pair{*relation, value.value_or(Expr())});
}

Result<Bounds> parse_bounds(std::string_view text) {
  Parser parser(text, "bounds");
  Bounds bounds;
  if (!parser.at_end()) read_list(parser, [&] { return read_bound(parser, bounds); });
  return finish(parser, std::move(bounds));
}

}  // namespace ridgepoint::symbolic
