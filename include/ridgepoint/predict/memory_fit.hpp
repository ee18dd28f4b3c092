// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/architecture.hpp"
#include "ridgepoint/predict/build_step.hpp"
#include "ridgepoint/predict/expected.hpp"
#include "ridgepoint/predict/parallelism.hpp"
#include "ridgepoint/predict/speculative_decoding.hpp"

namespace ridgepoint::predict {

/// What memory is given to; names and defaults are vLLM's.
struct MemoryLimits {
  std::int64_t block_size = 16;     ///< tokens of a block of the KV cache
  std::int64_t max_num_seqs = 256;  ///< sequences whose logits a step holds
  Count memory_utilization{9, 10};
  std::int64_t overhead_bytes = std::int64_t{1} << 30;  ///< context, communication buffers, …
};

/// What is asked of the memory of a deployment.
struct FitQuestion : MemoryLimits {
  Parallelism parallelism;
  Precision precision;
  std::int64_t max_model_len = 8192;  ///< tokens of the longest sequence, prompt and answer
  std::int64_t mean_length = 4096;    ///< tokens of an average one
  std::int64_t max_num_batched_tokens = 8192;
  std::int64_t shared_prefix = 0;  ///< tokens that all sequences begin with, kept once
  /// Or the share of each sequence's tokens that are found in the cache, of one prefix: below 1.
  Count prefix_hit_rate = 0;
  /// Of an encoder, which cross attention keeps; empty: as many as the sequence has.
  std::optional<std::int64_t> source_tokens;
  SpeculativeDecoding speculation = {};
  Engine engine;
  /// Of the device, for expected times; none: floor and bound alone.
  std::shared_ptr<const efficiency::Calibration> calibration;
};

/// One device of a stage.
struct StageMemory {
  std::int64_t layers = 0;
  Count weight_bytes;      ///< those of a draft or of heads included
  Count activation_bytes;  ///< alive at once in the largest step
  Count prefix_bytes;      ///< of the shared prefix
  Count sequence_bytes;    ///< KV cache and state of one sequence of max_model_len, whole blocks
  Count mean_sequence_bytes;
  Count kv_budget_bytes;  ///< usable − weights − activations − overhead; below 0: too much
};

/// How many devices would do.
struct SmallestFit {
  std::int64_t devices = 0;
  Parallelism parallelism;
};

/// What another setting would give.
struct FitChange {
  std::string what;      ///< "a KV cache in fp8", "2 devices (TP 2)"
  std::string options;   ///< "--kv-cache-dtype fp8"
  double sequences = 0;  ///< of max_model_len (its own, where that is what changes)
};

/// A decode step of as many sequences of mean length as memory holds and max_num_seqs allows.
struct FullStep {
  double sequences = 0;  ///< of all replicas together
  double floor_s = 0;
  double bound_s = 0;
  std::optional<ExpectedTime> expected;  ///< none without a calibration
};

struct MemoryFit {
  model::Architecture architecture;
  hardware::Device device;
  FitQuestion question;

  std::int64_t capacity_bytes = 0;  ///< of one device, as its driver reports it
  std::int64_t usable_bytes = 0;    ///< · utilisation
  std::vector<StageMemory> stages;
  std::size_t tightest = 0;  ///< the stage that admits the fewest sequences
  bool has_cache = true;     ///< false for encoders: sequences keep nothing

  bool fits = false;                    ///< one sequence of max_model_len does
  std::int64_t kv_blocks = 0;           ///< of one replica
  std::int64_t kv_capacity_tokens = 0;  ///< of all replicas together, in full-length sequences
  double sequences_at_max_length = 0;   ///< of all replicas together
  double sequences_at_mean_length = 0;
  std::optional<FullStep> full_step;    ///< none where nothing decodes or no step can be timed
  std::optional<SmallestFit> smallest;  ///< among legal splits of up to 1024 devices
  /// What would make it fit, the cheapest first; where it fits, what would admit more sequences.
  std::vector<FitChange> changes;
  std::vector<std::string> assumptions;

  const StageMemory& stage() const { return stages[tightest]; }
};

/// Whether a model fits, and how many users. Errors: an illegal split, a count above 2^63 − 1, a
/// prefix as long as the sequences.
Result<MemoryFit> fit(const model::Architecture& architecture, const hardware::Device& device,
                      const FitQuestion& question);

}  // namespace ridgepoint::predict
