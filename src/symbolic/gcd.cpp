// SPDX-License-Identifier: Apache-2.0
// The greatest common divisor: first everything that costs little (monomials, variables that only
// one polynomial has, images modulo a prime that prove coprimality or show that one divides the
// other), then sparse modular interpolation.
#include <algorithm>
#include <utility>

#include "symbolic/gcd_sparse.hpp"
#include "symbolic/polynomial.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

using MaybePolynomial = std::optional<Polynomial>;
using Variables = std::vector<const Atom*>;

constexpr std::uint64_t kBudget = 60'000'000;

MaybePolynomial gcd(const Polynomial& a, const Polynomial& b, Budget& budget);

bool is_trivial(const Polynomial& p) { return p.terms().size() <= 1; }

Polynomial with_positive_lead(const Polynomial& p) {
  return p.is_zero() || p.leading_coefficient() > 0 ? p : -p;
}

/// The gcd of two monomials with coefficient 1.
Polynomial common_monomial(const Polynomial& a, const Polynomial& b) {
  Variables variables;
  Exponents exponents(std::min(a.variables().size(), b.variables().size()));
  for (std::size_t i = 0; i < a.variables().size(); ++i) {
    const std::uint32_t power = std::min(a.terms()[0].exponents[i], b.degree(a.variables()[i]));
    if (power == 0) continue;
    exponents[variables.size()] = power;
    variables.push_back(a.variables()[i]);
  }
  exponents.truncate(variables.size());
  std::vector<Term> terms;
  terms.push_back({std::move(exponents), 1});
  return Polynomial::from_sorted(std::move(variables), std::move(terms));
}

/// p = content·monomial·rest, without a copy where p is the rest.
class Parts {
 public:
  explicit Parts(const Polynomial& p)
      : content_(p.content()), monomial_(monomial_content(p)), whole_(&p) {
    if (monomial_.is_constant() && content_ == 1) return;
    rest_ = monomial_.is_constant() ? p : quotient(p, monomial_);
    rest_ = divide_by_integer(std::move(rest_), content_);
    whole_ = nullptr;
  }
  const Integer& content() const { return content_; }
  const Polynomial& monomial() const { return monomial_; }
  const Polynomial& rest() const { return whole_ != nullptr ? *whole_ : rest_; }

 private:
  Integer content_;
  Polynomial monomial_;
  Polynomial rest_;
  const Polynomial* whole_;
};

/// Appends the coefficients of p as a polynomial in all of `variables`; false, with the work cut
/// short, when one of them is a single term.
bool append_coefficients(const Polynomial& p, const Variables& variables,
                         std::vector<Polynomial>& coefficients) {
  std::vector<std::size_t> taken;
  for (std::size_t i = 0; i < p.variables().size(); ++i)
    if (std::find(variables.begin(), variables.end(), p.variables()[i]) != variables.end())
      taken.push_back(i);
  if (taken.empty()) {
    coefficients.push_back(p);
    return !is_trivial(p);
  }
  const auto order = [&taken](const Term* a, const Term* b) {
    for (const std::size_t i : taken)
      if (a->exponents[i] != b->exponents[i]) return a->exponents[i] < b->exponents[i] ? -1 : 1;
    return 0;
  };
  std::vector<const Term*> terms;
  terms.reserve(p.terms().size());
  for (const Term& term : p.terms()) terms.push_back(&term);
  std::stable_sort(terms.begin(), terms.end(),
                   [&order](const Term* a, const Term* b) { return order(a, b) < 0; });
  for (auto first = terms.begin(); first != terms.end();) {
    const auto last = std::find_if(first, terms.end(),
                                   [&](const Term* term) { return order(*first, term) != 0; });
    if (last - first == 1) return false;
    std::vector<Term> coefficient;
    for (; first != last; ++first) {
      coefficient.push_back(**first);
      for (const std::size_t i : taken) coefficient.back().exponents[i] = 0;
    }
    coefficients.push_back(Polynomial::from_sorted(p.variables(), std::move(coefficient)));
  }
  return true;
}

