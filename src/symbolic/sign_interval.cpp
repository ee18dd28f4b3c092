// SPDX-License-Identifier: Apache-2.0
#include "symbolic/sign_interval.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "symbolic/fraction.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

using boost::multiprecision::denominator;
using boost::multiprecision::msb;
using boost::multiprecision::numerator;
using Enclosure = std::optional<Interval>;

constexpr std::size_t kMaxBits = 8192;  // longer numbers are not worth their time

Interval exactly(const Rational& value) { return {value, value}; }

Interval operator+(const Interval& a, const Interval& b) {
  return {a.low + b.low, a.high + b.high};
}

Interval operator*(const Interval& a, const Interval& b) {
  if (a.is_exact() && b.is_exact()) return exactly(a.low * b.low);
  const std::array<Rational, 4> corners{a.low * b.low, a.low * b.high, a.high * b.low,
                                        a.high * b.high};
  const auto [low, high] = std::minmax_element(corners.begin(), corners.end());
  return {*low, *high};
}

std::size_t bits(const Integer& value) { return value.is_zero() ? 0 : msb(abs(value)) + 1; }
std::size_t bits(const Rational& value) {
  return std::max(bits(Integer(numerator(value))), bits(Integer(denominator(value))));
}

Rational whole_power(const Rational& base, unsigned exponent) {
  return Rational(pow(Integer(numerator(base)), exponent),
                  pow(Integer(denominator(base)), exponent));
}

Enclosure whole_power(const Interval& base, unsigned exponent) {
  if (bits(base.low) * exponent > kMaxBits || bits(base.high) * exponent > kMaxBits) return {};
  Interval result{whole_power(base.low, exponent), whole_power(base.high, exponent)};
  if (result.low > result.high) std::swap(result.low, result.high);
  if (exponent % 2 == 0 && base.low < 0 && base.high > 0) {
    result.high = std::max(result.low, result.high);
    result.low = 0;
  }
  return result;
}

/// The largest integer whose q-th power is at most n >= 0.
Integer integer_root(const Integer& n, unsigned q) {
  if (n.is_zero()) return 0;
  Integer x = Integer(1) << (msb(n) / q + 1);  // Newton's method from above
  while (true) {
    const Integer next = ((q - 1) * x + n / pow(x, q - 1)) / q;
    if (next >= x) return x;
    x = next;
  }
}

/// The q-th root of value >= 0: exact where it is rational, otherwise within 2^-64 of itself.
Interval root(const Rational& value, unsigned q) {
  const Integer n = numerator(value);
  const Integer d = denominator(value);
  const Integer root_n = integer_root(n, q);
  const Integer root_d = integer_root(d, q);
  if (pow(root_n, q) == n && pow(root_d, q) == d) return exactly(Rational(root_n, root_d));
  const unsigned digits = 64 + static_cast<unsigned>(bits(d) / q + 1);
  const Integer scaled = (n << (digits * q)) / d;
  const Integer low = integer_root(scaled, q);
  const Integer scale = Integer(1) << digits;
  return {Rational(low, scale), Rational(Integer(low + 1), scale)};
}

Enclosure inverse(const Interval& a) {
  if (a.low <= 0 && a.high >= 0) return {};
  return Interval{1 / a.high, 1 / a.low};
}

Enclosure rational_power(const Interval& base, const Rational& exponent) {
  const Integer p = abs(Integer(numerator(exponent)));
  const Integer q = denominator(exponent);
  if (p > 4096 || q > 64 || base.low < 0) return {};
  Enclosure power = whole_power(base, static_cast<unsigned>(p));
  if (!power) return {};
  const auto degree = static_cast<unsigned>(q);
  if (degree > 1) power = Interval{root(power->low, degree).low, root(power->high, degree).high};
  return exponent < 0 ? inverse(*power) : power;
}

/// A double with a relative and absolute error of at most 2^-40, far beyond what libm and the
/// conversion lose.
Enclosure around(double value, double error) {
  if (!std::isfinite(value) || !std::isfinite(error)) return {};
  const double margin = (std::fabs(value) + 1) * error;
  return Interval{Rational(value - margin), Rational(value + margin)};
}

Enclosure logarithm(const Interval& a) {
  if (a.low <= 0 || bits(a.low) > 900 || bits(a.high) > 900) return {};
  if (a.is_exact() && a.low == 1) return exactly(0);
  const Enclosure low = around(std::log(a.low.convert_to<double>()), 0x1p-40);
  const Enclosure high = around(std::log(a.high.convert_to<double>()), 0x1p-40);
  if (!low || !high) return {};
  return Interval{low->low, high->high};
}

Enclosure power(const Interval& base, const Interval& exponent) {
  if (exponent.is_exact()) {
    if (Enclosure exact = rational_power(base, exponent.low)) return exact;
  }
  const Enclosure log_base = logarithm(base);
  if (!log_base) return {};
  const Interval product = *log_base * exponent;
  const double low = std::exp(product.low.convert_to<double>());
  const double high = std::exp(product.high.convert_to<double>());
  if (!std::isfinite(high) || std::fabs(std::log(high)) > 500 || low <= 0) return {};
  return Interval{Rational(low * (1 - 0x1p-30)), Rational(high * (1 + 0x1p-30))};
}

