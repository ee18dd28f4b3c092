// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
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
  bool surely_positive;         ///< see is_surely_positive
  /// Of pow(b, u/q), with u = 1 or an exponent that cannot be split further: q, when q >= 2.
  /// The q-th power of such an atom is pow(b, u), and Fraction rewrites it so. Otherwise 0.
  std::uint32_t root = 0;
  /// The variable that pow(b, u) is, if it is one.
  const Atom* root_of = nullptr;
};

const Atom* intern_symbol(std::string_view name);
/// REQUIRES: arguments already canonical (simplification happens in kernels.cpp).
const Atom* intern_kernel(AtomKind kind, std::vector<Expr> arguments);

/// The order of variables everywhere: symbols by name, then kernels by text. Total, and the same
/// in every run.
bool precedes(const Atom* a, const Atom* b);

/// Whether the atom is > 0 for all positive values of the symbols. Symbols are; a power with such
/// a base, a maximum with one such argument, a minimum of such arguments and the ceiling of one
/// are. A floor may be 0 and a logarithm negative, so they are not.
bool is_surely_positive(const Atom* atom);

/// All coefficients of numerator and denominator are positive, over surely positive atoms. False
/// means "not known", for the zero function too.
bool is_surely_positive(const Expr& expr);

/// An integer for all values of the symbols: an integer polynomial over ceilings and floors.
bool is_surely_integer(const Expr& expr);

}  // namespace ridgepoint::symbolic::detail
