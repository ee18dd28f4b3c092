// SPDX-License-Identifier: Apache-2.0
#include "model/layer_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace ridgepoint::model {
namespace {

using json::Kind;
using json::Value;
using Kinds = std::vector<LayerKind>;

struct KindName {
  std::string_view name;
  LayerKind kind;
};
constexpr std::array kKindNames{
    KindName{"full_attention", LayerKind::full},
    KindName{"attention", LayerKind::full},
    KindName{"global_attention", LayerKind::full},
    KindName{"global", LayerKind::full},
    KindName{"sliding_attention", LayerKind::sliding},
    KindName{"sliding_window_attention", LayerKind::sliding},
    KindName{"local_attention", LayerKind::sliding},
    KindName{"local", LayerKind::sliding},
    KindName{"minimax_m3_sparse", LayerKind::full},
    KindName{"chunked_attention", LayerKind::chunked},
    KindName{"linear_attention", LayerKind::linear},
    KindName{"mamba", LayerKind::mamba},
    KindName{"mamba2", LayerKind::mamba},
    KindName{"hybrid", LayerKind::attention_and_mamba},
    KindName{"conv", LayerKind::convolution},
    KindName{"recurrent", LayerKind::recurrent},
    KindName{"moe", LayerKind::only_experts},
    KindName{"mlp", LayerKind::only_mlp},
};

std::optional<LayerKind> kind_named(std::string_view text) {
  for (const KindName& row : kKindNames) {
    if (row.name == text) return row.kind;
  }
  return std::nullopt;
}

/// Lists may go on to the layers that predict further tokens, which are not counted (Step 3.5).
void check_length(Config& config, const char* key, std::size_t listed) {
  const auto entries = static_cast<std::int64_t>(listed);
  const std::int64_t extra = config.count_or({"num_nextn_predict_layers", "num_mtp_layers"}, 0);
  if (entries == config.layers || entries == config.layers + extra || config.layers == 0) return;
  config.fault(key, fmt::format("lists {} layers, num_hidden_layers is {}", listed, config.layers),
               "they must be the same number");
}

std::optional<Kinds> from_names(Config& config, const char* key) {
  if (!config.has(key)) return std::nullopt;
  Kinds kinds;
  const std::vector<std::string> names = config.strings(key);
  for (const std::string& text : names) {
    const auto kind = kind_named(text);
    if (!kind) {
      config.fault(key, fmt::format("\"{}\" is not supported yet", text),
                   "supported: full_attention, sliding_attention, chunked_attention, "
                   "linear_attention, mamba, hybrid, conv, recurrent, moe, mlp");
      return kinds;
    }
    kinds.push_back(*kind);
  }
  check_length(config, key, kinds.size());
  return kinds;
}

/// RecurrentGemma repeats its list.
std::optional<Kinds> from_repeated_names(Config& config) {
  const std::vector<std::string> names = config.strings({"block_types", "_block_types"});
  if (names.empty()) return std::nullopt;
  Kinds kinds;
  for (std::int64_t i = 0; i < config.layers; ++i) {
    const auto kind = kind_named(names[static_cast<std::size_t>(i) % names.size()]);
    kinds.push_back(kind.value_or(LayerKind::full) == LayerKind::full ? LayerKind::sliding : *kind);
  }
  return kinds;
}

/// Nemotron-H: a letter for each layer, which is one part only.
std::optional<Kinds> from_letters(Config& config) {
  constexpr const char* kKey = "hybrid_override_pattern";
  const auto text = config.reader().optional_string(kKey);
  if (!text) return std::nullopt;
  Kinds kinds;
  for (const char letter : *text) {
    if (letter == 'M') kinds.push_back(LayerKind::mamba);
    if (letter == '*') kinds.push_back(LayerKind::full);
    if (letter == '-') kinds.push_back(LayerKind::only_mlp);
    if (letter == 'E') kinds.push_back(LayerKind::only_experts);
  }
  check_length(config, kKey, kinds.size());
  return kinds;
}

/// A number for each layer: `one` where it is not zero.
std::optional<Kinds> from_numbers(Config& config, const char* key, LayerKind zero, LayerKind one) {
  const auto numbers = config.integers(key);
  if (!numbers) return std::nullopt;
  check_length(config, key, numbers->size());
  Kinds kinds;
  for (const std::int64_t number : *numbers) kinds.push_back(number == 0 ? zero : one);
  return kinds;
}

/// The numbers of some layers: those are `listed`, the others `rest`.
std::optional<Kinds> from_indices(Config& config, const char* key, std::int64_t first,
                                  LayerKind listed, LayerKind rest) {
  const auto numbers = config.integers(key);
  if (!numbers) return std::nullopt;
  Kinds kinds(static_cast<std::size_t>(config.layers), rest);
  for (const std::int64_t number : *numbers) {
    if (number >= first && number - first < config.layers) {
      kinds[static_cast<std::size_t>(number - first)] = listed;
    } else if (config.layers > 0) {
      config.fault(
          key, fmt::format("names layer {} of {}", number, config.layers),
          fmt::format("layers are counted from {} here, to {}", first, config.layers - 1 + first));
    }
  }
  return kinds;
}

template <class IsListed>
Kinds by_rule(const Config& config, LayerKind listed, LayerKind rest, IsListed is_listed) {
  Kinds kinds;
  for (std::int64_t i = 0; i < config.layers; ++i) kinds.push_back(is_listed(i) ? listed : rest);
  return kinds;
}

/// "LLLG" or 4: every fourth layer sees all tokens.
std::optional<Kinds> from_window_pattern(Config& config) {
  const json::Keys keys{"sliding_window_pattern", "_sliding_window_pattern"};
  const Value* value = config.find(keys);
  if (value == nullptr) return std::nullopt;
  if (value->kind == Kind::string && !value->text.empty()) {
    const std::string& text = value->text;
    return by_rule(config, LayerKind::sliding, LayerKind::full, [&](std::int64_t i) {
      return text[static_cast<std::size_t>(i) % text.size()] == 'L';
    });
  }
  if (value->kind == Kind::number && value->integer && *value->integer >= 1) {
    const std::int64_t period = *value->integer;
    return by_rule(config, LayerKind::full, LayerKind::sliding,
                   [&](std::int64_t i) { return (i + 1) % period == 0; });
  }
  config.fault(
      keys, fmt::format("expected a number of layers or letters, got {}", json::describe(*value)),
      "write 6 if every sixth layer sees all tokens, or \"LLLG\" if every fourth does");
  return Kinds{};
}

/// GPT-Neo: [[["global", "local"], 12]].
std::optional<Kinds> from_attention_types(Config& config) {
  const Value* value = config.find("attention_types");
  if (value == nullptr || value->kind != Kind::list) return std::nullopt;
  Kinds kinds;
  for (const Value& group : value->items) {
    if (group.kind != Kind::list || group.items.size() != 2 || !group.items[1].integer) continue;
    const std::int64_t times = std::min(*group.items[1].integer, kMostLayers);
    for (std::int64_t i = 0; i < times && kinds.size() < kMostLayers; ++i) {
      for (const Value& name : group.items[0].items) {
        kinds.push_back(kind_named(name.text).value_or(LayerKind::full));
      }
    }
  }
  check_length(config, "attention_types", kinds.size());
  return kinds;
}

std::optional<Kinds> from_periods(Config& config) {
  if (is_set(config.object(), "attn_layer_period")) {
    const std::int64_t period = config.size("attn_layer_period");
    const std::int64_t offset = config.count_or("attn_layer_offset", 0);
    if (period == 0) return Kinds{};
    return by_rule(config, LayerKind::full, LayerKind::mamba,
                   [&](std::int64_t i) { return i % period == offset; });
  }
  if (config.optional_size("full_attention_interval")) {
    const std::int64_t interval = config.size("full_attention_interval");
    if (interval == 0) return Kinds{};
    return by_rule(config, LayerKind::full, LayerKind::linear,
                   [&](std::int64_t i) { return (i + 1) % interval == 0; });
  }
  return std::nullopt;
}

/// Llama 4: chunks where positions are rotary, everything where they are not.
std::optional<Kinds> from_chunks(Config& config) {
  if (!config.optional_size("attention_chunk_size")) return std::nullopt;
  if (is_set(config.object(), "no_rope_layers")) {
    return from_numbers(config, "no_rope_layers", LayerKind::full, LayerKind::chunked);
  }
  const std::int64_t interval = std::max<std::int64_t>(
      1, config.size_or("no_rope_layer_interval", 4, ": every fourth layer sees every token"));
  return by_rule(config, LayerKind::full, LayerKind::chunked,
                 [&](std::int64_t i) { return (i + 1) % interval == 0; });
}

/// Kimi-Linear counts its layers from 1.
std::optional<Kinds> from_linear_config(Config& config) {
  auto inner = config.nested("linear_attn_config");
  if (!inner) return std::nullopt;
  if (inner->has("kda_layers")) {
    return from_indices(*inner, "kda_layers", 1, LayerKind::linear, LayerKind::full);
  }
  return from_indices(*inner, "full_attn_layers", 1, LayerKind::full, LayerKind::linear);
}

/// The first layer with a window, by Qwen's pair of keys; `layers` when there is none.
std::int64_t first_late_layer(Config& config) {
  constexpr std::int64_t kByDefault = 28;
  if (!config.flag("use_sliding_window", false)) return config.layers;
  const Value* first = config.find("max_window_layers");
  if (first == nullptr) return kByDefault;
  if (first->integer && *first->integer >= 0) return *first->integer;
  config.fault("max_window_layers",
               fmt::format("expected a number of layers, got {}", json::describe(*first)),
               "write how many layers, from the first one on, have no window");
  return config.layers;
}

Kinds from_family(Config& config) {
  const Family& family = config.family();
  if (family.is_mamba) {
    return Kinds(static_cast<std::size_t>(config.layers), LayerKind::mamba);
  }
  const auto windowed = [&](auto is_windowed) {
    return by_rule(config, LayerKind::sliding, LayerKind::full, is_windowed);
  };
  switch (family.window) {
    case WindowRule::every_layer: {
      const bool used = config.flag("use_sliding_window", true);
      return windowed([&](std::int64_t) { return used; });
    }
    case WindowRule::late_layers: {
      const std::int64_t first = first_late_layer(config);
      return windowed([&](std::int64_t i) { return i >= first; });
    }
    case WindowRule::alternating:
      return windowed([](std::int64_t i) { return i % 2 == 0; });
    case WindowRule::all_but_nth:
      return windowed([&](std::int64_t i) { return (i + 1) % family.window_period != 0; });
    case WindowRule::none:
      break;
  }
  return windowed([](std::int64_t) { return false; });
}

std::optional<Kinds> from_file(Config& config) {
  if (auto kinds = from_letters(config)) return kinds;
  if (auto kinds = from_names(config, "layer_types")) return kinds;
  if (auto kinds = from_names(config, "layers_block_type")) return kinds;
  if (auto kinds = from_repeated_names(config)) return kinds;
  if (auto kinds = from_attention_types(config)) return kinds;
  if (auto kinds = from_linear_config(config)) return kinds;
  if (auto kinds = from_numbers(config, "attn_type_list", LayerKind::linear, LayerKind::full)) {
    return kinds;
  }
  if (auto kinds =
          from_numbers(config, "hybrid_layer_pattern", LayerKind::full, LayerKind::sliding)) {
    return kinds;
  }
  if (auto kinds =
          from_indices(config, "attn_layer_indices", 0, LayerKind::full, LayerKind::mamba)) {
    return kinds;
  }
  if (auto kinds =
          from_indices(config, "full_attn_idxs", 0, LayerKind::full, LayerKind::convolution)) {
    return kinds;
  }
  if (auto kinds = from_periods(config)) return kinds;
  if (auto kinds = from_chunks(config)) return kinds;
  return from_window_pattern(config);
}

}  // namespace

bool LayerKinds::has_some(LayerKind kind) const {
  return std::find(of.begin(), of.end(), kind) != of.end();
}

LayerKinds layer_kinds(Config& config) {
  LayerKinds result;
  result.single_parts = config.family().is_mamba || config.has("hybrid_override_pattern");
  const auto kinds = from_file(config);
  result.of = kinds ? *kinds : from_family(config);
  result.of.resize(static_cast<std::size_t>(config.layers), LayerKind::full);
  result.single_parts = result.single_parts || result.has_some(LayerKind::only_mlp) ||
                        result.has_some(LayerKind::only_experts);
  result.needs_window = config.has("layer_types") && result.has_some(LayerKind::sliding);
  return result;
}

}  // namespace ridgepoint::model
