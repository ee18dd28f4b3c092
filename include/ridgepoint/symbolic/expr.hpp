// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/result.hpp"

namespace ridgepoint::symbolic {

namespace detail {
class Fraction;  // numerator and denominator polynomials; src/symbolic/fraction.hpp
}

/// A rational function over positive symbols, with exact rational coefficients.
///
/// An immutable value: copies share their parts, and threads may share expressions freely. Every
/// Expr is held in one canonical form (numerator and denominator coprime integer polynomials in
/// graded lexicographic order, the leading coefficient of the denominator positive), so equal
/// functions print the same. `max`, `min`, `ceil`, `floor`, `log` and powers with a symbolic or
/// fractional exponent are kernels: further positive variables with canonical arguments.
///
/// Division by the zero function gives `undefined`, which every operation keeps (as NaN does).
class Expr {
 public:
  Expr();  ///< 0
  template <std::integral I>
  Expr(I value) : Expr(from_integer(static_cast<std::int64_t>(value))) {}  // NOLINT: 2 * x
  /// REQUIRES: denominator != 0.
  static Expr rational(std::int64_t numerator, std::int64_t denominator);
  /// The exact value of a finite double: 0.1 gives 3602879701896397/36028797018963968.
  static Expr from_double(double value);
  /// An integer of any length, in decimal digits with an optional sign. REQUIRES: well-formed.
  static Expr from_digits(std::string_view digits);
  /// A positive variable. REQUIRES: a letter, then letters, digits and underscores.
  static Expr symbol(std::string_view name);
  static Expr undefined();

  friend Expr operator+(const Expr& a, const Expr& b);
  friend Expr operator-(const Expr& a, const Expr& b);
  friend Expr operator*(const Expr& a, const Expr& b);
  friend Expr operator/(const Expr& a, const Expr& b);
  friend Expr operator-(const Expr& a);
  Expr& operator+=(const Expr& other) { return *this = *this + other; }
  Expr& operator-=(const Expr& other) { return *this = *this - other; }
  Expr& operator*=(const Expr& other) { return *this = *this * other; }
  Expr& operator/=(const Expr& other) { return *this = *this / other; }

  /// Equality as functions (kernels compared by their canonical arguments). undefined != anything.
  friend bool operator==(const Expr& a, const Expr& b);

  bool is_undefined() const;
  bool is_zero() const;
  /// A number: no symbol and no kernel.
  bool is_constant() const;
  /// The nearest double of a constant; NaN for anything else.
  double to_double() const;
  /// The value of a constant integer within 64 bits.
  std::optional<std::int64_t> to_integer() const;

  Expr numerator() const;    ///< over integers, coprime to the denominator
  Expr denominator() const;  ///< over integers, 1 for a polynomial with integer coefficients

  explicit Expr(std::shared_ptr<const detail::Fraction> fraction);
  const detail::Fraction& fraction() const { return *fraction_; }

 private:
  static Expr from_integer(std::int64_t value);
  std::shared_ptr<const detail::Fraction> fraction_;
};

/// base^exponent: expanded for an integer exponent (|exponent| <= 1000, else undefined), otherwise
/// a kernel. 0^0 = 1; 0^negative is undefined, and so is a power, a product or a substitution that
/// would have more than 100,000 terms, a degree above 2^24 or coefficients of a million bits.
Expr pow(const Expr& base, const Expr& exponent);
Expr max(const Expr& a, const Expr& b);
Expr min(const Expr& a, const Expr& b);
Expr ceil(const Expr& a);
Expr floor(const Expr& a);
Expr log(const Expr& a);   ///< natural; log of a constant <= 0 is undefined
Expr sqrt(const Expr& a);  ///< pow(a, 1/2); exact for squares

/// The names of all symbols, inside kernels too, in alphabetical order.
std::vector<std::string> symbols(const Expr& expr);

using Substitution = std::map<std::string, Expr, std::less<>>;
/// Replaces the symbols all at once (S=T, T=S swaps), inside kernels too.
Expr substitute(const Expr& expr, const Substitution& values);

/// ∂expr/∂name. Kernels by the chain rule where they have a derivative (log, pow); a step kernel
/// (max, min, ceil, floor) whose argument depends on `name` is an error that says which.
Result<Expr> differentiate(const Expr& expr, std::string_view name);

/// The value in double arithmetic; an error names every symbol that has no value.
Result<double> evaluate(const Expr& expr, const std::map<std::string, double, std::less<>>& values);

/// As a person would write it, and as `parse` reads back: B*D*F/(B*D + B*F + D*F), S^2/2, N/K.
std::string to_text(const Expr& expr);
std::string to_latex(const Expr& expr);
/// One <math> element, block display off.
std::string to_mathml(const Expr& expr);

}  // namespace ridgepoint::symbolic
