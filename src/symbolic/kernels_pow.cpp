// SPDX-License-Identifier: Apache-2.0
// Powers. An exponent is split into an integer, a fraction and symbolic parts, so that
// x^(n + 1) = x·x^n, x^(2·n) = (x^n)^2 and sqrt(x)·sqrt(x) = x hold by polynomial arithmetic.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "symbolic/fraction.hpp"
#include "symbolic/kernels.hpp"
#include "symbolic/kernels_roots.hpp"

namespace ridgepoint::symbolic {
namespace {

using detail::Atom;
using detail::AtomKind;
using detail::Fraction;
using detail::Integer;
using detail::is_surely_positive;
using detail::Polynomial;
using detail::Rational;

constexpr std::int64_t kMaxIntegerExponent = 1000;

Expr integer_power(const Expr& base, std::int64_t exponent) {
  if (exponent < 0) return base.is_zero() ? Expr::undefined() : 1 / integer_power(base, -exponent);
  if (exponent == 0) return 1;
  if (exponent == 1) return base;
  const auto n = static_cast<std::uint32_t>(exponent);
  const Fraction& f = base.fraction();
  if (power_is_too_large(f.numerator(), n) || power_is_too_large(f.denominator(), n))
    return Expr::undefined();
  Polynomial above = pow(f.numerator(), n);
  Polynomial below = pow(f.denominator(), n);
  if (has_roots(above) || has_roots(below) || !f.is_canonical())
    return make_expr(std::move(above), std::move(below));
  return make_coprime_expr(std::move(above), std::move(below));
}

bool fits_a_root(const Rational& r) {
  return abs(numerator(r)) <= detail::kMaxRoot && denominator(r) <= detail::kMaxRoot;
}

Expr opaque_power(const Expr& base, const Expr& exponent) {
  return detail::atom_expr(intern_kernel(AtomKind::pow, {base, exponent}));
}

/// base^(unit·r) as a power of the kernel base^(unit/q). REQUIRES: unit not constant.
Expr symbolic_part(const Expr& base, const Expr& unit, const Rational& r) {
  if (!fits_a_root(r)) return opaque_power(base, unit * detail::rational_expr(r));
  const Expr root = opaque_power(base, unit / detail::integer_expr(denominator(r)));
  return integer_power(root, static_cast<std::int64_t>(numerator(r)));
}

/// Brings base^exponent to a base that is no power of another: (x^2)^n = x^(2·n).
void unwrap_base(Expr& base, Expr& exponent) {
  const Fraction& f = base.fraction();
  if (f.numerator().is_one()) {  // (1/b)^e = b^(-e) but on the negative axis
    const Expr inverse = base.denominator();
    if (!is_surely_positive(inverse)) return;
    base = inverse;
    exponent = -exponent;
    return unwrap_base(base, exponent);
  }
  if (!f.denominator().is_one() || !f.numerator().is_monomial()) return;
  const detail::Term term = f.numerator().terms().front();
  if (f.numerator().is_constant()) {
    if (term.coefficient < 2) return;
    const detail::IntegerRoot root = detail::smallest_root(term.coefficient);
    base = detail::integer_expr(root.base);
    exponent *= Expr(root.power);
    return;
  }
  const std::vector<const Atom*> variables = f.numerator().variables();
  if (term.coefficient != 1 || variables.size() != 1 || !variables[0]->surely_positive) return;
  exponent *= Expr(term.exponents[0]);
  base = detail::atom_expr(variables[0]);
  const bool is_power = variables[0]->kind == AtomKind::pow;
  if (!is_power || !is_surely_positive(variables[0]->arguments[0])) return;
  exponent *= variables[0]->arguments[1];
  base = variables[0]->arguments[0];
  unwrap_base(base, exponent);
}

/// The exponent's denominator is a number: every term gives a factor.
Expr power_of_sum(const Expr& base, const Expr& exponent) {
  const Polynomial& sum = exponent.fraction().numerator();
  const Integer over = exponent.fraction().denominator().constant();
  Expr result = 1;
  for (const detail::Term& term : sum.terms()) {
    const Rational r(term.coefficient, over);
    const Expr unit = make_expr(Polynomial(sum.variables(), {{term.exponents, 1}}));
    result *=
        unit.is_constant() ? pow(base, detail::rational_expr(r)) : symbolic_part(base, unit, r);
  }
  return result;
}

Expr power_of_fraction(const Expr& base, const Expr& exponent) {
  const Integer above = exponent.fraction().numerator().content();
  const Integer below = exponent.fraction().denominator().content();
  const bool negative = exponent.fraction().numerator().leading_coefficient() < 0;
  const Rational r(negative ? Integer(-above) : above, below);
  return symbolic_part(base, exponent / detail::rational_expr(r), r);
}

Expr symbolic_power(Expr base, Expr exponent) {
  if (base == Expr(1)) return 1;
  if (base.is_zero()) return is_surely_positive(exponent) ? base : opaque_power(base, exponent);
  unwrap_base(base, exponent);
  if (exponent.is_constant()) return pow(base, exponent);
  if (exponent.fraction().denominator().is_constant()) {
    const Expr split = power_of_sum(base, exponent);
    return split.is_undefined() ? opaque_power(base, exponent) : split;
  }
  return power_of_fraction(base, exponent);
}

}  // namespace

bool detail::power_is_too_large(const Polynomial& p, std::uint64_t n) {
  constexpr std::uint64_t kMaxTerms = 100'000;
  constexpr std::uint64_t kMaxBits = std::uint64_t{1} << 20;
  if (p.is_zero()) return false;
  std::uint64_t terms = 1;  // at most C(n + t - 1, t - 1)
  for (std::uint64_t i = 1; i < p.terms().size() && terms <= kMaxTerms; ++i)
    terms = terms * (n + i) / i;
  std::uint64_t bits = 0;
  for (const Term& term : p.terms())
    bits = std::max(bits, static_cast<std::uint64_t>(msb(abs(term.coefficient))));
  return terms > kMaxTerms || bits * n > kMaxBits || p.total_degree() * n > kMaxDegree;
}

Expr pow(const Expr& base, const Expr& exponent) {
  if (base.is_undefined() || exponent.is_undefined()) return Expr::undefined();
  if (!exponent.is_constant()) return symbolic_power(base, exponent);
  if (!exponent.fraction().denominator().is_one()) return detail::rational_power(base, exponent);
  const std::optional<std::int64_t> n = exponent.to_integer();
  if (!n || std::abs(*n) > kMaxIntegerExponent) return Expr::undefined();
  return integer_power(base, *n);
}

Expr sqrt(const Expr& a) { return pow(a, Expr::rational(1, 2)); }

}  // namespace ridgepoint::symbolic
