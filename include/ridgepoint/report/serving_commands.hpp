// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/override.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/predict/memory_fit.hpp"

namespace ridgepoint::report {

/// What serves a model over HTTP.
enum class Engine { vllm, sglang, tensorrt_llm };
std::string_view name(Engine engine);   ///< "vllm", "sglang", "tensorrt-llm"
std::string_view title(Engine engine);  ///< "vLLM", "SGLang", "TensorRT-LLM"

/// Tokens of a block of the KV cache where nothing else is said.
std::int64_t default_block_size(Engine engine);

/// A deployment that fits, and how its engine is to be told.
struct Serving {
  Engine engine = Engine::vllm;
  std::string model;         ///< as the engine finds it: a name on the hub, or a path
  predict::MemoryFit fit;    ///< its max_num_seqs is what the engine is told
  Overrides config_changes;  ///< what-ifs on the model's config
};

/// The line that starts the engine; what differs between its versions or devices is spelled out.
/// Errors: all that the engine cannot do.
Result<std::vector<std::string>> serving_arguments(const Serving& serving);

/// Words as a POSIX shell reads them back.
std::string shell_line(const std::vector<std::string>& words);

/// The line, or why there is none: `arguments` is empty where it does not fit.
std::string to_json(const Serving& serving, const std::vector<std::string>& arguments);

}  // namespace ridgepoint::report
