// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/core/data_type.hpp"
#include "ridgepoint/core/override.hpp"
#include "ridgepoint/core/result.hpp"

namespace ridgepoint::model {

enum class NormKind { rms, layer };
struct Norm {
  NormKind kind = NormKind::rms;
  bool has_bias = false;
  bool has_weight = true;  ///< OLMo 1 scales nothing
};

/// Where queries and keys are normed: nowhere, each head by one weight of head_dim, or the whole
/// projection by a weight as wide.
enum class QueryKeyNorm { none, per_head, whole };

/// Softmax attention with num_attention_heads query and num_key_value_heads key/value heads.
struct Attention {
  std::int64_t num_attention_heads = 0;  ///< N
  std::int64_t num_key_value_heads = 0;  ///< K, divides N
  std::int64_t head_dim = 0;             ///< H, of queries and keys
  std::optional<std::int64_t> window;    ///< tokens that a query sees; all of them when empty
  bool qkv_bias = false;
  bool output_bias = false;
  QueryKeyNorm query_key_norm = QueryKeyNorm::none;
  std::int64_t value_head_dim = 0;   ///< of values; 0: as wide as keys
  bool is_chunked = false;           ///< the window starts at multiples of its size (Llama 4)
  bool has_output_gate = false;      ///< q_proj also makes a gate as wide as the output
  bool has_sinks = false;            ///< one logit for each query head (gpt-oss)
  bool has_value_projection = true;  ///< false: the keys are the values (Gemma 4)
  bool has_keys = true;              ///< false: reads the keys and values of an earlier layer
  bool has_unused_keys = false;      ///< then: has their projections all the same (Gemma 3n)
  bool has_cache = true;             ///< false: an encoder's, or to an image (in a decoder)
  bool query_key_norm_bias = false;
  bool has_rotary = true;  ///< false: positions are learned, a bias on the scores, or not seen

  std::int64_t value_width() const { return value_head_dim == 0 ? head_dim : value_head_dim; }
  friend bool operator==(const Attention&, const Attention&) = default;
};

/// Chooses the top_k tokens that a sparse attention looks at (DeepSeek V3.2). Its own keys, of
/// head_dim elements a token and layer, are not part of the KV cache figures.
struct Indexer {
  std::int64_t num_heads = 0;
  std::int64_t head_dim = 0;
  std::int64_t top_k = 0;

  friend bool operator==(const Indexer&, const Indexer&) = default;
};

/// Multi-head latent attention: the cache holds kv_lora_rank + qk_rope_head_dim elements a token.
struct LatentAttention {
  std::int64_t num_attention_heads = 0;
  std::int64_t q_lora_rank = 0;  ///< 0: queries are projected in one step
  std::int64_t kv_lora_rank = 0;
  std::int64_t qk_nope_head_dim = 0;
  std::int64_t qk_rope_head_dim = 0;
  std::int64_t v_head_dim = 0;
  bool has_bias = false;  ///< on q_a, kv_a and the output
  std::optional<Indexer> indexer;

  friend bool operator==(const LatentAttention&, const LatentAttention&) = default;
};

/// Mamba-1: a selective scan over intermediate_size channels with state_size states each.
struct Mamba1 {
  std::int64_t intermediate_size = 0;
  std::int64_t state_size = 0;
  std::int64_t conv_kernel = 0;
  std::int64_t time_step_rank = 0;
  bool conv_bias = true;
  bool projection_bias = false;
  bool has_inner_norms = false;  ///< of the time step, B and C (Jamba)

  friend bool operator==(const Mamba1&, const Mamba1&) = default;
};

/// Mamba-2: heads share one decay each; B and C are shared within each of `groups`.
struct Mamba2 {
  std::int64_t num_heads = 0;
  std::int64_t head_dim = 0;
  std::int64_t state_size = 0;
  std::int64_t groups = 0;
  std::int64_t conv_kernel = 0;
  bool conv_bias = true;
  bool projection_bias = false;
  bool has_norm = true;           ///< gated, over all heads
  std::int64_t chunk_size = 256;  ///< tokens that a prefill works off as one matmul

  std::int64_t intermediate_size() const { return num_heads * head_dim; }
  std::int64_t conv_channels() const { return intermediate_size() + 2 * groups * state_size; }
  friend bool operator==(const Mamba2&, const Mamba2&) = default;
};

/// Gated DeltaNet (Qwen3-Next): a matrix of key_head_dim × value_head_dim for each value head.
struct GatedDeltaNet {
  std::int64_t num_key_heads = 0;
  std::int64_t num_value_heads = 0;
  std::int64_t key_head_dim = 0;
  std::int64_t value_head_dim = 0;
  std::int64_t conv_kernel = 0;

