// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "model/layer_kinds.hpp"

namespace ridgepoint::model {
namespace {

using json::Kind;
using json::Value;

/// The layers that are still taken to have experts; each key takes some away.
class ExpertLayers {
 public:
  explicit ExpertLayers(Config& config)
      : config_(config), has_(static_cast<std::size_t>(config.layers), true) {}

  std::vector<bool> read() && {
    keep_named("mlp_layer_types", "sparse");
    keep_listed("moe_layers");
    drop_listed("mlp_only_layers");
    read_frequency();
    every("decoder_sparse_step", 1);
    every("interleave_moe_layer_step", 1);
    every("moe_layer_frequency", 1);
    every("moe_layer_interval", 1);
    const bool is_listed = config_.has("mlp_layer_types") || config_.has("moe_layers_enum");
    if (!is_listed) from_first();
    from("moe_layer_start_index");
    read_end();
    read_period();
    read_enumeration();
    return std::move(has_);
  }

 private:
  void from_first() {
    from({"first_k_dense_replace", "num_dense_layers", "n_dense_layers", "first_num_dense_layers"});
  }

  template <class Holds>
  void keep_if(Holds holds) {
    for (std::size_t i = 0; i < has_.size(); ++i) {
      if (!holds(static_cast<std::int64_t>(i))) has_[i] = false;
    }
  }

  void keep_named(const char* key, std::string_view name) {
    if (!config_.has(key)) return;
    const std::vector<std::string> names = config_.strings(key);
    keep_if([&](std::int64_t i) {
      return i < static_cast<std::int64_t>(names.size()) &&
             names[static_cast<std::size_t>(i)] == name;
    });
  }

  void keep_listed(const char* key) {
    const Value* value = config_.find(key);
    if (value == nullptr || value->kind != Kind::list || value->items.empty()) return;
    const auto numbers = config_.integers(key);
    if (!numbers) return;
    keep_if([&](std::int64_t i) {
      return std::find(numbers->begin(), numbers->end(), i) != numbers->end();
    });
  }

  void drop_listed(const char* key) {
    const auto numbers = config_.integers(key);
    if (!numbers) return;
    keep_if([&](std::int64_t i) {
      return std::find(numbers->begin(), numbers->end(), i) == numbers->end();
    });
  }

  /// A number (DeepSeek) or a 0 or 1 for each layer (MiMo).
  void read_frequency() {
    const Value* value = config_.find("moe_layer_freq");
    if (value == nullptr) return;
    if (value->kind == Kind::list) {
      const auto flags = config_.integers("moe_layer_freq");
      if (!flags) return;
      keep_if([&](std::int64_t i) {
        return i < static_cast<std::int64_t>(flags->size()) &&
               (*flags)[static_cast<std::size_t>(i)] != 0;
      });
      return;
    }
    const std::int64_t period = config_.size("moe_layer_freq");
    if (period > 1) keep_if([&](std::int64_t i) { return i % period == 0; });
  }

  /// Layers step − 1, 2·step − 1, …
  void every(const char* key, std::int64_t fallback) {
    const std::int64_t step = single(key, fallback);
    if (step > 1) keep_if([&](std::int64_t i) { return (i + 1) % step == 0; });
    if (step == 0) keep_if([](std::int64_t) { return false; });
  }

  void from(const json::Keys& keys) {
    const std::int64_t first = single(keys, 0);
    keep_if([&](std::int64_t i) { return i >= first; });
  }

  void read_end() {
    const Value* value = config_.find("moe_layer_end_index");
    if (value == nullptr) return;
    if (value->kind == Kind::list && !value->items.empty()) value = &value->items.front();
    if (!value->integer || *value->integer < 0) return;  // -1: to the last
    const std::int64_t last = *value->integer;
    keep_if([&](std::int64_t i) { return i <= last; });
  }

  /// Jamba: layer i has experts when i mod period = offset.
  void read_period() {
    if (!is_set(config_.object(), "expert_layer_period")) return;
    const std::int64_t period = config_.size("expert_layer_period");
    const std::int64_t offset = config_.count_or("expert_layer_offset", 0);
    if (period > 0) keep_if([&](std::int64_t i) { return i % period == offset; });
  }

  /// Step3 writes "4,5,6".
  void read_enumeration() {
    const Value* value = config_.find("moe_layers_enum");
    if (value == nullptr || value->kind != Kind::string) return;
    std::vector<std::int64_t> numbers;
    const char* at = value->text.data();
    const char* end = at + value->text.size();
    while (at < end) {
      std::int64_t number = -1;
      const auto [next, error] = std::from_chars(at, end, number);
      if (error == std::errc()) numbers.push_back(number);
      at = std::max(next, at) + 1;
    }
    keep_if([&](std::int64_t i) {
      return std::find(numbers.begin(), numbers.end(), i) != numbers.end();
    });
  }

  /// ERNIE-VL lists one number for text and one for images.
  std::int64_t single(const json::Keys& keys, std::int64_t fallback) {
    const Value* value = config_.find(keys);
    if (value == nullptr || value->kind != Kind::list) return config_.count_or(keys, fallback);
    const bool sound = !value->items.empty() && value->items.front().integer;
    return sound ? std::max<std::int64_t>(0, *value->items.front().integer) : fallback;
  }

  Config& config_;
  std::vector<bool> has_;
};

}  // namespace

std::vector<bool> expert_layers(Config& config) { return ExpertLayers(config).read(); }

}  // namespace ridgepoint::model
