// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "symbolic/polynomial.hpp"

namespace ridgepoint::symbolic::detail {

/// What an Expr holds: numerator / denominator, coprime (unless the gcd ran out of budget), the
/// leading coefficient of the denominator positive. A zero denominator means undefined.
class Fraction {
 public:
  Fraction(Polynomial numerator, Polynomial denominator);  // brings it into canonical form
  const Polynomial& numerator() const { return numerator_; }
  const Polynomial& denominator() const { return denominator_; }
  bool is_undefined() const { return denominator_.is_zero(); }

 private:
  Polynomial numerator_;
  Polynomial denominator_;
};

Expr make_expr(Polynomial numerator, Polynomial denominator = Polynomial(Integer(1)));

}  // namespace ridgepoint::symbolic::detail