  std::int64_t key_width() const { return num_key_heads * key_head_dim; }
  std::int64_t value_width() const { return num_value_heads * value_head_dim; }
  std::int64_t conv_channels() const { return 2 * key_width() + value_width(); }
  friend bool operator==(const GatedDeltaNet&, const GatedDeltaNet&) = default;
};

/// Kimi Delta Attention: a delta rule with a decay for each channel.
struct KimiDeltaAttention {
  std::int64_t num_heads = 0;
  std::int64_t head_dim = 0;
  std::int64_t conv_kernel = 0;
  bool has_full_gate = false;  ///< one matrix, not two of rank head_dim (Kimi K3)

  std::int64_t width() const { return num_heads * head_dim; }
  friend bool operator==(const KimiDeltaAttention&, const KimiDeltaAttention&) = default;
};

/// Linear attention with a fixed decay for each head (MiniMax-01).
struct LightningAttention {
  std::int64_t num_heads = 0;
  std::int64_t head_dim = 0;

  std::int64_t width() const { return num_heads * head_dim; }
  friend bool operator==(const LightningAttention&, const LightningAttention&) = default;
};

/// A gated convolution over the last `kernel` tokens (LFM2).
struct ShortConvolution {
  std::int64_t width = 0;
  std::int64_t kernel = 0;
  bool has_bias = false;

  friend bool operator==(const ShortConvolution&, const ShortConvolution&) = default;
};

/// The real-gated linear recurrent unit of RecurrentGemma, with its gates in blocks.
struct RecurrentUnit {
  std::int64_t width = 0;
  std::int64_t blocks = 0;
  std::int64_t conv_kernel = 0;

  friend bool operator==(const RecurrentUnit&, const RecurrentUnit&) = default;
};

/// Both at once on the same input (Falcon-H1).
struct AttentionBesideMamba {
  Attention attention;
  Mamba2 mamba;

  friend bool operator==(const AttentionBesideMamba&, const AttentionBesideMamba&) = default;
};

/// The layer has only a feed-forward part.
struct NoMixer {
  friend bool operator==(const NoMixer&, const NoMixer&) = default;
};

/// One matrix in place of attention (Nemotron-NAS).
struct LinearMixer {
  friend bool operator==(const LinearMixer&, const LinearMixer&) = default;
};

/// Gated: down(act(gate·x) ⊙ up·x), three matrices. Plain: down(act(up·x)), two.
struct Mlp {
  std::int64_t intermediate_size = 0;  ///< F
  bool gated = true;
  std::string activation = "silu";
  bool has_bias = false;

  friend bool operator==(const Mlp&, const Mlp&) = default;
};

/// A router sends each token to experts_per_token of num_experts; the rest sees every token.
struct MixtureOfExperts {
  std::int64_t num_experts = 0;        ///< E
  std::int64_t experts_per_token = 0;  ///< k
  Mlp expert;
  std::optional<Mlp> shared;         ///< all shared experts as one MLP of their summed width
  bool has_shared_gate = false;      ///< the shared experts are scaled by a learned gate (Qwen)
  std::optional<Mlp> dense;          ///< a dense MLP in parallel (Arctic, Gemma 4)
  bool router_bias = false;          ///< of the router's matrix
  bool has_correction_bias = false;  ///< one number an expert, for balance (DeepSeek V3)
  std::int64_t latent_size = 0;      ///< the experts' input and output; 0: hidden_size
  std::int64_t router_outputs = 0;   ///< experts in all, where these are a device's share; 0: E

  std::int64_t scored_experts() const { return router_outputs == 0 ? num_experts : router_outputs; }
  friend bool operator==(const MixtureOfExperts&, const MixtureOfExperts&) = default;
};

/// The layer has only a mixer.
struct NoFeedForward {
  friend bool operator==(const NoFeedForward&, const NoFeedForward&) = default;
};

using Mixer = std::variant<Attention, LatentAttention, Mamba1, Mamba2, GatedDeltaNet,
                           KimiDeltaAttention, LightningAttention, ShortConvolution, RecurrentUnit,
                           AttentionBesideMamba, LinearMixer, NoMixer>;
using FeedForward = std::variant<Mlp, MixtureOfExperts, NoFeedForward>;

/// "attention", "sliding_attention", "chunked_attention", "mla", "mamba2", … as reports say it.
std::string_view kind(const Mixer& mixer);
/// "mlp", "moe", "none".
std::string_view kind(const FeedForward& feed_forward);

/// Weights that no part above describes: a relative position table, a pooler.
struct ExtraTensor {
  /// What a step makes of it: rows of a table for each token, a norm, a matmul (which may be
  /// quantised), some numbers that are read with another operator, or nothing.
  enum class Use { lookup, norm, matmul, parameter, unread };

