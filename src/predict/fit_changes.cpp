// SPDX-License-Identifier: Apache-2.0
#include "predict/fit_changes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "predict/fit_reader.hpp"
#include "predict/smallest_fit.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::predict {
namespace {

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

class ChangeFinder {
 public:
  explicit ChangeFinder(const MemoryFit& answer) : answer_(answer) {}

  std::vector<FitChange> find() && {
    if (!answer_.fits) try_shorter();
    try_narrower();
    try_own_attention();
    try_more_devices();
    return std::move(changes_);
  }

 private:
  bool try_question(const FitQuestion& question, std::string what, std::string options) {
    const auto other = fit_if_any(answer_.architecture, answer_.device, question);
    constexpr double kNoticeable = 1.01;
    if (!other || other->sequences_at_max_length <= kNoticeable * answer_.sequences_at_max_length) {
      return false;
    }
    changes_.push_back({std::move(what), std::move(options), other->sequences_at_max_length});
    return true;
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
    const bool is_wide =
        byte_size(answer_.question.precision.kv_cache) == byte_size(DataType::bf16);
    const bool has_wide_cache = is_wide && answer_.has_cache;
    if (has_wide_cache) try_types(std::nullopt, DataType::fp8);
    bool is_found = false;
    for (const DataType type : {DataType::fp8, DataType::int4}) {
      is_found = try_types(type, std::nullopt) || is_found;
    }
    // Where neither does alone, both together may.
    if (answer_.fits || is_found || !has_wide_cache) return;
    if (!try_types(DataType::fp8, DataType::fp8)) try_types(DataType::int4, DataType::fp8);
  }

  bool try_types(std::optional<DataType> weights, std::optional<DataType> cache) {
    FitQuestion changed = answer_.question;
    std::vector<std::string> what;
    std::vector<std::string> options;
    if (weights) {
      changed.precision.weights = *weights;
      what.push_back(fmt::format("weights in {}", name(*weights)));
      options.push_back(fmt::format("--weights {}", name(*weights)));
    }
    if (cache) {
      changed.precision.kv_cache = *cache;
      what.push_back(fmt::format("a KV cache in {}", name(*cache)));
      options.push_back(fmt::format("--kv-cache-dtype {}", name(*cache)));
    }
    return try_question(changed, fmt::format("{}", fmt::join(what, " and ")),
                        fmt::format("{}", fmt::join(options, " ")));
  }

  void try_more_devices() {
    const Parallelism& split = answer_.question.parallelism;
    if (answer_.fits) {
      try_split(doubled(split));
      return;
    }
    if (!answer_.smallest) return;
    try_split(answer_.smallest->parallelism);
    if (answer_.smallest->parallelism.pipeline > 1) try_usual_split();
    if (split.expert > split.tensor) try_wider_experts();
  }

  bool try_split(const Parallelism& split) {
    FitQuestion changed = answer_.question;
    changed.parallelism = split;
    changed.parallelism.sequence = answer_.question.parallelism.sequence && split.tensor > 1;
    return try_question(
        changed, fmt::format("{} devices ({})", split.devices(), describe(changed.parallelism)),
        options_of(changed.parallelism));
  }

  /// Attention on more replicas, the experts over all of them.
  void try_wider_experts() {
    Parallelism split = answer_.question.parallelism;
    while (2 * split.devices() <= kMostDevices) {
      split.data *= 2;
      split.expert *= 2;
      if (try_split(split)) return;
    }
  }

  /// What most would take before they take stages, or stages of one device: tensor parallelism
  /// as far as the link's domain goes, then stages of it.
  void try_usual_split() {
    const auto sizes =
        legal_tensor_sizes(answer_.architecture, hardware::local_devices(answer_.device));
    for (const std::int64_t tensor : sizes) {
      if (tensor > answer_.smallest->devices && try_split({tensor, 1, 1, 1})) return;
    }
    const std::int64_t layers = num_hidden_layers(answer_.architecture);
    for (std::int64_t stages = 2; stages <= layers; ++stages) {
      const Parallelism split{sizes.back(), stages, 1, 1};
      if (split.devices() > kMostDevices) return;
      if (split.devices() > answer_.smallest->devices && try_split(split)) return;
    }
  }

  /// Twice the devices: more replicas of attention where the experts are spread over them, else
  /// tensor parallel as far as the link's domain goes, then stages.
  Parallelism doubled(Parallelism split) const {
    if (split.expert > split.tensor) {
      split.data *= 2;
      split.expert *= 2;
      return split;
    }
    const bool is_inside = 2 * split.tensor <= hardware::local_devices(answer_.device);
    (is_inside ? split.tensor : split.pipeline) *= 2;
    if (is_inside && split.expert > 1) split.expert *= 2;
    return split;
  }

  /// The same devices, each with sequences of its own, the experts over all of them: caches that
  /// tensor parallelism keeps in copies are kept once.
  void try_own_attention() {
    const Parallelism& split = answer_.question.parallelism;
    if (split.tensor == 1 || !has_experts(answer_.architecture)) return;
    const std::int64_t devices = split.tensor * split.data;
    const Parallelism own{1, split.pipeline, devices, devices};
    FitQuestion changed = answer_.question;
    changed.parallelism = own;
    try_question(changed, fmt::format("attention on each device ({})", describe(own)),
                 options_of(own));
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
    if (split.sequence) options += " --sequence-parallel";
    return options;
  }

  const MemoryFit& answer_;
  std::vector<FitChange> changes_;
};

}  // namespace

std::vector<FitChange> fit_changes(const MemoryFit& answer) { return ChangeFinder(answer).find(); }

}  // namespace ridgepoint::predict
