// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::symbolic::detail {

/// A value, or why it is refused.
using Checked = tl::expected<Expr, std::string>;

/// Whether the expression is a constant below 0.
bool is_negative_number(const Expr& expr);

/// Arithmetic on expressions from outside, which refuses what would take long: each operation
/// estimates its work beforehand and draws on one budget for the whole text. Counted, not timed,
/// so that the same text is always judged the same.
class BoundedArithmetic {
 public:
  static constexpr std::uint64_t kMaxTerms = 20'000;  ///< of a numerator or denominator
  static constexpr std::uint64_t kMaxPower = 1'000;   ///< of one variable
  static constexpr std::uint64_t kMaxDigits = 2'000;  ///< of a coefficient

  /// Summed pairwise, so that a long sum is no quadratic work.
  Checked sum(std::vector<Expr> terms);
  Checked product(const Expr& a, const Expr& b);
  Checked quotient(const Expr& a, const Expr& b);
  Checked power(const Expr& base, const Expr& exponent);
  Checked apply(Expr (*function)(const Expr&), const Expr& argument);
  Checked apply(Expr (*function)(const Expr&, const Expr&), const Expr& a, const Expr& b);

 private:
  /// Draws on the budget; false when it is used up.
  bool spend(std::uint64_t work);
  /// For a·b, or a/b where `inverted`.
  bool spend_on_fraction(const Expr& a, const Expr& b, bool inverted);
  Checked add(const Expr& a, const Expr& b);
  /// Draws on the budget for base^n; says why not, or nothing.
  std::string expand(const Expr& base, std::uint64_t n);

  std::uint64_t spent_ = 0;
};

}  // namespace ridgepoint::symbolic::detail
