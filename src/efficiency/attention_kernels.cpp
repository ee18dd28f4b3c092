// SPDX-License-Identifier: Apache-2.0
#include "efficiency/attention_kernels.hpp"

#include <array>

namespace ridgepoint::efficiency {
namespace {

constexpr std::array kKernels{
    AttentionKernel{"triton", ContextWalk::triton, false, false, false,
                    "vLLM, triton_attn.py: MIN_LAUNCH_GRID_SIZE_2D 128, "
                    "NUM_PAR_SOFTMAX_SEGMENTS 16"},
    AttentionKernel{"fiprefill", ContextWalk::split, false, true, false,
                    "FlashInfer, scheduler.cuh: KV of prompts is split while their packed tiles "
                    "do not fill the units"},
    AttentionKernel{"trtllm", ContextWalk::split, true, false, true,
                    "vLLM, flashinfer.py: queries are quantised for TensorRT-LLM's kernels; "
                    "fmhaRunnerParams.h, MultiCtasKvMode: a separate kernel for the reduction "
                    "only with latent attention"},
    AttentionKernel{"fa3", ContextWalk::split, true, false, false,
                    "vLLM, flash_attn.py: FlashAttention 3 takes queries, keys and values in fp8"},
    AttentionKernel{"fa2", ContextWalk::flash2, false, false, false,
                    "FlashAttention 2, flash_api.cpp: seqlenq_ngroups_swapped"},
    // Without a number: FlashAttention 2, as everywhere but on Hopper.
    AttentionKernel{"flash_attn", ContextWalk::flash2, false, false, false,
                    "vLLM, fa_utils.py: version 3 on compute capability 9.0 alone"},
};
constexpr AttentionKernel kAnyOther{"", ContextWalk::split, false, false, false, ""};

}  // namespace

const AttentionKernel& attention_kernel(std::string_view name) {
  for (const AttentionKernel& kernel : kKernels) {
    if (name.find(kernel.family) != std::string_view::npos) return kernel;
  }
  return kAnyOther;
}

WalkedShare walked_share(const AttentionKernel& kernel, const AttentionShape& shape) {
  if (kernel.walk == ContextWalk::flash2) {
    const double share = shape.query_heads == shape.kv_heads || shape.window > 0 ? 1 : 0;
    return {share, share};
  }
  if (kernel.walk == ContextWalk::triton) {
    constexpr double kLargestSplitGrid = 128;
    constexpr double kParts = 16;
    return {1 / kParts, 1, kLargestSplitGrid};
  }
  return {};
}

double share_of_one_block(const AttentionKernel& kernel, const AttentionShape& shape) {
  const WalkedShare share = walked_share(kernel, shape);
  return shape.batch * shape.kv_heads <= share.most_few ? share.of_few : share.of_many;
}

double cache_bytes(const KernelTypes& types) {
  const std::string_view type = types.cache.empty() ? types.compute : types.cache;
  constexpr double kNvfp4 = 9.0 / 16;  // a scale of 1 byte for 16 elements
  if (type == "nvfp4") return kNvfp4;
  return type.starts_with("fp8") || type == "int8" ? 1 : 2;
}

bool has_fp8_cache(const KernelTypes& types) { return cache_bytes(types) <= 1; }

double peak_of(const DeviceFacts& device, bool is_fp8) {
  return is_fp8 && device.fp8_flops_per_s > 0 ? device.fp8_flops_per_s : device.flops_per_s;
}

}  // namespace ridgepoint::efficiency
