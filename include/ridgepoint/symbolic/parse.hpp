// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/symbolic/calculus.hpp"
#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::symbolic {

/// Every reader below fails with one diagnostic: `where` is "column 7" behind the source line and
/// a caret line (see Diagnostic in parse.cpp's tests), `what` names what was found and what was
/// expected, `help` what was probably meant.

/// expr  := term (('+' | '-') term)*          term := power (('*' | '/' | '·') power)*
/// power := '-' power | atom (('^' | '**') power)?
/// atom  := number | name | name '(' expr (',' expr)* ')' | '(' expr ')'
/// Numbers are exact decimals (989.4e12). Functions: max, min (two or more), ceil, floor, log,
/// sqrt. Nesting deeper than 200 and text longer than 64 KiB are refused.
Result<Expr> parse(std::string_view text);

/// "T=1, D=c*B"
Result<Substitution> parse_substitution(std::string_view text);
/// "D=c*B, F=c*B, c->oo"; the last item is the arrow.
Result<Path> parse_path(std::string_view text);
/// "< B", ">= 2*S"; ≤ and ≥ too.
Result<std::pair<Relation, Expr>> parse_relation(std::string_view text);
/// "S>=1, T>=1": lower bounds, each >= 0.
Result<Bounds> parse_bounds(std::string_view text);

}  // namespace ridgepoint::symbolic
