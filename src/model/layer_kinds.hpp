// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "model/config.hpp"

namespace ridgepoint::model {

/// What mixes tokens in a layer, before its sizes are known.
enum class LayerKind {
  full,
  sliding,
  chunked,
  linear,
  mamba,
  attention_and_mamba,
  convolution,
  recurrent,
  only_mlp,
  only_experts,
};

struct LayerKinds {
  std::vector<LayerKind> of;  ///< one for each layer
  bool single_parts = false;  ///< each layer is a mixer or an MLP, not both (Nemotron-H)
  bool needs_window = false;  ///< the file lists windowed layers: it must give the size
  bool has_some(LayerKind kind) const;
};

/// From the pattern that the file gives in any of the known forms, else by the rule of the family.
LayerKinds layer_kinds(Config& config);

/// For each layer whether it has experts, from all the keys that say so; all, without any.
std::vector<bool> expert_layers(Config& config);

}  // namespace ridgepoint::model
