// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>

#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::symbolic {

/// Random rational functions, and the same functions as exact values at a point. The value is
/// computed beside the expression, by the arithmetic of constants alone.
class RandomExpr {
 public:
  static constexpr std::array<const char*, 3> kNames{"x", "y", "z"};

  explicit RandomExpr(std::uint32_t seed) : engine_(seed) {}

  std::int64_t integer(std::int64_t low, std::int64_t high) {
    const auto width = static_cast<std::uint64_t>(high - low + 1);
    return low + static_cast<std::int64_t>(engine_() % width);
  }

  Expr leaf() {
    if (integer(0, 2) > 0) return Expr::symbol(kNames[static_cast<std::size_t>(integer(0, 2))]);
    return Expr::rational(integer(-6, 6), integer(1, 4));
  }

  Expr expression(int depth = 3) {
    if (depth == 0) return leaf();
    const Expr a = expression(depth - 1);
    const Expr b = expression(depth - 1);
    switch (integer(0, 4)) {
      case 0:
        return a - b;
      case 1:
        return a * b;
      case 2:
        return b.is_zero() ? a : a / b;
      default:
        return a + b;
    }
  }

  /// Positive rationals for x, y and z, with a prime far from all coefficients: random functions
  /// have their poles elsewhere.
  Substitution point() {
    Substitution values;
    for (const char* name : kNames)
      values.emplace(name, Expr::rational(integer(1, 1'000'000), 999'983));
    return values;
  }

 private:
  std::mt19937 engine_;
};

}  // namespace ridgepoint::symbolic
