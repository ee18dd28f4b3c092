// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "symbolic/fraction.hpp"

namespace ridgepoint::symbolic {
namespace {

using detail::Atom;
using detail::AtomKind;
using detail::Fraction;
using detail::Integer;
using detail::Polynomial;

using Values = std::map<std::string, double, std::less<>>;

constexpr int kMantissaBits = std::numeric_limits<double>::digits;
constexpr int kLeastExponent = std::numeric_limits<double>::min_exponent - kMantissaBits;

/// value·2^left, for any sign of `left`; downwards without the bits that fall off.
Integer shifted(const Integer& value, int left) {
  Integer power;
  bit_set(power, static_cast<unsigned>(std::abs(left)));
  return left >= 0 ? Integer(value * power) : Integer(value / power);
}

/// bits·2^exponent rounded to the nearest double, ties to even.
double rounded(std::uint64_t bits, int exponent) {
  const int top = static_cast<int>(std::bit_width(bits)) + exponent;
  const int last = std::max(top - kMantissaBits, kLeastExponent);
  const int drop = last - exponent;
  if (drop <= 0) return std::ldexp(static_cast<double>(bits), exponent);
  const std::uint64_t unit = std::uint64_t{1} << drop;
  const std::uint64_t rest = bits & (unit - 1);
  std::uint64_t kept = bits >> drop;
  if (rest > unit / 2 || (rest == unit / 2 && (kept & 1) != 0)) ++kept;
  return std::ldexp(static_cast<double>(kept), last);
}

/// a/b rounded to the nearest double, ties to even. REQUIRES: a, b > 0.
double nearest(const Integer& a, const Integer& b) {
  const int size = static_cast<int>(msb(a)) - static_cast<int>(msb(b));
  if (size > std::numeric_limits<double>::max_exponent) return HUGE_VAL;
  if (size < kLeastExponent - 2) return 0.0;
  // At least one bit more than a double holds, and below it one that stands for all the rest.
  const int scale = std::max(size - kMantissaBits - 1, kLeastExponent - 1);
  Integer quotient;
  Integer remainder;
  if (scale >= 0)
    divide_qr(a, shifted(b, scale), quotient, remainder);
  else
    divide_qr(shifted(a, -scale), b, quotient, remainder);
  const auto bits = static_cast<std::uint64_t>(quotient);
  return rounded((bits << 1) | (remainder != 0 ? 1U : 0U), scale - 1);
}

double to_double(const Integer& value) {
  const Integer size = abs(value);
  if (size <= Integer(std::int64_t{1} << kMantissaBits))
    return static_cast<double>(static_cast<std::int64_t>(value));
  return value < 0 ? -nearest(size, 1) : nearest(size, 1);
}

/// The arguments of max and min in their fixed order; NaN in either gives NaN.
double kernel_value(const Atom* atom, const std::vector<double>& x) {
  switch (atom->kind) {
    case AtomKind::max:
      return x[0] < x[1] ? x[1] : x[0];
    case AtomKind::min:
      return x[1] < x[0] ? x[1] : x[0];
    case AtomKind::ceil:
      return std::ceil(x[0]);
    case AtomKind::floor:
      return std::floor(x[0]);
    case AtomKind::log:
      return std::log(x[0]);
    case AtomKind::pow:
      return x[1] == 0.5 ? std::sqrt(x[0]) : std::pow(x[0], x[1]);
    case AtomKind::symbol:
      break;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

double value_of(const Expr& expr, const Values& values);

double value_of(const Atom* atom, const Values& values) {
  if (atom->kind == AtomKind::symbol) return values.find(atom->text)->second;
  std::vector<double> arguments;
  arguments.reserve(atom->arguments.size());
  for (const Expr& argument : atom->arguments) arguments.push_back(value_of(argument, values));
  return kernel_value(atom, arguments);
}

double power(double base, std::uint32_t exponent) {
  double result = 1;
  for (; exponent != 0; exponent >>= 1, base *= base)
    if ((exponent & 1) != 0) result *= base;
  return result;
}

double value_of(const Polynomial& p, const Values& values) {
  std::vector<double> at;
  for (const Atom* atom : p.variables()) at.push_back(value_of(atom, values));
  double sum = 0;
  for (const detail::Term& term : p.terms()) {
    double product = to_double(term.coefficient);
    for (std::size_t i = 0; i < at.size(); ++i) product *= power(at[i], term.exponents[i]);
    sum += product;
  }
  return sum;
}

/// In exact arithmetic, where the powers of a sum are too large or too small for a double.
double exact_value_of(const Expr& expr, const Values& values) {
  Substitution exact;
  for (const std::string& name : symbols(expr)) {
    const double value = values.find(name)->second;
    if (!std::isfinite(value)) return std::numeric_limits<double>::quiet_NaN();
    exact.emplace(name, Expr::from_double(value));
  }
  return substitute(expr, exact).to_double();
}

double value_of(const Expr& expr, const Values& values) {
  if (expr.is_undefined()) return std::numeric_limits<double>::quiet_NaN();
  const double value = value_of(expr.fraction().numerator(), values) /
                       value_of(expr.fraction().denominator(), values);
  if (std::isnormal(value)) return value;
  const double exact = exact_value_of(expr, values);
  return std::isnan(exact) ? value : exact;
}

}  // namespace

double Expr::to_double() const {
  if (!is_constant()) return std::numeric_limits<double>::quiet_NaN();
  if (is_zero()) return 0.0;
  const Integer above = fraction_->numerator().constant();
  const double size = nearest(abs(above), fraction_->denominator().constant());
  return above < 0 ? -size : size;
}

Result<double> evaluate(const Expr& expr, const Values& values) {
  std::string missing;
  for (const std::string& name : symbols(expr))
    if (values.find(name) == values.end()) missing += (missing.empty() ? "" : ", ") + name;
  if (!missing.empty())
    return fail(to_text(expr), "no value for " + missing, "give every symbol a value");
  return value_of(expr, values);
}

}  // namespace ridgepoint::symbolic