/// REQUIRES: the gcd of the list has neither an integer nor a monomial factor.
MaybePolynomial gcd_of_list(std::vector<Polynomial> list, Budget& budget) {
  if (std::any_of(list.begin(), list.end(), is_trivial)) return Polynomial(Integer(1));
  std::stable_sort(list.begin(), list.end(), [](const Polynomial& a, const Polynomial& b) {
    return a.terms().size() < b.terms().size();
  });
  Polynomial common = Parts(list.front()).rest();
  for (std::size_t i = 1; i < list.size() && !common.is_constant(); ++i) {
    if (!budget.spend(list[i].terms().size())) return std::nullopt;
    if (exact_quotient(list[i], common)) continue;
    const MaybePolynomial next = gcd(common, list[i], budget);
    if (!next) return std::nullopt;
    common = *next;
  }
  return with_positive_lead(common);
}

Variables variables_only_in(const Polynomial& a, const Polynomial& b) {
  Variables own;
  std::copy_if(a.variables().begin(), a.variables().end(), std::back_inserter(own),
               [&b](const Atom* atom) { return !b.contains(atom); });
  return own;
}

/// The gcd has none of `variables`, so it divides every coefficient.
MaybePolynomial gcd_without(const Variables& variables, const Polynomial& a, const Polynomial& b,
                            Budget& budget) {
  std::vector<Polynomial> coefficients;
  if (!append_coefficients(a, variables, coefficients) ||
      !append_coefficients(b, variables, coefficients))
    return Polynomial(Integer(1));
  return gcd_of_list(std::move(coefficients), budget);
}

/// For each variable the image in which all others have random values.
std::vector<Dense> univariate_images(const Field& field, const Polynomial& p,
                                     const std::vector<std::uint64_t>& point,
                                     const std::vector<std::uint64_t>& inverse_point) {
  const std::size_t count = p.variables().size();
  std::vector<Dense> images(count);
  std::vector<Dense> table(count);
  std::vector<Dense> inverse_table(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t degree = p.degree(p.variables()[i]);
    images[i].resize(degree + 1);
    table[i] = powers(field, point[i], degree);
    inverse_table[i] = powers(field, inverse_point[i], degree);
  }
  for (const Term& term : p.terms()) {
    std::uint64_t value = field.enter(term.coefficient);
    for (std::size_t i = 0; i < count; ++i) value = field.mul(value, table[i][term.exponents[i]]);
    for (std::size_t i = 0; i < count; ++i) {
      std::uint64_t& slot = images[i][term.exponents[i]];
      slot = field.add(slot, field.mul(value, inverse_table[i][term.exponents[i]]));
    }
  }
  return images;
}

const Field& first_field() {
  static const Field field(prime(0));
  return field;
}

/// Upper bounds of the gcd's degree in each variable, almost surely sharp. An image of lower
/// degree than its polynomial gives no bound; then the smaller degree itself is one.
std::vector<std::uint32_t> degree_bounds(const Polynomial& a, const Polynomial& b) {
  const Field& field = first_field();
  const std::size_t count = a.variables().size();
  Points points(0x1d1);
  std::vector<std::uint64_t> point;
  std::vector<std::uint64_t> inverse_point;
  for (std::size_t i = 0; i < count; ++i) {
    inverse_point.push_back(points.next(field));
    point.push_back(field.inverse(inverse_point.back()));
  }
  std::vector<Dense> images_a = univariate_images(field, a, point, inverse_point);
  std::vector<Dense> images_b = univariate_images(field, b, point, inverse_point);
  std::vector<std::uint32_t> bounds;
  for (std::size_t i = 0; i < count; ++i) {
    const bool sound = images_a[i].back() != 0 && images_b[i].back() != 0;
    const std::size_t least = std::min(images_a[i].size(), images_b[i].size());
    const std::size_t size =
        sound ? gcd(field, std::move(images_a[i]), std::move(images_b[i])).size() : least;
    bounds.push_back(static_cast<std::uint32_t>(size - 1));
  }
  return bounds;
}

