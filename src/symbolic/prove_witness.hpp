// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "ridgepoint/symbolic/calculus.hpp"

namespace ridgepoint::symbolic::detail {

/// A point within the bounds at which `left relation right` surely does not hold: small integers
/// first, then sizes far apart, then points beside the roots. The same in every run.
std::optional<Substitution> find_witness(const Expr& left, Relation relation, const Expr& right,
                                         const Bounds& bounds);

}  // namespace ridgepoint::symbolic::detail
