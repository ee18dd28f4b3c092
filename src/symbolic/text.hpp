// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "symbolic/atom.hpp"
#include "symbolic/polynomial.hpp"

namespace ridgepoint::symbolic::detail {

/// "max(a, b)", "(1 - k/E)^n", "sqrt(x)": the atom's own text.
std::string kernel_text(AtomKind kind, const std::vector<Expr>& arguments);

/// The name of a kernel as a function: "max". REQUIRES: neither a symbol nor a power.
const char* function_name(AtomKind kind);

/// The terms as a sum is written: in canonical order, but a positive one first if there is one.
std::vector<const Term*> terms_as_written(const Polynomial& p);

/// Whether `base` of a power reads better spread over its denominator: 1 - k/E, not (E - k)/E.
bool reads_better_spread(const Expr& base);

}  // namespace ridgepoint::symbolic::detail
