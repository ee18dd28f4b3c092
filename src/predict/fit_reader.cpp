// SPDX-License-Identifier: Apache-2.0
#include "predict/fit_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "predict/stage_memory.hpp"
#include "predict/whole_part.hpp"

namespace ridgepoint::predict {
namespace {

std::int64_t capacity(const hardware::Device& device) {
  return device.reported_capacity_bytes ? device.reported_capacity_bytes->value
                                        : device.memory_capacity_bytes.value;
}

/// How many sequences of these bytes find room; 0 when nothing is left.
Count sequences(const StageMemory& stage, const Count& sequence_bytes) {
  const Count room = stage.kv_budget_bytes - stage.prefix_bytes;
  if (room < Count(0) || sequence_bytes == Count(0)) return 0;
  return room / sequence_bytes;
}

/// Of a sequence of this length, the tokens in whole blocks that others have in the cache already.
std::int64_t shared_tokens(const FitQuestion& question, std::int64_t length) {
  const std::int64_t found = whole_part(Count(length) * question.prefix_hit_rate);
  return std::max(question.shared_prefix, found) / question.block_size * question.block_size;
}

/// The figures of one question, without what would change them.
class FitReader {
 public:
  FitReader(const model::Architecture& architecture, const hardware::Device& device,
            const FitQuestion& question)
      : question_(question), element_(byte_size(question.precision.kv_cache)) {
    answer_.architecture = architecture;
    answer_.device = device;
    answer_.question = question;
    answer_.capacity_bytes = capacity(device);
    answer_.usable_bytes = whole_part(Count(answer_.capacity_bytes) * question.memory_utilization);
  }

  MemoryFit read() && {
    const auto shares = device_shares(answer_.architecture, question_.parallelism);
    answer_.stages.reserve(shares.size());
    for (const DeviceShare& share : shares) answer_.stages.push_back(stage(share));
    find_tightest();
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
    StageMemory memory;
    const auto own = [&](std::int64_t length) {
      const std::int64_t tokens = length - shared_tokens(question_, length);
      return sequence_memory(share.model, {tokens, question_.source_tokens.value_or(length)},
                             question_.block_size, element_);
    };
    memory.layers = num_hidden_layers(share.model);
    memory.weight_bytes = stage_weights(share, question_.precision);
    memory.activation_bytes =
        stage_activations(share, {question_.precision, 1, question_.parallelism},
                          question_.max_num_batched_tokens, question_.max_num_seqs);
    memory.prefix_bytes =
        token_memory(share.model, {shared_tokens(question_, question_.max_model_len), 0},
                     question_.block_size, element_);
    memory.sequence_bytes = own(question_.max_model_len);
    memory.mean_sequence_bytes = own(question_.mean_length);
    memory.kv_budget_bytes = Count(answer_.usable_bytes) - memory.weight_bytes -
                             memory.activation_bytes - Count(question_.overhead_bytes);
    return memory;
  }

  void find_tightest() {
    // A stage that keeps nothing of a sequence holds any number, if it holds its weights.
    const auto admits = [&](const StageMemory& stage) {
      const bool keeps_nothing = stage.sequence_bytes == Count(0);
      const bool is_free = keeps_nothing && !(stage.kv_budget_bytes < Count(0));
      return is_free ? Count(std::numeric_limits<std::int64_t>::max())
                     : sequences(stage, stage.sequence_bytes);
    };
    for (std::size_t i = 1; i < answer_.stages.size(); ++i) {
      const StageMemory& best = answer_.stages[answer_.tightest];
      const StageMemory& one = answer_.stages[i];
      const bool is_tighter =
          admits(one) < admits(best) ||
          (admits(one) == admits(best) && one.kv_budget_bytes < best.kv_budget_bytes);
      if (is_tighter) answer_.tightest = i;
    }
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
  ByteSize element_;
  MemoryFit answer_;
};

}  // namespace

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
