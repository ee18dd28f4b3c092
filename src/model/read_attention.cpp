// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <optional>
#include <string>

#include "model/mixers.hpp"

namespace ridgepoint::model {
namespace {

using json::Keys;

const Keys& key_value_head_keys() {
  static const Keys keys{"num_key_value_heads",  "num_kv_heads", "n_head_kv",
                         "n_kv_heads",           "kv_n_heads",   "num_query_groups",
                         "num_attention_groups", "n_kv_head"};
  return keys;
}
const Keys& head_dim_keys() {
  static const Keys keys{"head_dim", "attention_head_dim", "kv_channels", "d_kv",
                         "d_head",   "dim_head",           "head_size"};
  return keys;
}

/// Falcon and GPT-BigCode say multi_query; ChatGLM counts its groups.
std::optional<std::int64_t> shared_heads(Config& config) {
  if (config.flag("multi_query_attention", false) && config.has("multi_query_group_num")) {
    return config.size("multi_query_group_num", kMostHeads);
  }
  const bool is_falcon =
      config.has("new_decoder_architecture") && config.flag("new_decoder_architecture", false);
  const Keys explicit_heads{"num_kv_heads", "n_head_kv"};
  const bool by_default = config.family().name == "falcon" || config.family().name == "gpt_bigcode";
  if (!is_falcon && config.flag("multi_query", by_default)) return 1;
  if (auto inner = config.nested("attn_config")) {
    if (inner->has("kv_n_heads")) return inner->size("kv_n_heads", kMostHeads);
    if (inner->word("attn_type", "") == "multiquery_attention") return 1;
  }
  return std::nullopt;
}

std::int64_t key_value_heads(Config& config, std::int64_t heads) {
  const bool ignores_key = config.family().name == "falcon";
  const bool named = config.has(key_value_head_keys());
  if (!named || ignores_key) {
    if (const auto shared = shared_heads(config)) return *shared;
  }
  const auto explicit_heads = config.optional_size(key_value_head_keys(), kMostHeads);
  if (heads > 0 && !explicit_heads && !named) {
    config.assume("num_key_value_heads absent: as many as num_attention_heads (MHA)");
  }
  const std::int64_t count = explicit_heads.value_or(heads);
  if (heads > 0 && count > 0 && heads % count != 0) {
    config.fault(key_value_head_keys(),
                 fmt::format("{} key/value heads do not divide {} query heads", count, heads),
                 "num_attention_heads must be a multiple of num_key_value_heads");
  }
  return count;
}

std::int64_t head_width(Config& config, std::int64_t heads) {
  if (config.has(head_dim_keys())) return config.size(head_dim_keys(), kMostHeads);
  if (const std::int64_t width = config.family().head_dim; width != 0) {
    config.assume(fmt::format("head_dim absent: {}, as {} has it", width, config.family().name));
    return width;
  }
  const std::int64_t hidden = config.out().hidden_size;
  if (heads == 0 || hidden == 0) return 0;
  if (hidden % heads == 0) {
    config.assume(
        fmt::format("head_dim absent: hidden_size / num_attention_heads = {}", hidden / heads));
  } else {
    config.fault(head_keys(), fmt::format("{} heads do not divide hidden_size {}", heads, hidden),
                 "give head_dim if the heads have a width of their own");
  }
  return hidden / heads;
}

bool flag_of(Config& config, std::string_view key, bool fallback) {
  if (key.empty()) return false;
  return config.flag({key}, fallback);
}

QueryKeyNorm query_key_norm(Config& config) {
  const Family& family = config.family();
  if (family.query_key_norm_key.empty()) return family.query_key_norm;
  return config.flag({family.query_key_norm_key}, false) ? family.query_key_norm
                                                         : QueryKeyNorm::none;
}

}  // namespace

const Keys& head_keys() {
  static const Keys keys{"num_attention_heads",
                         "n_head",
                         "n_heads",
                         "num_heads",
                         "attention_heads",
                         "decoder_attention_heads",
                         "encoder_attention_heads"};
  return keys;
}

const Keys& window_keys() {
  static const Keys keys{"sliding_window", "sliding_window_size", "attention_window_size",
                         "window_size", "local_attention"};
  return keys;
}

Attention read_attention(Config& config) {
  const Family& family = config.family();
  Attention attention;
  attention.num_attention_heads = config.size(head_keys(), kMostHeads);
  attention.num_key_value_heads = key_value_heads(config, attention.num_attention_heads);
  attention.head_dim = head_width(config, attention.num_attention_heads);
  attention.query_key_norm = query_key_norm(config);
  const bool bias = flag_of(config, family.bias_key, family.bias_by_default);
  attention.qkv_bias =
      bias || family.has_qkv_bias || flag_of(config, family.qkv_bias_key, family.bias_by_default);
  attention.output_bias = family.output_bias_key.empty()
                              ? bias || family.has_output_bias
                              : flag_of(config, family.output_bias_key, false);
  attention.has_sinks = family.has_sinks;
  attention.has_output_gate = family.has_output_gate;
  return attention;
}

LatentAttention read_latent_attention(Config& config) {
  LatentAttention mla;
  mla.num_attention_heads = config.size(head_keys(), kMostHeads);
  mla.q_lora_rank = config.count_or("q_lora_rank", 0);
  mla.kv_lora_rank = config.size("kv_lora_rank", kMostHeads);
  mla.qk_nope_head_dim = config.size("qk_nope_head_dim", kMostHeads);
  mla.qk_rope_head_dim = config.size("qk_rope_head_dim", kMostHeads);
  mla.v_head_dim =
      config.has("v_head_dim") ? config.size("v_head_dim", kMostHeads) : mla.qk_nope_head_dim;
  mla.has_bias = config.flag("attention_bias", false);
  if (is_set(config.object(), "index_n_heads")) {
    mla.indexer =
        Indexer{config.size("index_n_heads", kMostHeads), config.size("index_head_dim", kMostHeads),
                config.count_or("index_topk", 2048)};
    config.assume(fmt::format(
        "the indexer's own keys ({} values per layer and token) are not in the KV cache figures",
        mla.indexer->head_dim));
  }
  return mla;
}

}  // namespace ridgepoint::model
