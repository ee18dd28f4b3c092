// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
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

inline void set_norms(std::vector<LayerRun>& layers, std::int64_t norms_per_layer) {
  for (LayerRun& layer : layers) layer.norms_per_layer = norms_per_layer;
}

}  // namespace ridgepoint::model
