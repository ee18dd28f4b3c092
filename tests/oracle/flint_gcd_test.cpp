// SPDX-License-Identifier: Apache-2.0
// Our greatest common divisor against FLINT's on random polynomials of up to ten variables.
#include <flint/fmpz_mpoly.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "symbolic/fraction.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

constexpr std::size_t kMaxVariables = 10;

std::vector<const Atom*> first_variables(std::size_t count) {
  std::vector<const Atom*> variables;
  for (std::size_t i = 0; i < count; ++i) {
    variables.push_back(intern_symbol(std::string(1, static_cast<char>('a' + i))));
  }
  return variables;
}

/// Random polynomials over the first `variables` letters; the same in every run.
class Generator {
 public:
  Generator(std::uint64_t seed, std::size_t variables) : random_(seed), variables_(variables) {}

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  Polynomial polynomial(std::uint64_t max_terms, std::uint32_t max_exponent) {
    std::vector<Term> terms;
    const std::uint64_t count = 1 + below(max_terms);
    for (std::uint64_t i = 0; i < count; ++i) terms.push_back(term(max_exponent));
    Polynomial result(first_variables(variables_), std::move(terms));
    return result.is_zero() ? Polynomial(Integer(1)) : result;
  }

 private:
  Term term(std::uint32_t max_exponent) {
    Exponents exponents(variables_);
    // As in cost formulas, a term has few of the variables.
    for (int k = 0; k < 4; ++k) {
      exponents[below(variables_)] = static_cast<std::uint32_t>(below(max_exponent + 1));
    }
    const auto size = static_cast<std::int64_t>(1 + below(99));
    return {std::move(exponents), Integer(below(3) == 0 ? -size : size)};
  }

  std::mt19937_64 random_;
  std::size_t variables_;
};

/// A FLINT polynomial in ten variables, ordered as ours are.
class FlintPolynomial {
 public:
  FlintPolynomial() {
    fmpz_mpoly_ctx_init(context_, kMaxVariables, ORD_DEGLEX);
    fmpz_mpoly_init(value_, context_);
  }
  explicit FlintPolynomial(const Polynomial& p) : FlintPolynomial() {
    fmpz_t coefficient;
    fmpz_init(coefficient);
    for (const Term& term : p.terms()) {
      std::array<ulong, kMaxVariables> exponents{};
      for (std::size_t i = 0; i < term.exponents.size(); ++i) {
        const char letter = p.variables()[i]->text[0];
        exponents[static_cast<std::size_t>(letter - 'a')] = term.exponents[i];
      }
      fmpz_set_str(coefficient, term.coefficient.str().c_str(), 10);
      fmpz_mpoly_push_term_fmpz_ui(value_, coefficient, exponents.data(), context_);
    }
    fmpz_clear(coefficient);
    fmpz_mpoly_sort_terms(value_, context_);
  }
  ~FlintPolynomial() {
    fmpz_mpoly_clear(value_, context_);
    fmpz_mpoly_ctx_clear(context_);
  }
  FlintPolynomial(const FlintPolynomial&) = delete;
  FlintPolynomial& operator=(const FlintPolynomial&) = delete;

  /// *this = gcd(a, b); false where FLINT gives up.
  bool set_gcd(const FlintPolynomial& a, const FlintPolynomial& b) {
    return fmpz_mpoly_gcd(value_, a.value_, b.value_, context_) != 0;
  }

  Polynomial polynomial() const {
    std::vector<Term> terms;
    fmpz_t coefficient;
    fmpz_init(coefficient);
    for (slong i = 0; i < fmpz_mpoly_length(value_, context_); ++i) {
      std::array<ulong, kMaxVariables> exponents{};
      fmpz_mpoly_get_term_exp_ui(exponents.data(), value_, i, context_);
      fmpz_mpoly_get_term_coeff_fmpz(coefficient, value_, i, context_);
      char* const digits = fmpz_get_str(nullptr, 10, coefficient);
      Term term{Exponents(kMaxVariables), Integer(digits)};
      for (std::size_t k = 0; k < kMaxVariables; ++k) {
        term.exponents[k] = static_cast<std::uint32_t>(exponents[k]);
      }
      terms.push_back(std::move(term));
      flint_free(digits);
    }
    fmpz_clear(coefficient);
    return {first_variables(kMaxVariables), std::move(terms)};
  }

 private:
  fmpz_mpoly_ctx_t context_;
  fmpz_mpoly_t value_;
};

struct Pair {
  Polynomial left;
  Polynomial right;
};

/// By turns: a common factor, a common factor squared, a common factor with content and a
/// monomial, and no common factor on purpose.
Pair random_pair(std::uint64_t seed) {
  const std::size_t variables = 1 + seed % kMaxVariables;
  Generator make(seed, variables);
  Polynomial left = make.polynomial(8, 3);
  Polynomial right = make.polynomial(8, 3);
  if (seed % 4 == 3) return {std::move(left), std::move(right)};
  Polynomial common = make.polynomial(6, 3);
  if (seed % 4 == 1) common = common * common;
  if (seed % 4 == 2) {
    common = common * make.polynomial(1, 3) * Polynomial(Integer(1 + make.below(60)));
  }
  return {left * common, right * common};
}

/// Microseconds that `work` takes.
template <class Work>
double timed(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
      .count();
}

std::string text(const Polynomial& p) { return to_text(make_expr(p)); }

void print_distribution(const char* name, std::vector<double> times) {
  std::sort(times.begin(), times.end());
  const auto at = [&](std::size_t percent) { return times[(times.size() - 1) * percent / 100]; };
  std::printf("%-6s us: median %.0f, 90 %% %.0f, 99 %% %.0f, longest %.0f\n", name, at(50), at(90),
              at(99), at(100));
}

TEST(FlintOracle, AgreesOnTheGreatestCommonDivisorOfRandomPolynomials) {
  constexpr std::uint64_t kPairs = 1000;
  std::uint64_t out_of_budget = 0;
  std::vector<double> our_times;
  std::vector<double> flint_times;
  for (std::uint64_t seed = 0; seed < kPairs; ++seed) {
    const Pair pair = random_pair(seed);
    std::optional<Polynomial> ours;
    our_times.push_back(timed([&] { ours = gcd(pair.left, pair.right); }));
    const FlintPolynomial left(pair.left);
    const FlintPolynomial right(pair.right);
    FlintPolynomial theirs;
    flint_times.push_back(timed([&] { ASSERT_TRUE(theirs.set_gcd(left, right)); }));
    if (!ours) {
      ++out_of_budget;
      continue;
    }
    const Polynomial expected = theirs.polynomial();
    ASSERT_TRUE(*ours == expected || *ours == -expected)
        << "pair " << seed << "\nof    " << text(pair.left) << "\nand   " << text(pair.right)
        << "\nours  " << text(*ours) << "\nFLINT " << text(expected);
  }
  std::printf("%d pairs, %d out of budget\n", static_cast<int>(kPairs),
              static_cast<int>(out_of_budget));
  print_distribution("ours", our_times);
  print_distribution("FLINT", flint_times);
  EXPECT_LE(out_of_budget, kPairs / 100);
}

}  // namespace
}  // namespace ridgepoint::symbolic::detail
