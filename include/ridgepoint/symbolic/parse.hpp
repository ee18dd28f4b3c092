// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/symbolic/calculus.hpp"
#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::symbolic {

/// A fault of the readers below says `where` ("expression, column 7", in characters from 1), `what`
/// was found and what was expected, with the source line and a caret below it, and as `help` what
/// was probably meant. An expression has one fault; a list has one for each faulty item.

/// expr  := term (('+' | '-') term)*          term := power (('*' | '/' | '·' | '×' | '÷') power)*
/// power := '-' power | atom (('^' | '**') power)?
/// atom  := number | name | name '(' expr (',' expr)* ')' | '(' expr ')'
///
/// Numbers are exact decimals (989.4e12). Functions: max, min (two or more), ceil, floor, log,
/// sqrt; their names and oo (infinity) name no symbols. Division by the zero function and other
/// undefined values are faults.
///
/// Text from outside may not cost more than about a second, so these are refused: more than
/// 64 KiB of text, nesting deeper than 200, more than 20,000 terms, a power beyond 1,000, a
/// coefficient of more than 2,000 digits, and whatever exceeds a budget of work, estimated before
/// each operation. The same text is always judged the same.
Result<Expr> parse(std::string_view text);

/// "T=1, D=c*B"; nothing is an empty list.
Result<Substitution> parse_substitution(std::string_view text);
/// "D=c*B, F=c*B, c->oo"; the last item is the arrow, to oo or to an expression without c.
Result<Path> parse_path(std::string_view text);
/// "< B", ">= 2*S"; ≤ and ≥ too.
Result<std::pair<Relation, Expr>> parse_relation(std::string_view text);
/// "S>=1, T>=1": lower bounds, numbers >= 0.
Result<Bounds> parse_bounds(std::string_view text);

}  // namespace ridgepoint::symbolic
