// SPDX-License-Identifier: Apache-2.0
// The arithmetic intensity of a matrix product, its limit, and what that means on an H100.
#include <iostream>

#include "ridgepoint/symbolic/calculus.hpp"
#include "ridgepoint/symbolic/expr.hpp"

namespace rp = ridgepoint::symbolic;

int main() {
  const rp::Expr b = rp::Expr::symbol("B");
  const rp::Expr d = rp::Expr::symbol("D");
  const rp::Expr f = rp::Expr::symbol("F");

  // Y[B,F] = X[B,D] · W[D,F] in bf16: every element is two bytes and moves once.
  const rp::Expr flops = 2 * b * d * f;
  const rp::Expr bytes = 2 * b * d + 2 * d * f + 2 * b * f;
  const rp::Expr intensity = flops / bytes;
  std::cout << "intensity  " << to_text(intensity) << " FLOP/byte\n";

  // Wide layers: D and F far larger than B.
  const rp::Expr c = rp::Expr::symbol("c");
  const auto limit = rp::limit(
      intensity,
      {.along = {{"D", c * b}, {"F", c * b}}, .variable = "c", .to_infinity = true, .target = {}});
  if (!limit) {
    std::cerr << limit.error().front().what << '\n';
    return 1;
  }
  std::cout << "limit      " << to_text(*limit) << '\n';

  // An H100 SXM computes 989.4 TFLOP/s and moves 3.35 TB/s: 295 FLOP/byte.
  const rp::Expr ridge = rp::Expr::rational(989'400, 3'350);
  const auto crossover = rp::solve(limit->value, ridge, "B");
  if (!crossover) {
    std::cerr << crossover.error().front().what << '\n';
    return 1;
  }
  std::cout << "H100       compute-bound from B = " << to_text(ceil(crossover->front().value))
            << ", memory-bound below\n";
}
