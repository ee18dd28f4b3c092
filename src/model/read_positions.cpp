// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "model/positions.hpp"

namespace ridgepoint::model {
namespace {

Attention* softmax_attention(LayerRun& layer) {
  if (auto* both = std::get_if<AttentionBesideMamba>(&layer.mixer)) return &both->attention;
  return std::get_if<Attention>(&layer.mixer);
}

/// Whether no layer rotates, whatever the family does.
bool is_without_rotation(Config& config) {
  if (config.family().rotary == RotaryRule::none) return true;
  if (config.flag({"alibi", "use_alibi"}, false)) return true;
  const json::Value* kind = config.find("position_embedding_type");
  return kind != nullptr && (kind->text == "nope" || kind->text == "alibi");
}

/// 1 where a layer rotates, 0 where it does not; empty for all of them.
std::vector<std::int64_t> listed(Config& config) {
  if (is_set(config.object(), "no_rope_layers")) {
    return config.integers("no_rope_layers").value_or(std::vector<std::int64_t>{});
  }
  const bool by_interval = config.family().rotary == RotaryRule::all_but_nth;
  if (!by_interval && !config.has("no_rope_layer_interval")) return {};
  const std::int64_t interval = config.count_or("no_rope_layer_interval", 4);
  std::vector<std::int64_t> rotates;
  for (std::int64_t i = 0; i < config.layers && interval > 0; ++i) {
    rotates.push_back((i + 1) % interval == 0 ? 0 : 1);
  }
  return rotates;
}

}  // namespace

void mark_rotary(Config& config, std::vector<LayerRun>& layers) {
  const bool never = is_without_rotation(config);
  const std::vector<std::int64_t> rotates = listed(config);
  const bool any_window = std::any_of(layers.begin(), layers.end(), [](LayerRun& layer) {
    const Attention* attention = softmax_attention(layer);
    return attention != nullptr && attention->window;
  });
  const bool needs_window = any_window && config.family().rotary == RotaryRule::windowed;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    Attention* attention = softmax_attention(layers[i]);
    if (attention == nullptr) continue;
    const bool is_listed = i >= rotates.size() || rotates[i] != 0;
    attention->has_rotary = !never && is_listed && (!needs_window || attention->window);
  }
}

}  // namespace ridgepoint::model
