// SPDX-License-Identifier: Apache-2.0
#include "symbolic/text.hpp"

#include <algorithm>

#include "symbolic/fraction.hpp"
#include "symbolic/kernels.hpp"

namespace ridgepoint::symbolic {
namespace detail {
namespace {

bool is_plain_atom(const Expr& expr) {
  const Polynomial& p = expr.fraction().numerator();
  if (!expr.fraction().denominator().is_one()) return false;
  if (p.is_constant()) return p.constant() >= 0;
  if (!p.is_monomial() || p.leading_coefficient() != 1 || p.total_degree() != 1) return false;
  const Atom* atom = p.variables().front();
  const bool is_root = atom->kind == AtomKind::pow && atom->text.starts_with("sqrt(");
  return atom->kind != AtomKind::pow || is_root;
}

std::string in_parentheses(const std::string& text) { return "(" + text + ")"; }

std::string operand_text(const Expr& expr) {
  return is_plain_atom(expr) ? to_text(expr) : in_parentheses(to_text(expr));
}

/// Each term of the numerator over the denominator.
std::string spread_text(const Expr& base) {
  const Fraction& fraction = base.fraction();
  std::string text;
  for (const Term* term : terms_as_written(fraction.numerator())) {
    const bool negative = term->coefficient < 0;
    if (negative || !text.empty()) text += text.empty() ? "-" : negative ? " - " : " + ";
    text += to_text(make_expr(
        Polynomial(fraction.numerator().variables(), {{term->exponents, abs(term->coefficient)}}),
        fraction.denominator()));
  }
  return text;
}

std::string power_text(const Expr& base, const Expr& exponent) {
  if (exponent == Expr::rational(1, 2)) return "sqrt(" + to_text(base) + ")";
  const std::string below =
      reads_better_spread(base) ? in_parentheses(spread_text(base)) : operand_text(base);
  return below + "^" + operand_text(exponent);
}

std::string factor_text(const Atom* atom, std::uint32_t exponent) {
  if (exponent == 1) return atom->text;
  if (atom->kind == AtomKind::pow)
    return power_text(atom->arguments[0], atom->arguments[1] * Expr(exponent));
  return atom->text + "^" + std::to_string(exponent);
}

/// Without the sign.
std::string term_text(const Polynomial& p, const Term& term) {
  std::vector<std::string> factors;
  const Integer size = abs(term.coefficient);
  if (size != 1) factors.push_back(size.str());
  const Integer radicand = joined_radicand(p, term);
  if (radicand != 1) factors.push_back("sqrt(" + radicand.str() + ")");
  for (std::size_t i = 0; i < term.exponents.size(); ++i) {
    if (term.exponents[i] == 0 || is_root_of_integer(p.variables()[i])) continue;
    factors.push_back(factor_text(p.variables()[i], term.exponents[i]));
  }
  if (factors.empty()) return "1";
  std::string text = factors.front();
  for (std::size_t i = 1; i < factors.size(); ++i) text += '*' + factors[i];
  return text;
}

std::string sum_text(const Polynomial& p) {
  if (p.is_zero()) return "0";
  std::string text;
  for (const Term* term : terms_as_written(p)) {
    const bool negative = term->coefficient < 0;
    if (negative || !text.empty()) text += text.empty() ? "-" : negative ? " - " : " + ";
    text += term_text(p, *term);
  }
  return text;
}

bool is_one_factor(const Polynomial& p) {
  if (p.is_constant()) return true;
  return p.is_monomial() && p.leading_coefficient() == 1 && p.variables().size() == 1;
}

bool has_positive_term(const Polynomial& p) {
  return std::any_of(p.terms().begin(), p.terms().end(),
                     [](const Term& term) { return term.coefficient > 0; });
}

/// What every term holds of each variable.
Exponents common_exponents(const Polynomial& p) {
  Exponents common = p.terms().front().exponents;
  for (const Term& term : p.terms()) {
    for (std::size_t i = 0; i < common.size(); ++i) {
      common[i] = std::min(common[i], term.exponents[i]);
    }
  }
  return common;
}

/// One side of a fraction: a single term, or a product of what is common and the rest.
std::string side_text(const Polynomial& p) {
  const Factored factored = factor_common(p);
  if (factored.rest.is_one()) return sum_text(p);
  const std::string rest = in_parentheses(sum_text(factored.rest));
  if (factored.common.is_one()) return rest;
  if ((-factored.common).is_one()) return "-" + rest;
  return sum_text(factored.common) + "*" + rest;
}

/// A denominator, in parentheses unless it is one factor or has them already.
std::string divisor_text(const Polynomial& p) {
  const Factored factored = factor_common(p);
  const bool is_group = !factored.rest.is_one() && factored.common.is_one();
  return is_group || is_one_factor(p) ? side_text(p) : in_parentheses(side_text(p));
}

}  // namespace

const char* function_name(AtomKind kind) {
  switch (kind) {
    case AtomKind::max:
      return "max";
    case AtomKind::min:
      return "min";
    case AtomKind::ceil:
      return "ceil";
    case AtomKind::floor:
      return "floor";
    case AtomKind::log:
      return "log";
    case AtomKind::symbol:
    case AtomKind::pow:
      break;
  }
  return "";
}

std::string kernel_text(AtomKind kind, const std::vector<Expr>& arguments) {
  if (kind == AtomKind::pow) return power_text(arguments[0], arguments[1]);
  const std::vector<Expr> listed = listed_arguments(kind, arguments);
  std::string text = function_name(kind);
  text += '(';
  for (std::size_t i = 0; i < listed.size(); ++i) {
    if (i != 0) text += ", ";
    text += to_text(listed[i]);
  }
  return text + ')';
}

std::vector<const Term*> terms_as_written(const Polynomial& p) {
  std::vector<const Term*> terms;
  terms.reserve(p.terms().size());
  for (const Term& term : p.terms()) terms.push_back(&term);
  const auto positive = std::find_if(terms.begin(), terms.end(),
                                     [](const Term* term) { return term->coefficient > 0; });
  if (positive != terms.end()) std::rotate(terms.begin(), positive, positive + 1);
  return terms;
}

bool is_root_of_integer(const Atom* atom) {
  if (atom->kind != AtomKind::pow || !(atom->arguments[1] == Expr::rational(1, 2))) return false;
  const Fraction& base = atom->arguments[0].fraction();
  return base.denominator().is_one() && base.numerator().is_constant();
}

Integer joined_radicand(const Polynomial& p, const Term& term) {
  Integer radicand = 1;
  for (std::size_t i = 0; i < term.exponents.size(); ++i) {
    const Atom* atom = p.variables()[i];
    if (term.exponents[i] == 0 || !is_root_of_integer(atom)) continue;
    radicand *= atom->arguments[0].fraction().numerator().constant();
  }
  return radicand;
}

Factored factor_common(const Polynomial& p) {
  if (p.terms().size() < 2) return {p, Polynomial(Integer(1))};
  const Integer size = has_positive_term(p) ? p.content() : Integer(-p.content());
  const Polynomial common(p.variables(), {{common_exponents(p), size}});
  return {common, quotient(p, common)};
}

Sides sides_as_written(const Fraction& fraction) {
  const Polynomial& above = fraction.numerator();
  const Polynomial& below = fraction.denominator();
  const bool turn = !above.is_zero() && !has_positive_term(above) && has_positive_term(-below);
  return turn ? Sides{-above, -below} : Sides{above, below};
}

bool reads_better_spread(const Expr& base) {
  const Polynomial& above = base.fraction().numerator();
  const Polynomial& below = base.fraction().denominator();
  if (above.terms().size() < 2 || !below.is_monomial() || below.is_constant()) return false;
  return std::any_of(above.terms().begin(), above.terms().end(), [&](const Term& term) {
    return exact_quotient(Polynomial(above.variables(), {term}), below).has_value();
  });
}

}  // namespace detail

std::string to_text(const Expr& expr) {
  if (expr.is_undefined()) return "undefined";
  if (expr.fraction().denominator().is_one()) return detail::sum_text(expr.fraction().numerator());
  const detail::Sides sides = detail::sides_as_written(expr.fraction());
  return detail::side_text(sides.above) + "/" + detail::divisor_text(sides.below);
}

}  // namespace ridgepoint::symbolic
