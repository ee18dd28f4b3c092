// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "ridgepoint/core/count.hpp"

namespace ridgepoint::predict {

/// The largest integer not above a count; 0 for one that is not valid or leaves 64 bits.
inline std::int64_t whole_part(const Count& count) {
  const Count up = ceil(count);
  return (up == count ? up : up - Count(1)).to_integer().value_or(0);
}

}  // namespace ridgepoint::predict
