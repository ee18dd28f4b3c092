// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "symbolic/polynomial.hpp"
#include "symbolic/sign.hpp"

namespace ridgepoint::symbolic::detail {

/// exp(rate·v) · v^power · log(v)^logs as v → ∞: compared from left to right.
struct Growth {
  Expr rate;
  Expr power;
  int logs = 0;
};

/// What a function tends to: coefficient · growth, with `monomial` the growth as an expression.
struct Leading {
  Expr coefficient;
  Growth growth;
  Expr monomial;
};

/// The leading behaviour of functions of one variable, v → ∞, in the scale above.
class Scale {
 public:
  explicit Scale(std::string variable);

  const Expr& variable() const { return variable_; }
  bool depends(const Expr& e) const;
  bool depends(const Atom* atom) const;

  /// A symbol for a quantity of which only boundedness is known (a fractional part, the remainder
  /// of a series). No result may contain one.
  Expr bounded();
  bool has_unknown(const Expr& e) const;

  /// REQUIRES: every kernel in e that depends on v is v^r, log(v) or b^(linear in v).
  Result<Leading> leading(const Expr& e);
  /// -1, 0 or 1 as `growth` falls to zero, stays or rises to infinity.
  Result<int> direction(const Growth& growth);

  SignProver& signs() { return signs_; }

  /// What messages write for v, where it stands for 1/(x - target).
  void show_as(Expr shown) { shown_ = std::move(shown); }
  tl::unexpected<Diagnostics> unknown_growth(const Expr& e) const;

 private:
  Result<Leading> leading(const Polynomial& p);
  Result<Leading> leading_by_degree(const Polynomial& p) const;
  Result<Leading> leading_by_growth(const Polynomial& p);
  Result<Leading> leading_of_atom(const Atom* atom);
  Result<Leading> leading_of_power(const Atom* atom);
  Result<Leading> leading_of_term(const Polynomial& p, const Term& term);
  Result<int> compare(const Growth& a, const Growth& b);
  Result<int> sign_of(const Expr& e);

  Expr variable_;
  Expr shown_;
  const Atom* atom_;
  std::string name_;
  std::vector<std::string> bounded_;
  SignProver signs_;
};

/// The help of limits that hang on something unknown.
inline constexpr const char* kPutInValues = "put in values for symbols until it is decided";

/// An error that says which sign the limit hangs on.
tl::unexpected<Diagnostics> undecided_sign(const Expr& e);
/// An error: the value keeps changing with a fractional part.
tl::unexpected<Diagnostics> unknown_fraction();

}  // namespace ridgepoint::symbolic::detail
