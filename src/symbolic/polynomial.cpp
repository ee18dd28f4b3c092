// SPDX-License-Identifier: Apache-2.0
#include "symbolic/polynomial.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace ridgepoint::symbolic::detail {
namespace {

std::uint64_t total(const Exponents& exponents) {
  return std::accumulate(exponents.begin(), exponents.end(), std::uint64_t{0});
}

void merge_equal_neighbours(std::vector<Term>& terms) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < terms.size();) {
    Term sum = std::move(terms[i]);
    for (++i; i < terms.size() && terms[i].exponents == sum.exponents; ++i)
      sum.coefficient += terms[i].coefficient;
    if (sum.coefficient != 0) terms[kept++] = std::move(sum);
  }
  terms.resize(kept);
}

bool is_used(std::size_t variable, const std::vector<Term>& terms) {
  return std::any_of(terms.begin(), terms.end(),
                     [variable](const Term& term) { return term.exponents[variable] != 0; });
}

void drop_unused(std::vector<const Atom*>& variables, std::vector<Term>& terms) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (!is_used(i, terms)) continue;
    if (kept != i) {
      variables[kept] = variables[i];
      for (Term& term : terms) term.exponents[kept] = term.exponents[i];
    }
    ++kept;
  }
  if (kept == variables.size()) return;
  variables.resize(kept);
  for (Term& term : terms) term.exponents.truncate(kept);
}

Term spread(const Term& term, const std::vector<std::size_t>& positions, std::size_t count) {
  Term wide{Exponents(count), term.coefficient};
  for (std::size_t i = 0; i < positions.size(); ++i)
    wide.exponents[positions[i]] = term.exponents[i];
  return wide;
}

std::vector<Term> spread(const std::vector<Term>& terms, const std::vector<std::size_t>& positions,
                         std::size_t count) {
  std::vector<Term> wide;
  wide.reserve(terms.size());
  for (const Term& term : terms) wide.push_back(spread(term, positions, count));
  return wide;
}

std::vector<Term> merge(const std::vector<Term>& a, const std::vector<Term>& b, bool subtract) {
  std::vector<Term> sum;
  sum.reserve(a.size() + b.size());
  auto left = a.begin();
  auto right = b.begin();
  const auto take_right = [&] {
    sum.push_back(*right++);
    if (subtract) sum.back().coefficient.backend().negate();
  };
  while (left != a.end() && right != b.end()) {
    const int order = compare(left->exponents, right->exponents);
    if (order < 0) {
      sum.push_back(*left++);
    } else if (order > 0) {
      take_right();
    } else {
      Integer coefficient = left->coefficient;
      subtract ? coefficient -= right->coefficient : coefficient += right->coefficient;
      if (coefficient != 0) sum.push_back({left->exponents, std::move(coefficient)});
      ++left, ++right;
    }
  }
  sum.insert(sum.end(), left, a.end());
  while (right != b.end()) take_right();
  return sum;
}

Polynomial combine(const Polynomial& a, const Polynomial& b, bool subtract) {
  if (a.variables() == b.variables())
    return Polynomial::from_sorted(a.variables(), merge(a.terms(), b.terms(), subtract));
  JointVariables joint = join_variables(a.variables(), b.variables());
  const std::size_t count = joint.variables.size();
  // Variables are added in between, none is reordered, so the terms stay in order.
  return Polynomial::from_sorted(std::move(joint.variables),
                                 merge(spread(a.terms(), joint.from_a, count),
                                       spread(b.terms(), joint.from_b, count), subtract));
}

std::ptrdiff_t position(const std::vector<const Atom*>& variables, const Atom* variable) {
  const auto found = std::find(variables.begin(), variables.end(), variable);
  return found == variables.end() ? -1 : found - variables.begin();
}

}  // namespace

int compare(const Exponents& a, const Exponents& b) {
  const std::uint64_t total_a = total(a);
  const std::uint64_t total_b = total(b);
  if (total_a != total_b) return total_a > total_b ? -1 : 1;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) return a[i] > b[i] ? -1 : 1;
  return 0;
}

JointVariables join_variables(const std::vector<const Atom*>& a,
                              const std::vector<const Atom*>& b) {
  JointVariables joint;
  joint.variables.reserve(a.size() + b.size());
  joint.from_a.reserve(a.size());
  joint.from_b.reserve(b.size());
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    const bool both = i < a.size() && j < b.size() && a[i] == b[j];
    const bool from_a = both || j == b.size() || (i < a.size() && precedes(a[i], b[j]));
    if (from_a) joint.from_a.push_back(joint.variables.size());
    if (both || !from_a) joint.from_b.push_back(joint.variables.size());
    joint.variables.push_back(from_a ? a[i] : b[j]);
    if (from_a) ++i;
    if (both || !from_a) ++j;
  }
  return joint;
}

Polynomial::Polynomial(Integer constant) {
  if (constant != 0) terms_.push_back({{}, std::move(constant)});
}

Polynomial::Polynomial(const Atom* variable) : variables_{variable} {
  terms_.push_back({Exponents(1, 1), 1});
}

