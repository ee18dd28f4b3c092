// SPDX-License-Identifier: Apache-2.0
#include "symbolic/solve_roots.hpp"

#include <algorithm>
#include <cassert>

#include "symbolic/fraction.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

using boost::multiprecision::abs;
using boost::multiprecision::denominator;
using boost::multiprecision::gcd;
using boost::multiprecision::msb;
using boost::multiprecision::numerator;

void drop_leading_zeros(Univariate& p) {
  while (!p.empty() && p.back().is_zero()) p.pop_back();
}

void make_primitive(Univariate& p) {
  Integer content = 0;
  for (const Integer& c : p) content = gcd(content, c);
  if (content > 1) {
    for (Integer& c : p) c /= content;
  }
}

Univariate derivative(const Univariate& p) {
  Univariate result;
  for (std::size_t i = 1; i < p.size(); ++i) result.push_back(p[i] * i);
  return result;
}

/// A positive multiple of the remainder of a by b, and the quotient's multiple on demand.
Univariate pseudo_remainder(Univariate a, const Univariate& b, Univariate* quotient = nullptr) {
  const Integer scale = abs(b.back());
  const int sign = b.back().sign();
  if (quotient != nullptr) quotient->assign(a.size() - b.size() + 1, 0);
  while (a.size() >= b.size()) {
    const std::size_t shift = a.size() - b.size();
    const Integer factor = a.back() * sign;
    for (Integer& c : a) c *= scale;
    for (std::size_t i = 0; i < b.size(); ++i) a[i + shift] -= factor * b[i];
    if (quotient != nullptr) {
      for (Integer& c : *quotient) c *= scale;
      (*quotient)[shift] += factor;
    }
    drop_leading_zeros(a);
  }
  make_primitive(a);
  return a;
}

std::vector<Univariate> sturm_chain(const Univariate& p) {
  std::vector<Univariate> chain{p, derivative(p)};
  make_primitive(chain[1]);
  while (chain.back().size() > 1) {
    Univariate next = pseudo_remainder(chain[chain.size() - 2], chain.back());
    if (next.empty()) break;
    for (Integer& c : next) c = -c;
    chain.push_back(std::move(next));
  }
  return chain;
}

/// p without its repeated roots and without the root 0.
Univariate squarefree_part(Univariate p) {
  p.erase(p.begin(), std::find_if(p.begin(), p.end(), [](const Integer& c) { return c != 0; }));
  make_primitive(p);
  if (p.size() <= 2) return p;
  const Univariate common = sturm_chain(p).back();
  if (common.size() <= 1) return p;
  Univariate quotient;
  pseudo_remainder(p, common, &quotient);
  make_primitive(quotient);
  return quotient;
}

int variations_at(const std::vector<Univariate>& chain, const Rational& x) {
  int variations = 0;
  int last = 0;
  for (const Univariate& p : chain) {
    const int sign = sign_at(p, x);
    if (sign == 0) continue;
    variations += last != 0 && sign != last ? 1 : 0;
    last = sign;
  }
  return variations;
}

/// A power of two above every root (Cauchy's bound).
Rational root_bound(const Univariate& p) {
  Integer largest = 0;
  for (const Integer& c : p) largest = std::max<Integer>(largest, abs(c));
  const Integer bound = largest / abs(p.back()) + 2;
  return Rational(Integer(1) << (msb(bound) + 1));
}

struct Isolation {
  Univariate p;  // squarefree, p(0) != 0
  std::vector<Univariate> chain;
  std::vector<RootInterval> found;

  /// Adds the roots in the open interval; p is not 0 at its ends.
  void search(const Rational& low, int at_low, const Rational& high, int at_high) {
    const int roots = at_low - at_high;
    if (roots <= 0) return;
    if (roots == 1) {
      found.push_back({low, high});
      return;
    }
    const Rational middle = split_point(low, high);
    const int at_middle = variations_at(chain, middle);
    search(low, at_low, middle, at_middle);
    search(middle, at_middle, high, at_high);
  }
  /// Near the middle, and no root itself.
  Rational split_point(const Rational& low, const Rational& high) const {
    for (Rational part = Rational(1, 2);; part /= 2) {
      const Rational middle = low + (high - low) * part;
      if (sign_at(p, middle) != 0) return middle;
    }
  }
};

