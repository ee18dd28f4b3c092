// SPDX-License-Identifier: Apache-2.0
#include "model/overrides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "model/layer_lists.hpp"
#include "ridgepoint/core/text.hpp"

namespace ridgepoint::model {
namespace {

using json::Value;

/// What `--set` may add to a file that does not have it.
const std::vector<std::string>& known_keys() {
  static const std::vector<std::string> keys{"attention_bias",
                                             "attention_chunk_size",
                                             "cla_share_factor",
                                             "decoder_sparse_step",
                                             "first_k_dense_replace",
                                             "full_attention_interval",
                                             "global_head_dim",
                                             "head_dim",
                                             "hidden_act",
                                             "hidden_size",
                                             "hidden_size_per_layer_input",
                                             "index_head_dim",
                                             "index_n_heads",
                                             "index_topk",
                                             "intermediate_size",
                                             "kv_lora_rank",
                                             "max_position_embeddings",
                                             "max_window_layers",
                                             "mlp_bias",
                                             "model_type",
                                             "moe_intermediate_size",
                                             "moe_latent_size",
                                             "moe_layer_freq",
                                             "n_routed_experts",
                                             "n_shared_experts",
                                             "no_rope_layer_interval",
                                             "num_attention_heads",
                                             "num_experts",
                                             "num_experts_per_tok",
                                             "num_experts_per_token",
                                             "num_hidden_layers",
                                             "num_key_value_heads",
                                             "num_kv_shared_layers",
                                             "num_local_experts",
                                             "q_lora_rank",
                                             "qk_nope_head_dim",
                                             "qk_rope_head_dim",
                                             "shared_expert_intermediate_size",
                                             "sliding_window",
                                             "sliding_window_pattern",
                                             "tie_word_embeddings",
                                             "torch_dtype",
                                             "use_qk_norm",
                                             "use_sliding_window",
                                             "v_head_dim",
                                             "vocab_size"};
  return keys;
}

void note_overrides(const Overrides& overrides, const Value& root, Architecture& out) {
  for (const Override& change : overrides) {
    const Value* before = root.find(change.key);
    out.assumptions.push_back(
        fmt::format("{} set to {} ({})", shown(change.key), shown(change.value),
                    before == nullptr ? "the file has none"
                                      : fmt::format("the file says {}", json::describe(*before))));
  }
}

/// A pattern that is asked for overrules what the file says of windows in other ways, as far as its
/// layers differ in nothing else.
void let_pattern_rule(const Overrides& overrides, Value& object) {
  const bool is_asked = std::any_of(overrides.begin(), overrides.end(), [](const Override& each) {
    return each.key == "sliding_window_pattern";
  });
  if (!is_asked) return;
  if (Value* used = object.find("use_sliding_window")) used->boolean = true;
  const auto types = std::find(object.keys.begin(), object.keys.end(), "layer_types");
  if (types == object.keys.end()) return;
  const auto place = types - object.keys.begin();
  const auto& kinds = object.items[static_cast<std::size_t>(place)].items;
  const bool are_attention = std::all_of(kinds.begin(), kinds.end(), [](const Value& kind) {
    return kind.text == "full_attention" || kind.text == "sliding_attention";
  });
  if (!are_attention) return;
  object.keys.erase(types);
  object.items.erase(object.items.begin() + place);
}

}  // namespace

Diagnostics apply_overrides(const Overrides& overrides, Value& object, Architecture& out) {
  note_overrides(overrides, object, out);
  const Value* layers = object.find("num_hidden_layers");
  const std::int64_t before = layers == nullptr ? 0 : layers->integer.value_or(0);
  Diagnostics faults = json::apply(overrides, known_keys(), object);
  fit_layer_lists(overrides, before, object);
  let_pattern_rule(overrides, object);
  return faults;
}

void blame(const Overrides& overrides, Diagnostics& faults) {
  for (Diagnostic& fault : faults) {
    for (const Override& change : overrides) {
      if (fault.where.ends_with("/" + change.key)) {
        fault.where = shown(fmt::format("{} {}={}", change.where, change.key, change.value));
      }
    }
  }
}

}  // namespace ridgepoint::model
