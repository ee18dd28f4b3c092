// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>

namespace ridgepoint {

/// Ends a fuzz target where a law does not hold.
inline void require(bool holds, const char* law) {
  if (holds) return;
  std::fprintf(stderr, "violated: %s\n", law);
  std::abort();
}

}  // namespace ridgepoint
