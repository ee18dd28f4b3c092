// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "model/config.hpp"
#include "model/mixers.hpp"

namespace ridgepoint::model {

/// Calls `change` on the softmax attention of every layer that has one.
template <class Change>
void for_each_attention(std::vector<LayerRun>& layers, Change change) {
  for (LayerRun& layer : layers) {
    if (auto* attention = std::get_if<Attention>(&layer.mixer)) change(*attention);
  }
}

/// Calls `change(layer, moe)` on every layer with experts.
template <class Change>
void for_each_moe(std::vector<LayerRun>& layers, Change change) {
  for (LayerRun& layer : layers) {
    if (auto* moe = std::get_if<MixtureOfExperts>(&layer.feed_forward)) change(layer, *moe);
  }
}

/// The largest integer where the product does not fit: a total above it is a fault later on.
inline std::int64_t product(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? std::numeric_limits<std::int64_t>::max() : result;
}

inline ExtraTensor lookup_table(std::string name, std::int64_t rows, std::int64_t width) {
  return {std::move(name), ExtraTensor::Use::lookup, rows, width};
}
inline ExtraTensor extra_norm(std::string name, std::int64_t width, bool has_bias = false) {
  return {std::move(name), ExtraTensor::Use::norm, 1, width, has_bias};
}
inline ExtraTensor extra_matmul(std::string name, std::int64_t inputs, std::int64_t outputs,
                                bool has_bias = false) {
  return {std::move(name), ExtraTensor::Use::matmul, inputs, outputs, has_bias};
}
inline ExtraTensor extra_parameter(std::string name, std::int64_t elements) {
  return {std::move(name), ExtraTensor::Use::parameter, 1, elements};
}

/// Sees every token and caches nothing.
inline void make_encoder(Config& config, std::vector<LayerRun>& layers) {
  config.out().is_causal = false;
  for (LayerRun& layer : layers) layer.stack = Stack::encoder;
  for_each_attention(layers, [](Attention& each) { each.has_cache = false; });
}

inline void set_parallel(std::vector<LayerRun>& layers, bool is_parallel) {
  for (LayerRun& layer : layers) layer.is_parallel = is_parallel;
}

inline void set_norms(std::vector<LayerRun>& layers, std::int64_t norms_per_layer) {
  for (LayerRun& layer : layers) layer.norms_per_layer = norms_per_layer;
}

}  // namespace ridgepoint::model
