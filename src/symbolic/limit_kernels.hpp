// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "symbolic/limit_growth.hpp"

namespace ridgepoint::symbolic::detail {

/// Rewrites e, exactly, so that the kernels that depend on the variable are those that `Scale`
/// knows: the others become a few terms of their expansion at infinity and a bounded remainder.
Result<Expr> expand_kernels(const Expr& e, Scale& scale);

}  // namespace ridgepoint::symbolic::detail
