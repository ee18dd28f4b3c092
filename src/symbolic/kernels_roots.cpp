// SPDX-License-Identifier: Apache-2.0
// Powers with a rational exponent: what is a square comes out of the root, and the rest is split
// into numbers, positive variables and sums, so that sqrt(2*x)·sqrt(2) = 2·sqrt(x).
#include "symbolic/kernels_roots.hpp"

#include <utility>

#include "symbolic/fraction.hpp"
#include "symbolic/kernels.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

constexpr std::uint32_t kTrialDivisors = 1000;

std::uint32_t bits(const Integer& value) { return static_cast<std::uint32_t>(msb(value)) + 1; }

/// The largest integer whose q-th power is at most value >= 1, by Newton's method from above.
Integer floor_root(const Integer& value, std::uint32_t q) {
  Integer root;
  bit_set(root, (bits(value) + q - 1) / q);
  for (;;) {
    const Integer next = (root * (q - 1) + value / boost::multiprecision::pow(root, q - 1)) / q;
    if (next >= root) return root;
    root = next;
  }
}

std::optional<Integer> exact_root(const Integer& value, std::uint32_t q) {
  if (value < 1) return std::nullopt;
  Integer root = floor_root(value, q);
  if (boost::multiprecision::pow(root, q) != value) return std::nullopt;
  return root;
}

/// base^r as base^floor(r) times a power of the kernel base^(1/q).
Expr root_power(const Expr& base, const Rational& r) {
  const Integer& q = denominator(r);
  Integer whole = numerator(r) / q;
  if (whole * q > numerator(r)) --whole;
  const Integer rest = numerator(r) - whole * q;
  const Expr integral = pow(base, integer_expr(whole));
  if (rest == 0) return integral;
  const Atom* root = intern_kernel(AtomKind::pow, {base, rational_expr(Rational(1, q))});
  return integral * make_expr(pow(Polynomial(root), static_cast<std::uint32_t>(rest)));
}

Expr root_of_integer(Integer value, const Rational& r) {
  Expr result = 1;
  for (std::uint32_t prime = 2; prime < kTrialDivisors && value > 1; ++prime) {
    std::uint32_t power = 0;
    for (; value % prime == 0; value /= prime) ++power;
    if (power > 0) result *= root_power(Expr(prime), r * power);
  }
  if (value == 1) return result;
  const IntegerRoot rest = smallest_root(value);
  return result * root_power(integer_expr(rest.base), r * rest.power);
}

Expr root_of_variable(const Atom* variable, const Rational& r) {
  const bool is_power = variable->kind == AtomKind::pow;
  if (is_power && is_surely_positive(variable->arguments[0]))
    return pow(variable->arguments[0], variable->arguments[1] * rational_expr(r));
  return root_power(atom_expr(variable), r);
}

Expr root_of_sum(const Polynomial& p, const Rational& r) {
  for (auto q = static_cast<std::uint32_t>(denominator(r)); q > 1; --q) {
    if (denominator(r) % q != 0) continue;
    const std::optional<Polynomial> root = exact_root(p, q);
    if (root && is_surely_positive(make_expr(*root)))
      return pow(make_expr(*root), rational_expr(r * q));
  }
  return root_power(make_expr(p), r);
}

/// Takes content and positive variables out of p, as factors of the result.
Expr take_simple_factors(Polynomial& p, const Rational& r) {
  const Integer content = p.content();
  p = divide_by_integer(p, content);
  Expr result = root_of_integer(content, r);
  const Polynomial monomial = monomial_content(p);
  for (const Atom* variable : monomial.variables()) {
    if (!variable->surely_positive) continue;
    const std::uint32_t power = monomial.degree(variable);
    p = quotient(p, pow(Polynomial(variable), power));
    result *= root_of_variable(variable, r * power);
  }
  return result;
}

Expr root_of_fraction(Polynomial above, Polynomial below, const Rational& r) {
  Expr result = take_simple_factors(above, r) / take_simple_factors(below, r);
  if (below.is_one() && above.is_constant())
    return above.is_one() ? result : Expr::undefined();  // a root of -1
  if (below.is_one()) return result * root_of_sum(above, r);
  if (!is_surely_positive(make_expr(below)))
    return result * root_power(make_expr(std::move(above), std::move(below)), r);
  if (above.is_constant() && !above.is_one()) return Expr::undefined();
  result /= root_of_sum(below, r);
  return above.is_one() ? result : result * root_of_sum(above, r);
}

}  // namespace

IntegerRoot smallest_root(const Integer& value) {
  IntegerRoot result{value, 1};
  for (std::uint32_t q = 2; q <= bits(result.base); ++q) {
    while (const std::optional<Integer> root = exact_root(result.base, q)) {
      result.base = *root;
      result.power *= q;
      if (result.base == 1) return {value, 1};
    }
  }
  return result;
}

std::optional<Polynomial> exact_root(const Polynomial& p, std::uint32_t q) {
  const Term& leading = p.terms().front();
  const std::optional<Integer> coefficient = exact_root(leading.coefficient, q);
  if (!coefficient) return std::nullopt;
  Exponents exponents = leading.exponents;
  for (std::uint32_t& e : exponents) {
    if (e % q != 0) return std::nullopt;
    e /= q;
  }
  const Polynomial first(p.variables(), {{exponents, *coefficient}});
  const Polynomial divisor = Integer(q) * pow(first, q - 1);
  Polynomial root = first;
  for (std::size_t terms = 1; terms <= p.terms().size(); ++terms) {
    const Polynomial rest = p - pow(root, q);
    if (rest.is_zero()) return root;
    const Polynomial next = Polynomial(rest.variables(), {rest.terms().front()});
    const std::optional<Polynomial> term = exact_quotient(next, divisor);
    if (!term) return std::nullopt;
    root = root + *term;
  }
  return std::nullopt;
}

Expr rational_power(const Expr& base, const Expr& exponent) {
  const Rational r = rational_value(exponent);
  if (base.is_zero()) return r > 0 ? base : Expr::undefined();
  if (base == Expr(1)) return base;
  if (base.is_constant() && rational_value(base) < 0) return Expr::undefined();
  if (abs(numerator(r)) > kMaxRoot || denominator(r) > kMaxRoot)
    return atom_expr(intern_kernel(AtomKind::pow, {base, exponent}));
  return root_of_fraction(base.fraction().numerator(), base.fraction().denominator(), r);
}

}  // namespace ridgepoint::symbolic::detail