std::size_t leading_terms(const Polynomial& p, std::size_t variable) {
  const std::uint32_t degree = p.degree(p.variables()[variable]);
  return static_cast<std::size_t>(
      std::count_if(p.terms().begin(), p.terms().end(),
                    [&](const Term& term) { return term.exponents[variable] == degree; }));
}

/// The variable with the simplest leading coefficient.
std::size_t main_variable(const Polynomial& a, const Polynomial& b) {
  std::size_t best = 0;
  std::size_t fewest = SIZE_MAX;
  for (std::size_t i = 0; i < a.variables().size(); ++i) {
    const std::size_t terms = std::min(leading_terms(a, i), leading_terms(b, i));
    if (terms < fewest) best = i, fewest = terms;
  }
  return best;
}

/// The gcd of p's coefficients as a polynomial in `main`. REQUIRES: no integer or monomial factor.
MaybePolynomial content_in(const Polynomial& p, const Atom* main, Budget& budget) {
  std::vector<Polynomial> coefficients;
  if (!append_coefficients(p, {main}, coefficients)) return Polynomial(Integer(1));
  return gcd_of_list(std::move(coefficients), budget);
}

/// The candidate without factors that its scaling brought in.
MaybePolynomial primitive_part(const Polynomial& candidate, const Atom* main,
                               bool scaled_by_a_monomial, Budget& budget) {
  const Parts parts(candidate);
  const Polynomial& rest = parts.rest();
  if (scaled_by_a_monomial) return with_positive_lead(rest);
  const MaybePolynomial content = content_in(rest, main, budget);
  if (!content) return std::nullopt;
  return with_positive_lead(content->is_one() ? rest : quotient(rest, *content));
}

bool divides_both(const Polynomial& divisor, const Polynomial& a, const Polynomial& b,
                  Budget& budget) {
  return budget.spend(a.terms().size() + b.terms().size()) && exact_quotient(a, divisor) &&
         exact_quotient(b, divisor);
}

/// Where the gcd has b's degree in x, its part primitive in x is that of b: if this divides a, only
/// the contents remain. Squares in denominators, as derivatives make them, end here.
/// Inner nullopt: not so. Outer nullopt: out of budget.
std::optional<MaybePolynomial> gcd_by_primitive_part(const Polynomial& a, const Polynomial& b,
                                                     const Atom* x, Budget& budget) {
  const MaybePolynomial content = content_in(b, x, budget);
  if (!content) return std::nullopt;
  const Polynomial part = content->is_one() ? b : quotient(b, *content);
  if (!budget.spend(a.terms().size())) return std::nullopt;
  if (!exact_quotient(a, part)) return MaybePolynomial();
  if (content->is_one()) return MaybePolynomial(with_positive_lead(part));
  std::vector<Polynomial> contents{*content};
  if (!append_coefficients(a, {x}, contents)) return MaybePolynomial(with_positive_lead(part));
  const MaybePolynomial common = gcd_of_list(std::move(contents), budget);
  if (!common) return std::nullopt;
  return MaybePolynomial(with_positive_lead(part * *common));
}

