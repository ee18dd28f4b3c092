// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::symbolic::detail {

enum class BoxKind {
  number,  // text: digits
  symbol,  // text: the name
  call,    // text: the function; parts: its arguments
  ceil,    // parts: the argument; likewise floor and root
  floor,
  root,
  group,     // parts: what stands in parentheses
  power,     // parts: base, exponent
  product,   // parts: factors
  sum,       // parts: terms, each with its sign
  fraction,  // parts: above, below
  ratio,     // a fraction on one line: 3/2 in an exponent
  undefined
};

/// An expression as it stands on paper, in the order of to_text: what LaTeX and MathML share.
struct Box {
  BoxKind kind = BoxKind::undefined;
  std::string text = {};
  std::vector<Box> parts = {};
  bool negative = false;  ///< a minus in front
};

Box typeset(const Expr& expr);

/// A symbol's name as a letter or word and its subscripts: D_model, N1, a_b_c. A name with an empty
/// subscript (a_, a__b) stays whole.
struct Name {
  std::string_view head;
  std::vector<std::string_view> subscripts;
};
Name split_name(std::string_view name);

/// Whether the box begins with a digit: behind another factor it needs a visible sign, 2·3^x.
bool begins_with_digit(const Box& box);

}  // namespace ridgepoint::symbolic::detail