  std::string name;
  Use use = Use::parameter;
  std::int64_t inputs = 1;   ///< of a matmul; rows of a table; 1 of a norm
  std::int64_t outputs = 0;  ///< of a matmul; width of a row or of a norm; else all elements
  bool has_bias = false;     ///< as wide as the outputs
  std::int64_t copies = 1;
  bool at_exit = false;  ///< after the last layer, on one position of each sequence

  Count elements() const {  ///< of one copy
    return (Count(inputs) + Count(has_bias ? 1 : 0)) * Count(outputs);
  }
  friend bool operator==(const ExtraTensor&, const ExtraTensor&) = default;
};

enum class Stack { decoder, encoder };

/// `count` equal layers, wherever they stand in the model.
struct LayerRun {
  std::int64_t count = 0;
  Mixer mixer;
  FeedForward feed_forward;
  std::int64_t norms_per_layer = 2;
  std::optional<Attention> cross_attention = {};  ///< to the output of the encoder
  Stack stack = Stack::decoder;
  std::vector<ExtraTensor> extras = {};
  std::vector<std::int64_t> numbers = {};  ///< which layers these are, from 0; in one stack
  bool is_parallel = false;                ///< mixer and feed-forward read the same input (GPT-J)
  bool norms_follow = false;     ///< each norm comes after its part, before the residual (OLMo 2)
  std::int64_t weight_sets = 0;  ///< that its layers use in turn (ALBERT: 1); 0: one each
};

/// How the file says that matrices are stored.
struct Quantization {
  enum class Method { block_fp8, tensor_fp8, channel_fp8, group_integer, mxfp4, nvfp4, int8 };
  std::string name;  ///< as the file spells it: "fp8", "gptq"
  Method method = Method::tensor_fp8;
  std::int64_t bits = 8;
  std::int64_t group_size = 0;     ///< inputs that share a scale; 0: all of a row
  std::int64_t block_rows = 0;     ///< of block_fp8
  std::int64_t block_columns = 0;  ///< of block_fp8
  std::int64_t zero_bits = 0;      ///< of each group's zero point
  std::int64_t scale_bits = 0;     ///< of each scale; 0: as the method's checkpoints mostly have it
  std::int64_t scales_per_scale = 0;  ///< that share one of 32 bits in turn; 0: they have none
  std::int64_t input_scale_bits = 0;  ///< of each matrix's inputs, where the file has one
  bool has_group_index = false;       ///< GPTQ: 32 bits for each input
  bool covers_embeddings = false;     ///< MLX: the embedding, the head and the router too
  bool covers_head = false;
  std::vector<std::string> ignored = {};  ///< globs of tensors that stay as they are
};

/// What a config.json says about a language model, completed by what its family implies. Facts
/// only; every size is at least 1 unless it says otherwise.
struct Architecture {
  std::string name;    ///< catalogue name, or what a config.json calls itself
  std::string family;  ///< model_type: "llama"
  std::string origin;  ///< the file that it was read from

  std::int64_t hidden_size = 0;                         ///< D
  std::int64_t vocab_size = 0;                          ///< V
  std::int64_t embedding_size = 0;                      ///< of a token's row; 0: hidden_size
  std::optional<std::int64_t> max_position_embeddings;  ///< the longest context trained for
  std::int64_t learned_position_rows = 0;               ///< 0: positions have no weights
  bool tie_word_embeddings = false;
  bool lm_head_bias = false;
  bool has_lm_head = true;  ///< false: an encoder
  bool is_causal = true;
  Norm norm;
  bool has_final_norm = true;                     ///< of each stack
  DataType dtype = DataType::bf16;                ///< of the stored weights
  std::optional<Quantization> quantization = {};  ///< of what is not stored as dtype

  std::vector<LayerRun> runs;            ///< all different, in the order of their first layers
  std::vector<ExtraTensor> extras = {};  ///< outside the layers
  std::vector<std::string> assumptions;  ///< sentences: what the file left open
};

/// L, over all runs.
std::int64_t num_hidden_layers(const Architecture& architecture);

/// Whether some layers stand in this stack.
bool has_stack(const Architecture& architecture, Stack stack);
/// Whether some layers have experts.
bool has_experts(const Architecture& architecture);

/// Reads an unmodified Hugging Face config.json. All faults at once; what the file leaves open is
/// filled in as its family does and said in `assumptions`. A family without a row in the table is
/// read by its geometry, and that is said. `--set` overrides are applied before reading.
Result<Architecture> read_architecture(std::string_view text, std::string_view source_name,
                                       const Overrides& overrides = {});

/// The model_type values whose conventions are known, in alphabetical order.
std::vector<std::string> supported_families();

}  // namespace ridgepoint::model
