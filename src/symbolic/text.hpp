// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "symbolic/atom.hpp"
#include "symbolic/fraction.hpp"
#include "symbolic/polynomial.hpp"

namespace ridgepoint::symbolic::detail {

/// "max(a, b)", "(1 - k/E)^n", "sqrt(x)": the atom's own text.
std::string kernel_text(AtomKind kind, const std::vector<Expr>& arguments);

/// The name of a kernel as a function: "max". REQUIRES: neither a symbol nor a power.
const char* function_name(AtomKind kind);

/// The terms as a sum is written: in canonical order, but a positive one first if there is one.
std::vector<const Term*> terms_as_written(const Polynomial& p);

/// sqrt(2)*sqrt(3) is written sqrt(6): whether an atom is the square root of a whole number, and
/// the product of all such radicands in a term, 1 if there are none.
bool is_root_of_integer(const Atom* atom);
Integer joined_radicand(const Polynomial& p, const Term& term);

/// A sum as a product: 4*B*S + 4*B*T is 4*B times S + T. The common factor takes the sign of a sum
/// without a positive term; the rest of a single term is 1.
struct Factored {
  Polynomial common;
  Polynomial rest;
};
Factored factor_common(const Polynomial& p);

/// Numerator and denominator as a fraction is written: P/(P - S), not -P/(S - P).
struct Sides {
  Polynomial above;
  Polynomial below;
};
Sides sides_as_written(const Fraction& fraction);

/// Whether `base` of a power reads better spread over its denominator: 1 - k/E, not (E - k)/E.
bool reads_better_spread(const Expr& base);

}  // namespace ridgepoint::symbolic::detail
