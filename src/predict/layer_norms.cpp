// SPDX-License-Identifier: Apache-2.0
#include "predict/layer_norms.hpp"

#include <algorithm>

namespace ridgepoint::predict {
namespace {

bool is_empty(const model::Mixer& mixer) { return std::holds_alternative<model::NoMixer>(mixer); }
bool is_empty(const model::FeedForward& part) {
  return std::holds_alternative<model::NoFeedForward>(part);
}

/// Before and after each part, with Gemma 2's names.
void set_sandwich(LayerNorms& norms) {
  norms.mixer = {"input_layernorm", "post_attention_layernorm"};
  norms.cross = {"pre_cross_attention_layernorm", "post_cross_attention_layernorm"};
  norms.feed_forward = {"pre_feedforward_layernorm", "post_feedforward_layernorm"};
}

}  // namespace

LayerNorms layer_norms(const model::LayerRun& run) {
  LayerNorms norms;
  norms.has_mixer = !is_empty(run.mixer);
  norms.has_feed_forward = !is_empty(run.feed_forward);
  const std::int64_t parts =
      (norms.has_mixer ? 1 : 0) + (norms.has_feed_forward ? 1 : 0) + (run.cross_attention ? 1 : 0);
  std::int64_t left = run.norms_per_layer;
  if (left >= 2 * parts) {
    set_sandwich(norms);
    norms.further = left - 2 * parts;
    return norms;
  }
  // Where there are fewer norms than parts, the last parts have one (ModernBERT's first layer).
  const auto one = [&](PartNorms& part, bool is_there, std::int64_t parts_after, const char* before,
                       const char* after) {
    if (!is_there || left <= parts_after) return;
    --left;
    (run.norms_follow ? part.after : part.before) = run.norms_follow ? after : before;
  };
  const std::int64_t feed_forwards = norms.has_feed_forward ? 1 : 0;
  const std::int64_t crossings = run.cross_attention ? 1 : 0;
  const bool shares_norm = run.is_parallel && left == 1;
  one(norms.mixer, norms.has_mixer, shares_norm ? 0 : crossings + feed_forwards, "input_layernorm",
      "post_attention_layernorm");
  one(norms.cross, run.cross_attention.has_value(), feed_forwards, "cross_attention_layernorm",
      "post_cross_attention_layernorm");
  one(norms.feed_forward, norms.has_feed_forward, 0,
      norms.has_mixer ? (run.is_parallel ? "mlp_layernorm" : "post_attention_layernorm")
                      : "input_layernorm",
      "post_feedforward_layernorm");
  norms.further = std::max<std::int64_t>(0, left);
  return norms;
}

bool attends_to_image(const model::LayerRun& run) {
  const auto* attention = std::get_if<model::Attention>(&run.mixer);
  return attention != nullptr && !attention->has_cache && run.stack == model::Stack::decoder;
}

}  // namespace ridgepoint::predict
