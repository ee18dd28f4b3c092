// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "symbolic/atom.hpp"
#include "symbolic/polynomial_exponents.hpp"

namespace ridgepoint::symbolic::detail {

using Integer = boost::multiprecision::cpp_int;
using Rational = boost::multiprecision::cpp_rational;

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
  /// REQUIRES: as above, and the terms in canonical order. Drops variables that do not occur.
  static Polynomial from_sorted(std::vector<const Atom*> variables, std::vector<Term> terms);

  const std::vector<const Atom*>& variables() const { return variables_; }
  const std::vector<Term>& terms() const { return terms_; }
  bool is_zero() const { return terms_.empty(); }
  bool is_constant() const { return variables_.empty(); }
  bool is_one() const;
  bool is_monomial() const { return terms_.size() == 1; }
  Integer constant() const;  // REQUIRES: is_constant()
  const Integer& leading_coefficient() const { return terms_.front().coefficient; }
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
  friend Polynomial operator*(const Integer& factor, const Polynomial& a);
  friend Polynomial operator-(const Polynomial& a);
  friend bool operator==(const Polynomial& a, const Polynomial& b);

 private:
  friend Polynomial divide_by_integer(Polynomial a, const Integer& divisor);

  std::vector<const Atom*> variables_;
  std::vector<Term> terms_;
};

Polynomial pow(const Polynomial& base, std::uint32_t exponent);
Polynomial derivative(const Polynomial& p, const Atom* variable);
/// REQUIRES: the divisor is not 0 and divides every coefficient.
Polynomial divide_by_integer(Polynomial a, const Integer& divisor);
/// a / b when b divides a over the integers. REQUIRES: b is not 0.
std::optional<Polynomial> exact_quotient(const Polynomial& a, const Polynomial& b);
/// a / b. REQUIRES: b divides a.
Polynomial quotient(const Polynomial& a, const Polynomial& b);
/// The largest monomial with coefficient 1 that divides p. REQUIRES: p is not 0.
Polynomial monomial_content(const Polynomial& p);

/// The greatest common divisor, content included, leading coefficient positive; nullopt when the
/// budget of term operations runs out (the caller then leaves its fraction unreduced).
std::optional<Polynomial> gcd(const Polynomial& a, const Polynomial& b);

/// Descending graded lexicographic order of exponents over the same variables: negative when a
/// comes first, 0 when equal.
int compare(const Exponents& a, const Exponents& b);

/// The variables of two polynomials in one list, and where each one's variables stand in it.
struct JointVariables {
  std::vector<const Atom*> variables;
  std::vector<std::size_t> from_a;
  std::vector<std::size_t> from_b;
};
JointVariables join_variables(const std::vector<const Atom*>& a, const std::vector<const Atom*>& b);

}  // namespace ridgepoint::symbolic::detail
