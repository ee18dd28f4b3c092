// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "symbolic/prove_random.hpp"
#include "symbolic/prove_support.hpp"

namespace ridgepoint::symbolic {
namespace {

using testing::RandomExpr;

/// The limit of a rational function agrees with its exact value at x = 10^40.
RC_GTEST_PROP(LimitLaw, IsNearTheValueFarOut, (std::uint64_t seed)) {
  RandomExpr random(seed);
  const Expr f = random.polynomial(4, 3) / random.positive_polynomial(4, 3);
  const auto result = limit(f, {{}, "x", true, {}});
  if (!result) return;
  const Substitution others{{"y", random.positive_value()}, {"z", random.positive_value()}};
  const Expr far = substitute(substitute(f, others), {{"x", pow(Expr(10), 40)}});
  if (result->kind == LimitKind::plus_infinity) RC_ASSERT(far.to_double() > 1e9);
  if (result->kind == LimitKind::minus_infinity) RC_ASSERT(far.to_double() < -1e9);
  if (result->kind != LimitKind::finite) return;
  const double value = substitute(result->value, others).to_double();
  RC_ASSERT(std::fabs(far.to_double() - value) <= 1e-9 * (1 + std::fabs(value)));
}

/// The limit at a point where the function is continuous is its value.
RC_GTEST_PROP(LimitLaw, AtAPointIsTheValue, (std::uint64_t seed)) {
  RandomExpr random(seed);
  const Expr f = random.ratio();
  const Expr target = random.positive_value();
  const auto result = limit(f, {{}, "x", false, target});
  RC_ASSERT(result.has_value());
  RC_ASSERT(result->kind == LimitKind::finite);
  RC_ASSERT(result->value == substitute(f, {{"x", target}}));
}

/// Kernels included: the value in double at x = 10^9 is near, where both are finite.
RC_GTEST_PROP(LimitLaw, OfKernelsIsNearTheValueFarOut, (std::uint64_t seed)) {
  RandomExpr random(seed, {"x", "y"});
  const Expr f = random.with_kernel() / random.positive_polynomial(3, 2);
  const auto result = limit(f, {{}, "x", true, {}});
  if (!result || result->kind != LimitKind::finite) return;
  for (const double y : {0.37, 5.1}) {
    const auto far = evaluate(f, {{"x", 1e9}, {"y", y}});
    const auto value = evaluate(result->value, {{"y", y}});
    RC_ASSERT((far && value));
    RC_ASSERT(std::fabs(*far - *value) <= 1e-2 * (1 + std::fabs(*value)));
  }
}

RC_GTEST_PROP(LimitLaw, OfASumIsTheSumOfFiniteLimits, (std::uint64_t seed)) {
  RandomExpr random(seed);
  const Expr f = random.polynomial(3, 2) / random.positive_polynomial(3, 3);
  const Expr g = random.polynomial(3, 2) / random.positive_polynomial(3, 3);
  const Path path{{}, "x", true, {}};
  const auto of_f = limit(f, path);
  const auto of_g = limit(g, path);
  const auto of_sum = limit(f + g, path);
  if (!of_f || !of_g || !of_sum) return;
  if (of_f->kind != LimitKind::finite || of_g->kind != LimitKind::finite) return;
  RC_ASSERT(of_sum->kind == LimitKind::finite);
  RC_ASSERT(of_sum->value == of_f->value + of_g->value);
}

}  // namespace
}  // namespace ridgepoint::symbolic
