// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::model {

class Config;

/// Which layers see only a sliding window when the file gives no pattern of its own.
enum class WindowRule {
  none,         ///< the key is ignored
  every_layer,  ///< where the key is present
  late_layers,  ///< if use_sliding_window, from layer max_window_layers on
  alternating,  ///< the even layers
  all_but_nth,  ///< all but every window_period-th
};

/// Which layers rotate their queries and keys when the file says nothing.
enum class RotaryRule {
  every_layer,
  none,         ///< positions are learned, a bias on the scores, or not seen
  windowed,     ///< those with a window, where there are any
  all_but_nth,  ///< all but every no_rope_layer_interval-th
};

/// A size that the configuration class fills in when the file leaves it out.
struct Default {
  std::string_view key;
  std::int64_t value;
};

/// What model_type implies without saying so in the file: the class defaults of Transformers.
/// Biases named by a key are there when the key is true; `implied` ones always.
struct Family {
  std::string_view name;
  WindowRule window = WindowRule::none;
  std::int32_t window_period = 0;
  bool ties_embeddings = false;  ///< when tie_word_embeddings is absent
  bool has_qkv_bias = false;
  bool has_output_bias = false;
  std::string_view bias_key = {};         ///< biases on all four projections
  std::string_view qkv_bias_key = {};     ///< biases on Q, K, V
  bool bias_by_default = false;           ///< when the keys are absent
  std::string_view output_bias_key = {};  ///< overrides bias_key for the output
  std::string_view mlp_bias_key = {};     ///< biases on the matrices of the MLP
  bool has_mlp_bias = false;
  QueryKeyNorm query_key_norm = QueryKeyNorm::none;
  std::string_view query_key_norm_key = {};  ///< the norm is there if this is true; {}: always
  std::int64_t head_dim = 0;  ///< when the key is absent; 0: hidden_size / num_attention_heads
  bool has_gated_mlp = true;
  bool widens_four_times = false;  ///< the MLP, when the file gives it no width
  std::string_view activation = "silu";
  Norm norm = {};
  std::int64_t norms_per_layer = 2;
  bool has_final_norm = true;
  bool has_lm_head = true;
  bool lm_head_bias = false;
  bool has_learned_positions = false;
  std::int32_t extra_position_rows = 0;
  bool has_sinks = false;
  bool has_output_gate = false;
  bool has_correction_bias = false;  ///< of the router
  bool router_bias = false;
  bool expert_bias = false;
  bool is_mamba = false;  ///< every layer is a state-space mixer and nothing else
  bool has_shared_gate = false;
  RotaryRule rotary = RotaryRule::every_layer;
  bool is_parallel = false;   ///< attention and MLP read the same input
  bool norms_follow = false;  ///< each norm comes after its part
  std::span<const Default> defaults = {};
  /// Further ones inside a multimodal file, where Transformers writes only what differs from them.
  std::span<const Default> nested_defaults = {};
  /// What no field above says, done to the layers (one entry each) after they were read.
  void (*finish)(Config& config, std::vector<LayerRun>& layers) = nullptr;
  std::string_view read_as = {};  ///< the row is another spelling of this family
};

/// The rows, one function a group of families; a new family touches one of these files.
std::span<const Family> llama_families();
std::span<const Family> early_families();
std::span<const Family> gemma_families();
std::span<const Family> expert_families();
std::span<const Family> latent_families();
std::span<const Family> recurrent_families();
std::span<const Family> encoder_families();
std::span<const Family> sequence_families();
std::span<const Family> shared_families();

/// Nothing for a model_type that has no row.
const Family* find_family(std::string_view model_type);

/// What keeps a known family from being counted; empty for all others.
std::string_view reason_uncovered(std::string_view model_type);

/// By the first entry of `architectures`: "LlamaForCausalLM".
const Family* family_of_class(std::string_view class_name);

/// For a model_type without a row: what most decoder-only models share.
const Family& geometry_family();

}  // namespace ridgepoint::model
