// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <variant>

namespace ridgepoint::efficiency {

// What one call of a kernel works on, on one device. Sizes are doubles: they may be means.

/// [m, k] · [k, n] → [m, n].
struct GemmShape {
  double m = 1;
  double n = 1;
  double k = 1;
  /// Of benchmarks alone, never of a server: few copies of the weights are used in turn, so that
  /// small ones are still in the last-level cache.
  bool weights_stay_cached = false;
  /// Of engines that quantise activations in the kernel before: no launch of its own for that.
  bool input_is_quantised = false;
};

/// Self-attention of `batch` sequences, without projections: `new_tokens` queries each on a context
/// that ends at `context`; causal. Decode has one new token.
struct AttentionShape {
  double batch = 1;
  double new_tokens = 1;
  double context = 1;
  double query_heads = 1;
  double kv_heads = 1;
  double head_dim = 128;
  double window = 0;  ///< tokens; 0: all of them
};

/// DeepSeek's latent attention: 512 elements of latent and 64 of position for each cached token.
struct LatentAttentionShape {
  double batch = 1;
  double new_tokens = 1;
  double context = 1;
  double query_heads = 1;
};

/// How the tokens of a batch choose their experts.
enum class ExpertRouting {
  random,     ///< each token its own, all experts alike: what a server is expected to see
  balanced,   ///< in turn, as benchmarks do it: no more than one row apart
  power_law,  ///< popularity drawn from x^-skew, as benchmarks do it
};

/// The experts of one layer on one device, that with the most to do: routing, the matmuls,
/// activation and combination.
struct ExpertsShape {
  double tokens = 1;  ///< that enter the layer, on all devices together
  double hidden = 1;
  double intermediate = 1;  ///< of an expert before the split
  double experts_per_token = 1;
  double experts = 1;
  double tensor_parallel = 1;
  double expert_parallel = 1;
  double skew = 0;  ///< exponent of a power law over the experts; of no meaning without one
  ExpertRouting routing = ExpertRouting::random;
  double matrices_up = 2;  ///< 2 where experts are gated (gate and up), else 1
  /// Of SGLang's benchmark alone, never of a server: the device is given the tokens that choose one
  /// of its experts, and computes their rows for the experts of other devices on its first one.
  bool remote_rows_on_first = false;
};

enum class CollectiveKind { all_reduce, all_gather, reduce_scatter, all_to_all, send };
struct CollectiveShape {
  CollectiveKind kind = CollectiveKind::all_reduce;
  double ranks = 2;
  double bytes = 1;     ///< of each rank's buffer
  double per_node = 0;  ///< ranks that share a node; 0: all
};

enum class ElementwiseKind { norm, rotary, activation, residual, softmax, embedding };
struct ElementwiseShape {
  ElementwiseKind kind = ElementwiseKind::norm;
  double rows = 1;               ///< tokens
  double width = 1;              ///< elements of each; of a gated activation after the gate
  double bytes_per_element = 4;  ///< of width, read and written: 4 of a norm, 6 of X + Y
  double kernels = 1;            ///< that follow each other
};

using Shape = std::variant<GemmShape, AttentionShape, LatentAttentionShape, ExpertsShape,
                           CollectiveShape, ElementwiseShape>;

/// What kernels are told apart by: each has a form and coefficients of its own.
enum class OperatorClass {
  gemm,
  prefill_attention,
  decode_attention,
  latent_prefill,
  latent_decode,
  experts,
  collective,
  elementwise,
};
inline constexpr std::array kOperatorClasses{OperatorClass::gemm,
                                             OperatorClass::prefill_attention,
                                             OperatorClass::decode_attention,
                                             OperatorClass::latent_prefill,
                                             OperatorClass::latent_decode,
                                             OperatorClass::experts,
                                             OperatorClass::collective,
                                             OperatorClass::elementwise};

/// "gemm", "attention_prefill", "attention_decode", "mla_prefill", "mla_decode", "grouped_gemm",
/// "collective", "elementwise".
std::string_view name(OperatorClass kind);
std::optional<OperatorClass> operator_class_named(std::string_view text);

/// Attention, latent or not: its kernels are told apart by their caches, too.
constexpr bool reads_cache(OperatorClass kind) {
  return kind == OperatorClass::prefill_attention || kind == OperatorClass::decode_attention ||
         kind == OperatorClass::latent_prefill || kind == OperatorClass::latent_decode;
}

}  // namespace ridgepoint::efficiency
