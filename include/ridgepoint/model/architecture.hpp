// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ridgepoint/core/data_type.hpp"
#include "ridgepoint/core/override.hpp"
#include "ridgepoint/core/result.hpp"

namespace ridgepoint::model {

enum class NormKind { rms, layer };
struct Norm {
  NormKind kind = NormKind::rms;
  bool has_bias = false;
};

/// Where queries and keys are normed: nowhere, each head by one weight of head_dim, or the whole
/// projection by a weight as wide.
enum class QueryKeyNorm { none, per_head, whole };

/// Softmax attention with num_attention_heads query and num_key_value_heads key/value heads.
struct Attention {
  std::int64_t num_attention_heads = 0;  ///< N
  std::int64_t num_key_value_heads = 0;  ///< K, divides N
  std::int64_t head_dim = 0;             ///< H
  std::optional<std::int64_t> window;    ///< tokens that a query sees; all of them when empty
  bool qkv_bias = false;
  bool output_bias = false;
  QueryKeyNorm query_key_norm = QueryKeyNorm::none;

  friend bool operator==(const Attention&, const Attention&) = default;
};

/// Gated: down(act(gate·x) ⊙ up·x), three matrices. Plain: down(act(up·x)), two.
struct Mlp {
  std::int64_t intermediate_size = 0;  ///< F
  bool gated = true;
  std::string activation = "silu";
  bool has_bias = false;

  friend bool operator==(const Mlp&, const Mlp&) = default;
};

/// Room to grow: latent attention, state-space and expert layers become further alternatives.
using Mixer = std::variant<Attention>;
using FeedForward = std::variant<Mlp>;

/// `count` equal layers, wherever they stand in the model.
struct LayerRun {
  std::int64_t count = 0;
  Mixer mixer;
  FeedForward feed_forward;
  std::int64_t norms_per_layer = 2;
};

/// What a config.json says about a decoder-only language model, completed by what its family
/// implies. Facts only; every size is at least 1 unless it says otherwise.
struct Architecture {
  std::string name;    ///< catalogue name, or what a config.json calls itself
  std::string family;  ///< model_type: "llama"
  std::string origin;  ///< the file that it was read from

  std::int64_t hidden_size = 0;                         ///< D
  std::int64_t vocab_size = 0;                          ///< V
  std::optional<std::int64_t> max_position_embeddings;  ///< the longest context trained for
  std::int64_t learned_position_rows = 0;               ///< 0: positions have no weights
  bool tie_word_embeddings = false;
  bool lm_head_bias = false;
  bool is_causal = true;
  Norm norm;
  bool has_final_norm = true;
  DataType dtype = DataType::bf16;  ///< of the stored weights

  std::vector<LayerRun> runs;            ///< all different, in the order of their first layers
  std::vector<std::string> assumptions;  ///< sentences: what the file left open
};

/// L, over all runs.
std::int64_t num_hidden_layers(const Architecture& architecture);

/// Reads an unmodified Hugging Face config.json of the Llama shape. All faults at once; what the
/// file leaves open is filled in as its family does and said in `assumptions`. `--set` overrides
/// are applied before reading.
Result<Architecture> read_architecture(std::string_view text, std::string_view source_name,
                                       const Overrides& overrides = {});

/// The model_type values whose conventions are known, in alphabetical order.
std::vector<std::string> supported_families();

}  // namespace ridgepoint::model