Integer floor_of(const Rational& value) {
  const Integer n = numerator(value);
  const Integer d = denominator(value);
  Integer quotient = n / d;  // truncated
  if (n < 0 && quotient * d != n) --quotient;
  return quotient;
}

Interval floor_of(const Interval& a) {
  return {Rational(floor_of(a.low)), Rational(floor_of(a.high))};
}

Enclosure kernel(const Atom& atom, const std::vector<Interval>& a) {
  switch (atom.kind) {
    case AtomKind::symbol:
      return {};
    case AtomKind::max: {
      Interval best = a.front();
      for (const Interval& x : a) best = {std::max(best.low, x.low), std::max(best.high, x.high)};
      return best;
    }
    case AtomKind::min: {
      Interval best = a.front();
      for (const Interval& x : a) best = {std::min(best.low, x.low), std::min(best.high, x.high)};
      return best;
    }
    case AtomKind::floor:
      return floor_of(a.front());
    case AtomKind::ceil:
      return exactly(-1) * floor_of(exactly(-1) * a.front());
    case AtomKind::log:
      return logarithm(a.front());
    case AtomKind::pow:
      return power(a[0], a[1]);
  }
  return {};
}

Enclosure enclose_atom(const Atom& atom, const Point& point) {
  if (atom.kind == AtomKind::symbol) {
    const auto found = point.find(atom.text);
    return found == point.end() ? Enclosure{} : exactly(found->second);
  }
  std::vector<Interval> arguments;
  for (const Expr& argument : atom.arguments) {
    Enclosure value = enclose(argument, point);
    if (!value) return {};
    arguments.push_back(std::move(*value));
  }
  return kernel(atom, arguments);
}

double approximate_kernel(const Atom& atom, const std::vector<double>& a) {
  switch (atom.kind) {
    case AtomKind::symbol:
      break;
    case AtomKind::max:
      return *std::max_element(a.begin(), a.end());
    case AtomKind::min:
      return *std::min_element(a.begin(), a.end());
    case AtomKind::floor:
      return std::floor(a.front());
    case AtomKind::ceil:
      return std::ceil(a.front());
    case AtomKind::log:
      return std::log(a.front());
    case AtomKind::pow:
      return std::pow(a[0], a[1]);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

double approximate_atom(const Atom& atom, const DoublePoint& point) {
  if (atom.kind == AtomKind::symbol) {
    const auto found = point.find(atom.text);
    return found == point.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
  }
  std::vector<double> arguments;
  arguments.reserve(atom.arguments.size());
  for (const Expr& argument : atom.arguments) arguments.push_back(approximate(argument, point));
  return approximate_kernel(atom, arguments);
}

double whole_power(double base, std::uint32_t exponent) {
  double result = 1;
  for (; exponent > 0; exponent >>= 1U, base *= base) {
    if ((exponent & 1U) != 0) result *= base;
  }
  return result;
}

}  // namespace

std::optional<Interval> enclose(const Polynomial& p, const Point& point) {
  std::vector<Interval> values;
  for (const Atom* variable : p.variables()) {
    Enclosure value = enclose_atom(*variable, point);
    if (!value) return {};
    values.push_back(std::move(*value));
  }
  Interval total = exactly(0);
  for (const Term& term : p.terms()) {
    Interval product = exactly(Rational(term.coefficient));
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (term.exponents[i] == 0) continue;
      const Enclosure factor = whole_power(values[i], term.exponents[i]);
      if (!factor) return {};
      product = product * *factor;
    }
    total = total + product;
  }
  return total;
}

std::optional<Interval> enclose(const Expr& e, const Point& point) {
  if (e.is_undefined()) return {};
  const Enclosure above = enclose(e.fraction().numerator(), point);
  if (!above) return {};
  const Enclosure below = enclose(e.fraction().denominator(), point);
  if (!below) return {};
  const Enclosure inverted = inverse(*below);
  if (!inverted) return {};
  return *above * *inverted;
}

Approximation approximate(const Polynomial& p, const DoublePoint& point) {
  std::vector<double> values;
  for (const Atom* variable : p.variables()) values.push_back(approximate_atom(*variable, point));
  Approximation total;
  for (const Term& term : p.terms()) {
    double product = term.coefficient.convert_to<double>();
    for (std::size_t i = 0; i < values.size(); ++i) {
      product *= whole_power(values[i], term.exponents[i]);
    }
    total.value += product;
    total.magnitude += std::fabs(product);
  }
  return total;
}

double approximate(const Expr& e, const DoublePoint& point) {
  if (e.is_undefined()) return std::numeric_limits<double>::quiet_NaN();
  return approximate(e.fraction().numerator(), point).value /
         approximate(e.fraction().denominator(), point).value;
}

}  // namespace ridgepoint::symbolic::detail
