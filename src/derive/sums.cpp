// SPDX-License-Identifier: Apache-2.0
#include "derive/sums.hpp"

#include <array>
#include <cstddef>
#include <string>

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;

constexpr std::size_t kMaxDegree = 3;
/// C(k + 1, j) for k <= 3, j <= k.
constexpr std::array<std::array<int, 4>, 4> kBinomials{
    {{1, 0, 0, 0}, {1, 2, 0, 0}, {1, 3, 3, 0}, {1, 4, 6, 4}}};

using Powers = std::array<Expr, kMaxDegree + 1>;

/// Σ t^k over t = 1 … n. Telescoping (t+1)^(k+1) - t^(k+1) gives
///   (n+1)^(k+1) - 1 = Σ over j <= k of C(k+1, j) · Σ t^j.
Powers power_sums(const Expr& n) {
  Powers sums;
  Expr power = n + 1;
  for (std::size_t k = 0; k <= kMaxDegree; ++k) {
    Expr rest = power - 1;
    for (std::size_t j = 0; j < k; ++j) rest -= kBinomials[k][j] * sums[j];
    sums[k] = rest / (k + 1);
    power *= n + 1;
  }
  return sums;
}

}  // namespace

Expr sum(const Expr& summand, std::string_view index, const Expr& last) {
  const Powers sums = power_sums(last);
  Expr total;
  Expr slope = summand;  // the k-th derivative ÷ k!, whose value at 0 is the coefficient of t^k
  for (std::size_t k = 0; k <= kMaxDegree; ++k) {
    total += substitute(slope, {{std::string(index), Expr(0)}}) * sums[k];
    const Result<Expr> next = differentiate(slope, index);
    if (!next) return Expr::undefined();
    slope = *next / (k + 1);
  }
  return slope.is_zero() ? total : Expr::undefined();
}

}  // namespace ridgepoint::derive
