// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "efficiency/kinship.hpp"
#include "ridgepoint/core/data_type.hpp"
#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::efficiency {

/// What kernels of several devices have in common, whatever their names.
struct Role {
  OperatorClass kind = OperatorClass::gemm;
  std::string compute;  ///< 16-bit types are one
  std::string cache;    ///< likewise, of attention
  std::string work;     ///< of collectives and element-wise operators: what they do, by whom
  friend auto operator<=>(const Role&, const Role&) = default;
};

/// None of kernels that other devices don't take over: those that a host launches call by call
/// outside of a server, and Triton's attention, which times of one device tell nothing of on
/// another.
std::optional<Role> role_of(const KernelProfile& kernel);

/// "attention_decode bf16 on fp8".
std::string words(const Role& role);

/// The types that a role's kernel has on a device of an architecture; its stack comes from
/// elsewhere. The views live as long as the role.
KernelTypes types_of(const Role& role, const Architecture& architecture);

/// How ill a kernel of another device stands for one of these types, 0 the best; none: not at all.
std::optional<int> unlikeness(const KernelProfile& kernel, const Role& role,
                              const KernelTypes& target);

/// Was it measured in a profiler's traces? Such times hold waits and are rounded to a microsecond.
bool is_traced(const KernelProfile& kernel);

}  // namespace ridgepoint::efficiency
