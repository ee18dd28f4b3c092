// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "symbolic/atom.hpp"

namespace ridgepoint::symbolic::detail {

/// The kernel's function of new arguments, simplified. A symbol stays itself.
Expr rebuild_kernel(const Atom* atom, const std::vector<Expr>& arguments);

/// base^exponent for a number as exponent that is not an integer.
Expr rational_power(const Expr& base, const Expr& exponent);

}  // namespace ridgepoint::symbolic::detail
