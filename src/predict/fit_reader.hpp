// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "predict/stage_memory.hpp"
#include "ridgepoint/predict/memory_fit.hpp"

namespace ridgepoint::predict {

/// One device of a stage. What is there before any sequence comes is worked out once.
class StageReader {
 public:
  StageReader(const DeviceShare& share, const FitQuestion& question, std::int64_t usable_bytes);

  /// With sequences as long as the question says; of it nothing else may have changed.
  StageMemory memory(const FitQuestion& question) const;

 private:
  KeptBytes kept_;
  std::optional<KeptBytes> kept_by_draft_;
  StageMemory empty_;  ///< without sequences
};

/// The stage that admits the fewest sequences. REQUIRES: there is one.
std::size_t tightest(const std::vector<StageMemory>& stages);
/// How many sequences of these bytes find room; 0 when nothing is left.
Count sequences(const StageMemory& stage, const Count& sequence_bytes);
/// What a driver lets the device use.
std::int64_t usable_bytes(const hardware::Device& device, const MemoryLimits& limits);

/// Why a question has no answer; empty when it has one.
Diagnostics faults_of(const model::Architecture& architecture, const FitQuestion& question);

/// The figures of a question, without what would change them. REQUIRES: faults_of is empty.
MemoryFit read_fit(const model::Architecture& architecture, const hardware::Device& device,
                   const FitQuestion& question);

/// The same; nothing where the question has faults, or the answer is that it does not fit.
std::optional<MemoryFit> fit_if_any(const model::Architecture& architecture,
                                    const hardware::Device& device, const FitQuestion& question);

/// Whether that is something, without its figures.
bool would_fit(const model::Architecture& architecture, const hardware::Device& device,
               const FitQuestion& question);

}  // namespace ridgepoint::predict
