// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::efficiency {

/// Which kernel is looked for.
struct KernelQuery {
  OperatorClass kind = OperatorClass::gemm;
  /// `kernel` empty: whichever the stack runs, but none that a host launches call by call;
  /// `stack` may be an engine's name alone.
  KernelTypes types;
  /// Of collectives and element-wise operators what they do: "all_reduce", "rmsnorm".
  std::string_view work = {};
};

/// What a kernel of collectives or element-wise operators does, which its name says; nothing of
/// others. Kernels of engines' own are all-reduces.
std::string_view work_of(OperatorClass kind, std::string_view kernel);

struct KernelChoice {
  const KernelProfile* kernel = nullptr;  ///< none: no kernel of that class and type
  bool is_exact = false;                  ///< of this stack, kernel and type
};

/// The kernel asked for, or the nearest of its class that does the same work in the same types
/// (16-bit types are near, in collectives all are): of the same engine first, then of the same
/// name; of equally near ones that with the most rows.
KernelChoice choose_kernel(std::span<const KernelProfile* const> kernels, const KernelQuery& query);

}  // namespace ridgepoint::efficiency
