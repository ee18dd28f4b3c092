// SPDX-License-Identifier: Apache-2.0
#include "symbolic/parse_extent.hpp"

#include <algorithm>

#include "symbolic/fraction.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

constexpr std::uint64_t kBitsPerLimb = 64;
/// A greatest common divisor stops by itself at about this much work.
constexpr std::uint64_t kMaxGcdWork = 100'000'000;

std::uint64_t saturating_product(std::uint64_t a, std::uint64_t b) {
  std::uint64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) || result > kHuge ? kHuge : result;
}

/// C(n, k), at most kHuge.
std::uint64_t binomial(std::uint64_t n, std::uint64_t k) {
  k = std::min(k, n - k);
  std::uint64_t result = 1;
  for (std::uint64_t i = 1; i <= k && result < kHuge; ++i) {
    // Exact at every step: C(n, i) = C(n, i−1) · (n−i+1) / i.
    result = saturating_product(result, n - k + i);
    if (result < kHuge) result /= i;
  }
  return result;
}

/// The number of monomials in `variables` variables up to total degree `degree`.
std::uint64_t monomials(std::uint64_t variables, std::uint64_t degree) {
  return binomial(variables + degree, degree);
}

std::uint64_t limbs(const Extent& e) { return 1 + e.bits / kBitsPerLimb; }

/// The extent of the base of a root to the power n.
Extent base_extent(const Atom* root, std::uint64_t n) {
  const Fraction& base = root->arguments[0].fraction();
  return product_extent(power_extent(base.numerator(), n), power_extent(base.denominator(), n));
}

/// What expanding the whole powers in root^degree multiplies by.
Extent expansion(const Atom* atom, std::uint64_t degree) {
  if (atom->root == 0 || degree == 0) return {};
  return base_extent(atom, (degree + atom->root - 1) / atom->root);
}

}  // namespace

Extent extent(const Polynomial& p) {
  Extent result;
  result.terms = p.terms().size();
  result.variables = p.variables().size();
  for (const Term& term : p.terms()) {
    const Integer magnitude = abs(term.coefficient);
    const std::uint64_t bits = msb(magnitude) + 1;
    std::uint64_t degree = 0;
    result.characters += 4 + bits / 3;
    for (std::size_t i = 0; i < term.exponents.size(); ++i) {
      if (term.exponents[i] == 0) continue;
      degree += term.exponents[i];
      result.highest_power = std::max<std::uint64_t>(result.highest_power, term.exponents[i]);
      result.characters += p.variables()[i]->text.size() + 1;
    }
    result.bits = std::max(result.bits, bits);
    result.total_degree = std::max(result.total_degree, degree);
  }
  return result;
}

Extent product_extent(const Extent& a, const Extent& b) {
  Extent result;
  result.variables = a.variables + b.variables;
  result.total_degree = a.total_degree + b.total_degree;
  result.highest_power = a.highest_power + b.highest_power;
  result.bits = a.bits + b.bits;
  result.terms = saturating_product(a.terms, b.terms);
  result.characters = saturating_product(a.characters, b.characters);
  return result;
}

Extent power_extent(const Polynomial& p, std::uint64_t n) {
  if (p.is_zero() || n == 0) return {};
  Extent result = extent(p);
  result.total_degree *= n;
  result.highest_power *= n;
  // (x + 1)^n has coefficients of up to n bits.
  result.bits = (p.is_monomial() ? result.bits : result.bits + 1) * n;
  result.terms =
      std::min(binomial(result.terms + n - 1, n), monomials(result.variables, result.total_degree));
  for (const Atom* atom : p.variables()) {
    if (atom->root != 0) result = product_extent(result, expansion(atom, p.degree(atom) * n));
  }
  return result;
}

Extent root_extent(const Polynomial& a, const Polynomial& b) {
  Extent result;
  for (const Atom* atom : join_variables(a.variables(), b.variables()).variables) {
    if (atom->root == 0) continue;
    result = product_extent(result, expansion(atom, a.degree(atom) + b.degree(atom)));
  }
  return result;
}

std::uint64_t sum_work(const Extent& a, const Extent& b) {
  return 40 * (a.terms + b.terms) * (1 + a.variables + b.variables);
}

std::uint64_t product_work(const Extent& a, const Extent& b) {
  const std::uint64_t pairs = saturating_product(a.terms, b.terms);
  const std::uint64_t variables = a.variables + b.variables;
  return 150 * variables + saturating_product(pairs, 40 + 4 * variables + limbs(a) * limbs(b));
}

std::uint64_t gcd_work(const Extent& a, const Extent& b) {
  const std::uint64_t terms = a.terms + b.terms;
  const std::uint64_t coefficients = 20 * terms * limbs(a) * limbs(b);
  if (a.terms <= 1 || b.terms <= 1) return coefficients;
  // A sparse interpolation: images for each variable, degree and term of the divisor.
  const std::uint64_t images = saturating_product(
      std::min(a.terms, b.terms),
      (a.variables + b.variables) * (1 + std::min(a.total_degree, b.total_degree)));
  return coefficients + std::min(saturating_product(images, terms), kMaxGcdWork);
}

}  // namespace ridgepoint::symbolic::detail
