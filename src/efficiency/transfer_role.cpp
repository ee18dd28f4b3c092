// SPDX-License-Identifier: Apache-2.0
#include "efficiency/transfer_role.hpp"

#include <fmt/format.h>

#include "efficiency/attention_kernels.hpp"
#include "ridgepoint/efficiency/compute_types.hpp"
#include "ridgepoint/efficiency/kernel_choice.hpp"

namespace ridgepoint::efficiency {
namespace {

bool is_attention(OperatorClass kind) {
  return kind == OperatorClass::prefill_attention || kind == OperatorClass::decode_attention;
}
bool is_latent(OperatorClass kind) {
  return kind == OperatorClass::latent_prefill || kind == OperatorClass::latent_decode;
}

std::string common(std::string_view type) {
  return std::string(is_sixteen_bit(type) ? "bf16" : type);
}

/// Engines name one kernel in several ways: "vLLM_custom_graph", "TRTLLM" and "trtllm".
std::string collective_work(std::string_view kernel) {
  if (kernel.starts_with("nccl_")) return std::string(kernel);
  std::string engine;
  for (const char c : kernel.substr(0, kernel.find('_'))) {
    engine += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return engine + (KernelTypes{{}, {}, {}, kernel}.is_eager() ? " eager" : "");
}

bool multiplies_in_fp8(std::string_view kernel, std::string_view cache) {
  return attention_kernel(kernel).multiplies_in_fp8 && common(cache) == "fp8";
}

/// Experts of few bits and matmuls in blocks of fp8 run in kernels that each device has of its own;
/// those of 16 bits and plain fp8 have more in common, and tell more of them. Marlin's are the same
/// everywhere.
std::string lending_type(const Role& role) {
  if (role.kind == OperatorClass::experts) return role.compute == "int4_wo" ? "int4_wo" : "bf16";
  return role.kind == OperatorClass::gemm && role.compute == "fp8_block" ? "fp8" : role.compute;
}

/// Of latent attention engines have kernels of their own on each device, but for TensorRT-LLM.
bool is_less_sure(const KernelProfile& kernel) {
  if (is_latent(kernel.kind)) return !kernel.stack.starts_with("trtllm");
  return is_traced(kernel);
}

}  // namespace

std::optional<Role> role_of(const KernelProfile& kernel) {
  if (is_attention(kernel.kind) && attention_kernel(kernel.kernel).walk == ContextWalk::triton) {
    return std::nullopt;
  }
  if (kernel.stack == "pytorch") return std::nullopt;
  Role role{.kind = kernel.kind, .compute = common(kernel.compute), .cache = {}, .work = {}};
  if (reads_cache(kernel.kind))
    role.cache = kernel.cache.empty() ? role.compute : common(kernel.cache);
  if (kernel.kind == OperatorClass::elementwise) role.work = kernel.kernel;
  if (kernel.kind == OperatorClass::collective) role.work = collective_work(kernel.kernel);
  return role;
}

std::string words(const Role& role) {
  std::string text = fmt::format("{} {}", name(role.kind), role.compute);
  if (!role.cache.empty()) text += " on " + role.cache;
  if (!role.work.empty()) text += " " + role.work;
  return text;
}

KernelTypes types_of(const Role& role, const Architecture& architecture) {
  KernelTypes types{.compute = role.compute, .cache = role.cache, .stack = {}, .kernel = {}};
  const EngineKernels& runs = *architecture.kernels;
  const bool is_fp8 = role.cache == "fp8";
  if (role.kind == OperatorClass::prefill_attention) {
    types.kernel = is_fp8 ? runs.prefill_fp8 : runs.prefill;
  } else if (role.kind == OperatorClass::decode_attention) {
    types.kernel = is_fp8 ? runs.decode_fp8 : runs.decode;
  } else if (role.kind == OperatorClass::experts) {
    const bool is_w4a16 = role.compute.starts_with("w4a16");
    types.kernel = role.compute == "int4_wo" ? "vllm_fused_moe_marlin"
                   : is_w4a16                ? runs.experts_w4a16
                                             : runs.experts;
  }
  return types;
}

std::optional<int> unlikeness(const KernelProfile& kernel, const Role& role,
                              const KernelTypes& target) {
  const auto own = role_of(kernel);
  if (!own || own->kind != role.kind || own->work != role.work) return std::nullopt;
  if (own->compute != lending_type(role)) return std::nullopt;
  constexpr int kLessSure = 1;
  constexpr int kOtherCache = 2;
  const int sure = is_less_sure(kernel) ? kLessSure : 0;
  if (own->cache == role.cache) {
    const bool is_alike = role.kind != OperatorClass::prefill_attention ||
                          multiplies_in_fp8(kernel.kernel, own->cache) ==
                              multiplies_in_fp8(target.kernel, role.cache);
    return is_alike ? std::optional(sure) : std::nullopt;
  }
  const bool takes_sixteen =
      role.kind == OperatorClass::prefill_attention
          ? is_sixteen_bit(own->cache) && !multiplies_in_fp8(target.kernel, role.cache)
          : role.kind == OperatorClass::decode_attention;
  return takes_sixteen ? std::optional(kOtherCache + sure) : std::nullopt;
}

bool is_traced(const KernelProfile& kernel) {
  return kernel.kernel.empty() || kernel.stack.find("kineto") != std::string::npos;
}

}  // namespace ridgepoint::efficiency
