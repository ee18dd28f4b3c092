// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "ridgepoint/cost/step.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/architecture.hpp"
#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::predict {

/// What tensors are stored as and computed in.
struct Precision {
  DataType weights = DataType::bf16;
  DataType activations = DataType::bf16;
  DataType kv_cache = DataType::bf16;
};
/// Weights, activations and cache as the config stores its weights.
Precision native_precision(const model::Architecture& architecture);

/// The sizes of one run of equal layers, as numbers or as the letters of the formulas.
template <class N>
struct LayerDimensions {
  N layers;               ///< L
  N num_attention_heads;  ///< N
  N num_key_value_heads;  ///< K
  N head_dim;             ///< H
  N intermediate_size;    ///< F
  N window;               ///< W; read where the run has a window
};

template <class N>
struct Dimensions {
  N hidden_size;  ///< D
  N vocab_size;   ///< V
  std::vector<LayerDimensions<N>> runs;
};

/// The sizes as they are, exactly (Count), in double, or as constants of the algebra.
template <class N>
Dimensions<N> dimensions(const model::Architecture& architecture) {
  Dimensions<N> sizes{N(architecture.hidden_size), N(architecture.vocab_size), {}};
  for (const model::LayerRun& run : architecture.runs) {
    const auto& attention = std::get<model::Attention>(run.mixer);
    const auto& mlp = std::get<model::Mlp>(run.feed_forward);
    sizes.runs.push_back({N(run.count), N(attention.num_attention_heads),
                          N(attention.num_key_value_heads), N(attention.head_dim),
                          N(mlp.intermediate_size), N(attention.window.value_or(1))});
  }
  return sizes;
}

/// The sizes as letters: D, V, L, N, K, H, F, W; a size that differs from the first run's gets the
/// index of its run (F_2).
Dimensions<symbolic::Expr> symbols(const model::Architecture& architecture);

/// Whether some layers have a window and others have not, or another one.
bool mixes_windows(const model::Architecture& architecture);

namespace detail {

/// Collects the operators of one step in the order of execution.
template <class N>
class StepBuilder {
 public:
  StepBuilder(const model::Architecture& architecture, const Dimensions<N>& sizes,
              const Precision& precision)
      : architecture_(architecture),
        sizes_(sizes),
        weight_(cost::scalar<N>(byte_size(precision.weights))),
        stored_(cost::scalar<N>(byte_size(architecture.dtype))),
        activation_(cost::scalar<N>(byte_size(precision.activations))),
        kv_(cost::scalar<N>(byte_size(precision.kv_cache))),
        matmul_type_(hardware::compute_type(precision.weights, precision.activations)),
        lm_head_type_(hardware::compute_type(architecture.dtype, precision.activations)),
        activation_type_(precision.activations) {}

  cost::Step<N> build() && {
    const N& d = sizes_.hidden_size;
    add("embed_tokens", N(1), cost::Embedding<N>{d, stored_, activation_});
    for (std::size_t i = 0; i < architecture_.runs.size(); ++i) {
      add_layers(architecture_.runs[i], sizes_.runs[i]);
    }
    if (architecture_.has_final_norm) add_norm("norm", N(1), d, norm_parameters(d));
    const N bias = architecture_.lm_head_bias ? sizes_.vocab_size : N(0);
    add("lm_head", N(1), cost::LmHead<N>{d, sizes_.vocab_size, stored_, activation_, bias});
    return std::move(step_);
  }

 private:
  using Layer = LayerDimensions<N>;

  void add_layers(const model::LayerRun& run, const Layer& layer) {
    const N& d = sizes_.hidden_size;
    const NormNames names = norm_names(run.norms_per_layer);
    const auto norm = [&](const char* name) {
      if (name != nullptr) add_norm(name, layer.layers, d, norm_parameters(d));
    };
    norm(names.before_attention);
    add_attention(std::get<model::Attention>(run.mixer), layer);
    norm(names.after_attention);
    add("attention_residual", layer.layers, cost::residual(d, sizes()));
    norm(names.before_mlp);
    add_mlp(std::get<model::Mlp>(run.feed_forward), layer);
    norm(names.after_mlp);
    add("mlp_residual", layer.layers, cost::residual(d, sizes()));
  }

  /// Hugging Face's names of a layer's norms, in the order of execution; null where there is none.
  struct NormNames {
    const char* before_attention = nullptr;
    const char* after_attention = nullptr;
    const char* before_mlp = nullptr;
    const char* after_mlp = nullptr;
  };
  static NormNames norm_names(std::int64_t norms_per_layer) {
    if (norms_per_layer >= 4) {  // Gemma 2
      return {"input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm",
              "post_feedforward_layernorm"};
    }
    if (norms_per_layer == 1) return {.before_attention = "input_layernorm"};
    return {.before_attention = "input_layernorm", .before_mlp = "post_attention_layernorm"};
  }

