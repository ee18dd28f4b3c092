// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::symbolic::detail {

enum class AtomKind { symbol, max, min, ceil, floor, log, pow };

/// A positive variable of the polynomials: a symbol, or a kernel with canonical arguments.
/// Interned and immortal: equal atoms have equal addresses, from any thread.
struct Atom {
  AtomKind kind;
  std::string text;             ///< the symbol's name, or the kernel's text form
  std::vector<Expr> arguments;  ///< of a kernel; max and min sorted by text, pow {base, exponent}
};

const Atom* intern_symbol(std::string_view name);
/// REQUIRES: arguments already canonical (simplification happens in kernels.cpp).
const Atom* intern_kernel(AtomKind kind, std::vector<Expr> arguments);

/// The order of variables everywhere: symbols by name, then kernels by text. Total, and the same
/// in every run.
bool precedes(const Atom* a, const Atom* b);

}  // namespace ridgepoint::symbolic::detail
