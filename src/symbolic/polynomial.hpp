// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>

#include "symbolic/atom.hpp"

namespace ridgepoint::symbolic::detail {

using Integer = boost::multiprecision::cpp_int;
using Rational = boost::multiprecision::cpp_rational;
using Exponents = std::vector<std::uint32_t>;  // one for each variable of the polynomial

struct Term {
  Exponents exponents;
  Integer coefficient;  // never 0
};

/// A multivariate polynomial with integer coefficients in canonical form: only variables that
/// occur, in the order of `precedes`; terms in descending graded lexicographic order.
class Polynomial {
 public:
  Polynomial() = default;  // 0
  explicit Polynomial(Integer constant);
  explicit Polynomial(const Atom* variable);
  /// Sorts, merges and drops what is zero. REQUIRES: variables sorted by `precedes`, unique.
  Polynomial(std::vector<const Atom*> variables, std::vector<Term> terms);

  const std::vector<const Atom*>& variables() const { return variables_; }
  const std::vector<Term>& terms() const { return terms_; }
  bool is_zero() const { return terms_.empty(); }
  bool is_constant() const { return variables_.empty(); }
  Integer constant() const;  // REQUIRES: is_constant()
  bool contains(const Atom* variable) const;
  std::uint32_t degree(const Atom* variable) const;
  std::uint32_t total_degree() const;
  /// Coefficients as polynomials in the other variables; index = exponent of `variable`.
  std::vector<Polynomial> coefficients_in(const Atom* variable) const;
  /// The gcd of the integer coefficients, positive; 0 for the zero polynomial.
  Integer content() const;

  friend Polynomial operator+(const Polynomial& a, const Polynomial& b);
  friend Polynomial operator-(const Polynomial& a, const Polynomial& b);
  friend Polynomial operator*(const Polynomial& a, const Polynomial& b);
  friend Polynomial operator-(const Polynomial& a);
  friend bool operator==(const Polynomial& a, const Polynomial& b);

 private:
  std::vector<const Atom*> variables_;
  std::vector<Term> terms_;
};

Polynomial pow(const Polynomial& base, std::uint32_t exponent);
Polynomial derivative(const Polynomial& p, const Atom* variable);
/// a / b when b divides a over the integers.
std::optional<Polynomial> exact_quotient(const Polynomial& a, const Polynomial& b);

/// The greatest common divisor, content included, leading coefficient positive; nullopt when the
/// budget of term operations runs out (the caller then leaves its fraction unreduced).
std::optional<Polynomial> gcd(const Polynomial& a, const Polynomial& b);

}  // namespace ridgepoint::symbolic::detail
