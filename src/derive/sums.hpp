// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::derive {

/// The closed form of Σ summand over index = 1 … last, for a summand that is a polynomial of
/// degree at most 3 in the index; `undefined` for any other.
symbolic::Expr sum(const symbolic::Expr& summand, std::string_view index,
                   const symbolic::Expr& last);

}  // namespace ridgepoint::derive
