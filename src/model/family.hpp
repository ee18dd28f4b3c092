// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::model {

/// Which layers see only a sliding window.
enum class WindowRule {
  none,         ///< the key is ignored
  every_layer,  ///< where the key is present
  late_layers,  ///< if use_sliding_window, from layer max_window_layers on
  alternating,  ///< the even layers
};

/// What model_type implies without saying so in the file: the class defaults of Transformers.
struct Family {
  std::string_view name;
  WindowRule window = WindowRule::none;
  bool ties_embeddings = false;  ///< when tie_word_embeddings is absent
  bool has_qkv_bias = false;
  std::string_view bias_key = {};      ///< biases on all four projections
  bool bias_by_default = false;        ///< when that key is absent
  std::string_view mlp_bias_key = {};  ///< biases on the matrices of the MLP
  QueryKeyNorm query_key_norm = QueryKeyNorm::none;
  std::int64_t head_dim = 0;  ///< when the key is absent; 0: hidden_size / num_attention_heads
  bool has_gated_mlp = true;
  std::string_view activation = "silu";
  Norm norm = {};
  std::int64_t norms_per_layer = 2;
};

/// In alphabetical order.
std::span<const Family> families();

/// Nothing for a model_type that has no row.
const Family* find_family(std::string_view model_type);

/// The Llama shape itself, for files of other families that have exactly its keys.
const Family& llama_family();

}  // namespace ridgepoint::model
