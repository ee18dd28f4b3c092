// SPDX-License-Identifier: Apache-2.0
// max, min, ceil, floor and log. Only simplifications that hold for all positive symbols.
#include "symbolic/kernels.hpp"

#include <algorithm>
#include <utility>

#include "symbolic/fraction.hpp"

namespace ridgepoint::symbolic {
namespace {

using detail::AtomKind;
using detail::Fraction;
using detail::Integer;
using detail::Polynomial;
using detail::Rational;

enum class Order { less, equal, greater, unknown };

Order order_of(const Expr& a, const Expr& b) {
  const Expr difference = a - b;
  if (difference.is_zero()) return Order::equal;
  if (difference.is_constant())
    return detail::rational_value(difference) < 0 ? Order::less : Order::greater;
  if (detail::is_surely_positive(difference)) return Order::greater;
  if (detail::is_surely_positive(-difference)) return Order::less;
  return Order::unknown;
}

/// Whether `a` decides over `b`, whatever the symbols are.
bool outdoes(AtomKind kind, const Expr& a, const Expr& b) {
  const Order order = order_of(a, b);
  return order == Order::equal || order == (kind == AtomKind::max ? Order::greater : Order::less);
}

/// What a maximum or minimum is taken of; an expression that is none is its own only candidate.
std::vector<Expr> candidates_of(AtomKind kind, const Expr& expr) {
  const Polynomial& p = expr.fraction().numerator();
  const bool is_atom = expr.fraction().denominator().is_one() && p.is_monomial() &&
                       p.leading_coefficient() == 1 && p.total_degree() == 1;
  if (!is_atom || p.variables().front()->kind != kind) return {expr};
  return detail::listed_arguments(kind, p.variables().front()->arguments);
}

/// The same whatever the order and nesting of the arguments: max(max(a, b), c) by their texts.
Expr extremum(AtomKind kind, const Expr& a, const Expr& b) {
  if (a.is_undefined() || b.is_undefined()) return Expr::undefined();
  std::vector<Expr> candidates = candidates_of(kind, a);
  for (Expr& candidate : candidates_of(kind, b)) {
    const auto decides = [&](const Expr& other) { return outdoes(kind, other, candidate); };
    if (std::any_of(candidates.begin(), candidates.end(), decides)) continue;
    std::erase_if(candidates, [&](const Expr& other) { return outdoes(kind, candidate, other); });
    candidates.push_back(std::move(candidate));
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const Expr& x, const Expr& y) { return to_text(x) < to_text(y); });
  Expr result = candidates.front();
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    result = detail::atom_expr(detail::intern_kernel(kind, {result, candidates[i]}));
  }
  return result;
}

Integer floor_division(const Integer& a, const Integer& b) {
  Integer quotient;
  Integer remainder;
  divide_qr(a, b, quotient, remainder);
  return remainder < 0 ? quotient - 1 : quotient;  // b > 0
}

bool is_integer_variable(const detail::Atom* atom) {
  return atom->kind == AtomKind::ceil || atom->kind == AtomKind::floor;
}

/// Of an integer-valued monomial over `over`: how many times it can be taken out.
Polynomial integer_part(const Polynomial& p, const Integer& over) {
  std::vector<detail::Term> whole;
  for (const detail::Term& term : p.terms()) {
    bool integral = true;
    for (std::size_t i = 0; i < term.exponents.size(); ++i)
      if (term.exponents[i] != 0 && !is_integer_variable(p.variables()[i])) integral = false;
    if (integral) whole.push_back({term.exponents, floor_division(term.coefficient, over)});
  }
  return {p.variables(), std::move(whole)};
}

/// The part of an expression that is an integer whatever the symbols are, leaving coefficients in
/// [0, 1) behind: 3 of x + 7/2, ceil(y) of x + ceil(y), 1 of (S + 1)/S.
Expr integer_part(const Expr& expr) {
  const Fraction& f = expr.fraction();
  if (f.denominator().is_constant())
    return make_expr(integer_part(f.numerator(), f.denominator().constant()));
  const detail::JointVariables joint =
      join_variables(f.numerator().variables(), f.denominator().variables());
  if (joint.variables != f.numerator().variables()) return 0;
  const auto& leading = f.denominator().terms().front();
  detail::Exponents key(joint.variables.size());
  for (std::size_t i = 0; i < leading.exponents.size(); ++i)
    key[joint.from_b[i]] = leading.exponents[i];
  for (const detail::Term& term : f.numerator().terms())
    if (term.exponents == key)
      return detail::integer_expr(floor_division(term.coefficient, leading.coefficient));
  return 0;
}

/// Whether low < expr < low + 1, whatever the symbols are.
bool lies_above(const Expr& expr, const Expr& low) {
  return detail::is_surely_positive(expr - low) && detail::is_surely_positive(low + 1 - expr);
}

Expr rounded(AtomKind kind, const Expr& a) {
  if (a.is_undefined()) return a;
  const Expr whole = integer_part(a);
  const Expr rest = a - whole;
  if (rest.is_zero()) return whole;
  for (const int low : {0, -1}) {
    if (lies_above(rest, low)) return whole + (kind == AtomKind::ceil ? low + 1 : low);
  }
  return whole + detail::atom_expr(detail::intern_kernel(kind, {rest}));
}

}  // namespace

Expr max(const Expr& a, const Expr& b) { return extremum(AtomKind::max, a, b); }
Expr min(const Expr& a, const Expr& b) { return extremum(AtomKind::min, a, b); }
Expr ceil(const Expr& a) { return rounded(AtomKind::ceil, a); }
Expr floor(const Expr& a) { return rounded(AtomKind::floor, a); }

Expr log(const Expr& a) {
  if (a.is_undefined()) return a;
  if (a.is_constant()) {
    const Rational value = detail::rational_value(a);
    if (value <= 0) return Expr::undefined();
    if (value == 1) return 0;
  }
  return detail::atom_expr(detail::intern_kernel(AtomKind::log, {a}));
}

namespace detail {

std::vector<Expr> listed_arguments(AtomKind kind, const std::vector<Expr>& arguments) {
  if (kind != AtomKind::max && kind != AtomKind::min) return arguments;
  std::vector<Expr> listed = candidates_of(kind, arguments.front());
  listed.push_back(arguments.back());
  return listed;
}

Expr rebuild_kernel(const Atom* atom, const std::vector<Expr>& arguments) {
  switch (atom->kind) {
    case AtomKind::max:
      return max(arguments[0], arguments[1]);
    case AtomKind::min:
      return min(arguments[0], arguments[1]);
    case AtomKind::ceil:
      return ceil(arguments[0]);
    case AtomKind::floor:
      return floor(arguments[0]);
    case AtomKind::log:
      return log(arguments[0]);
    case AtomKind::pow:
      return pow(arguments[0], arguments[1]);
    case AtomKind::symbol:
      break;
  }
  return atom_expr(atom);
}

}  // namespace detail
}  // namespace ridgepoint::symbolic