MaybePolynomial interpolated_gcd(const Polynomial& a, const Polynomial& b,
                                 std::vector<std::uint32_t> bounds, Budget& budget) {
  const std::size_t main = main_variable(a, b);
  const Atom* variable = a.variables()[main];
  const MaybePolynomial leading =
      gcd(a.coefficients_in(variable).back(), b.coefficients_in(variable).back(), budget);
  if (!leading) return std::nullopt;
  if (!leading->is_monomial()) {  // a common factor free of the main variable divides it
    const MaybePolynomial content = gcd_without({variable}, a, b, budget);
    if (!content) return std::nullopt;
    if (!content->is_one()) {
      const MaybePolynomial rest = gcd(quotient(a, *content), quotient(b, *content), budget);
      return rest ? MaybePolynomial(*content * *rest) : rest;
    }
  }
  const SparseGcdProblem problem{a, b, main, *leading, std::move(bounds)};
  SparseGcd sparse(problem, budget);
  while (const MaybePolynomial candidate = sparse.next()) {
    const MaybePolynomial divisor =
        primitive_part(*candidate, variable, leading->is_monomial(), budget);
    if (!divisor) return std::nullopt;
    if (divides_both(*divisor, a, b, budget)) return divisor;
  }
  return std::nullopt;
}

std::optional<MaybePolynomial> gcd_by_full_degree(const Polynomial& a, const Polynomial& b,
                                                  const std::vector<std::uint32_t>& bounds,
                                                  Budget& budget) {
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    const Atom* x = a.variables()[i];
    if (b.degree(x) == bounds[i]) return gcd_by_primitive_part(a, b, x, budget);
    if (a.degree(x) == bounds[i]) return gcd_by_primitive_part(b, a, x, budget);
  }
  return MaybePolynomial();
}

/// REQUIRES: neither has an integer or monomial factor, both have two terms or more.
MaybePolynomial primitive_gcd(const Polynomial& a, const Polynomial& b, Budget& budget) {
  if (a == b) return with_positive_lead(a);
  Variables own = variables_only_in(a, b);
  const Variables others = variables_only_in(b, a);
  own.insert(own.end(), others.begin(), others.end());
  if (!own.empty()) return gcd_without(own, a, b, budget);
  if (!budget.spend((a.terms().size() + b.terms().size()) * a.variables().size()))
    return std::nullopt;
  std::vector<std::uint32_t> bounds = degree_bounds(a, b);
  Variables absent;
  for (std::size_t i = 0; i < bounds.size(); ++i)
    if (bounds[i] == 0) absent.push_back(a.variables()[i]);
  if (absent.size() == bounds.size()) return Polynomial(Integer(1));
  if (!absent.empty()) return gcd_without(absent, a, b, budget);
  const std::optional<MaybePolynomial> cheap = gcd_by_full_degree(a, b, bounds, budget);
  if (!cheap || *cheap) return cheap ? *cheap : std::nullopt;
  return interpolated_gcd(a, b, std::move(bounds), budget);
}

bool have_common_variable(const Polynomial& a, const Polynomial& b) {
  return std::any_of(a.variables().begin(), a.variables().end(),
                     [&b](const Atom* atom) { return b.contains(atom); });
}

MaybePolynomial gcd(const Polynomial& a, const Polynomial& b, Budget& budget) {
  if (a.is_zero() || b.is_zero()) return with_positive_lead(a.is_zero() ? b : a);
  if (!have_common_variable(a, b))
    return Polynomial(Integer(boost::multiprecision::gcd(a.content(), b.content())));
  if (a.is_monomial() || b.is_monomial())
    return Integer(boost::multiprecision::gcd(a.content(), b.content())) *
           common_monomial(monomial_content(a), monomial_content(b));
  const Parts of_a(a);
  const Parts of_b(b);
  MaybePolynomial common = primitive_gcd(of_a.rest(), of_b.rest(), budget);
  if (!common) return std::nullopt;
  const Integer content = boost::multiprecision::gcd(of_a.content(), of_b.content());
  const Polynomial monomial = common_monomial(of_a.monomial(), of_b.monomial());
  if (!monomial.is_constant()) common = monomial * *common;
  return content == 1 ? common : content * *common;
}

}  // namespace

std::optional<Polynomial> gcd(const Polynomial& a, const Polynomial& b) {
  Budget budget(kBudget);
  return gcd(a, b, budget);
}

}  // namespace ridgepoint::symbolic::detail
