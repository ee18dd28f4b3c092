// SPDX-License-Identifier: Apache-2.0
#include "predict/fit_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "predict/proposer.hpp"
#include "predict/whole_part.hpp"

namespace ridgepoint::predict {
namespace {

std::int64_t capacity(const hardware::Device& device) {
  return device.reported_capacity_bytes ? device.reported_capacity_bytes->value
                                        : device.memory_capacity_bytes.value;
}

/// Of a sequence of this length, the tokens in whole blocks that others have in the cache already.
std::int64_t shared_tokens(const FitQuestion& question, std::int64_t length) {
  const std::int64_t found = whole_part(Count(length) * question.prefix_hit_rate);
  return std::max(question.shared_prefix, found) / question.block_size * question.block_size;
}

/// A stage that keeps nothing of a sequence holds any number, if it holds its weights.
Count admits(const StageMemory& stage) {
  const bool keeps_nothing = stage.sequence_bytes == Count(0);
  const bool is_free = keeps_nothing && !(stage.kv_budget_bytes < Count(0));
  return is_free ? Count(std::numeric_limits<std::int64_t>::max())
                 : sequences(stage, stage.sequence_bytes);
}

/// The figures of one question, without what would change them.
class FitReader {
 public:
  FitReader(const model::Architecture& architecture, const hardware::Device& device,
            const FitQuestion& question)
      : question_(question) {
    answer_.architecture = architecture;
    answer_.device = device;
    answer_.question = question;
    answer_.capacity_bytes = capacity(device);
    answer_.usable_bytes = usable_bytes(device, question);
  }

  MemoryFit read() && {
    const auto shares = device_shares(answer_.architecture, question_.parallelism);
    answer_.stages.reserve(shares.size());
    for (const DeviceShare& share : shares) answer_.stages.push_back(stage(share));
    answer_.tightest = tightest(answer_.stages);
    read_sequences();
    return std::move(answer_);
  }

  /// Whether each stage holds a sequence; looks no further than the first that does not.
  bool fits() const {
    auto shares = device_shares(answer_.architecture, question_.parallelism);
    // Those with most layers first: they are the likeliest not to.
    std::stable_sort(shares.begin(), shares.end(), [](const auto& a, const auto& b) {
      return num_hidden_layers(a.model) > num_hidden_layers(b.model);
    });
    return std::all_of(shares.begin(), shares.end(), [&](const DeviceShare& share) {
      const StageMemory memory = stage(share);
      return memory.sequence_bytes == Count(0)
                 ? !(memory.kv_budget_bytes < Count(0))
                 : !(sequences(memory, memory.sequence_bytes) < Count(1));
    });
  }

 private:
  StageMemory stage(const DeviceShare& share) const {
    return StageReader(share, question_, answer_.usable_bytes).memory(question_);
  }

  void read_sequences() {
    const StageMemory& stage = answer_.stage();
    const Count data(question_.parallelism.data);
    answer_.has_cache = !(stage.sequence_bytes == Count(0));
    const Count longest = sequences(stage, stage.sequence_bytes);
    answer_.fits = answer_.has_cache ? !(longest < Count(1)) : !(stage.kv_budget_bytes < Count(0));
    const std::int64_t blocks_each =
        (question_.max_model_len + question_.block_size - 1) / question_.block_size;
    answer_.kv_blocks = whole_part(longest * Count(blocks_each));
    answer_.kv_capacity_tokens =
        whole_part(Count(answer_.kv_blocks) * Count(question_.block_size) * data);
    answer_.sequences_at_max_length = (longest * data).to_double();
    answer_.sequences_at_mean_length =
        (sequences(stage, stage.mean_sequence_bytes) * data).to_double();
  }

