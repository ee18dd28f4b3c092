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

/// Σ t^k over t = 1 … n for k = 0, 1, 2, … in turn. Telescoping (t+1)^(k+1) - t^(k+1) gives
///   (n+1)^(k+1) - 1 = Σ over j <= k of C(k+1, j) · Σ t^j.
class PowerSums {
 public:
  explicit PowerSums(const Expr& n) : base_(n + 1), power_(base_) {}

  const Expr& next() {
    Expr rest = power_ - 1;
    for (std::size_t j = 0; j < k_; ++j) rest -= kBinomials[k_][j] * sums_[j];
    sums_[k_] = rest / (k_ + 1);
    power_ *= base_;
    return sums_[k_++];
  }

 private:
  Expr base_;
  Expr power_;  // (n + 1)^(k + 1)
  std::size_t k_ = 0;
  std::array<Expr, kMaxDegree + 1> sums_;
};

}  // namespace

Expr sum(const Expr& summand, std::string_view index, const Expr& last) {
  const symbolic::Substitution at_zero{{std::string(index), Expr(0)}};
  PowerSums sums(last);
  Expr total;
  Expr slope = summand;  // the k-th derivative ÷ k!, whose value at 0 is the coefficient of t^k
  for (std::size_t k = 0; k <= kMaxDegree && !slope.is_zero(); ++k) {
    total += substitute(slope, at_zero) * sums.next();
    const Result<Expr> next = differentiate(slope, index);
    if (!next) return Expr::undefined();
    slope = *next / (k + 1);
  }
  return slope.is_zero() ? total : Expr::undefined();
}

}  // namespace ridgepoint::derive
