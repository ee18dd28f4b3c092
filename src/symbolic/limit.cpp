// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "symbolic/limit_kernels.hpp"

namespace ridgepoint::symbolic {
namespace {

using detail::Leading;
using detail::Scale;

/// The expression along the path, with the variable running to infinity: target + 1/variable
/// comes down on a finite target from above.
Result<Expr> along(const Expr& expr, const Path& path) {
  const Expr moved = substitute(expr, path.along);
  if (moved.is_undefined()) {
    return fail("limit", "the expression is undefined along the path",
                "choose a path that avoids a zero divisor");
  }
  if (path.to_infinity) return moved;
  const Expr variable = Expr::symbol(path.variable);
  const std::vector<std::string> names = symbols(path.target);
  if (path.target.is_undefined() ||
      std::find(names.begin(), names.end(), path.variable) != names.end()) {
    return fail("limit", "the target " + to_text(path.target) + " is no fixed value",
                "give a number, oo, or an expression of the other symbols without steps");
  }
  if (detail::SignProver().is_negative(path.target)) {
    return fail("limit", "the target " + to_text(path.target) + " is negative",
                "symbols are positive: they tend to 0, a positive value or oo");
  }
  return substitute(moved, {{path.variable, path.target + 1 / variable}});
}

Result<Limit> finite(const Leading& leading, Scale& scale) {
  if (scale.has_unknown(leading.coefficient)) {
    return detail::unknown_fraction();
  }
  return Limit{LimitKind::finite, leading.coefficient};
}

Result<Limit> infinite(const Leading& leading, Scale& scale) {
  if (scale.has_unknown(leading.coefficient)) {
    return detail::unknown_fraction();
  }
  if (scale.signs().is_positive(leading.coefficient)) return Limit{LimitKind::plus_infinity, {}};
  if (scale.signs().is_negative(leading.coefficient)) return Limit{LimitKind::minus_infinity, {}};
  return detail::undecided_sign(leading.coefficient);
}

/// c/d·(growth → 0) is 0 only where d is not 0.
Result<Limit> vanishing(const Leading& leading, Scale& scale) {
  const Expr below = leading.coefficient.denominator();
  if (!scale.signs().is_nonzero(below)) return detail::undecided_sign(below);
  return Limit{LimitKind::finite, 0};
}

}  // namespace

Result<Limit> limit(const Expr& expr, const Path& path) {
  if (expr.is_undefined())
    return fail("limit", "the expression is undefined", "remove the division by zero");
  const Result<Expr> moved = along(expr, path);
  if (!moved) return fail(moved.error());
  Scale scale(path.variable);
  if (!path.to_infinity) scale.show_as(1 / (Expr::symbol(path.variable) - path.target));
  if (!scale.depends(*moved)) return Limit{LimitKind::finite, *moved};
  const Result<Expr> expanded = detail::expand_kernels(*moved, scale);
  if (!expanded) return fail(expanded.error());
  const Result<Leading> leading = scale.leading(*expanded);
  if (!leading) return fail(leading.error());
  if (leading->coefficient.is_zero()) return Limit{LimitKind::finite, 0};
  const Result<int> direction = scale.direction(leading->growth);
  if (!direction) return fail(direction.error());
  if (*direction == 0) return finite(*leading, scale);
  return *direction > 0 ? infinite(*leading, scale) : vanishing(*leading, scale);
}

std::string to_text(const Limit& limit) {
  if (limit.kind == LimitKind::finite) return to_text(limit.value);
  return limit.kind == LimitKind::plus_infinity ? "oo" : "-oo";
}

}  // namespace ridgepoint::symbolic
