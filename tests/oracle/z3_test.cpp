// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <z3++.h>

#include <array>
#include <iostream>
#include <map>
#include <random>
#include <string>

#include "ridgepoint/symbolic/calculus.hpp"

namespace ridgepoint::symbolic {
namespace {

/// One random term, built twice at once: as our expression and as Z3's, which has no division:
/// a ratio is kept as numerator and denominator, the latter positive by construction.
struct Twin {
  Expr ours;
  z3::expr above;
  z3::expr below;
};

class Twins {
 public:
  Twins(z3::context& context, std::uint64_t seed) : context_(context), engine_(seed) {}

  std::uint64_t upto(std::uint64_t n) { return engine_() % n; }

  Twin number(int value) { return {value, context_.real_val(value), context_.real_val(1)}; }
  Twin symbol() {
    const std::string& name = kNames[upto(kNames.size())];
    return {Expr::symbol(name), context_.real_const(name.c_str()), context_.real_val(1)};
  }
  static Twin add(const Twin& a, const Twin& b) {
    return {a.ours + b.ours, a.above * b.below + b.above * a.below, a.below * b.below};
  }
  static Twin multiply(const Twin& a, const Twin& b) {
    return {a.ours * b.ours, a.above * b.above, a.below * b.below};
  }
  /// REQUIRES: b is positive.
  static Twin divide(const Twin& a, const Twin& b) {
    return {a.ours / b.ours, a.above * b.below, a.below * b.above};
  }
  static Twin larger(const Twin& a, const Twin& b) {
    const z3::expr a_wins = a.above * b.below >= b.above * a.below;
    return {max(a.ours, b.ours), z3::ite(a_wins, a.above, b.above),
            z3::ite(a_wins, a.below, b.below)};
  }
  static Twin smaller(const Twin& a, const Twin& b) {
    const z3::expr a_wins = a.above * b.below <= b.above * a.below;
    return {min(a.ours, b.ours), z3::ite(a_wins, a.above, b.above),
            z3::ite(a_wins, a.below, b.below)};
  }
  /// floor and ceil of a polynomial (denominator 1).
  Twin rounded(const Twin& a, bool up) {
    const z3::expr whole = z3::to_real(
        z3::expr(context_, Z3_mk_real2int(context_, up ? z3::expr(-a.above) : a.above)));
    return {up ? ceil(a.ours) : floor(a.ours), up ? -whole : whole, context_.real_val(1)};
  }

  Twin polynomial(int lowest, std::uint64_t terms, std::uint64_t degree) {
    Twin sum = number(0);
    for (std::uint64_t t = upto(terms) + 1; t > 0; --t) {
      Twin term = number(lowest + static_cast<int>(upto(6)));
      for (std::uint64_t d = upto(degree + 1); d > 0; --d) term = multiply(term, symbol());
      sum = add(sum, term);
    }
    return sum;
  }
  Twin any() { return polynomial(-3, 3, 2); }
  Twin positive() { return polynomial(1, 2, 1); }

  static inline const std::array<std::string, 3> kNames{"x", "y", "z"};

