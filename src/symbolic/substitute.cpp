// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <utility>

#include "symbolic/fraction.hpp"
#include "symbolic/kernels.hpp"

namespace ridgepoint::symbolic {
namespace {

using detail::Atom;
using detail::AtomKind;
using detail::Polynomial;

/// The new value of a variable, if it changes.
std::optional<Expr> new_value(const Atom* atom, const Substitution& values) {
  if (atom->kind == AtomKind::symbol) {
    const auto found = values.find(atom->text);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<Expr> arguments;
  bool changed = false;
  for (const Expr& argument : atom->arguments) {
    arguments.push_back(substitute(argument, values));
    changed = changed || &arguments.back().fraction() != &argument.fraction();
  }
  return changed ? std::optional(rebuild_kernel(atom, arguments)) : std::nullopt;
}

using Values = std::vector<std::pair<const Atom*, Expr>>;

bool is_too_large(const Polynomial& p, const Values& values) {
  return std::any_of(values.begin(), values.end(), [&p](const auto& pair) {
    const std::uint32_t degree = p.degree(pair.first);
    const detail::Fraction& value = pair.second.fraction();
    return power_is_too_large(value.numerator(), degree) ||
           power_is_too_large(value.denominator(), degree);
  });
}

/// A variable of a polynomial and the powers of the fraction that replaces it.
struct Replacement {
  std::size_t position;
  std::uint32_t degree;
  std::vector<Polynomial> above;  // numerator^0 …
  std::vector<Polynomial> below;
};

std::vector<Polynomial> powers(const Polynomial& p, std::uint32_t degree) {
  std::vector<Polynomial> result{Polynomial(detail::Integer(1))};
  for (std::uint32_t i = 1; i <= degree; ++i) result.push_back(result.back() * p);
  return result;
}

std::vector<Replacement> replacements(const Polynomial& p, const Values& values) {
  std::vector<Replacement> result;
  for (const auto& [atom, value] : values) {
    const auto found = std::find(p.variables().begin(), p.variables().end(), atom);
    if (found == p.variables().end()) continue;
    const std::uint32_t degree = p.degree(atom);
    result.push_back({static_cast<std::size_t>(found - p.variables().begin()), degree,
                      powers(value.fraction().numerator(), degree),
                      powers(value.fraction().denominator(), degree)});
  }
  return result;
}

/// p(values)·Π denominator^degree, a polynomial; and that product.
std::pair<Polynomial, Polynomial> substitute(const Polynomial& p, const Values& values) {
  const std::vector<Replacement> replaced = replacements(p, values);
  Polynomial scale(detail::Integer(1));
  for (const Replacement& r : replaced) scale = scale * r.below[r.degree];
  Polynomial sum;
  for (const detail::Term& term : p.terms()) {
    detail::Exponents kept = term.exponents;
    for (const Replacement& r : replaced) kept[r.position] = 0;
    Polynomial product = Polynomial::from_sorted(p.variables(), {{kept, term.coefficient}});
    for (const Replacement& r : replaced) {
      const std::uint32_t power = term.exponents[r.position];
      product = product * r.above[power] * r.below[r.degree - power];
    }
    sum = sum + product;
  }
  return {std::move(sum), std::move(scale)};
}

}  // namespace

Expr substitute(const Expr& expr, const Substitution& values) {
  if (expr.is_undefined()) return expr;
  const detail::Fraction& f = expr.fraction();
  Values changed;
  for (const Atom* atom :
       join_variables(f.numerator().variables(), f.denominator().variables()).variables) {
    std::optional<Expr> value = new_value(atom, values);
    if (!value) continue;
    if (value->is_undefined()) return *value;
    changed.emplace_back(atom, std::move(*value));
  }
  if (changed.empty()) return expr;
  if (is_too_large(f.numerator(), changed) || is_too_large(f.denominator(), changed))
    return Expr::undefined();
  const auto [above, above_scale] = substitute(f.numerator(), changed);
  const auto [below, below_scale] = substitute(f.denominator(), changed);
  if (above_scale == below_scale) return make_expr(above, below);
  return make_expr(above * below_scale, below * above_scale);
}

}  // namespace ridgepoint::symbolic
