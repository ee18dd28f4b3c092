// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "symbolic/polynomial.hpp"

namespace ridgepoint::symbolic::detail {

struct PolynomialShape {
  std::size_t variables = 3;
  std::size_t terms = 5;
  std::uint32_t degree = 3;  ///< of each variable
  std::int64_t size = 9;     ///< of the coefficients
};

/// Sparse random polynomials in x0, x1, …; never 0.
class RandomPolynomial {
 public:
  explicit RandomPolynomial(std::uint32_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }

  Polynomial operator()(const PolynomialShape& shape) {
    std::vector<const Atom*> variables;
    for (std::size_t i = 0; i < shape.variables; ++i)
      variables.push_back(intern_symbol("x" + std::to_string(i)));
    for (;;) {
      std::vector<Term> terms;
      const std::size_t count = 1 + below(shape.terms);
      for (std::size_t i = 0; i < count; ++i) terms.push_back(term(shape));
      Polynomial p(variables, std::move(terms));
      if (!p.is_zero()) return p;
    }
  }

 private:
  Term term(const PolynomialShape& shape) {
    Exponents exponents(shape.variables);
    for (std::uint32_t& e : exponents)
      if (below(2) == 0) e = static_cast<std::uint32_t>(below(shape.degree + 1));
    const auto magnitude =
        static_cast<std::int64_t>(1 + below(static_cast<std::uint64_t>(shape.size)));
    return {exponents, below(2) == 0 ? magnitude : -magnitude};
  }

  std::mt19937_64 engine_;
};

}  // namespace ridgepoint::symbolic::detail
