// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/model/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace ridgepoint::model {
namespace {

/// Adds the tensors of one run of layers to the list.
class RunParameters {
 public:
  RunParameters(const Architecture& architecture, const LayerRun& run,
                std::vector<ParameterEntry>& entries)
      : architecture_(architecture), run_(run), entries_(entries) {}

  void add() {
    std::visit([this](const auto& mixer) { add(mixer); }, run_.mixer);
    std::visit([this](const auto& feed_forward) { add(feed_forward); }, run_.feed_forward);
    const Count width = architecture_.hidden_size;
    const Count weights = architecture_.norm.has_bias ? 2 * width : width;
    if (run_.norms_per_layer > 0) tensor("norms", run_.norms_per_layer * weights);
  }

 private:
  void tensor(std::string name, Count elements) {
    entries_.push_back({std::move(name), elements, run_.count});
  }

  void matrix(const std::string& name, Count from, Count to, bool has_bias) {
    tensor(name, from * to);
    if (has_bias) tensor(name + " bias", to);
  }

  void add(const Attention& attention) {
    const Count width = architecture_.hidden_size;
    const Count queries = Count(attention.num_attention_heads) * attention.head_dim;
    const Count keys = Count(attention.num_key_value_heads) * attention.head_dim;
    matrix("q_proj", width, queries, attention.qkv_bias);
    matrix("k_proj", width, keys, attention.qkv_bias);
    matrix("v_proj", width, keys, attention.qkv_bias);
    matrix("o_proj", queries, width, attention.output_bias);
    if (attention.query_key_norm == QueryKeyNorm::none) return;
    const bool per_head = attention.query_key_norm == QueryKeyNorm::per_head;
    tensor("q_norm", per_head ? Count(attention.head_dim) : queries);
    tensor("k_norm", per_head ? Count(attention.head_dim) : keys);
  }

  void add(const Mlp& mlp) {
    const Count width = architecture_.hidden_size;
    if (mlp.gated) matrix("gate_proj", width, mlp.intermediate_size, mlp.has_bias);
    matrix("up_proj", width, mlp.intermediate_size, mlp.has_bias);
    matrix("down_proj", mlp.intermediate_size, width, mlp.has_bias);
  }

  const Architecture& architecture_;
  const LayerRun& run_;
  std::vector<ParameterEntry>& entries_;
};

/// Elements that one token leaves in the cache of one layer.
Count cached_elements(const Attention& attention) {
  return Count(2) * attention.num_key_value_heads * attention.head_dim;
}

Count size_of(ByteSize element) { return Count(element.numerator, element.denominator); }

}  // namespace

std::vector<ParameterEntry> parameters(const Architecture& architecture) {
  const Count width = architecture.hidden_size;
  const Count table = Count(architecture.vocab_size) * width;
  std::vector<ParameterEntry> entries{{"embed_tokens", table, 1}};
  if (architecture.learned_position_rows > 0) {
    entries.push_back({"embed_positions", architecture.learned_position_rows * width, 1});
  }
  for (const LayerRun& run : architecture.runs) RunParameters(architecture, run, entries).add();
  if (architecture.has_final_norm) {
    entries.push_back({"final norm", architecture.norm.has_bias ? 2 * width : width, 1});
  }
  if (!architecture.tie_word_embeddings) entries.push_back({"lm_head", table, 1});
  if (architecture.lm_head_bias) entries.push_back({"lm_head bias", architecture.vocab_size, 1});
  return entries;
}

Result<std::int64_t> total_parameters(const Architecture& architecture) {
  Count total;
  for (const ParameterEntry& entry : parameters(architecture)) {
    total += entry.instances * entry.elements;
  }
  if (const auto integer = total.to_integer()) return *integer;
  return fail(architecture.origin, "has more than 2^63 - 1 parameters",
              "no count above 9,223,372,036,854,775,807 is computed");
}

std::int64_t num_hidden_layers(const Architecture& architecture) {
  std::int64_t layers = 0;
  for (const LayerRun& run : architecture.runs) layers += run.count;
  return layers;
}

std::vector<KvWindow> kv_windows(const Architecture& architecture, ByteSize element) {
  std::map<std::int64_t, KvWindow> by_window;
  for (const LayerRun& run : architecture.runs) {
    const auto* attention = std::get_if<Attention>(&run.mixer);
    if (attention == nullptr) continue;
    KvWindow& window = by_window[attention->window.value_or(0)];
    window.tokens = attention->window.value_or(0);
    window.layers += run.count;
    window.bytes_per_token += run.count * cached_elements(*attention) * size_of(element);
  }
  std::vector<KvWindow> windows;
  for (const auto& [tokens, window] : by_window) windows.push_back(window);
  return windows;
}

Count kv_bytes_per_token(const Architecture& architecture, ByteSize element) {
  Count bytes;
  for (const KvWindow& window : kv_windows(architecture, element)) bytes += window.bytes_per_token;
  return bytes;
}

Count kv_bytes_per_sequence(const Architecture& architecture, std::int64_t length,
                            ByteSize element) {
  Count bytes;
  for (const KvWindow& window : kv_windows(architecture, element)) {
    const std::int64_t tokens = window.tokens == 0 ? length : std::min(length, window.tokens);
    bytes += tokens * window.bytes_per_token;
  }
  return bytes;
}

}  // namespace ridgepoint::model
