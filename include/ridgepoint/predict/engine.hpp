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

}  // namespace ridgepoint::predict
