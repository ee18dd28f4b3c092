// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::predict {

/// The norms around one part of a layer, by Hugging Face's names; null where there is none.
struct PartNorms {
  const char* before = nullptr;
  const char* after = nullptr;
};

/// Where the norms of a layer stand.
struct LayerNorms {
  bool has_mixer = true;
  bool has_feed_forward = true;
  PartNorms mixer;
  PartNorms cross;
  PartNorms feed_forward;
  std::int64_t further = 0;  ///< that stand elsewhere: in a branch, after a gate
};

/// One before each part (Llama), one before and one after (Gemma 2), one after (OLMo 2).
LayerNorms layer_norms(const model::LayerRun& run);

/// A layer of a decoder whose keys are an image's: passed over where there is no image.
bool attends_to_image(const model::LayerRun& run);

}  // namespace ridgepoint::predict
