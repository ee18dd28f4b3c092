// SPDX-License-Identifier: Apache-2.0
#include "app/shortcuts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ridgepoint/core/format.hpp"

namespace ridgepoint::app {
namespace {

/// The first part of this kind among the layers; null where there is none.
template <class Part, class Member>
const Part* first_of(const model::Architecture& architecture, Member member) {
  for (const model::LayerRun& run : architecture.runs) {
    if (const auto* part = std::get_if<Part>(&(run.*member))) return part;
  }
  return nullptr;
}

Variation setting(std::string name, const std::vector<std::string>& changes) {
  Variation variation{std::move(name), {}};
  for (const std::string& change : changes) {
    variation.words.emplace_back("--set");
    variation.words.push_back(change);
  }
  return variation;
}

/// Keys and values that the layers have in the usual form.
class AttentionShortcuts {
 public:
  explicit AttentionShortcuts(const model::Architecture& architecture)
      : attention_(first_of<model::Attention>(architecture, &model::LayerRun::mixer)),
        has_windows_(std::any_of(architecture.runs.begin(), architecture.runs.end(),
                                 [](const model::LayerRun& run) {
                                   const auto* one = std::get_if<model::Attention>(&run.mixer);
                                   return one != nullptr && one->window.has_value();
                                 })),
        shares_(std::any_of(architecture.runs.begin(), architecture.runs.end(),
                            [](const model::LayerRun& run) {
                              const auto* one = std::get_if<model::Attention>(&run.mixer);
                              return one != nullptr && !one->has_keys;
                            })) {}

  void add_to(std::vector<Variation>& all) const {
    const std::int64_t heads = attention_ == nullptr ? 0 : attention_->num_key_value_heads;
    const std::string objection =
        heads == 1 ? "it has one KV head" : fmt::format("it has {} KV heads", heads);
    add(all, setting("half the KV heads", {fmt::format("num_key_value_heads={}", heads / 2)}),
        heads % 2 == 0 && heads > 0 ? "" : objection);
    add(all, setting("one KV head", {"num_key_value_heads=1"}), heads > 1 ? "" : objection);
    add(all, setting("KV shared by 2 layers", {"cla_share_factor=2"}),
        shares_ ? "its layers share caches already" : "");
    add(all,
        setting("5 of 6 layers local (1,024)", {"sliding_window=1024", "sliding_window_pattern=6"}),
        has_windows_ ? "it has local layers already" : "");
  }

 private:
  void add(std::vector<Variation>& all, Variation variation, const std::string& objection) const {
    variation.not_applicable =
        attention_ == nullptr ? "it keeps no heads of keys and values" : objection;
    all.push_back(std::move(variation));
  }

  const model::Attention* attention_;
  bool has_windows_;
  bool shares_;
};

}  // namespace

std::vector<Variation> shortcuts(const model::Architecture& architecture) {
  std::vector<Variation> all;
  for (const char* type : {"int8", "int4", "int3"}) {
    all.push_back({fmt::format("KV cache in {}", type), {"--kv-cache-dtype", type}});
  }
  for (const char* type : {"int8", "int4", "int3"}) {
    all.push_back({fmt::format("weights in {}", type), {"--weights", type}});
  }
  AttentionShortcuts(architecture).add_to(all);
  const std::int64_t layers = num_hidden_layers(architecture);
  all.push_back(setting("half the layers", {fmt::format("num_hidden_layers={}", layers / 2)}));
  if (layers < 2) all.back().not_applicable = "it has one layer";
  const auto* mlp = first_of<model::Mlp>(architecture, &model::LayerRun::feed_forward);
  const std::int64_t width = mlp == nullptr ? 0 : mlp->intermediate_size;
  all.push_back(setting("half the MLP's width", {fmt::format("intermediate_size={}", width / 2)}));
  if (has_experts(architecture)) {
    all.back().not_applicable = "its feed-forward layers are experts";
  } else if (mlp == nullptr) {
    all.back().not_applicable = "it has no MLP";
  }
  return all;
}

}  // namespace ridgepoint::app
