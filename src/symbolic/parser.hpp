// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/symbolic/expr.hpp"
#include "symbolic/lexer.hpp"
#include "symbolic/parse_arithmetic.hpp"
#include "symbolic/parse_source.hpp"

namespace ridgepoint::symbolic::detail {

/// Recursive descent over the tokens of one text. Every rule returns its value, or nullopt after
/// it has recorded one fault; a reader of lists may then skip to the next item and go on.
class Parser {
 public:
  static constexpr std::size_t kMaxLength = 64 * 1024;  ///< bytes

  /// `reader` names the text in faults: "expression", "substitution", …
  Parser(std::string_view text, std::string_view reader);

  std::optional<Expr> expression();
  /// A name that may stand for a symbol: no function, not oo.
  std::optional<std::string> symbol_name();

  const Token& peek() const { return tokens_[next_]; }
  Token take();
  bool accept(TokenKind kind);
  /// Takes a token of that kind or records "expected `expected` but found …".
  bool expect(TokenKind kind, const std::string& expected);
  /// Whether the token after the next one is of that kind.
  bool is_followed_by(TokenKind kind) const {
    return next_ + 1 < tokens_.size() && tokens_[next_ + 1].kind == kind;
  }
  bool at_end() const { return peek().kind == TokenKind::end; }
  /// Skips to the next comma outside parentheses, or to the end.
  void skip_item();

  /// Records a fault; returns nullopt, so that rules can say `return refuse(…)`.
  std::nullopt_t refuse(const Token& at, const std::string& what, const std::string& help = {});
  /// "expected `expected` but found …" at the next token, with advice where no help is given.
  std::nullopt_t refuse_next(const std::string& expected, std::string help = {});

  /// So many that nobody reads more, and finding them would be quadratic work.
  bool has_many_faults() const { return faults_.size() >= 20; }
  bool failed() const { return !faults_.empty(); }
  Diagnostics take_faults() { return std::move(faults_); }

 private:
  std::optional<Expr> term();
  std::optional<Expr> factor();
  std::optional<Expr> divide(const Expr& dividend);
  std::optional<Expr> atom();
  std::optional<Expr> number();
  std::optional<Expr> name_or_call();
  std::optional<Expr> call(const Token& function);
  std::optional<Expr> parenthesised();
  /// The value, or a fault at `at`: refused, or undefined.
  std::optional<Expr> checked(Checked value, const Token& at);
  bool close(const Token& open);

  Source source_;
  bool too_long_;
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  int depth_ = 0;
  BoundedArithmetic arithmetic_;
  Diagnostics faults_;
};

}  // namespace ridgepoint::symbolic::detail
