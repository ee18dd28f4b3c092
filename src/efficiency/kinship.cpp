// SPDX-License-Identifier: Apache-2.0
#include "efficiency/kinship.hpp"

#include <array>

#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::efficiency {
namespace {

constexpr std::string_view kTriton = "vllm_fused_moe_triton";
constexpr std::string_view kMarlin = "vllm_fused_moe_marlin";

constexpr EngineKernels kFlash3{
    .prefill = "vllm_flash_attn_fa3",
    .prefill_fp8 = "vllm_flash_attn_fa3",
    .decode = "vllm_flash_attn_fa3",
    .decode_fp8 = "vllm_flash_attn_fa3",
    .experts = kTriton,
    .experts_w4a16 = kTriton,
    .latent = "split",
    .latent_sums_inside = false,
    .source =
        "vLLM, fa_utils.py: FlashAttention 3 on compute capability 9.0; FlashMLA, "
        "flash_fwd_mla_kernel.h: flash_fwd_splitkv_mla_combine_kernel"};
constexpr EngineKernels kTensorRt{
    .prefill = "vllm_flashinfer_trtllmprefill",
    .prefill_fp8 = "vllm_flashinfer_trtllmprefill",
    .decode = "vllm_flashinfer_trtllmdecode",
    .decode_fp8 = "vllm_flashinfer_trtllmdecode",
    .experts = "vllm_fused_moe_trtllm",
    .experts_w4a16 = "vllm_fused_moe_trtllm",
    .latent = "split",
    .latent_sums_inside = true,
    .source =
        "vLLM, flashinfer.py and its experts: TensorRT-LLM's kernels on 10.0 and 10.3; "
        "fmhaKernels.h: in the kernel up to 32 heads a device"};
constexpr EngineKernels kFlash2{
    .prefill = "vllm_flash_attn_fa2",
    .prefill_fp8 = "vllm_flashinfer_fiprefill",
    .decode = "vllm_flash_attn_fa2",
    .decode_fp8 = "vllm_flashinfer_fidecode",
    .experts = kTriton,
    .experts_w4a16 = kMarlin,
    .latent = "whole",
    .latent_sums_inside = true,
    .source = "vLLM: FlashAttention 2 from 8.0 on, which takes no cache of fp8; FlashInfer does"};
constexpr EngineKernels kFlashInfer{.prefill = "vllm_flashinfer_fiprefill",
                                    .prefill_fp8 = "vllm_flashinfer_fiprefill",
                                    .decode = "vllm_flashinfer_fidecode",
                                    .decode_fp8 = "vllm_flashinfer_fidecode",
                                    .experts = kTriton,
                                    .experts_w4a16 = kMarlin,
                                    .latent = "whole",
                                    .latent_sums_inside = true,
                                    .source = "FlashInfer from compute capability 7.5 on"};
/// Kernels of no name: they split the context and multiply in 16 bits.
constexpr EngineKernels kOther{.prefill = "",
                               .prefill_fp8 = "",
                               .decode = "",
                               .decode_fp8 = "",
                               .experts = kTriton,
                               .experts_w4a16 = kTriton,
                               .latent = "",
                               .latent_sums_inside = false,
                               .source = "no rule is assumed"};

// The first row that a name begins with counts.
constexpr std::array kArchitectures{
    Architecture{"v100", "Volta", "GV100", &kOther},
    Architecture{"t4", "Turing", "TU104", &kFlashInfer},
    Architecture{"a100", "Ampere", "GA100", &kFlash2},
    Architecture{"a30", "Ampere", "GA100", &kFlash2},
    Architecture{"a40", "Ampere", "GA102", &kFlash2},
    Architecture{"a6000", "Ampere", "GA102", &kFlash2},
    Architecture{"a10", "Ampere", "GA102", &kFlash2},
    Architecture{"rtx-3090", "Ampere", "GA102", &kFlash2},
    Architecture{"jetson-agx-orin", "Ampere", "GA10B", &kFlash2},
    Architecture{"l40", "Ada", "AD102", &kFlash2}, Architecture{"l4", "Ada", "AD104", &kFlash2},
    Architecture{"rtx-4090", "Ada", "AD102", &kFlash2},
    Architecture{"rtx-6000-ada", "Ada", "AD102", &kFlash2},
    Architecture{"h100", "Hopper", "GH100", &kFlash3},
    Architecture{"h200", "Hopper", "GH100", &kFlash3},
    Architecture{"h800", "Hopper", "GH100", &kFlash3},
    Architecture{"h20", "Hopper", "GH100", &kFlash3},
    Architecture{"gh200", "Hopper", "GH100", &kFlash3},
    Architecture{"b100", "Blackwell", "GB100", &kTensorRt},
    Architecture{"b200", "Blackwell", "GB100", &kTensorRt},
    Architecture{"gb200", "Blackwell", "GB100", &kTensorRt},
    // Blackwell Ultra: the same units but for 4 bits and int8, which have peaks of their own.
    Architecture{"b300", "Blackwell", "GB100", &kTensorRt},
    Architecture{"gb300", "Blackwell", "GB100", &kTensorRt},
    Architecture{"rtx-5090", "Blackwell RTX", "GB202", &kFlash2},
    Architecture{"rtx-pro-6000", "Blackwell RTX", "GB202", &kFlash2},
    Architecture{"dgx-spark", "Blackwell RTX", "GB10", &kFlash2},
    Architecture{"mi210", "CDNA2", "Aldebaran", &kOther},
    Architecture{"mi250", "CDNA2", "Aldebaran", &kOther},
    Architecture{"mi300", "CDNA3", "MI300", &kOther},
    Architecture{"mi325", "CDNA3", "MI300", &kOther},
    Architecture{"mi350", "CDNA4", "MI350", &kOther},
    Architecture{"mi355", "CDNA4", "MI350", &kOther},
    Architecture{"rx-7900", "RDNA3", "Navi 31", &kOther},
    Architecture{"max-1550", "Xe-HPC", "Ponte Vecchio", &kOther},
    Architecture{"arc-", "Xe2", "BMG-G21", &kOther}};

/// A GPU of NVIDIA that the table does not know: of no generation that was measured.
constexpr Architecture kOtherNvidia{"", "another generation", "", &kOther};
constexpr std::string_view kProcessor = "grace";

}  // namespace

