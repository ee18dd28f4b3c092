// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "ridgepoint/explore/space.hpp"
#include "ridgepoint/predict/reading.hpp"
#include "ridgepoint/predict/request_blocks.hpp"
#include "ridgepoint/predict/sequence_room.hpp"
#include "ridgepoint/roofline/step_time.hpp"

namespace ridgepoint::explore {

/// Points of one deployment and one input, one after the other.
struct TimedBlock {
  predict::RunningCost cost;  ///< of one of its devices
  double replicas = 1;
  double devices = 1;
  std::uint64_t first = 0;  ///< number of the first one in the space
  std::span<const double> batch;
  std::span<const double> output;
  std::span<const double> ttft_s;
  std::span<const double> tpot_s;
  std::span<const double> room;  ///< sequences that a replica's memory holds; empty: not asked for

  std::size_t size() const { return batch.size(); }
};

/// How times are read.
struct TimesWanted {
  predict::Reading reading = predict::Reading::bound;
  bool has_room = false;
  InstructionSet set = best_instruction_set();
};

/// Times of the points of one deployment. For one thread; the space must outlive it.
class DeploymentTimes {
 public:
  /// Errors: why no engine runs the deployment, or no step of it can be timed.
  static Result<DeploymentTimes> build(const Space& space, std::uint64_t deployment,
                                       const TimesWanted& wanted);

  const Candidate& candidate() const { return candidate_; }

  /// Visits the points of rows [first, last): all batches at one input, output and context are one.
  void run(std::uint64_t first, std::uint64_t last,
           const std::function<void(const TimedBlock&)>& visit);

 private:
  using Numbers = std::array<double, roofline::kBlockSize>;

  DeploymentTimes(const Space& space, std::uint64_t deployment, const TimesWanted& wanted,
                  Candidate candidate, predict::RequestBlocks blocks);

  void set_input(std::int64_t input);
  void set_row(std::uint64_t row);
  void run_rows(std::uint64_t first, std::uint64_t last,
                const std::function<void(const TimedBlock&)>& visit);
  void fill_row(std::size_t first_batch, std::size_t size, std::size_t at);
  void time(std::uint64_t first_point, std::size_t n,
            const std::function<void(const TimedBlock&)>& visit);

  const Space* space_;
  std::uint64_t number_;
  TimesWanted wanted_;
  Candidate candidate_;
  bool has_encoder_;
  predict::RequestBlocks blocks_;
  std::optional<predict::SequenceRoom> room_;
  std::vector<double> batches_;
  // At the input at hand, of each batch.
  std::int64_t input_ = 0;
  std::vector<double> prefill_s_;
  // Of the row at hand.
  double row_output_ = 0;
  double row_context_ = 0;
  double row_room_ = 0;
  Numbers batch_{};
  Numbers output_{};
  Numbers context_{};
  Numbers ttft_s_{};
  Numbers tpot_s_{};
  Numbers most_{};
};

}  // namespace ridgepoint::explore
