// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "symbolic/polynomial.hpp"

namespace ridgepoint::symbolic::detail {

/// The kernel's function of new arguments, simplified. A symbol stays itself.
Expr rebuild_kernel(const Atom* atom, const std::vector<Expr>& arguments);

/// base^exponent for a number as exponent that is not an integer.
Expr rational_power(const Expr& base, const Expr& exponent);

/// Degrees stay far below what exponents hold, whatever is multiplied.
inline constexpr std::uint64_t kMaxDegree = std::uint64_t{1} << 24;
/// Whether p^n would be too large to be of use: its degree, its terms, or its coefficients. Such a
/// power is undefined instead of taking all memory.
bool power_is_too_large(const Polynomial& p, std::uint64_t n);

/// The arguments of a kernel as a person lists them: a, b, c for max(max(a, b), c).
std::vector<Expr> listed_arguments(AtomKind kind, const std::vector<Expr>& arguments);

}  // namespace ridgepoint::symbolic::detail
