// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/mixers.hpp"

namespace ridgepoint::model {
namespace {

using json::Keys;
using json::Kind;
using json::Value;

const Keys& expert_count_keys() {
  static const Keys keys{"num_local_experts", "num_experts",        "n_routed_experts",
                         "moe_num_experts",   "num_routed_experts", "n_experts"};
  return keys;
}
const Keys& chosen_keys() {
  static const Keys keys{"num_experts_per_tok",
                         "num_experts_per_token",
                         "experts_per_token",
                         "moe_top_k",
                         "moe_topk",
                         "moe_k",
                         "top_k_experts",
                         "num_experts_per_topk",
                         "num_selected_experts",
                         "num_activated_experts"};
  return keys;
}
const Keys& expert_width_keys() {
  static const Keys keys{"moe_intermediate_size",    "expert_ffn_hidden_size",
                         "expert_intermediate_size", "moe_ffn_hidden_size",
                         "ffn_hidden_size",          "intermediate_size"};
  return keys;
}
const Keys& shared_count_keys() {
  static const Keys keys{"n_shared_experts", "num_shared_experts", "moe_num_shared_experts",
                         "num_shared_expert", "num_experts_shared"};
  return keys;
}
const Keys& shared_width_keys() {
  static const Keys keys{"shared_expert_intermediate_size", "moe_shared_expert_intermediate_size",
                         "shared_intermediate_size", "share_expert_dim"};
  return keys;
}
const Keys& mlp_width_keys() {
  static const Keys keys{"intermediate_size_mlp",
                         "intermediate_size",
                         "ffn_hidden_size",
                         "ffn_dim",
                         "n_inner",
                         "inner_hidden_size",
                         "d_ff",
                         "hidden_dim",
                         "d_inner",
                         "decoder_ffn_dim",
                         "ff_intermediate_size",
                         "dense_intermediate_size"};
  return keys;
}

/// Hunyuan and ERNIE-VL give one number for each layer or modality; the first counts.
std::int64_t first_count(Config& config, const Keys& keys, std::int64_t fallback) {
  const Value* value = config.find(keys);
  if (value == nullptr || value->kind != Kind::list) return config.count_or(keys, fallback);
  const auto numbers = config.integers(keys);
  if (!numbers || numbers->empty()) return fallback;
  const bool alike = std::all_of(numbers->begin(), numbers->end(),
                                 [&](std::int64_t each) { return each == numbers->front(); });
  if (!alike) {
    config.assume(fmt::format("{} differs between layers or modalities: {} everywhere",
                              keys.spellings().front(), numbers->front()));
  }
  return numbers->front();
}

std::int64_t mlp_width(Config& config) {
  if (!config.has(mlp_width_keys())) {
    if (config.has({"expansion_ratio", "ffn_expansion"}) || config.family().widens_four_times) {
      return config.out().hidden_size * config.count_or("expansion_ratio", 4);
    }
    return config.size("intermediate_size");
  }
  const Value* value = config.find(mlp_width_keys());
  if (value->kind != Kind::list) return config.size(mlp_width_keys());
  return first_count(config, mlp_width_keys(), 0);
}

std::string activation(Config& config) {
  const Value* value = config.find({"hidden_act", "hidden_activation", "mlp_hidden_act",
                                    "activation_function", "hidden_activation_function"});
  const bool named = value != nullptr && value->kind == Kind::string && !value->text.empty();
  return named ? value->text : std::string(config.family().activation);
}

bool has_mlp_bias(Config& config) {
  const Family& family = config.family();
  if (family.has_mlp_bias) return true;
  return !family.mlp_bias_key.empty() && config.flag({family.mlp_bias_key}, family.bias_by_default);
}

Mlp mlp_of(Config& config, std::int64_t width) {
  return {width, config.family().has_gated_mlp, activation(config), has_mlp_bias(config)};
}

std::optional<Mlp> read_shared(Config& config, std::int64_t expert_width) {
  std::int64_t width = first_count(config, shared_width_keys(), 0);
  if (width == 0) width = first_count(config, shared_count_keys(), 0) * expert_width;
  if (width == 0) return std::nullopt;
  return mlp_of(config, width);
}

bool has_correction_bias(Config& config) {
  return config.family().has_correction_bias || config.flag("use_routing_bias", false) ||
         config.flag("use_expert_bias", false) ||
         config.flag("moe_router_enable_expert_bias", false) ||
         config.word("topk_method", "") == "noaux_tc";
}

MixtureOfExperts read_experts(Config& config, std::int64_t experts) {
  MixtureOfExperts moe;
  moe.num_experts = experts;
  moe.experts_per_token = first_count(config, chosen_keys(), 0);
  if (moe.experts_per_token == 0) {
    (void)config.size(chosen_keys());
  } else if (moe.experts_per_token > experts) {
    config.fault(chosen_keys(),
                 fmt::format("{} of {} experts for each token", moe.experts_per_token, experts),
                 "a token cannot visit more experts than there are");
  }
  const Value* width = config.find(expert_width_keys());
  const bool listed = width != nullptr && width->kind == Kind::list;
  moe.expert = mlp_of(config, listed ? first_count(config, expert_width_keys(), 0)
                                     : config.size(expert_width_keys()));
  moe.expert.has_bias = config.family().expert_bias;
  moe.shared = read_shared(config, moe.expert.intermediate_size);
  moe.has_shared_gate = moe.shared && config.family().has_shared_gate;
  moe.router_bias = config.family().router_bias;
  moe.has_correction_bias = has_correction_bias(config);
  moe.latent_size = config.count_or({"moe_latent_size", "routed_expert_hidden_size"}, 0);
  return moe;
}

/// 1 or none: the model is dense.
std::int64_t number_of_experts(Config& config) {
  if (!config.flag("enable_moe_block", true)) return 0;
  const std::int64_t experts = first_count(config, expert_count_keys(), 0);
  return experts > 1 ? experts : 0;
}

FeedForward part_of(LayerKind kind, const FeedForward& part) {
  switch (kind) {
    case LayerKind::only_mlp:
    case LayerKind::only_experts:
      return part;
    default:
      return NoFeedForward{};
  }
}

}  // namespace

Mlp read_mlp(Config& config) { return mlp_of(config, mlp_width(config)); }

std::vector<FeedForward> read_feed_forwards(Config& config, const LayerKinds& kinds) {
  auto nested = config.nested("ffn_config");  // DBRX
  Config& source = nested ? *nested : config;
  const std::int64_t experts = number_of_experts(source);
  std::vector<bool> sparse(kinds.of.size(), false);
  if (experts > 1) sparse = expert_layers(config);
  if (kinds.single_parts) {
    for (std::size_t i = 0; i < sparse.size(); ++i) {
      sparse[i] = kinds.of[i] == LayerKind::only_experts;
    }
  }
  const bool any_sparse = std::find(sparse.begin(), sparse.end(), true) != sparse.end();
  const bool any_dense =
      sparse.empty() || std::find(sparse.begin(), sparse.end(), false) != sparse.end();
  std::optional<FeedForward> moe;
  std::optional<FeedForward> mlp;
  if (any_sparse) moe = read_experts(source, experts);
  const bool needs_mlp = !kinds.single_parts || kinds.has_some(LayerKind::only_mlp);
  if (any_dense && needs_mlp) mlp = read_mlp(source);
  std::vector<FeedForward> parts;
  for (std::size_t i = 0; i < kinds.of.size(); ++i) {
    const auto& part = sparse[i] ? moe : mlp;
    if (kinds.single_parts) {
      parts.push_back(part ? part_of(kinds.of[i], *part) : FeedForward(NoFeedForward{}));
    } else {
      parts.push_back(*part);
    }
  }
  return parts;
}

}  // namespace ridgepoint::model
