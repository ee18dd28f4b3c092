// SPDX-License-Identifier: Apache-2.0
#include "symbolic/typeset.hpp"

#include <algorithm>
#include <utility>

#include "symbolic/fraction.hpp"
#include "symbolic/kernels.hpp"
#include "symbolic/text.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Box number_box(const Integer& size) { return {BoxKind::number, size.str()}; }

/// With parentheses, unless it is a unit that nothing can be read into.
Box operand_box(Box box) {
  // ln(x)^2 would leave open what is squared.
  const bool is_call = box.kind == BoxKind::call && box.text != function_name(AtomKind::log);
  const bool is_unit = is_call || box.kind == BoxKind::number || box.kind == BoxKind::symbol ||
                       box.kind == BoxKind::ceil || box.kind == BoxKind::floor ||
                       box.kind == BoxKind::root;
  if (is_unit && !box.negative) return box;
  return {BoxKind::group, {}, {std::move(box)}};
}

/// Each term of the numerator over the denominator: 1 − k/E.
Box spread_box(const Fraction& fraction) {
  Box sum{BoxKind::sum};
  for (const Term* term : terms_as_written(fraction.numerator())) {
    sum.parts.push_back(typeset(
        make_expr(Polynomial(fraction.numerator().variables(), {*term}), fraction.denominator())));
  }
  return sum;
}

Box exponent_box(const Expr& exponent) {
  Box box = typeset(exponent);
  if (box.kind == BoxKind::fraction && exponent.is_constant()) box.kind = BoxKind::ratio;
  return box;
}

Box power_box(const Expr& base, const Expr& exponent) {
  if (exponent == Expr::rational(1, 2)) return {BoxKind::root, {}, {typeset(base)}};
  Box below = reads_better_spread(base) ? spread_box(base.fraction()) : typeset(base);
  return {BoxKind::power, {}, {operand_box(std::move(below)), exponent_box(exponent)}};
}

Box call_box(const Atom* atom) {
  std::vector<Box> arguments;
  for (const Expr& argument : listed_arguments(atom->kind, atom->arguments)) {
    arguments.push_back(typeset(argument));
  }
  switch (atom->kind) {
    case AtomKind::ceil:
      return {BoxKind::ceil, {}, std::move(arguments)};
    case AtomKind::floor:
      return {BoxKind::floor, {}, std::move(arguments)};
    default:
      return {BoxKind::call, function_name(atom->kind), std::move(arguments)};
  }
}

Box atom_box(const Atom* atom) {
  return atom->kind == AtomKind::symbol ? Box{BoxKind::symbol, atom->text} : call_box(atom);
}

Box factor_box(const Atom* atom, std::uint32_t exponent) {
  if (atom->kind == AtomKind::pow) {
    return power_box(atom->arguments[0], atom->arguments[1] * Expr(exponent));
  }
  if (exponent == 1) return atom_box(atom);
  return {BoxKind::power, {}, {operand_box(atom_box(atom)), number_box(exponent)}};
}

Box term_box(const Polynomial& p, const Term& term) {
  Box product{BoxKind::product};
  const Integer size = abs(term.coefficient);
  if (size != 1) product.parts.push_back(number_box(size));
  const Integer radicand = joined_radicand(p, term);
  if (radicand != 1) product.parts.push_back({BoxKind::root, {}, {number_box(radicand)}});
  for (std::size_t i = 0; i < term.exponents.size(); ++i) {
    if (term.exponents[i] == 0 || is_root_of_integer(p.variables()[i])) continue;
    product.parts.push_back(factor_box(p.variables()[i], term.exponents[i]));
  }
  if (product.parts.empty()) product.parts.push_back(number_box(size));
  Box box = product.parts.size() == 1 ? Box(product.parts.front()) : std::move(product);
  box.negative = term.coefficient < 0;
  return box;
}

Box sum_box(const Polynomial& p) {
  if (p.is_zero()) return number_box(0);
  Box sum{BoxKind::sum};
  for (const Term* term : terms_as_written(p)) sum.parts.push_back(term_box(p, *term));
  return sum.parts.size() == 1 ? Box(sum.parts.front()) : sum;
}

/// One side of a fraction: its common factor before the rest.
Box side_box(const Polynomial& p) {
  const Factored factored = factor_common(p);
  if (factored.rest.is_one() || factored.common.is_one()) return sum_box(p);
  Box rest = sum_box(factored.rest);
  const bool is_minus_one = (-factored.common).is_one();
  if (is_minus_one) return {BoxKind::group, {}, {std::move(rest)}, true};
  Box common = sum_box(factored.common);
  Box side{BoxKind::product, {}, {}, std::exchange(common.negative, false)};
  if (common.kind == BoxKind::product) {
    side.parts = std::move(common.parts);
  } else {
    side.parts.push_back(std::move(common));
  }
  side.parts.push_back({BoxKind::group, {}, {std::move(rest)}});
  return side;
}

}  // namespace

Box typeset(const Expr& expr) {
  if (expr.is_undefined()) return {};
  if (expr.fraction().denominator().is_one()) return sum_box(expr.fraction().numerator());
  const Sides sides = sides_as_written(expr.fraction());
  Box above = side_box(sides.above);
  const bool negative = std::exchange(above.negative, false);
  if (negative && above.kind == BoxKind::group) above = Box(above.parts.front());
  return {BoxKind::fraction, {}, {std::move(above), side_box(sides.below)}, negative};
}

Name split_name(std::string_view name) {
  if (name.ends_with('_') || name.find("__") != std::string_view::npos) return {name, {}};
  Name result;
  const std::size_t underscore = std::min(name.find('_'), name.size());
  result.head = name.substr(0, underscore);
  const auto digits = std::find_if(result.head.begin(), result.head.end(), is_digit);
  const auto letters = static_cast<std::size_t>(digits - result.head.begin());
  if (letters < result.head.size() && std::all_of(digits, result.head.end(), is_digit)) {
    result.subscripts.push_back(result.head.substr(letters));
    result.head = result.head.substr(0, letters);
  }
  for (std::size_t i = underscore; i < name.size();) {
    const std::size_t end = std::min(name.find('_', i + 1), name.size());
    result.subscripts.push_back(name.substr(i + 1, end - i - 1));
    i = end;
  }
  return result;
}

bool begins_with_digit(const Box& box) {
  if (box.kind == BoxKind::number) return true;
  return box.kind == BoxKind::power && begins_with_digit(box.parts[0]);
}

}  // namespace ridgepoint::symbolic::detail
