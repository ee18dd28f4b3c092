// SPDX-License-Identifier: Apache-2.0
// Roots are variables with a relation: a = pow(b, u/q) satisfies a^q = pow(b, u). Where pow(b, u)
// is itself a variable v, everything is written in a (v = a^q) for the gcd and then folded back,
// which is unique. Where b is a sum, powers of a are replaced and denominators a^k made rational.
#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "symbolic/fraction.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

using Variables = std::vector<const Atom*>;

Variables roots_of(const Polynomial& a, const Polynomial& b) {
  Variables roots;
  for (const Atom* atom : join_variables(a.variables(), b.variables()).variables)
    if (atom->root != 0) roots.push_back(atom);
  return roots;
}

/// pow(b, 1/q) -> pow(b, 1/to).
const Atom* change_root(const Atom* root, std::uint32_t to) {
  if (to == 1) return root->root_of;
  const Expr exponent = root->arguments[1] * Expr::rational(root->root, to);
  return intern_kernel(AtomKind::pow, {root->arguments[0], exponent});
}

/// Rewrites the exponents (of `first`, of `second`) in every term.
template <class Change>
Polynomial change_exponents(const Polynomial& p, const Atom* first, const Atom* second,
                            Change change) {
  if (!p.contains(first) && !p.contains(second)) return p;
  Variables both{first, second};
  if (precedes(second, first)) std::swap(both[0], both[1]);
  const JointVariables joint = join_variables(p.variables(), both);
  const std::size_t at_first = joint.from_b[both[0] == first ? 0 : 1];
  const std::size_t at_second = joint.from_b[both[0] == first ? 1 : 0];
  std::vector<Term> terms;
  for (const Term& term : p.terms()) {
    Exponents exponents(joint.variables.size());
    for (std::size_t i = 0; i < term.exponents.size(); ++i)
      exponents[joint.from_a[i]] = term.exponents[i];
    change(exponents[at_first], exponents[at_second]);
    terms.push_back({std::move(exponents), term.coefficient});
  }
  return {joint.variables, std::move(terms)};
}

Polynomial replace_by_power(const Polynomial& p, const Atom* from, const Atom* to,
                            std::uint32_t power) {
  return change_exponents(p, from, to, [power](std::uint32_t& f, std::uint32_t& t) {
    t += f * power;
    f = 0;
  });
}

std::string family_of(const Atom* root) {
  return root->root_of != nullptr ? root->root_of->text : to_text(root->arguments[0]);
}

/// Different roots of the same pow(b, u) become powers of one.
void unify_roots(Polynomial& a, Polynomial& b) {
  std::map<std::string, Variables> families;
  for (const Atom* root : roots_of(a, b)) families[family_of(root)].push_back(root);
  for (const auto& [name, family] : families) {
    std::uint32_t common = 1;
    for (const Atom* root : family) common = std::lcm(common, root->root);
    if (family.size() == 1 || common > kMaxRoot) continue;
    for (const Atom* root : family) {
      if (root->root == common) continue;
      const Atom* fine = change_root(root, common);
      a = replace_by_power(a, root, fine, common / root->root);
      b = replace_by_power(b, root, fine, common / root->root);
    }
  }
}

/// Replaces a^q by the base n/d and multiplies by d^result, which removes the denominators.
std::uint32_t reduce_powers(Polynomial& p, const Atom* root) {
  const std::vector<Polynomial> parts = p.coefficients_in(root);
  if (parts.size() <= root->root) return 0;
  const Fraction& base = root->arguments[0].fraction();
  const auto top = static_cast<std::uint32_t>((parts.size() - 1) / root->root);
  Polynomial sum;
  for (std::uint32_t k = 0; k < parts.size(); ++k) {
    const std::uint32_t whole = k / root->root;
    sum = sum + parts[k] * pow(Polynomial(root), k % root->root) * pow(base.numerator(), whole) *
                    pow(base.denominator(), top - whole);
  }
  p = std::move(sum);
  return top;
}

void reduce_powers(Polynomial& numerator, Polynomial& denominator, const Atom* root) {
  const Polynomial& below = root->arguments[0].fraction().denominator();
  const std::uint32_t above = reduce_powers(numerator, root);
  const std::uint32_t under = reduce_powers(denominator, root);
  const std::uint32_t shared = std::min(above, under);
  denominator = denominator * pow(below, above - shared);
  numerator = numerator * pow(below, under - shared);
}

/// 1/a^k = a^(q-k)/a^q: afterwards a is no factor of the denominator.
void make_rational(Polynomial& numerator, Polynomial& denominator, const Atom* root) {
  reduce_powers(numerator, denominator, root);
  if (denominator.is_zero()) return;
  const std::uint32_t power = monomial_content(denominator).degree(root);
  if (power == 0) return;
  const Polynomial factor = pow(Polynomial(root), root->root - power);
  numerator = numerator * factor;
  denominator = denominator * factor;
  reduce_powers(numerator, denominator, root);
}

std::uint32_t common_power(const Polynomial& p, const Atom* root, std::uint32_t common) {
  const auto at = std::find(p.variables().begin(), p.variables().end(), root);
  if (at == p.variables().end()) return common;
  const auto index = static_cast<std::size_t>(at - p.variables().begin());
  for (const Term& term : p.terms()) common = std::gcd(common, term.exponents[index]);
  return common;
}

Polynomial fold_powers(const Polynomial& p, const Atom* root, const Atom* below) {
  return change_exponents(p, root, below, [root](std::uint32_t& r, std::uint32_t& b) {
    b += r / root->root;
    r %= root->root;
  });
}

Polynomial divide_exponents(const Polynomial& p, const Atom* root, const Atom* coarse,
                            std::uint32_t by) {
  return change_exponents(p, root, coarse, [by](std::uint32_t& r, std::uint32_t& c) {
    c += r / by;
    r = 0;
  });
}

}  // namespace

bool has_roots(const Polynomial& p) {
  return std::any_of(p.variables().begin(), p.variables().end(),
                     [](const Atom* atom) { return atom->root != 0; });
}

bool has_roots_of_sums(const Polynomial& p) {
  return std::any_of(p.variables().begin(), p.variables().end(),
                     [](const Atom* atom) { return atom->root != 0 && atom->root_of == nullptr; });
}

void unfold_roots(Polynomial& numerator, Polynomial& denominator) {
  unify_roots(numerator, denominator);
  for (const Atom* root : roots_of(numerator, denominator)) {
    if (const Atom* below = root->root_of) {
      numerator = replace_by_power(numerator, below, root, root->root);
      denominator = replace_by_power(denominator, below, root, root->root);
    } else {
      make_rational(numerator, denominator, root);
    }
  }
}

void fold_roots(Polynomial& numerator, Polynomial& denominator) {
  for (const Atom* root : roots_of(numerator, denominator)) {
    if (const Atom* below = root->root_of) {
      numerator = fold_powers(numerator, root, below);
      denominator = fold_powers(denominator, root, below);
    }
    const std::uint32_t common =
        common_power(denominator, root, common_power(numerator, root, root->root));
    if (common == 1) continue;
    const Atom* coarse = change_root(root, root->root / common);
    if (coarse == nullptr || coarse == root) continue;
    numerator = divide_exponents(numerator, root, coarse, common);
    denominator = divide_exponents(denominator, root, coarse, common);
  }
}

}  // namespace ridgepoint::symbolic::detail