/// The rational with the smallest denominator in the closed interval, 0 < low < high.
Rational simplest_between(const Rational& low, const Rational& high) {
  const Integer whole = numerator(low) / denominator(low);
  if (denominator(low) == 1) return Rational(whole);
  if (Rational(whole + 1) <= high) return Rational(whole + 1);
  return whole + 1 / simplest_between(1 / (high - whole), 1 / (low - whole));
}

/// Halves the interval; true when the middle is the root itself.
bool bisect(const Univariate& p, RootInterval& root, int sign_at_low) {
  const Rational middle = (root.low + root.high) / 2;
  const int sign = sign_at(p, middle);
  if (sign == 0) root.low = root.high = middle;
  if (sign == sign_at_low) root.low = middle;
  if (sign == -sign_at_low) root.high = middle;
  return sign == 0;
}

/// A rational root's denominator divides the leading coefficient c, and an interval narrower than
/// 1/c² holds at most one such number: the simplest.
void find_rational(const Univariate& p, RootInterval& root) {
  const int sign = sign_at(p, root.low);
  const Integer leading = abs(p.back());
  const Rational width(Integer(1), leading * leading);
  while (root.high - root.low >= width || root.low.is_zero()) {
    if (bisect(p, root, sign)) return;
  }
  const Rational candidate = simplest_between(root.low, root.high);
  if (sign_at(p, candidate) == 0) root.low = root.high = candidate;
}

}  // namespace

Univariate to_univariate(const Polynomial& p) {
  assert(p.variables().size() <= 1);
  if (p.is_zero()) return {};
  Univariate result(p.total_degree() + 1);
  for (const Term& term : p.terms()) {
    result[term.exponents.empty() ? 0 : term.exponents.front()] = term.coefficient;
  }
  return result;
}

int sign_at(const Univariate& p, const Rational& x) {
  const Integer n = numerator(x);
  const Integer d = denominator(x);
  Integer value = 0;
  Integer scale = 1;
  for (std::size_t i = p.size(); i-- > 0;) {
    value = value * n + p[i] * scale;
    scale *= d;
  }
  return value.sign();
}

std::vector<RootInterval> positive_roots(const Univariate& p) {
  assert(!p.empty());
  Isolation isolation{squarefree_part(p), {}, {}};
  if (isolation.p.size() <= 1) return {};
  isolation.chain = sturm_chain(isolation.p);
  const Rational bound = root_bound(isolation.p);
  isolation.search(0, variations_at(isolation.chain, 0), bound,
                   variations_at(isolation.chain, bound));
  for (RootInterval& root : isolation.found) find_rational(isolation.p, root);
  return isolation.found;
}

Expr to_expr(const Rational& value) {
  return make_expr(Polynomial(Integer(numerator(value))), Polynomial(Integer(denominator(value))));
}

double nearest_double(const Rational& value) { return to_expr(value).to_double(); }

double nearest_double(const Univariate& p, RootInterval root) {
  const Univariate simple = squarefree_part(p);
  const int sign = sign_at(simple, root.low);
  while (!root.is_rational() && nearest_double(root.low) != nearest_double(root.high)) {
    bisect(simple, root, sign);
  }
  return nearest_double(root.low);
}

std::vector<Rational> points_between_roots(const std::vector<RootInterval>& roots) {
  if (roots.empty()) return {1};
  std::vector<Rational> points{roots.front().is_rational() ? roots.front().low / 2
                                                           : roots.front().low};
  for (std::size_t i = 0; i + 1 < roots.size(); ++i) {
    points.push_back((roots[i].high + roots[i + 1].low) / 2);
  }
  points.push_back(roots.back().high + 1);
  return points;
}

}  // namespace ridgepoint::symbolic::detail
