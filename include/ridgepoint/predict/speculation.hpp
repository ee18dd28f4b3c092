// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/architecture.hpp"
#include "ridgepoint/predict/build_step.hpp"
#include "ridgepoint/predict/reading.hpp"
#include "ridgepoint/predict/speculative_decoding.hpp"

namespace ridgepoint::predict {

/// Of speculative decoding: how it does at these batches.
struct SpeculationQuestion : SpeculativeDecoding {
  std::vector<std::int64_t> batches{1};
  std::int64_t context = 1024;
  Reading reading = Reading::bound;  ///< or floor
  Execution execution;
};

struct SpeculationRow {
  std::int64_t batch = 0;
  double decode_s = 0;               ///< a plain decode step
  double propose_s = 0;              ///< k steps of the draft, or the heads once
  double check_s = 0;                ///< one step of the model on k + 1 tokens of each sequence
  double tokens_per_step = 0;        ///< 1 + α + … + α^k, of each sequence
  double speedup = 0;                ///< tokens_per_step · decode ÷ (propose + check)
  double break_even_acceptance = 0;  ///< the α that pays at this batch; above 1: none does
};

struct Speculation {
  model::Architecture architecture;
  hardware::Device device;
  SpeculationQuestion question;
  std::vector<SpeculationRow> rows;
  /// The first batch (a power of two, up to 65,536) at which it no longer pays; 0 if it always
  /// does.
  std::int64_t break_even_batch = 0;
  double break_even_acceptance = 0;  ///< at the first batch asked for
  std::vector<std::string> assumptions;
};

/// REQUIRES: tokens are proposed. Errors: a model or draft that generates nothing, vocabularies
/// that differ, an illegal split, a rate that is not known.
Result<Speculation> speculate(const model::Architecture& architecture,
                              const hardware::Device& device, const SpeculationQuestion& question);

}  // namespace ridgepoint::predict
