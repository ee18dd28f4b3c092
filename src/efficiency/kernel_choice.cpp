// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/efficiency/kernel_choice.hpp"

#include <limits>
#include <optional>

#include "ridgepoint/efficiency/compute_types.hpp"

namespace ridgepoint::efficiency {
namespace {

// How far kernels are from each other. Both types of 16 bits run alike: an engine's own kernel in
// the other one is nearer than another engine's.
constexpr int kVersion = 1;
constexpr int kKernel = 2;
constexpr int kOtherHalf = 3;
constexpr int kEngine = 8;
constexpr int kOtherType = 32;
constexpr int kHost = 64;

/// None for types that have nothing to do with each other.
std::optional<int> distance(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  if (is_sixteen_bit(a) && is_sixteen_bit(b)) return kOtherHalf;
  return std::nullopt;
}

/// "vllm" of "vllm-0.24.0".
std::string_view engine(std::string_view stack) { return stack.substr(0, stack.find('-')); }

/// A cache of no type of its own has that of the queries.
std::string_view cache_of(std::string_view cache, std::string_view compute) {
  return cache.empty() ? compute : cache;
}

/// Outside of a CUDA graph: the times are mostly those of the host.
bool is_launched_by_host(const KernelTypes& types) {
  return types.is_eager() || types.stack == "pytorch";
}

/// Elements are moved whatever they are; arithmetic is one of a type.
std::optional<int> compute_distance(const KernelProfile& kernel, const KernelQuery& query) {
  const auto near = distance(kernel.compute, query.types.compute);
  return near || query.kind != OperatorClass::collective ? near : kOtherType;
}

std::optional<int> distance(const KernelProfile& kernel, const KernelQuery& query) {
  const KernelTypes& asked = query.types;
  if (kernel.kind != query.kind) return std::nullopt;
  if (work_of(kernel.kind, kernel.kernel) != query.work) return std::nullopt;
  const auto compute = compute_distance(kernel, query);
  const auto cache = reads_cache(query.kind) ? distance(cache_of(kernel.cache, kernel.compute),
                                                        cache_of(asked.cache, asked.compute))
                                             : 0;
  if (!compute || !cache) return std::nullopt;
  const bool is_engine = engine(kernel.stack) == engine(asked.stack);
  const int stack = kernel.stack == asked.stack ? 0 : is_engine ? kVersion : kEngine;
  const bool is_any = asked.kernel.empty();
  const int name = is_any || kernel.kernel == asked.kernel ? 0 : kKernel;
  const int host = is_any && is_launched_by_host(kernel.types()) ? kHost : 0;
  return *compute + *cache + stack + name + host;
}

}  // namespace

std::string_view work_of(OperatorClass kind, std::string_view kernel) {
  if (kind == OperatorClass::elementwise) return kernel;
  if (kind != OperatorClass::collective) return "";
  constexpr std::string_view kLibrary = "nccl_";
  return kernel.starts_with(kLibrary) ? kernel.substr(kLibrary.size()) : "all_reduce";
}

KernelChoice choose_kernel(std::span<const KernelProfile* const> kernels,
                           const KernelQuery& query) {
  KernelChoice best;
  int nearest = std::numeric_limits<int>::max();
  for (const KernelProfile* kernel : kernels) {
    const auto away = distance(*kernel, query);
    if (!away) continue;
    const bool is_better =
        *away < nearest || (*away == nearest && best.kernel->evidence.rows < kernel->evidence.rows);
    if (!is_better) continue;
    nearest = *away;
    best = {kernel, *away == 0};
  }
  return best;
}

}  // namespace ridgepoint::efficiency
