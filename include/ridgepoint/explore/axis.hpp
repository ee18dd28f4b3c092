// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace ridgepoint::explore {

/// An axis of a space, in the order in which points are numbered: the last one varies fastest.
enum class Axis {
  model,
  device,
  devices,
  tensor,
  pipeline,
  data,
  expert,
  weights,
  activations,
  kv_cache,
  chunk,
  speculation,
  input,
  output,
  context,
  batch
};

struct AxisFacts {
  Axis axis;
  std::string_view key;    ///< in JSON
  std::string_view words;  ///< for people
  std::string_view flag;   ///< the short one of the command line, without its dash; may be empty
};

inline constexpr std::array kAxisFacts{
    AxisFacts{Axis::model, "model", "model", ""},
    AxisFacts{Axis::device, "device", "device", "d"},
    AxisFacts{Axis::devices, "devices", "devices", "n"},
    AxisFacts{Axis::tensor, "tensor_parallel_size", "TP", "tp"},
    AxisFacts{Axis::pipeline, "pipeline_parallel_size", "PP", "pp"},
    AxisFacts{Axis::data, "data_parallel_size", "DP", "dp"},
    AxisFacts{Axis::expert, "expert_parallel_size", "EP", "ep"},
    AxisFacts{Axis::weights, "weights", "weights", ""},
    AxisFacts{Axis::activations, "activations", "activations", ""},
    AxisFacts{Axis::kv_cache, "kv_cache_dtype", "KV cache", ""},
    AxisFacts{Axis::chunk, "max_num_batched_tokens", "chunks of", ""},
    AxisFacts{Axis::speculation, "num_speculative_tokens", "proposed", "k"},
    AxisFacts{Axis::input, "input", "input", "i"},
    AxisFacts{Axis::output, "output", "output", "o"},
    AxisFacts{Axis::context, "context", "context", "s"},
    AxisFacts{Axis::batch, "batch", "batch", "b"}};
inline constexpr std::size_t kAxes = kAxisFacts.size();

constexpr const AxisFacts& facts(Axis axis) { return kAxisFacts[static_cast<std::size_t>(axis)]; }

/// "tensor_parallel_size", "tensor-parallel-size", "tp".
std::optional<Axis> axis_named(std::string_view text);

}  // namespace ridgepoint::explore
