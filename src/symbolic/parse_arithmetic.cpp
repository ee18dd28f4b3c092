// SPDX-License-Identifier: Apache-2.0
#include "symbolic/parse_arithmetic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "symbolic/fraction.hpp"
#include "symbolic/parse_extent.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

/// Work for one text, in units of about a nanosecond.
constexpr std::uint64_t kBudget = 400'000'000;
/// Of the argument of a kernel, written out. Kernels that repeat in sums of kernels would
/// otherwise double their text with each nesting.
constexpr std::uint64_t kMaxCharacters = 16 * 1024;

constexpr const char* kTooLong = "this would take too long to expand";

/// Why an expression of this size is refused; empty where it is not.
std::string too_large(const Extent& e) {
  if (e.terms > BoundedArithmetic::kMaxTerms) {
    return fmt::format("this expands to more than {} terms", BoundedArithmetic::kMaxTerms);
  }
  if (e.highest_power > BoundedArithmetic::kMaxPower) {
    return fmt::format("this has a power beyond {}", BoundedArithmetic::kMaxPower);
  }
  // log2(10) > 3.32: what passes has no more digits, and reads back.
  if (e.bits > BoundedArithmetic::kMaxDigits * 332 / 100) {
    return fmt::format("this has a coefficient of more than {} digits",
                       BoundedArithmetic::kMaxDigits);
  }
  return {};
}

Checked within_limits(Expr value) {
  for (const Polynomial* part : {&value.fraction().numerator(), &value.fraction().denominator()}) {
    if (std::string reason = too_large(extent(*part)); !reason.empty()) {
      return tl::unexpected(std::move(reason));
    }
  }
  return value;
}

/// Numerator and denominator of a·b or, inverted, a/b: what is multiplied with what.
struct Factors {
  const Polynomial& an;
  const Polynomial& ad;
  const Polynomial& bn;
  const Polynomial& bd;
};
Factors factors(const Expr& a, const Expr& b, bool inverted) {
  const Fraction& f = b.fraction();
  return {a.fraction().numerator(), a.fraction().denominator(),
          inverted ? f.denominator() : f.numerator(), inverted ? f.numerator() : f.denominator()};
}

/// Multiplying out p·q, roots expanded.
std::uint64_t expansion_work(const Polynomial& p, const Polynomial& q) {
  return product_work(product_extent(extent(p), extent(q)), root_extent(p, q));
}

Extent expanded(const Polynomial& p, const Polynomial& q) {
  return product_extent(product_extent(extent(p), extent(q)), root_extent(p, q));
}

bool is_constant(const Term& term) {
  return std::all_of(term.exponents.begin(), term.exponents.end(),
                     [](std::uint32_t exponent) { return exponent == 0; });
}

bool prints_within_limits(const Expr& argument) {
  return extent(argument.fraction().numerator()).characters +
             extent(argument.fraction().denominator()).characters <=
         kMaxCharacters;
}

}  // namespace

bool is_negative_number(const Expr& expr) { return expr.is_constant() && rational_value(expr) < 0; }

bool BoundedArithmetic::spend(std::uint64_t work) {
  spent_ = std::min(kHuge, spent_ + work);
  return spent_ <= kBudget;
}

Checked BoundedArithmetic::add(const Expr& a, const Expr& b) {
  const auto [an, ad, bn, bd] = factors(a, b, false);
  std::uint64_t work = sum_work(extent(an), extent(bn));
  if (!ad.is_one() || !bd.is_one()) {
    const Extent left = expanded(an, bd);
    const Extent right = expanded(bn, ad);
    const Extent& top = left.terms > right.terms ? left : right;
    work += expansion_work(an, bd) + expansion_work(bn, ad) + gcd_work(top, expanded(ad, bd));
  }
  if (!spend(work)) return tl::unexpected(kTooLong);
  return within_limits(a + b);
}

Checked BoundedArithmetic::sum(std::vector<Expr> terms) {
  while (terms.size() > 1) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i + 1 < terms.size(); i += 2) {
      Checked pair = add(terms[i], terms[i + 1]);
      if (!pair) return pair;
      terms[kept++] = *std::move(pair);
    }
    if (terms.size() % 2 == 1) terms[kept++] = std::move(terms.back());
    terms.resize(kept);
  }
  return terms.front();
}

bool BoundedArithmetic::spend_on_fraction(const Expr& a, const Expr& b, bool inverted) {
  const auto [an, ad, bn, bd] = factors(a, b, inverted);
  return spend(expansion_work(an, bn) + expansion_work(ad, bd) +
               gcd_work(expanded(an, bn), expanded(ad, bd)));
}

Checked BoundedArithmetic::product(const Expr& a, const Expr& b) {
  if (!spend_on_fraction(a, b, false)) return tl::unexpected(kTooLong);
  return within_limits(a * b);
}

Checked BoundedArithmetic::quotient(const Expr& a, const Expr& b) {
  if (!spend_on_fraction(a, b, true)) return tl::unexpected(kTooLong);
  return within_limits(a / b);
}

Checked BoundedArithmetic::power(const Expr& base, const Expr& exponent) {
  // Only the constant part of an exponent expands: (a + b)^(n + 3) = (a + b)^3·(a + b)^n.
  Rational size = 0;
  const Polynomial& sum = exponent.fraction().numerator();
  const Polynomial& over = exponent.fraction().denominator();
  if (over.is_constant() && !sum.is_zero() && is_constant(sum.terms().back())) {
    size = abs(Rational(sum.terms().back().coefficient, over.constant()));
  }
  if (size > kMaxPower) {
    return tl::unexpected(fmt::format("an exponent beyond {}", kMaxPower));
  }
  const Integer whole = numerator(size) / denominator(size);
  const std::uint64_t rest = denominator(size) == 1 ? 0 : 1;
  if (std::string reason = expand(base, static_cast<std::uint64_t>(whole) + rest);
      !reason.empty()) {
    return tl::unexpected(std::move(reason));
  }
  if (!exponent.is_constant()) return apply(symbolic::pow, base, exponent);
  return within_limits(symbolic::pow(base, exponent));
}

std::string BoundedArithmetic::expand(const Expr& base, std::uint64_t n) {
  for (const Polynomial* part : {&base.fraction().numerator(), &base.fraction().denominator()}) {
    const Extent result = power_extent(*part, n);
    if (std::string reason = too_large(result); !reason.empty()) return reason;
    Extent half = result;  // the last step of repeated squaring
    half.terms = result.terms / 2 + 1;
    half.bits = result.bits / 2;
    if (!spend(product_work(half, half) / 2)) return kTooLong;
  }
  return {};
}

Checked BoundedArithmetic::apply(Expr (*function)(const Expr&), const Expr& argument) {
  if (!prints_within_limits(argument)) return tl::unexpected(kTooLong);
  const Fraction& f = argument.fraction();
  const std::uint64_t work = gcd_work(extent(f.numerator()), extent(f.denominator()));
  if (!spend(1000 + work)) return tl::unexpected(kTooLong);
  return within_limits(function(argument));
}

Checked BoundedArithmetic::apply(Expr (*function)(const Expr&, const Expr&), const Expr& a,
                                 const Expr& b) {
  if (!prints_within_limits(a) || !prints_within_limits(b)) return tl::unexpected(kTooLong);
  // What a kernel does to its arguments (which of them is larger?) is about one subtraction.
  if (Checked difference = add(a, -b); !difference) return difference;
  return within_limits(function(a, b));
}

}  // namespace ridgepoint::symbolic::detail
