// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "model/config.hpp"
#include "model/layer_kinds.hpp"

namespace ridgepoint::model {

/// Softmax attention as the main keys describe it, without a window.
Attention read_attention(Config& config);
LatentAttention read_latent_attention(Config& config);
Mamba1 read_mamba1(Config& config);
Mamba2 read_mamba2(Config& config);

/// One mixer for each layer.
std::vector<Mixer> read_mixers(Config& config, const LayerKinds& kinds);

/// One feed-forward part for each layer.
std::vector<FeedForward> read_feed_forwards(Config& config, const LayerKinds& kinds);

/// The MLP of the main keys.
Mlp read_mlp(Config& config);

/// The spellings of what every reader needs.
const json::Keys& hidden_keys();
const json::Keys& layer_keys();
const json::Keys& vocabulary_keys();
const json::Keys& head_keys();
const json::Keys& window_keys();

}  // namespace ridgepoint::model