  void add_attention(const model::Attention& attention, const Layer& layer) {
    const N& d = sizes_.hidden_size;
    const N& heads = layer.num_attention_heads;
    const N& kv_heads = layer.num_key_value_heads;
    const N& width = layer.head_dim;
    const N qkv_bias = attention.qkv_bias ? N((heads + 2 * kv_heads) * width) : N(0);
    add("qkv_proj", layer.layers,
        cost::QkvProjection<N>{d, heads, kv_heads, width, weight_, activation_, kv_, qkv_bias});
    add_query_key_norm(attention.query_key_norm, layer);
    if (architecture_.learned_position_rows == 0) {
      add("rotary_emb", layer.layers, cost::rotary(heads, kv_heads, width, sizes()));
    }
    if (attention.window) {
      add(mixes_windows(architecture_) ? "sliding_attention" : "attention", layer.layers,
          cost::WindowAttention<N>{heads, kv_heads, width, activation_, kv_, layer.window});
    } else {
      const auto pairs = architecture_.is_causal ? cost::Pairs::causal : cost::Pairs::full;
      add(mixes_windows(architecture_) ? "full_attention" : "attention", layer.layers,
          cost::Attention<N>{heads, kv_heads, width, activation_, kv_, pairs});
    }
    const N output_bias = attention.output_bias ? d : N(0);
    add("o_proj", layer.layers,
        cost::Matmul<N>{heads * width, d, weight_, activation_, output_bias});
  }

  void add_query_key_norm(model::QueryKeyNorm kind, const Layer& layer) {
    if (kind == model::QueryKeyNorm::none) return;
    const N width = (layer.num_attention_heads + layer.num_key_value_heads) * layer.head_dim;
    const bool whole = kind == model::QueryKeyNorm::whole;
    add_norm("qk_norm", layer.layers, width, whole ? width : N(2 * layer.head_dim));
  }

  void add_mlp(const model::Mlp& mlp, const Layer& layer) {
    const N& d = sizes_.hidden_size;
    const N& f = layer.intermediate_size;
    const N inner = mlp.gated ? N(2 * f) : f;
    add(mlp.gated ? "gate_up_proj" : "up_proj", layer.layers,
        cost::Matmul<N>{d, inner, weight_, activation_, mlp.has_bias ? inner : N(0)});
    add("act_fn", layer.layers,
        mlp.gated ? cost::gated_activation(f, sizes()) : cost::plain_activation(f, sizes()));
    add("down_proj", layer.layers,
        cost::Matmul<N>{f, d, weight_, activation_, mlp.has_bias ? d : N(0)});
  }

  /// A scale for each element, and a shift where the model's norms have one (those of queries and
  /// keys have none).
  N norm_parameters(const N& width) const {
    return architecture_.norm.has_bias ? N(2 * width) : width;
  }

  void add_norm(std::string name, const N& count, const N& width, const N& parameters) {
    add(std::move(name), count, cost::norm(width, parameters, sizes()));
  }

  /// Norms stay as the config stores them when matmuls are quantised; so do embedding and lm_head.
  cost::Sizes<N> sizes() const { return {stored_, activation_}; }

  DataType compute_type(const cost::Operator<N>& op) const {
    if (std::holds_alternative<cost::LmHead<N>>(op)) return lm_head_type_;
    const bool is_matmul = std::holds_alternative<cost::Matmul<N>>(op) ||
                           std::holds_alternative<cost::QkvProjection<N>>(op);
    return is_matmul ? matmul_type_ : activation_type_;
  }

  /// Equal operators of several runs are one line.
  void add(std::string name, const N& count, cost::Operator<N> op) {
    for (cost::StepOperator<N>& known : step_) {
      if (known.name != name || !(known.op == op)) continue;
      known.count += count;
      return;
    }
    const DataType type = compute_type(op);
    step_.push_back({std::move(name), count, type, std::move(op)});
  }

  const model::Architecture& architecture_;
  const Dimensions<N>& sizes_;
  N weight_;
  N stored_;
  N activation_;
  N kv_;
  DataType matmul_type_;
  DataType lm_head_type_;
  DataType activation_type_;
  cost::Step<N> step_;
};

}  // namespace detail

/// One step of a model as engines run it: Q, K, V in one matmul, gate and up in one matmul, K and V
/// outputs written straight into the cache. The same operators serve prefill and decode.
template <class N>
cost::Step<N> build_step(const model::Architecture& architecture, const Dimensions<N>& sizes,
                         const Precision& precision) {
  return detail::StepBuilder<N>(architecture, sizes, precision).build();
}

}  // namespace ridgepoint::predict
