// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "symbolic/polynomial.hpp"

namespace ridgepoint::symbolic::detail {

/// value = base^power.
struct IntegerRoot {
  Integer base;
  std::uint32_t power = 1;
};
/// With the largest power. REQUIRES: value >= 2.
IntegerRoot smallest_root(const Integer& value);

/// The polynomial whose q-th power is p, if there is one; leading coefficient positive.
std::optional<Polynomial> exact_root(const Polynomial& p, std::uint32_t q);

}  // namespace ridgepoint::symbolic::detail
