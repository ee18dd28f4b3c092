// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace ridgepoint::predict {

/// How a serving engine runs the steps of a model, as far as times depend on it.
struct Engine {
  enum class Kind { vllm, sglang, tensorrt_llm };
  Kind kind = Kind::vllm;
  /// Decode steps are replayed as CUDA graphs; false: the host launches each kernel (vLLM's
  /// --enforce-eager).
  bool has_graphs = true;
};

/// "vllm", "sglang", "trtllm": what the stacks of profiles begin with.
std::string_view name(Engine::Kind kind);
std::optional<Engine::Kind> engine_named(std::string_view text);

/// Tokens that a replayed decode step of so many sequences works on: the next size that was
/// captured, beyond the largest one as many as there are. 1, 2, 4, then by 8 up to 256 and by 16 up
/// to 512; TensorRT-LLM powers of two up to 512. Attention sees the sequences alone.
/// Source: vLLM, config/vllm.py, cudagraph_capture_sizes; TensorRT-LLM, cuda_graph_config.
double padded_sequences(const Engine& engine, double sequences);

/// Bytes up to which an all-reduce over so many ranks also adds the residual and norms the sum, in
/// one kernel; 0 where the engine has none. `link_generation`: of efficiency::DeviceFacts.
/// Source: vLLM, "Fusion torch.compile passes", fuse_allreduce_rms, on at -O2 on Hopper and
/// Blackwell, FI_ALLREDUCE_FUSION_MAX_SIZE_MB of allreduce_rms_fusion; TensorRT-LLM,
/// AllReduceFusionOp.RESIDUAL_RMS_NORM. Assumes that SGLang, which calls the same FlashInfer
/// kernel, has vLLM's limits.
double fused_norm_bytes(const Engine& engine, double link_generation, double ranks);

/// Activations are quantised by the kernel that makes them (norm, activation function) rather than
/// by one of their own.
/// Source: vLLM, as above: fuse_norm_quant and fuse_act_quant, on at -O1; TensorRT-LLM,
/// RESIDUAL_RMS_NORM_QUANT_FP8 and _NVFP4.
bool quantises_early(const Engine& engine);

/// Replicas that share experts, and so step together, are given their prompts at the same time:
/// none waits for those of others. Source: TensorRT-LLM, attention_dp_config, "ADP Balance".
bool reads_prompts_together(const Engine& engine);

/// One kernel turns queries and keys and writes the cache.
/// Source: TensorRT-LLM, attention's "RoPE and KV cache update"; vLLM fuses both on ROCm alone.
bool fuses_rotary_into_cache_write(const Engine& engine);

}  // namespace ridgepoint::predict
