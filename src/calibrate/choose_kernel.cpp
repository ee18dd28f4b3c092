// SPDX-License-Identifier: Apache-2.0
#include "calibrate/choose_kernel.hpp"

#include <limits>
#include <optional>
#include <string_view>

namespace ridgepoint::calibrate {
namespace {

using efficiency::KernelProfile;
using efficiency::OperatorClass;

bool is_sixteen_bit(std::string_view type) { return type == "bf16" || type == "fp16"; }

/// 0 for the same type, 1 for the other one of 16 bits; none for any other.
std::optional<int> distance(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  if (is_sixteen_bit(a) && is_sixteen_bit(b)) return 1;
  return std::nullopt;
}

/// "vllm" of "vllm-0.24.0".
std::string_view engine(std::string_view stack) { return stack.substr(0, stack.find('-')); }

/// A cache of no type of its own has that of the queries.
std::string_view cache_of(std::string_view cache, std::string_view compute) {
  return cache.empty() ? compute : cache;
}

bool has_cache(OperatorClass kind) {
  return kind == OperatorClass::prefill_attention || kind == OperatorClass::decode_attention ||
         kind == OperatorClass::latent_prefill || kind == OperatorClass::latent_decode;
}

/// What a kernel of collectives or element-wise operators does, which its name says; nothing of
/// others. Kernels of engines' own are all-reduces.
std::string_view work_of(OperatorClass kind, std::string_view kernel) {
  if (kind == OperatorClass::elementwise) return kernel;
  if (kind != OperatorClass::collective) return "";
  constexpr std::string_view kLibrary = "nccl_";
  return kernel.starts_with(kLibrary) ? kernel.substr(kLibrary.size()) : "all_reduce";
}

/// Elements are moved whatever they are; arithmetic is one of a type.
std::optional<int> compute_distance(const KernelProfile& kernel, const Measurement& row) {
  const auto near = distance(kernel.compute, row.compute);
  constexpr int kOtherType = 2;
  return near || row.kind != OperatorClass::collective ? near : kOtherType;
}

std::optional<int> distance(const KernelProfile& kernel, const Measurement& row) {
  if (kernel.kind != row.kind) return std::nullopt;
  if (work_of(kernel.kind, kernel.kernel) != work_of(row.kind, row.kernel)) return std::nullopt;
  const auto compute = compute_distance(kernel, row);
  const auto cache = has_cache(row.kind) ? distance(cache_of(kernel.cache, kernel.compute),
                                                    cache_of(row.cache, row.compute))
                                         : 0;
  if (!compute || !cache) return std::nullopt;
  constexpr int kVersion = 1;
  constexpr int kKernel = 2;
  constexpr int kEngine = 4;
  constexpr int kType = 8;
  const bool is_engine = engine(kernel.stack) == engine(row.stack);
  const int stack = kernel.stack == row.stack ? 0 : is_engine ? kVersion : kEngine;
  return kType * (*compute + *cache) + stack + (kernel.kernel == row.kernel ? 0 : kKernel);
}

}  // namespace

KernelChoice choose_kernel(std::span<const KernelProfile* const> kernels, const Measurement& row) {
  KernelChoice best;
  int nearest = std::numeric_limits<int>::max();
  for (const KernelProfile* kernel : kernels) {
    const auto away = distance(*kernel, row);
    if (!away) continue;
    const bool is_better =
        *away < nearest || (*away == nearest && best.kernel->evidence.rows < kernel->evidence.rows);
    if (!is_better) continue;
    nearest = *away;
    best = {kernel, *away == 0};
  }
  return best;
}

}  // namespace ridgepoint::calibrate