Polynomial::Polynomial(std::vector<const Atom*> variables, std::vector<Term> terms) {
  std::sort(terms.begin(), terms.end(),
            [](const Term& a, const Term& b) { return compare(a.exponents, b.exponents) < 0; });
  merge_equal_neighbours(terms);
  *this = from_sorted(std::move(variables), std::move(terms));
}

Polynomial Polynomial::from_sorted(std::vector<const Atom*> variables, std::vector<Term> terms) {
  drop_unused(variables, terms);
  Polynomial p;
  p.variables_ = std::move(variables);
  p.terms_ = std::move(terms);
  return p;
}

bool Polynomial::is_one() const {
  return is_constant() && !is_zero() && leading_coefficient() == 1;
}

Integer Polynomial::constant() const { return is_zero() ? Integer(0) : leading_coefficient(); }

bool Polynomial::contains(const Atom* variable) const {
  return position(variables_, variable) >= 0;
}

std::uint32_t Polynomial::degree(const Atom* variable) const {
  const std::ptrdiff_t at = position(variables_, variable);
  std::uint32_t degree = 0;
  if (at >= 0)
    for (const Term& term : terms_)
      degree = std::max(degree, term.exponents[static_cast<std::size_t>(at)]);
  return degree;
}

std::uint32_t Polynomial::total_degree() const {
  return is_zero() ? 0 : static_cast<std::uint32_t>(total(terms_.front().exponents));
}

std::vector<Polynomial> Polynomial::coefficients_in(const Atom* variable) const {
  if (!contains(variable)) return {*this};
  const auto at = static_cast<std::size_t>(position(variables_, variable));
  std::vector<std::vector<Term>> parts(degree(variable) + 1);
  for (const Term& term : terms_) {
    std::vector<Term>& part = parts[term.exponents[at]];
    part.push_back(term);
    part.back().exponents[at] = 0;
  }
  std::vector<Polynomial> coefficients;
  coefficients.reserve(parts.size());
  // Terms of one part differ from those of p by the same factor, so they stay in order.
  for (std::vector<Term>& part : parts)
    coefficients.push_back(from_sorted(variables_, std::move(part)));
  return coefficients;
}

Integer Polynomial::content() const {
  Integer content = 0;
  for (const Term& term : terms_) {
    content = boost::multiprecision::gcd(content, term.coefficient);
    if (content == 1) break;
  }
  return content;
}

Polynomial operator+(const Polynomial& a, const Polynomial& b) {
  if (a.is_zero()) return b;
  return b.is_zero() ? a : combine(a, b, false);
}

Polynomial operator-(const Polynomial& a, const Polynomial& b) {
  if (a.is_zero()) return -b;
  return b.is_zero() ? a : combine(a, b, true);
}

Polynomial operator-(const Polynomial& a) {
  Polynomial negated = a;
  for (Term& term : negated.terms_) term.coefficient.backend().negate();
  return negated;
}

bool operator==(const Polynomial& a, const Polynomial& b) {
  return a.variables_ == b.variables_ &&
         std::equal(a.terms_.begin(), a.terms_.end(), b.terms_.begin(), b.terms_.end(),
                    [](const Term& s, const Term& t) {
                      return s.exponents == t.exponents && s.coefficient == t.coefficient;
                    });
}

Polynomial divide_by_integer(Polynomial a, const Integer& divisor) {
  if (divisor != 1)
    for (Term& term : a.terms_) term.coefficient /= divisor;
  return a;
}

Polynomial pow(const Polynomial& base, std::uint32_t exponent) {
  if (base.is_monomial()) {
    Term power = base.terms().front();
    for (std::uint32_t& e : power.exponents) e *= exponent;
    power.coefficient = boost::multiprecision::pow(power.coefficient, exponent);
    return Polynomial::from_sorted(base.variables(), {std::move(power)});
  }
  // Repeated multiplication by the base: for sparse polynomials cheaper than squaring.
  Polynomial power(Integer(1));
  for (std::uint32_t i = 0; i < exponent; ++i) power = power * base;
  return power;
}

Polynomial derivative(const Polynomial& p, const Atom* variable) {
  const std::ptrdiff_t found = position(p.variables(), variable);
  if (found < 0) return {};
  const auto at = static_cast<std::size_t>(found);
  std::vector<Term> terms;
  for (const Term& term : p.terms()) {
    if (term.exponents[at] == 0) continue;
    terms.push_back({term.exponents, term.coefficient * term.exponents[at]});
    --terms.back().exponents[at];
  }
  return Polynomial::from_sorted(p.variables(), std::move(terms));
}

Polynomial monomial_content(const Polynomial& p) {
  Exponents common = p.terms().front().exponents;
  bool is_one = p.is_constant();
  for (auto term = p.terms().begin(); term != p.terms().end() && !is_one; ++term) {
    is_one = true;
    for (std::size_t i = 0; i < common.size(); ++i) {
      common[i] = std::min(common[i], term->exponents[i]);
      is_one = is_one && common[i] == 0;
    }
  }
  if (is_one) return Polynomial(Integer(1));
  return Polynomial::from_sorted(p.variables(), {{std::move(common), 1}});
}

}  // namespace ridgepoint::symbolic::detail