  const FitQuestion& question_;
  MemoryFit answer_;
};

}  // namespace

StageReader::StageReader(const DeviceShare& share, const FitQuestion& question,
                         std::int64_t usable_bytes)
    : kept_(share.model, byte_size(question.precision.kv_cache)) {
  const std::int64_t logits = question.max_num_seqs * (question.speculation.proposed + 1);
  empty_.layers = num_hidden_layers(share.model);
  empty_.weight_bytes = stage_weights(share, question.precision);
  empty_.activation_bytes = stage_activations(share, {question.precision, 1, question.parallelism},
                                              question.max_num_batched_tokens, logits);
  if (question.speculation.is_used()) {
    const ProposerMemory proposer = proposer_memory(share, question);
    empty_.weight_bytes += proposer.weight_bytes;
    empty_.activation_bytes = max(empty_.activation_bytes, proposer.activation_bytes);
    kept_by_draft_ = proposer.kept;
  }
  empty_.kv_budget_bytes = Count(usable_bytes) - empty_.weight_bytes - empty_.activation_bytes -
                           Count(question.overhead_bytes);
}

StageMemory StageReader::memory(const FitQuestion& question) const {
  const auto own = [&](std::int64_t length) {
    const std::int64_t tokens = length - shared_tokens(question, length);
    const KeptTokens kept{tokens, question.source_tokens.value_or(length)};
    const Count bytes = kept_.of_sequence(kept, question.block_size);
    return kept_by_draft_ ? bytes + kept_by_draft_->of_sequence(kept, question.block_size) : bytes;
  };
  const KeptTokens shared{shared_tokens(question, question.max_model_len), 0};
  StageMemory memory = empty_;
  memory.prefix_bytes = kept_.of_tokens(shared, question.block_size);
  if (kept_by_draft_) {
    memory.prefix_bytes += kept_by_draft_->of_tokens(shared, question.block_size);
  }
  memory.sequence_bytes = own(question.max_model_len);
  memory.mean_sequence_bytes = question.mean_length == question.max_model_len
                                   ? memory.sequence_bytes
                                   : own(question.mean_length);
  return memory;
}

Count sequences(const StageMemory& stage, const Count& sequence_bytes) {
  const Count room = stage.kv_budget_bytes - stage.prefix_bytes;
  if (room < Count(0) || sequence_bytes == Count(0)) return 0;
  return room / sequence_bytes;
}

std::size_t tightest(const std::vector<StageMemory>& stages) {
  std::size_t found = 0;
  for (std::size_t i = 1; i < stages.size(); ++i) {
    const StageMemory& best = stages[found];
    const StageMemory& one = stages[i];
    const bool is_tighter =
        admits(one) < admits(best) ||
        (admits(one) == admits(best) && one.kv_budget_bytes < best.kv_budget_bytes);
    if (is_tighter) found = i;
  }
  return found;
}

std::int64_t usable_bytes(const hardware::Device& device, const MemoryLimits& limits) {
  return whole_part(Count(capacity(device)) * limits.memory_utilization);
}

Diagnostics faults_of(const model::Architecture& architecture, const FitQuestion& question) {
  Diagnostics faults = illegal_splits(architecture, question.parallelism);
  if (question.shared_prefix >= question.mean_length && question.shared_prefix > 0) {
    faults.push_back({"--shared-prefix",
                      fmt::format("{} tokens, as long as the sequences themselves ({})",
                                  question.shared_prefix, question.mean_length),
                      "sequences need tokens of their own"});
  }
  if (question.shared_prefix > 0 && Count(0) < question.prefix_hit_rate) {
    faults.push_back({"--prefix-cache-hit-rate", "beside --shared-prefix it says the same twice",
                      "give one of the two"});
  }
  if (question.speculation.is_used()) {
    const Diagnostics more = faults_of(architecture, question.parallelism, question.speculation);
    faults.insert(faults.end(), more.begin(), more.end());
  }
  if (question.mean_length > question.max_model_len) {
    faults.push_back(
        {"--mean-length",
         fmt::format("{} is above the longest, {}", question.mean_length, question.max_model_len),
         "give --max-model-len at least as many tokens"});
  }
  return faults;
}

MemoryFit read_fit(const model::Architecture& architecture, const hardware::Device& device,
                   const FitQuestion& question) {
  return FitReader(architecture, device, question).read();
}

std::optional<MemoryFit> fit_if_any(const model::Architecture& architecture,
                                    const hardware::Device& device, const FitQuestion& question) {
  if (!faults_of(architecture, question).empty()) return std::nullopt;
  MemoryFit answer = read_fit(architecture, device, question);
  if (!answer.fits) return std::nullopt;
  return answer;
}

bool would_fit(const model::Architecture& architecture, const hardware::Device& device,
               const FitQuestion& question) {
  return faults_of(architecture, question).empty() &&
         FitReader(architecture, device, question).fits();
}

}  // namespace ridgepoint::predict
