// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/model/parameters.hpp"

#include <algorithm>

#include "model/layer_parameters.hpp"

namespace ridgepoint::model {
namespace {

Result<std::int64_t> whole(const Architecture& architecture, Count total) {
  if (const auto integer = total.to_integer()) return *integer;
  return fail(architecture.origin, "has more than 2^63 - 1 parameters",
              "no count above 9,223,372,036,854,775,807 is computed");
}

Count all_elements(const Architecture& architecture) {
  Count total;
  for (const ParameterEntry& entry : parameters(architecture)) {
    total += entry.instances * entry.elements;
  }
  return total;
}

/// The experts that a token does not visit.
Count idle_elements(const Architecture& architecture, const LayerRun& run) {
  const auto* moe = std::get_if<MixtureOfExperts>(&run.feed_forward);
  if (moe == nullptr) return 0;
  const Count width = moe->latent_size > 0 ? moe->latent_size : architecture.hidden_size;
  const std::int64_t idle = std::max<std::int64_t>(0, moe->num_experts - moe->experts_per_token);
  return Count(run.count) * Count(idle) * mlp_elements(moe->expert, width);
}

std::int64_t stacks(const Architecture& architecture) {
  return (has_stack(architecture, Stack::decoder) ? 1 : 0) +
         (has_stack(architecture, Stack::encoder) ? 1 : 0);
}

}  // namespace

std::vector<ParameterEntry> parameters(const Architecture& architecture) {
  const Count width = architecture.hidden_size;
  const std::int64_t row =
      architecture.embedding_size == 0 ? architecture.hidden_size : architecture.embedding_size;
  const Count table = Count(architecture.vocab_size) * Count(row);
  std::vector<ParameterEntry> entries{{"embed_tokens", table, 1, "embed_tokens"}};
  if (architecture.learned_position_rows > 0) {
    entries.push_back({"embed_positions", architecture.learned_position_rows * width, 1, {}});
  }
  for (std::size_t i = 0; i < architecture.runs.size(); ++i) {
    add_layer_parameters(architecture, i, entries);
  }
  for (const ExtraTensor& extra : architecture.extras) {
    entries.push_back({extra.name, extra.elements(), extra.copies, extra.name});
  }
  if (architecture.has_final_norm && architecture.norm.has_weight) {
    entries.push_back({"norm",
                       architecture.norm.has_bias ? 2 * width : width,
                       std::max<std::int64_t>(1, stacks(architecture)),
                       {}});
  }
  if (architecture.has_lm_head && !architecture.tie_word_embeddings) {
    entries.push_back({"lm_head", table, 1, "lm_head", row, architecture.vocab_size});
  }
  if (architecture.has_lm_head && architecture.lm_head_bias) {
    entries.push_back({"lm_head bias", architecture.vocab_size, 1, {}});
  }
  return entries;
}

Result<std::int64_t> total_parameters(const Architecture& architecture) {
  return whole(architecture, all_elements(architecture));
}

Result<std::int64_t> active_parameters(const Architecture& architecture) {
  Count active = all_elements(architecture);
  for (const LayerRun& run : architecture.runs) active += -idle_elements(architecture, run);
  return whole(architecture, active);
}

std::int64_t num_hidden_layers(const Architecture& architecture) {
  std::int64_t layers = 0;
  for (const LayerRun& run : architecture.runs) layers += run.count;
  return layers;
}

bool has_stack(const Architecture& architecture, Stack stack) {
  return std::any_of(architecture.runs.begin(), architecture.runs.end(),
                     [&](const LayerRun& run) { return run.stack == stack; });
}

bool has_experts(const Architecture& architecture) {
  return std::any_of(architecture.runs.begin(), architecture.runs.end(), [](const LayerRun& run) {
    return std::holds_alternative<MixtureOfExperts>(run.feed_forward);
  });
}

}  // namespace ridgepoint::model
