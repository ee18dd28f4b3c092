// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cmath>
#include <optional>

#include "symbolic/prove_random.hpp"
#include "symbolic/prove_support.hpp"

namespace ridgepoint::symbolic {
namespace {

using testing::RandomExpr;

bool holds(Relation relation, double difference) {
  switch (relation) {
    case Relation::less:
      return difference < 0;
    case Relation::less_equal:
      return difference <= 0;
    case Relation::equal:
      return difference == 0;
    case Relation::greater_equal:
      return difference >= 0;
    case Relation::greater:
      return difference > 0;
  }
  return false;
}

Relation any_relation(RandomExpr& random) {
  constexpr std::array kAll{Relation::less, Relation::less_equal, Relation::equal,
                            Relation::greater_equal, Relation::greater};
  return kAll[random.below(kAll.size())];
}

/// The difference at a point, if it is a rational number there: exact, the sign of a double is its
/// own.
std::optional<double> difference_at(const Expr& left, const Expr& right,
                                    const Substitution& point) {
  const Expr value = substitute(left - right, point);
  return value.is_constant() ? std::optional(value.to_double()) : std::nullopt;
}

/// Rational functions mostly; differences of squares and means so that true ones are frequent.
std::pair<Expr, Expr> any_claim(RandomExpr& random) {
  const Expr a = random.polynomial(2, 2);
  switch (random.below(4)) {
    case 0:
      return {a * a, random.polynomial(2, 1)};
    case 1:
      return {random.positive_polynomial(3, 2) / random.positive_polynomial(3, 2),
              random.positive_polynomial(2, 1)};
    case 2:
      return {random.with_kernel(), random.with_kernel()};
    default:
      return {random.ratio(), random.ratio()};
  }
}

RC_GTEST_PROP(ProveLaw, AProvedRelationHoldsAtEveryPoint, (std::uint64_t seed)) {
  RandomExpr random(seed);
  const auto [left, right] = any_claim(random);
  const Relation relation = any_relation(random);
  const Proof proof = prove(left, relation, right);
  if (proof.verdict != Verdict::proved) return;
  for (int i = 0; i < 20; ++i) {
    const auto difference = difference_at(left, right, random.positive_point());
    RC_ASSERT((!difference || holds(relation, *difference)));
  }
}

RC_GTEST_PROP(ProveLaw, AProvedRelationHoldsAtEveryPointWithinTheBounds, (std::uint64_t seed)) {
  RandomExpr random(seed);
  const auto [left, right] = any_claim(random);
  const Relation relation = any_relation(random);
  const Bounds bounds{{"x", random.positive_value()}, {"y", random.positive_value()}};
  const Proof proof = prove(left, relation, right, bounds);
  if (proof.verdict != Verdict::proved) return;
  for (int i = 0; i < 20; ++i) {
    Substitution point = random.positive_point();
    for (const auto& [name, bound] : bounds) {
      point[name] = i % 4 == 0 ? bound : bound + point[name];
    }
    const auto difference = difference_at(left, right, point);
    RC_ASSERT((!difference || holds(relation, *difference)));
  }
}

RC_GTEST_PROP(ProveLaw, AWitnessViolatesTheRelationWithinTheBounds, (std::uint64_t seed)) {
  RandomExpr random(seed);
  const auto [left, right] = any_claim(random);
  const Relation relation = any_relation(random);
  const Bounds bounds{{"x", random.positive_value()}};
  const Proof proof = prove(left, relation, right, bounds);
  if (proof.verdict != Verdict::disproved) return;
  for (const auto& [name, value] : proof.witness) RC_ASSERT(value.to_double() > 0);
  const auto x = proof.witness.find("x");
  RC_ASSERT((x == proof.witness.end() || (x->second - bounds.at("x")).to_double() >= 0));
  const auto difference = difference_at(left, right, proof.witness);
  RC_ASSERT((!difference || !holds(relation, *difference)));
}

RC_GTEST_PROP(ProveLaw, ARelationAndItsNegationAreNotBothProved, (std::uint64_t seed)) {
  RandomExpr random(seed);
  const auto [left, right] = any_claim(random);
  const bool less = prove(left, Relation::less, right).verdict == Verdict::proved;
  const bool not_less = prove(left, Relation::greater_equal, right).verdict == Verdict::proved;
  RC_ASSERT((!(less && not_less)));
}

RC_GTEST_PROP(ProveLaw, SquaresAreNeverNegative, (std::uint64_t seed)) {
  RandomExpr random(seed, {"x", "y"});
  const Expr a = random.polynomial(2, 2);
  RC_ASSERT(prove(a * a, Relation::greater_equal, 0).verdict == Verdict::proved);
}

RC_GTEST_PROP(ProveLaw, PolynomialsInOneVariableAreAlwaysDecided, (std::uint64_t seed)) {
  RandomExpr random(seed, {"x"});
  const Expr p = random.polynomial(5, 6);
  RC_ASSERT(prove(p, Relation::greater_equal, 0).verdict != Verdict::unknown);
}

}  // namespace
}  // namespace ridgepoint::symbolic
