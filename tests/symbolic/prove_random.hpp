// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::symbolic::testing {

/// Small random expressions, the same for the same seed on every machine.
class RandomExpr {
 public:
  explicit RandomExpr(std::uint64_t seed, std::vector<std::string> names = {"x", "y", "z"})
      : engine_(seed), names_(std::move(names)) {}

  std::uint64_t below(std::uint64_t n) { return engine_() % n; }
  const std::vector<std::string>& names() const { return names_; }

  Expr symbol() { return Expr::symbol(names_[below(names_.size())]); }

  /// A sum of up to `terms` monomials of degree at most `degree`, coefficients -6 … 6.
  Expr polynomial(std::uint64_t terms, std::uint64_t degree) {
    Expr sum = 0;
    for (std::uint64_t t = below(terms) + 1; t > 0; --t) {
      Expr term = static_cast<std::int64_t>(below(13)) - 6;
      for (std::uint64_t d = below(degree + 1); d > 0; --d) term *= symbol();
      sum += term;
    }
    return sum;
  }

  /// The same with coefficients 1 … 6: positive everywhere.
  Expr positive_polynomial(std::uint64_t terms, std::uint64_t degree) {
    Expr sum = 0;
    for (std::uint64_t t = below(terms) + 1; t > 0; --t) {
      Expr term = static_cast<std::int64_t>(below(6)) + 1;
      for (std::uint64_t d = below(degree + 1); d > 0; --d) term *= symbol();
      sum += term;
    }
    return sum;
  }

  Expr ratio() { return polynomial(4, 3) / positive_polynomial(3, 2); }

  /// A ratio, or one with a max, min, ceil, floor or square root in it.
  Expr with_kernel() {
    const Expr a = positive_polynomial(2, 2) / positive_polynomial(2, 1);
    const Expr b = positive_polynomial(2, 1);
    switch (below(6)) {
      case 0:
        return max(a, b) + ratio();
      case 1:
        return min(a, b) * symbol() - polynomial(2, 2);
      case 2:
        return ceil(a) * symbol() - b;
      case 3:
        return b - floor(a);
      case 4:
        return sqrt(symbol()) * static_cast<int>(below(3) + 1) - a;
      default:
        return ratio();
    }
  }

  /// Between 1/20 and 40, or a power of ten up to 10^±6.
  Expr positive_value() {
    if (below(4) == 0) return pow(Expr(10), static_cast<std::int64_t>(below(13)) - 6);
    return Expr::rational(static_cast<std::int64_t>(below(40)) + 1,
                          static_cast<std::int64_t>(below(20)) + 1);
  }

  Substitution positive_point() {
    Substitution point;
    for (const std::string& name : names_) point[name] = positive_value();
    return point;
  }

 private:
  std::mt19937_64 engine_;
  std::vector<std::string> names_;
};

}  // namespace ridgepoint::symbolic::testing
