// SPDX-License-Identifier: Apache-2.0
#include "symbolic/prove_witness.hpp"
#include "symbolic/sign.hpp"

namespace ridgepoint::symbolic {
namespace {

bool is_proved(const Expr& difference, Relation relation, const Bounds& bounds) {
  detail::SignProver prover(bounds);
  switch (relation) {
    case Relation::less:
      return prover.is_negative(difference);
    case Relation::less_equal:
      return prover.is_nonpositive(difference);
    case Relation::equal:
      return difference.is_zero() ||
             (prover.is_nonnegative(difference) && prover.is_nonpositive(difference));
    case Relation::greater_equal:
      return prover.is_nonnegative(difference);
    case Relation::greater:
      return prover.is_positive(difference);
  }
  return false;
}

}  // namespace

Proof prove(const Expr& left, Relation relation, const Expr& right, const Bounds& bounds) {
  const Expr difference = left - right;
  if (difference.is_undefined()) return {};
  if (is_proved(difference, relation, bounds)) return {Verdict::proved, {}};
  if (auto witness = detail::find_witness(left, relation, right, bounds)) {
    return {Verdict::disproved, std::move(*witness)};
  }
  return {};
}

std::string to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::proved:
      return "proved";
    case Verdict::disproved:
      return "disproved";
    case Verdict::unknown:
      break;
  }
  return "unknown";
}

std::string to_text(Relation relation) {
  switch (relation) {
    case Relation::less:
      return "<";
    case Relation::less_equal:
      return "<=";
    case Relation::equal:
      return "=";
    case Relation::greater_equal:
      return ">=";
    case Relation::greater:
      return ">";
  }
  return "=";
}

}  // namespace ridgepoint::symbolic
