// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "symbolic/fraction.hpp"

namespace ridgepoint::symbolic {
namespace {

using detail::Atom;
using detail::AtomKind;
using detail::Polynomial;

bool depends_on(const Expr& expr, std::string_view name) {
  const std::vector<std::string> names = symbols(expr);
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool depends_on(const Atom* atom, std::string_view name) {
  if (atom->kind == AtomKind::symbol) return atom->text == name;
  return std::any_of(atom->arguments.begin(), atom->arguments.end(),
                     [name](const Expr& argument) { return depends_on(argument, name); });
}

tl::unexpected<Diagnostics> no_derivative(const Atom* atom, std::string_view name) {
  const std::string variable(name);
  return fail("derivative by " + variable, atom->text + " has no derivative: it has steps or kinks",
              "substitute a value for it, or differentiate each case on its own");
}

/// (b^e)' = b^e·(e'·log b + e·b'/b)
Result<Expr> differentiate_power(const Atom* atom, std::string_view name) {
  const Expr& base = atom->arguments[0];
  const Expr& exponent = atom->arguments[1];
  const Result<Expr> base_slope = differentiate(base, name);
  if (!base_slope) return base_slope;
  const Result<Expr> exponent_slope = differentiate(exponent, name);
  if (!exponent_slope) return exponent_slope;
  Expr growth = exponent * *base_slope / base;
  if (!exponent_slope->is_zero()) growth += *exponent_slope * log(base);
  return detail::atom_expr(atom) * growth;
}

Result<Expr> differentiate(const Atom* atom, std::string_view name) {
  switch (atom->kind) {
    case AtomKind::symbol:
      return Expr(1);
    case AtomKind::pow:
      return differentiate_power(atom, name);
    case AtomKind::log: {
      const Result<Expr> inner = differentiate(atom->arguments[0], name);
      return inner ? *inner / atom->arguments[0] : inner;
    }
    case AtomKind::max:
    case AtomKind::min:
    case AtomKind::ceil:
    case AtomKind::floor:
      break;
  }
  return no_derivative(atom, name);
}

/// ∂(n/d)/∂v. With d = g·e and d' = g·f it is (n'·e − n·f)/(d·e): a smaller fraction to reduce.
Expr slope_along(const detail::Fraction& fraction, const Atom* variable) {
  const Polynomial& n = fraction.numerator();
  const Polynomial& d = fraction.denominator();
  const Polynomial slope = derivative(n, variable);
  const Polynomial below = derivative(d, variable);
  if (below.is_zero()) return make_expr(slope, d);
  const std::optional<Polynomial> g = gcd(d, below);
  if (!g) return make_expr(slope * d - n * below, d * d);
  const Polynomial e = quotient(d, *g);
  return make_expr(slope * e - n * quotient(below, *g), d * e);
}

}  // namespace

Result<Expr> differentiate(const Expr& expr, std::string_view name) {
  if (expr.is_undefined()) return expr;
  const detail::Fraction& f = expr.fraction();
  Expr sum;
  Diagnostics faults;
  for (const Atom* atom :
       join_variables(f.numerator().variables(), f.denominator().variables()).variables) {
    if (!depends_on(atom, name)) continue;
    const Result<Expr> inner = differentiate(atom, name);
    if (inner) {
      sum += slope_along(f, atom) * *inner;
    } else {
      faults.insert(faults.end(), inner.error().begin(), inner.error().end());
    }
  }
  if (!faults.empty()) return fail(std::move(faults));
  return sum;
}

}  // namespace ridgepoint::symbolic
