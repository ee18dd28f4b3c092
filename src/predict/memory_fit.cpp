// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/memory_fit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "predict/assumptions.hpp"
#include "predict/stage_memory.hpp"
#include "predict/whole_part.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::predict {
namespace {

constexpr std::int64_t kMostDevices = 1024;

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

 private:
  StageMemory stage(const DeviceShare& share) const {
    StageMemory memory;
    const std::int64_t prefix =
        question_.shared_prefix / question_.block_size * question_.block_size;
    const auto own = [&](std::int64_t length) {
      return sequence_memory(share.model, length - prefix, question_.block_size, element_);
    };
    memory.layers = num_hidden_layers(share.model);
    memory.weight_bytes = stage_weights(share, question_.precision);
    memory.activation_bytes =
        stage_activations(share, {question_.precision, 1, question_.parallelism},
                          question_.max_num_batched_tokens, question_.max_num_seqs);
    memory.prefix_bytes = token_memory(share.model, prefix, question_.block_size, element_);
    memory.sequence_bytes = own(question_.max_model_len);
    memory.mean_sequence_bytes = own(question_.mean_length);
    memory.kv_budget_bytes = Count(answer_.usable_bytes) - memory.weight_bytes -
                             memory.activation_bytes - Count(question_.overhead_bytes);
    return memory;
  }

