// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "symbolic/prove_random.hpp"
#include "symbolic/prove_support.hpp"

namespace ridgepoint::symbolic {
namespace {

using testing::RandomExpr;

/// Exactly one truth: where the condition is > 0 the root is positive and solves the equation, to
/// the last digit; where it is not, the root is not positive or no root.
RC_GTEST_PROP(SolveLaw, TheRootOfALinearEquationSolvesItExactlyWhereItsConditionHolds,
              (std::uint64_t seed)) {
  RandomExpr random(seed, {"y", "z"});
  const Expr x = Expr::symbol("x");
  const Expr f = (random.polynomial(2, 2) + x * random.polynomial(2, 2)) /
                 (random.polynomial(2, 2) + x * random.polynomial(2, 2) + 1);
  const Expr target = random.ratio();
  const auto roots = solve(f, target, "x");
  if (!roots) return;
  RC_ASSERT(roots->size() <= 1U);
  for (const Solution& root : *roots) {
    const Substitution point = random.positive_point();
    const Expr value = substitute(root.value, point);
    const Expr rest = substitute(substitute(f - target, point), {{"x", value}});
    const bool holds = substitute(root.condition, point).to_double() > 0;
    RC_ASSERT(holds == (value.to_double() > 0 && rest.is_zero()));
  }
}

/// The same for both roots of a quadratic, in double.
RC_GTEST_PROP(SolveLaw, RootsOfAQuadraticSolveItWhereTheirConditionHolds, (std::uint64_t seed)) {
  RandomExpr random(seed, {"y", "z"});
  const Expr x = Expr::symbol("x");
  const Expr f = random.polynomial(1, 1) + x * random.polynomial(1, 1) + x * x * random.symbol();
  const auto roots = solve(f, 0, "x");
  if (!roots) return;
  RC_ASSERT(roots->size() <= 2U);
  const double y = 0.25 + static_cast<double>(random.below(40));
  const double z = 0.25 + static_cast<double>(random.below(40));
  for (const Solution& root : *roots) {
    const double value = evaluate(root.value, {{"y", y}, {"z", z}}).value_or(std::nan(""));
    const double condition = evaluate(root.condition, {{"y", y}, {"z", z}}).value_or(std::nan(""));
    if (!(condition > 0)) {
      RC_ASSERT(!(value > 1e-6));
      continue;
    }
    RC_ASSERT(value > 0);
    const double rest = evaluate(f, {{"x", value}, {"y", y}, {"z", z}}).value_or(1);
    RC_ASSERT(std::fabs(rest) < 1e-9 * 240 * (1 + value + value * value));
  }
}

/// A polynomial made of known positive rational roots gives back these roots, ascending.
RC_GTEST_PROP(SolveLaw, GivesBackTheRootsThatWerePutIn, (std::uint64_t seed)) {
  RandomExpr random(seed, {"x"});
  const Expr x = Expr::symbol("x");
  Expr p = x * x + x + 1;  // no positive root
  std::map<double, Expr> expected;
  for (std::uint64_t n = random.below(5) + 1; n > 0; --n) {
    const Expr root = random.positive_value();
    p *= x - root;
    expected.emplace(root.to_double(), root);
  }
  const auto roots = solve(p, 0, "x");
  RC_ASSERT(roots.has_value());
  RC_ASSERT(roots->size() == expected.size());
  auto next = expected.begin();
  for (const Solution& root : *roots) {
    RC_ASSERT(root.exact);
    RC_ASSERT(root.condition == Expr(1));
    RC_ASSERT(root.value == (next++)->second);
  }
}

/// A rounded root is the nearest double: the polynomial changes sign within one step of it.
RC_GTEST_PROP(SolveLaw, RoundedRootsAreWithinOneStepOfASignChange, (std::uint64_t seed)) {
  RandomExpr random(seed, {"x"});
  const Expr p = random.polynomial(5, 7);
  const auto roots = solve(p, 0, "x");
  if (!roots) return;
  for (const Solution& root : *roots) {
    if (root.exact) continue;
    const double value = root.value.to_double();
    const auto at = [&p](double x) {
      return substitute(p, {{"x", Expr::from_double(x)}}).to_double();
    };
    const double below = at(std::nextafter(value, 0.0));
    const double above = at(std::nextafter(value, 1e300));
    RC_ASSERT((below * above <= 0 || std::fabs(at(value)) < 1e-12));
  }
}

}  // namespace
}  // namespace ridgepoint::symbolic
