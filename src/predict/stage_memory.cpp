// SPDX-License-Identifier: Apache-2.0
#include "predict/stage_memory.hpp"

#include <algorithm>

#include "predict/step_plan.hpp"
#include "ridgepoint/model/storage.hpp"

namespace ridgepoint::predict {
namespace {

Count rounded_up(std::int64_t tokens, std::int64_t block_size) {
  return Count((tokens + block_size - 1) / block_size) * Count(block_size);
}

/// The model of a stage, without what stands at an end of the model that the stage has not.
model::Architecture at_its_place(const DeviceShare& share) {
  model::Architecture stage = share.model;
  if (!share.has_embedding) stage.learned_position_rows = 0;
  std::erase_if(stage.extras, [&](const model::ExtraTensor& extra) {
    return extra.at_exit ? !share.has_head : !share.has_embedding;
  });
  if (!share.has_head) stage.has_final_norm = stage.has_lm_head = false;
  return stage;
}

}  // namespace

Count stage_weights(const DeviceShare& share, const Precision& precision) {
  const model::Architecture stage = at_its_place(share);
  const model::WeightStorage storage(stage);
  std::optional<ByteSize> matrices;
  if (precision.weights) matrices = byte_size(*precision.weights);
  const Count all = storage.total_bytes(matrices);
  const bool reads_table = share.has_embedding || (share.has_head && stage.tie_word_embeddings);
  return reads_table ? all : all - storage.tensor_bytes(-1, {"embed_tokens"});
}

Count stage_activations(const DeviceShare& share, const Execution& execution, std::int64_t tokens,
                        std::int64_t sequences) {
  const cost::Shape<Count> chunk{1, tokens, tokens};
  const cost::Shape<Count> batch{sequences, 1, 1};
  Count widest;
  for (const auto& part : build_step<Count>(plan_step(share, execution, Phase::prefill))) {
    const auto* head = std::get_if<cost::LmHead<Count>>(&part.op);
    if (head == nullptr) {
      widest = max(widest, cost::totals(part.op, chunk).activation_bytes);
    } else {
      constexpr std::int64_t kSampledSize = 4;  // engines sample from fp32 logits
      widest = max(widest, cost::totals(*head, batch).activation_bytes +
                               Count(sequences) * head->vocabulary * Count(kSampledSize));
    }
  }
  const auto element = cost::scalar<Count>(byte_size(execution.precision.activations));
  const Count kept = ceil(Count(tokens) / Count(token_shares(execution.parallelism)));
  return kept * Count(share.model.hidden_size) * element + widest;
}

KeptBytes::KeptBytes(const model::Architecture& share, ByteSize element)
    : windows_(model::kv_windows(share, element)),
      index_bytes_per_token_(model::index_bytes_per_token(share, element)),
      state_bytes_(model::state_bytes_per_sequence(share)) {}

Count KeptBytes::of_tokens(const KeptTokens& tokens, std::int64_t block_size) const {
  Count bytes = rounded_up(tokens.own, block_size) * index_bytes_per_token_;
  for (const model::KvWindow& window : windows_) {
    const std::int64_t all = window.of_source ? tokens.source : tokens.own;
    const std::int64_t kept = window.tokens == 0 ? all : std::min(all, window.tokens);
    bytes += rounded_up(kept, block_size) * window.bytes_per_token;
  }
  return bytes;
}

Count KeptBytes::of_sequence(const KeptTokens& tokens, std::int64_t block_size) const {
  return of_tokens(tokens, block_size) + state_bytes_;
}

}  // namespace ridgepoint::predict