  void find_tightest() {
    const auto admits = [&](const StageMemory& stage) {
      return sequences(stage, stage.sequence_bytes);
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

Diagnostics faults_of(const model::Architecture& architecture, const FitQuestion& question) {
  Diagnostics faults = illegal_splits(architecture, question.parallelism);
  if (question.shared_prefix >= question.mean_length && question.shared_prefix > 0) {
    faults.push_back({"--shared-prefix",
                      fmt::format("{} tokens, as long as the sequences themselves ({})",
                                  question.shared_prefix, question.mean_length),
                      "sequences need tokens of their own"});
  }
  if (question.mean_length > question.max_model_len) {
    faults.push_back(
        {"--mean-length",
         fmt::format("{} is above the longest, {}", question.mean_length, question.max_model_len),
         "give --max-model-len at least as many tokens"});
  }
  return faults;
}

/// The figures of a question; nothing where it does not fit.
std::optional<MemoryFit> fit_if_any(const model::Architecture& architecture,
                                    const hardware::Device& device, const FitQuestion& question) {
  if (!faults_of(architecture, question).empty()) return std::nullopt;
  MemoryFit answer = FitReader(architecture, device, question).read();
  if (!answer.fits) return std::nullopt;
  return answer;
}

/// The splits that engines prefer, from few devices to many: tensor parallel inside the link's
/// domain, then stages of as many devices as it has.
std::vector<Parallelism> usual_splits(const model::Architecture& architecture,
                                      const hardware::Device& device) {
  std::vector<Parallelism> splits;
  const auto sizes = legal_tensor_sizes(architecture, hardware::local_devices(device));
  splits.reserve(sizes.size());
  for (const std::int64_t tensor : sizes) splits.push_back({tensor, 1, 1, 1});
  const std::int64_t layers = num_hidden_layers(architecture);
  const std::int64_t tensor = sizes.back();
  for (std::int64_t stages = 2; stages <= layers && stages * tensor <= kMostDevices; ++stages) {
    splits.push_back({tensor, stages, 1, 1});
  }
  return splits;
}

/// No fewer devices hold the weights, however they are split.
std::int64_t fewest_devices(const MemoryFit& answer) {
  const Count weights = stage_weights({answer.architecture, true, true}, answer.question.precision);
  const Count fewest = ceil(weights / Count(std::max<std::int64_t>(1, answer.usable_bytes)));
  return std::max<std::int64_t>(1, fewest.to_integer().value_or(kMostDevices));
}

std::optional<SmallestFit> smallest_fit(const MemoryFit& answer) {
  FitQuestion question = answer.question;
  const std::int64_t fewest = fewest_devices(answer);
  for (const Parallelism& split : usual_splits(answer.architecture, answer.device)) {
    if (split.devices() < fewest) continue;
    question.parallelism = split;
    if (fit_if_any(answer.architecture, answer.device, question)) {
      return SmallestFit{split.devices(), split};
    }
  }
  return std::nullopt;
}

/// The same question about shorter sequences.
FitQuestion shortened(FitQuestion question, std::int64_t length) {
  question.max_model_len = length;
  question.mean_length = std::min(question.mean_length, length);
  question.shared_prefix = std::min(question.shared_prefix, question.mean_length - 1);
  return question;
}

/// The longest sequence that fits, in whole blocks; 0 if none does.
std::int64_t longest_that_fits(const MemoryFit& answer) {
  const std::int64_t block = answer.question.block_size;
  std::int64_t low = 0;
  std::int64_t high = answer.question.max_model_len / block;
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    const FitQuestion shorter = shortened(answer.question, middle * block);
    if (fit_if_any(answer.architecture, answer.device, shorter)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low * block;
}

/// Other settings, the cheapest first: what is left out before what is bought.
class ChangeFinder {
 public:
  explicit ChangeFinder(const MemoryFit& answer) : answer_(answer) {}

  std::vector<FitChange> find() && {
    if (!answer_.fits) try_shorter();
    try_narrower();
    try_more_devices();
    return std::move(changes_);
  }

 private:
  void try_question(const FitQuestion& question, std::string what, std::string options) {
    const auto other = fit_if_any(answer_.architecture, answer_.device, question);
    constexpr double kNoticeable = 1.01;
    if (!other || other->sequences_at_max_length <= kNoticeable * answer_.sequences_at_max_length) {
      return;
    }
    changes_.push_back({std::move(what), std::move(options), other->sequences_at_max_length});
  }

  void try_shorter() {
    constexpr std::int64_t kUsefulLength = 1024;
    const std::int64_t longest = longest_that_fits(answer_);
    if (longest < kUsefulLength) return;
    try_question(shortened(answer_.question, longest),
                 fmt::format("sequences of at most {} tokens", format_integer(longest)),
                 fmt::format("--max-model-len {}", longest));
  }

  void try_narrower() {
    FitQuestion changed = answer_.question;
    const bool is_wide = byte_size(changed.precision.kv_cache) == byte_size(DataType::bf16);
    if (is_wide && answer_.has_cache) {
      changed.precision.kv_cache = DataType::fp8;
      try_question(changed, "a KV cache in fp8", "--kv-cache-dtype fp8");
    }
    changed = answer_.question;
    for (const DataType type : {DataType::fp8, DataType::int4}) {
      changed.precision.weights = type;
      try_question(changed, fmt::format("weights in {}", name(type)),
                   fmt::format("--weights {}", name(type)));
    }
  }

  void try_more_devices() {
    FitQuestion changed = answer_.question;
    if (answer_.fits) {
      changed.parallelism = doubled(changed.parallelism);
    } else if (answer_.smallest) {
      changed.parallelism = answer_.smallest->parallelism;
    }
    const Parallelism& split = changed.parallelism;
    try_question(changed, fmt::format("{} devices ({})", split.devices(), describe(split)),
                 options_of(split));
  }

  /// Twice the devices: tensor parallel as far as the link's domain goes, then stages.
  Parallelism doubled(Parallelism split) const {
    const bool is_inside = 2 * split.tensor <= hardware::local_devices(answer_.device);
    (is_inside ? split.tensor : split.pipeline) *= 2;
    if (is_inside && split.expert > 1) split.expert *= 2;
    return split;
  }

  /// The whole split, whatever the options were before.
  static std::string options_of(const Parallelism& split) {
    std::string options = fmt::format("--tensor-parallel-size {}", split.tensor);
    const auto add = [&](const char* option, std::int64_t size) {
      if (size > 1) options += fmt::format(" {} {}", option, size);
    };
    add("--pipeline-parallel-size", split.pipeline);
    add("--data-parallel-size", split.data);
    add("--expert-parallel-size", split.expert);
    return options;
  }

  const MemoryFit& answer_;
  std::vector<FitChange> changes_;
};

std::vector<std::string> assumptions(const MemoryFit& answer) {
  const FitQuestion& question = answer.question;
  std::vector<std::string> sentences = given_assumptions(answer.architecture, answer.device);
  if (!answer.device.reported_capacity_bytes) {
    sentences.emplace_back(
        "what the driver reports is unknown: the datasheet's capacity is taken for it");
  }
  sentences.push_back(precision_sentence(answer.architecture, question.precision));
  sentences.push_back(fmt::format(
      "runtime overhead of {} for each device: context, communication buffers, allocator",
      format_bytes(static_cast<double>(question.overhead_bytes))));
  sentences.push_back(fmt::format(
      "activations: the residual stream and the inputs and outputs of the widest operator for {} "
      "tokens (max_num_batched_tokens), or the logits of {} sequences (max_num_seqs)",
      format_integer(question.max_num_batched_tokens), format_integer(question.max_num_seqs)));
  return sentences;
}

Diagnostics too_large(const MemoryFit& answer) {
  for (const StageMemory& stage : answer.stages) {
    const Count all = stage.weight_bytes + stage.activation_bytes + stage.sequence_bytes;
    if (!all.is_valid() || !ceil(all).to_integer()) {
      return {{answer.architecture.name, "needs more than 2^63 − 1 bytes",
               "ask for a smaller model or shorter sequences"}};
    }
  }
  return {};
}

}  // namespace

Result<MemoryFit> fit(const model::Architecture& architecture, const hardware::Device& device,
                      const FitQuestion& question) {
  if (Diagnostics faults = faults_of(architecture, question); !faults.empty()) return fail(faults);
  MemoryFit answer = FitReader(architecture, device, question).read();
  if (Diagnostics faults = too_large(answer); !faults.empty()) return fail(faults);
  answer.smallest = smallest_fit(answer);
  answer.changes = ChangeFinder(answer).find();
  answer.assumptions = assumptions(answer);
  return answer;
}

}  // namespace ridgepoint::predict
