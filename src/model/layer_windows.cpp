// SPDX-License-Identifier: Apache-2.0
#include "model/layer_windows.hpp"

#include <fmt/format.h>

#include <string>

#include "ridgepoint/core/text.hpp"

namespace ridgepoint::model {
namespace {

std::vector<bool> listed_layers(std::int64_t layers, json::Reader& reader) {
  const std::vector<std::string> types = reader.strings("layer_types");
  std::vector<bool> windowed;
  for (const std::string& type : types) {
    windowed.push_back(type == "sliding_attention");
    if (type == "sliding_attention" || type == "full_attention") continue;
    reader.fault("layer_types", fmt::format("\"{}\" is not supported yet", shown(type)),
                 "supported: full_attention, sliding_attention");
    return windowed;
  }
  if (types.size() != static_cast<std::size_t>(layers)) {
    reader.fault("layer_types",
                 fmt::format("lists {} layers, num_hidden_layers is {}", types.size(), layers),
                 "they must be the same number");
  }
  return windowed;
}

/// The first layer with a window, by Qwen's pair of keys; `layers` when there is none.
std::int64_t first_late_layer(std::int64_t layers, json::Reader& reader) {
  constexpr std::int64_t kByDefault = 28;
  if (!reader.optional_boolean("use_sliding_window").value_or(false)) return layers;
  const json::Value* first = reader.optional_any("max_window_layers");
  if (first == nullptr) return kByDefault;
  if (first->integer && *first->integer >= 0) return *first->integer;
  reader.fault("max_window_layers",
               fmt::format("expected a number of layers, got {}", json::describe(*first)),
               "write a whole number, 0 or more");
  return layers;
}

}  // namespace

std::vector<bool> windowed_layers(const Family& family, std::int64_t layers, json::Reader& reader) {
  if (reader.has("layer_types")) return listed_layers(layers, reader);
  const auto count = static_cast<std::size_t>(layers);
  std::vector<bool> windowed(count, family.window == WindowRule::every_layer);
  if (family.window == WindowRule::late_layers) {
    const auto first = static_cast<std::size_t>(first_late_layer(layers, reader));
    for (std::size_t i = first; i < count; ++i) windowed[i] = true;
  }
  if (family.window == WindowRule::alternating) {
    for (std::size_t i = 0; i < count; i += 2) windowed[i] = true;
  }
  return windowed;
}

}  // namespace ridgepoint::model
