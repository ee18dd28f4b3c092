// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "ridgepoint/core/instruction_set.hpp"

/// Marks what kernels over many points vectorise: inlined always.
#define RIDGEPOINT_INLINE [[gnu::always_inline]] inline

namespace ridgepoint {

// A body is a struct of pointers and constants with `void operator()(std::size_t i) const`, always
// inlined: the loops below vectorise it. No two of its pointers that are written through overlap.

template <class Body>
void kernel_baseline(const Body& body, std::size_t n) {
  const Body own = body;  // nothing that is written can alias its constants
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) own(i);
}

#if defined(__x86_64__)
template <class Body>
RIDGEPOINT_TARGET("x86-64-v3")
void kernel_v3(const Body& body, std::size_t n) {
  const Body own = body;
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) own(i);
}

template <class Body>
RIDGEPOINT_TARGET("x86-64-v4")
void kernel_v4(const Body& body, std::size_t n) {
  const Body own = body;
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) own(i);
}
#endif

/// Runs a body at each of n points.
template <class Body>
void for_each_point(const Body& body, std::size_t n, InstructionSet set) {
#if defined(__x86_64__)
  if (set == InstructionSet::x86_64_v4) return kernel_v4(body, n);
  if (set == InstructionSet::x86_64_v3) return kernel_v3(body, n);
#endif
  kernel_baseline(body, n);
}

}  // namespace ridgepoint