std::string_view words(Kinship kinship) {
  switch (kinship) {
    case Kinship::same_chip:
      return "the same chip";
    case Kinship::same_architecture:
      return "the same architecture";
    case Kinship::other_generation:
      return "other generations";
    case Kinship::other_maker:
      break;
  }
  return "another maker";
}

const Architecture* architecture_of(const hardware::Device& device) {
  for (const Architecture& each : kArchitectures) {
    if (device.name.starts_with(each.device)) return &each;
  }
  const bool is_gpu = device.vendor == "NVIDIA" && !device.name.starts_with(kProcessor);
  return is_gpu ? &kOtherNvidia : nullptr;
}

Kinship kinship(const hardware::Device& a, const hardware::Device& b) {
  if (a.vendor != b.vendor) return Kinship::other_maker;
  const Architecture& first = *architecture_of(a);
  const Architecture& second = *architecture_of(b);
  if (first.chip.empty() || first.name != second.name) return Kinship::other_generation;
  return first.chip == second.chip ? Kinship::same_chip : Kinship::same_architecture;
}

double squared_distance(const DeviceFacts& a, const DeviceFacts& b) {
  constexpr double kCache = 0.25;
  const auto squared = [](double x, double y) {
    if (!(x > 0) || !(y > 0)) return 0.0;
    const double octaves = log2(x / y);
    return octaves * octaves;
  };
  return squared(a.flops_per_s / a.bytes_per_s, b.flops_per_s / b.bytes_per_s) +
         squared(a.flops_per_s / a.compute_units, b.flops_per_s / b.compute_units) +
         squared(a.bytes_per_s, b.bytes_per_s) + kCache * squared(a.cache_bytes, b.cache_bytes);
}

}  // namespace ridgepoint::efficiency
