// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ridgepoint/core/instruction_set.hpp"
#include "ridgepoint/explore/space.hpp"
#include "ridgepoint/explore/subject.hpp"
#include "ridgepoint/predict/reading.hpp"

namespace ridgepoint::explore {

struct SweepQuestion {
  predict::Reading reading = predict::Reading::bound;
  Subject subject{true, {}};
  Objective objective;
  std::size_t top = 20;          ///< best points that are kept
  std::vector<Objective> front;  ///< of a Pareto front; empty: none is asked for
  std::size_t threads = 1;
  InstructionSet set = best_instruction_set();
  /// Points done and in all, now and then, never twice at once; false ends the sweep early. May be
  /// empty.
  std::function<bool(std::uint64_t done, std::uint64_t all)> on_progress = {};
};

/// One point of the space with what `estimate` says of it.
struct SweepRow {
  std::uint64_t point = 0;
  Candidate candidate;
  predict::Estimate estimate;
};

/// Deployments that were left out for one reason.
struct LeftOut {
  Diagnostic reason;
  std::uint64_t deployments = 0;
};

/// How many points came how far.
struct SweepCounts {
  std::uint64_t points = 0;     ///< of the axes' product that were looked at
  std::uint64_t evaluated = 0;  ///< of deployments that an engine can run
  std::uint64_t fitting = 0;    ///< whose batch finds room; 0 where that is not asked for
  std::uint64_t meeting = 0;    ///< that keep to the subject

  friend bool operator==(const SweepCounts&, const SweepCounts&) = default;
};

struct Sweep {
  SweepQuestion question;
  SweepCounts counts;
  bool is_complete = true;
  std::vector<SweepRow> top;    ///< by the objective, the best first
  std::vector<SweepRow> front;  ///< that no other point beats in all of it; by its first objective
  std::vector<LeftOut> left_out;
  std::vector<std::string> assumptions;
};

/// Evaluates every point of a space. The answer is the same whatever the number of threads and the
/// instruction set; of equals the earlier point is kept. REQUIRES: calibrations for expected times.
Sweep sweep(const Space& space, const SweepQuestion& question);

}  // namespace ridgepoint::explore
