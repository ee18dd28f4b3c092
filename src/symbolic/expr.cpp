// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/symbolic/expr.hpp"

#include <cassert>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "symbolic/fraction.hpp"
#include "symbolic/kernels.hpp"

namespace ridgepoint::symbolic {
namespace {

using detail::Fraction;
using detail::Integer;
using detail::make_coprime_expr;
using detail::make_expr;
using detail::Polynomial;

Integer power_of_two(int exponent) {
  Integer power;
  bit_set(power, static_cast<unsigned>(exponent));
  return power;
}

/// Whether sums and products may rely on coprime numerators and denominators.
bool is_plain(const Fraction& f) {
  return f.is_canonical() && !has_roots(f.numerator()) && !has_roots(f.denominator());
}

Polynomial divide(const Polynomial& a, const Polynomial& by) {
  return by.is_one() ? a : quotient(a, by);
}

Expr add_by_cross_multiplication(const Fraction& a, const Fraction& b) {
  return make_expr(a.numerator() * b.denominator() + b.numerator() * a.denominator(),
                   a.denominator() * b.denominator());
}

/// Henrici's method: with g = gcd of the denominators, only g can cancel from the sum.
Expr add(const Fraction& a, const Fraction& b) {
  if (a.denominator() == b.denominator()) {
    Polynomial sum = a.numerator() + b.numerator();
    return a.denominator().is_one() ? make_coprime_expr(std::move(sum))
                                    : make_expr(std::move(sum), a.denominator());
  }
  const std::optional<Polynomial> g = gcd(a.denominator(), b.denominator());
  if (!g) return add_by_cross_multiplication(a, b);
  const Polynomial rest_a = divide(a.denominator(), *g);
  const Polynomial rest_b = divide(b.denominator(), *g);
  const Polynomial sum = a.numerator() * rest_b + b.numerator() * rest_a;
  if (g->is_one()) return make_coprime_expr(sum, a.denominator() * rest_b);
  const std::optional<Polynomial> h = gcd(sum, *g);
  if (!h) return add_by_cross_multiplication(a, b);
  return make_coprime_expr(divide(sum, *h), divide(a.denominator(), *h) * rest_b);
}

/// A pair without its common factor.
struct Coprime {
  Polynomial left;
  Polynomial right;
};
std::optional<Coprime> coprime(const Polynomial& a, const Polynomial& b) {
  if (b.is_one() || a.is_one()) return Coprime{a, b};
  const std::optional<Polynomial> g = gcd(a, b);
  if (!g) return std::nullopt;
  return g->is_one() ? Coprime{a, b} : Coprime{quotient(a, *g), quotient(b, *g)};
}

/// (a/b)·(c/d) with the common factors of a and d and of c and b taken out before multiplying.
Expr multiply(const Polynomial& a, const Polynomial& b, const Polynomial& c, const Polynomial& d) {
  if (b.is_one() && d.is_one()) return make_coprime_expr(a * c);
  const std::optional<Coprime> ad = coprime(a, d);
  const std::optional<Coprime> cb = coprime(c, b);
  if (!ad || !cb) return make_expr(a * c, b * d);
  return make_coprime_expr(ad->left * cb->left, cb->right * ad->right);
}

bool either_undefined(const Expr& a, const Expr& b) { return a.is_undefined() || b.is_undefined(); }

std::uint64_t degree(const Expr& e) {
  return std::uint64_t{e.fraction().numerator().total_degree()} +
         e.fraction().denominator().total_degree();
}

/// Whether the result is undefined: an operand is, or the exponents would grow out of bounds.
bool has_no_result(const Expr& a, const Expr& b) {
  return either_undefined(a, b) || degree(a) + degree(b) > detail::kMaxDegree;
}

}  // namespace

Expr::Expr(std::shared_ptr<const Fraction> fraction) : fraction_(std::move(fraction)) {}

Expr::Expr() {
  static const Expr zero = make_coprime_expr(Polynomial());
  fraction_ = zero.fraction_;
}

Expr Expr::from_integer(std::int64_t value) { return detail::integer_expr(Integer(value)); }

Expr Expr::rational(std::int64_t numerator, std::int64_t denominator) {
  assert(denominator != 0);
  return make_expr(Polynomial(Integer(numerator)), Polynomial(Integer(denominator)));
}

Expr Expr::from_double(double value) {
  if (!std::isfinite(value)) return undefined();
  int exponent = 0;
  const double fraction = std::frexp(value, &exponent);
  constexpr int kBits = std::numeric_limits<double>::digits;
  const Integer mantissa(static_cast<std::int64_t>(std::ldexp(fraction, kBits)));
  exponent -= kBits;
  if (exponent >= 0) return detail::integer_expr(mantissa * power_of_two(exponent));
  return make_expr(Polynomial(mantissa), Polynomial(power_of_two(-exponent)));
}

Expr Expr::from_digits(std::string_view digits) {
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  Integer value = 0;
  constexpr std::size_t kChunk = 18;  // digits that fit into 64 bits
  while (!digits.empty()) {
    const std::string_view chunk = digits.substr(0, kChunk);
    std::uint64_t part = 0;
    std::uint64_t scale = 1;
    for (const char digit : chunk) {
      assert(digit >= '0' && digit <= '9');
      part = part * 10 + static_cast<std::uint64_t>(digit - '0');
      scale *= 10;
    }
    value = value * scale + part;
    digits.remove_prefix(chunk.size());
  }
  return detail::integer_expr(negative ? Integer(-value) : value);
}

Expr Expr::symbol(std::string_view name) { return detail::atom_expr(detail::intern_symbol(name)); }

Expr Expr::undefined() {
  static const Expr none = make_expr(Polynomial(), Polynomial());
  return none;
}

Expr operator+(const Expr& a, const Expr& b) {
  if (has_no_result(a, b)) return Expr::undefined();
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;
  if (!is_plain(a.fraction()) || !is_plain(b.fraction()))
    return add_by_cross_multiplication(a.fraction(), b.fraction());
  return add(a.fraction(), b.fraction());
}

Expr operator-(const Expr& a) {
  if (a.is_undefined()) return a;
  return Expr(std::make_shared<const Fraction>(a.fraction().negated()));
}

Expr operator-(const Expr& a, const Expr& b) { return a + -b; }

Expr operator*(const Expr& a, const Expr& b) {
  if (has_no_result(a, b)) return Expr::undefined();
  const Fraction& l = a.fraction();
  const Fraction& r = b.fraction();
  if (!is_plain(l) || !is_plain(r))
    return make_expr(l.numerator() * r.numerator(), l.denominator() * r.denominator());
  return multiply(l.numerator(), l.denominator(), r.numerator(), r.denominator());
}

Expr operator/(const Expr& a, const Expr& b) {
  if (has_no_result(a, b) || b.is_zero()) return Expr::undefined();
  const Fraction& l = a.fraction();
  const Fraction& r = b.fraction();
  if (!is_plain(l) || !is_plain(r))
    return make_expr(l.numerator() * r.denominator(), l.denominator() * r.numerator());
  return multiply(l.numerator(), l.denominator(), r.denominator(), r.numerator());
}

bool operator==(const Expr& a, const Expr& b) {
  if (either_undefined(a, b)) return false;
  const Fraction& l = a.fraction();
  const Fraction& r = b.fraction();
  if (&l == &r) return true;
  if (l.numerator() == r.numerator() && l.denominator() == r.denominator()) return true;
  if (l.is_canonical() && r.is_canonical()) return false;
  return make_expr(l.numerator() * r.denominator() - r.numerator() * l.denominator()).is_zero();
}

bool Expr::is_undefined() const { return fraction_->is_undefined(); }
bool Expr::is_zero() const { return !is_undefined() && fraction_->numerator().is_zero(); }
bool Expr::is_constant() const {
  return !is_undefined() && fraction_->numerator().is_constant() &&
         fraction_->denominator().is_constant();
}

std::optional<std::int64_t> Expr::to_integer() const {
  if (!is_constant() || !fraction_->denominator().is_one()) return std::nullopt;
  const Integer value = fraction_->numerator().constant();
  if (value < std::numeric_limits<std::int64_t>::min() ||
      value > std::numeric_limits<std::int64_t>::max())
    return std::nullopt;
  return static_cast<std::int64_t>(value);
}

Expr Expr::numerator() const { return is_undefined() ? *this : make_expr(fraction_->numerator()); }

Expr Expr::denominator() const {
  return is_undefined() ? *this : make_expr(fraction_->denominator());
}

namespace {

void collect_symbols(const Expr& expr, std::set<std::string>& names);

void collect_symbols(const Polynomial& p, std::set<std::string>& names) {
  for (const detail::Atom* atom : p.variables()) {
    if (atom->kind == detail::AtomKind::symbol) names.insert(atom->text);
    for (const Expr& argument : atom->arguments) collect_symbols(argument, names);
  }
}

void collect_symbols(const Expr& expr, std::set<std::string>& names) {
  collect_symbols(expr.fraction().numerator(), names);
  collect_symbols(expr.fraction().denominator(), names);
}

}  // namespace

std::vector<std::string> symbols(const Expr& expr) {
  std::set<std::string> names;
  collect_symbols(expr, names);
  return {names.begin(), names.end()};
}

}  // namespace ridgepoint::symbolic
