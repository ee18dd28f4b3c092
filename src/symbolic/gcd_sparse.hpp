// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "symbolic/gcd_images.hpp"

namespace ridgepoint::symbolic::detail {

/// REQUIRES: a and b have the same variables and no common factor free of the main variable.
struct SparseGcdProblem {
  const Polynomial& a;
  const Polynomial& b;
  std::size_t main;                   ///< the index of the main variable
  const Polynomial& leading;          ///< gcd of the leading coefficients by the main variable
  std::vector<std::uint32_t> bounds;  ///< of the degrees of the gcd, by variable
};

/// Zippel's algorithm. It finds leading/lc(G)·G, a multiple of the gcd G by a factor free of the
/// main variable, from images modulo primes: the first is interpolated variable by variable, each
/// coefficient only at the monomials that the variable before has left; further primes use those
/// monomials at once. (R. Zippel, "Probabilistic algorithms for sparse polynomials", 1979.)
class SparseGcd {
 public:
  SparseGcd(const SparseGcdProblem& problem, Budget& budget);

  /// A candidate, to be checked by division; after a refused one the next may be right. Nothing
  /// when the budget or the primes run out.
  std::optional<Polynomial> next();

 private:
  /// Images of a, b and the leading coefficient.
  struct Triple {
    Image a, b, leading;
  };
  using Coefficients = std::vector<std::uint64_t>;

  Triple reduced(const Field& field) const;
  Triple evaluated(const Field& field, const Triple& triple, std::size_t column,
                   std::uint64_t value) const;
  bool build(const Field& field);
  bool extend(const Field& field, const Triple& triple, std::size_t column, std::uint64_t known);
  bool interpolate(const Field& field, std::size_t column, const Coefficients& nodes,
                   const std::vector<Coefficients>& values);
  std::optional<Coefficients> fit(const Field& field, const Triple& triple);
  std::optional<Dense> univariate(const Field& field, const Dense& a, const Dense& b,
                                  const Dense& leading);
  void start_lifting(const Field& field);
  bool lift(const Field& field, const Coefficients& coefficients);
  bool is_plausible() const;
  Polynomial candidate() const;

  const SparseGcdProblem& problem_;
  Budget& budget_;
  Points points_{0x5eed};
  std::vector<std::size_t> column_of_;  // of a variable; the main variable's is 0
  std::vector<std::uint32_t> degrees_;  // bounds for the result, by column
  std::size_t next_prime_ = 0;
  Image skeleton_;               // the monomials, with coefficients of the last prime
  std::vector<Integer> lifted_;  // symmetric residues modulo modulus_
  Integer modulus_ = 0;
};

}  // namespace ridgepoint::symbolic::detail
