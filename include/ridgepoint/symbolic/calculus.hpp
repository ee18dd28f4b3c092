// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::symbolic {

/// A path to the limit: first the substitution (D = c·B, F = c·B), then variable → target.
struct Path {
  Substitution along;
  std::string variable;
  bool to_infinity = true;
  Expr target;  ///< read when to_infinity is false; approached from above
};

enum class LimitKind { finite, plus_infinity, minus_infinity };
struct Limit {
  LimitKind kind = LimitKind::finite;
  Expr value;  ///< of a finite limit
};
/// "S*T/(S + T)", "oo" or "-oo".
std::string to_text(const Limit& limit);

/// The limit by leading degree. An error where the algebra cannot decide, saying what stands in
/// the way (a sign that depends on a symbol, a kernel).
Result<Limit> limit(const Expr& expr, const Path& path);

/// One positive solution of an equation, and when it is one.
struct Solution {
  Expr value;
  /// It is one exactly where this expression is > 0; the constant 1 when it always is. A "d >= 0"
  /// in it reads floor(d) + 1, a "d is not 0" max(d, -d), and several parts stand in a min.
  Expr condition;
  /// False for a root found by bracketing: `value` is then the nearest double.
  bool exact = true;
};

/// Lower bounds on symbols (S ≥ 1). A symbol without one is only positive.
using Bounds = Substitution;

/// All positive solutions of expr = target for `variable`, exact for degree 1 and 2 (in the
/// variable or a power of it) and bracketed for a univariate polynomial of higher degree, ascending
/// where they are numbers; an empty list means never (for no positive value of the variable,
/// whatever the other symbols within their bounds). A bound on the variable itself holds for its
/// solutions. An error where it is none of these, or where every positive value solves it.
Result<std::vector<Solution>> solve(const Expr& expr, const Expr& target,
                                    const std::string& variable, const Bounds& bounds = {});

enum class Relation { less, less_equal, equal, greater_equal, greater };
enum class Verdict { proved, disproved, unknown };
struct Proof {
  Verdict verdict = Verdict::unknown;
  /// Of a disproved relation: values within the bounds at which it does not hold, exactly.
  Substitution witness;
};

/// Whether `left relation right` holds for all positive real symbols within the bounds, wherever
/// both sides are defined. Proved by the signs of the coefficients after shifting by the bounds, by
/// cases (x >= y or y >= x, which argument a max takes) and by Sturm's theorem; disproved by an
/// exact witness; otherwise unknown, never a guess.
Proof prove(const Expr& left, Relation relation, const Expr& right, const Bounds& bounds = {});

std::string to_text(Verdict verdict);
std::string to_text(Relation relation);  ///< "<", "<=", "=", ">=", ">"

}  // namespace ridgepoint::symbolic
