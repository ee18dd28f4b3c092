// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "symbolic/gcd_field.hpp"

namespace ridgepoint::symbolic::detail {

/// What one gcd may cost, in term operations, so that the answer never depends on the clock.
class Budget {
 public:
  explicit Budget(std::uint64_t operations) : left_(operations) {}
  /// False when it is used up.
  bool spend(std::uint64_t operations) {
    left_ -= operations < left_ ? operations : left_;
    return left_ != 0;
  }

 private:
  std::uint64_t left_;
};

/// Coefficients of a univariate polynomial modulo a prime, by exponent; the last is not 0.
using Dense = std::vector<std::uint64_t>;

void trim(Dense& p);
/// The gcd up to a factor. REQUIRES: neither is the zero polynomial.
Dense gcd(const Field& field, Dense a, Dense b);

/// A polynomial modulo a prime: a row of exponents and a coefficient for each term, in any order.
/// Columns are variables in the order that suits the algorithm.
struct Image {
  std::size_t columns = 0;
  std::vector<std::uint32_t> exponents;  // row by row
  std::vector<std::uint64_t> coefficients;

  std::size_t size() const { return coefficients.size(); }
  const std::uint32_t* row(std::size_t term) const { return exponents.data() + term * columns; }
  std::uint32_t* row(std::size_t term) { return exponents.data() + term * columns; }
};

/// `columns[i]` is the column of the i-th variable of p.
Image reduce(const Field& field, const Polynomial& p, const std::vector<std::size_t>& columns,
             std::size_t count);

/// 1, x, x², …, x^degree.
std::vector<std::uint64_t> powers(const Field& field, std::uint64_t x, std::uint32_t degree);

/// Multiplies each coefficient by value^(exponent in the column).
void scale_by_power(const Field& field, Image& image, std::size_t column, std::uint64_t value);

/// Sets the variable of a column to a value and adds up the terms that become alike.
Image evaluate_column(const Field& field, Image image, std::size_t column, std::uint64_t value);

/// Evaluates all columns but the first at s-th powers of a point, s = 1, 2, …: each step is one
/// multiplication per term.
class PowerWalk {
 public:
  /// `point[c]` for c >= 1; point[0] is not used.
  PowerWalk(const Field& field, const Image& image, const std::vector<std::uint64_t>& point);
  /// The univariate polynomial in the first column at the next power.
  const Dense& next();

 private:
  const Field& field_;
  const Image& image_;
  std::vector<std::uint64_t> factors_;
  std::vector<std::uint64_t> values_;
  std::size_t length_;
  Dense sum_;
};

/// The monomials of all columns but the first, at the point.
std::vector<std::uint64_t> monomial_values(const Field& field, const Image& image,
                                           const std::vector<std::uint64_t>& point);

/// Lagrange's basis over distinct nodes: node j's polynomial is 1 there and 0 at the others.
class LagrangeBasis {
 public:
  LagrangeBasis(const Field& field, std::vector<std::uint64_t> nodes);
  bool nodes_are_distinct() const { return distinct_; }
  /// REQUIRES: distinct nodes.
  Dense polynomial(std::size_t j) const;

 private:
  const Field& field_;
  std::vector<std::uint64_t> nodes_;
  Dense product_;  // Π (z − node)
  bool distinct_ = true;
};

}  // namespace ridgepoint::symbolic::detail
