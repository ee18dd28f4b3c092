// SPDX-License-Identifier: Apache-2.0
#include "predict/not_yet.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ridgepoint::predict {
namespace {

using model::Attention;

/// What keeps an attention from being one of the plain kinds; empty when nothing does.
std::string_view oddity(const Attention& attention) {
  if (attention.is_chunked) return "chunked attention";
  if (attention.has_output_gate) return "attention with an output gate";
  if (attention.has_sinks) return "attention with sinks";
  if (!attention.has_keys) return "attention that reads another layer's cache";
  if (!attention.has_value_projection) return "attention whose keys are its values";
  if (!attention.has_cache) return "attention without a cache";
  if (attention.value_width() != attention.head_dim) return "values narrower than keys";
  return {};
}

/// What a run has that no operator stands for, in words; empty when nothing.
std::string missing_part(const model::LayerRun& run) {
  const auto* attention = std::get_if<Attention>(&run.mixer);
  if (attention == nullptr) return fmt::format("layers of kind {}", kind(run.mixer));
  if (const auto odd = oddity(*attention); !odd.empty()) return std::string(odd);
  if (!std::holds_alternative<model::Mlp>(run.feed_forward)) {
    return fmt::format("feed-forward parts of kind {}", kind(run.feed_forward));
  }
  if (run.cross_attention) return "cross attention";
  if (run.stack == model::Stack::encoder) return "an encoder";
  if (!run.extras.empty()) return run.extras.front().name;
  return {};
}

/// A step charges a rotary pass wherever positions are not learned; a linear bias on the scores
/// (ALiBi) has none, and the architecture does not tell the two apart yet.
bool has_linear_position_bias(const model::Architecture& architecture) {
  return architecture.family == "mpt" || architecture.family == "bloom";
}

}  // namespace

Diagnostics not_yet_in_steps(const model::Architecture& architecture) {
  Diagnostics faults;
  const auto refuse = [&](const std::string& part) {
    Diagnostic fault{architecture.name, fmt::format("no step can be built of it yet: {}", part),
                     "`ridgepoint models` shows its parameters, cache and state"};
    const bool is_new = std::find(faults.begin(), faults.end(), fault) == faults.end();
    if (is_new) faults.push_back(std::move(fault));
  };
  for (const model::LayerRun& run : architecture.runs) {
    if (const std::string part = missing_part(run); !part.empty()) refuse(part);
  }
  for (const model::ExtraTensor& extra : architecture.extras) refuse(extra.name);
  if (has_linear_position_bias(architecture)) refuse("positions as a linear bias (ALiBi)");
  if (!architecture.norm.has_weight) refuse("norms without weights");
  if (architecture.embedding_size != 0) refuse("embeddings narrower than the layers");
  return faults;
}

}  // namespace ridgepoint::predict