 private:
  z3::context& context_;
  std::mt19937_64 engine_;
};

struct Claim {
  Twin left;
  Twin right;
};

/// Squares against products, means, ratios: true about as often as false.
Claim rational_claim(Twins& twins) {
  switch (twins.upto(4)) {
    case 0: {
      const Twin a = twins.any();
      return {Twins::multiply(a, a), twins.polynomial(-4, 2, 1)};
    }
    case 1: {
      const Twin a = twins.positive();
      const Twin b = twins.positive();
      return {Twins::divide(Twins::multiply(a, b), Twins::add(a, b)), a};
    }
    case 2: {
      const Twin a = twins.positive();
      const Twin b = twins.positive();
      return {Twins::multiply(Twins::add(a, b), Twins::add(a, b)),
              Twins::multiply(twins.number(1 + static_cast<int>(twins.upto(6))),
                              Twins::multiply(a, b))};
    }
    default:
      return {Twins::divide(twins.any(), twins.positive()), twins.any()};
  }
}

Claim kernel_claim(Twins& twins) {
  const Twin a = twins.polynomial(1, 2, 1);
  const Twin b = twins.polynomial(1, 2, 1);
  switch (twins.upto(4)) {
    case 0:
      return {Twins::larger(a, b), Twins::add(twins.any(), twins.symbol())};
    case 1:
      return {Twins::add(Twins::smaller(a, b), twins.number(-1)),
              Twins::larger(b, twins.positive())};
    case 2:
      return {twins.rounded(a, true), Twins::add(b, twins.number(static_cast<int>(twins.upto(3))))};
    default:
      return {twins.rounded(a, false), Twins::add(b, twins.number(-1))};
  }
}

constexpr std::array kRelations{Relation::less, Relation::less_equal, Relation::greater_equal,
                                Relation::greater, Relation::equal};

z3::expr as_formula(const Claim& claim, Relation relation) {
  const z3::expr left = claim.left.above * claim.right.below;
  const z3::expr right = claim.right.above * claim.left.below;
  switch (relation) {
    case Relation::less:
      return left < right;
    case Relation::less_equal:
      return left <= right;
    case Relation::greater_equal:
      return left >= right;
    case Relation::greater:
      return left > right;
    case Relation::equal:
      break;
  }
  return left == right;
}

/// Z3's own verdict: sat means that the negation has a solution. The resource limit, unlike a time
/// limit, gives the same answer in every run.
z3::check_result find_counterexample(z3::context& context, const Claim& claim, Relation relation,
                                     const std::map<std::string, int>& bounds) {
  z3::solver solver(context);
  z3::params limits(context);
  limits.set("rlimit", 2000000U);
  solver.set(limits);
  for (const std::string& name : Twins::kNames) {
    const z3::expr symbol = context.real_const(name.c_str());
    solver.add(symbol > 0);
    if (const auto bound = bounds.find(name); bound != bounds.end()) {
      solver.add(symbol >= bound->second);
    }
  }
  solver.add(!as_formula(claim, relation));
  return solver.check();
}

struct Tally {
  int decided_by_both = 0;
  int left_unknown = 0;
};

/// Fails where one proves what the other refutes.
void compare(z3::context& context, const Claim& claim, Relation relation,
             const std::map<std::string, int>& bounds, Tally& tally) {
  Bounds ours;
  for (const auto& [name, bound] : bounds) ours[name] = bound;
  const Proof proof = prove(claim.left.ours, relation, claim.right.ours, ours);
  const z3::check_result theirs = find_counterexample(context, claim, relation, bounds);
  const std::string text =
      to_text(claim.left.ours) + " " + to_text(relation) + " " + to_text(claim.right.ours);
  if (theirs == z3::sat) {
    EXPECT_NE(proof.verdict, Verdict::proved) << text;
  } else if (theirs == z3::unsat) {
    EXPECT_NE(proof.verdict, Verdict::disproved) << text;
  }
  tally.decided_by_both += theirs != z3::unknown && proof.verdict != Verdict::unknown ? 1 : 0;
  tally.left_unknown += theirs != z3::unknown && proof.verdict == Verdict::unknown ? 1 : 0;
}

Tally compare_many(int count, std::uint64_t seed, Claim (*make)(Twins&)) {
  Tally tally;
  for (int i = 0; i < count; ++i) {
    z3::context context;
    Twins twins(context, seed + static_cast<std::uint64_t>(i));
    const Claim claim = make(twins);
    const Relation relation = kRelations[twins.upto(kRelations.size())];
    std::map<std::string, int> bounds;
    if (twins.upto(3) == 0) bounds["x"] = 1 + static_cast<int>(twins.upto(3));
    compare(context, claim, relation, bounds, tally);
  }
  std::cout << tally.decided_by_both << " of " << count << " decided by both, "
            << tally.left_unknown << " only by Z3\n";
  return tally;
}

TEST(ProveAgainstZ3, NeverContradictsItOnRationalFunctions) {
  const Tally tally = compare_many(400, 1000, rational_claim);
  EXPECT_GE(tally.decided_by_both, 300);
}

TEST(ProveAgainstZ3, NeverContradictsItOnMaximaAndRounding) {
  const Tally tally = compare_many(200, 9000, kernel_claim);
  EXPECT_GE(tally.decided_by_both, 120);
}

}  // namespace
}  // namespace ridgepoint::symbolic
