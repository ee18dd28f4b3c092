// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/instruction_set.hpp"
#include "ridgepoint/explore/grid.hpp"
#include "ridgepoint/explore/row_stream.hpp"
#include "ridgepoint/explore/space.hpp"
#include "ridgepoint/explore/subject.hpp"
#include "ridgepoint/explore/sweep_state.hpp"
#include "ridgepoint/predict/reading.hpp"

namespace ridgepoint::explore {

struct SweepQuestion {
  predict::Reading reading = predict::Reading::bound;
  Subject subject{true, {}};
  Objective objective;
  std::size_t top = 20;                  ///< best points that are kept
  std::vector<Objective> front;          ///< of a Pareto front; empty: none is asked for
  std::vector<Grid> grids = {};          ///< of whose cells each keeps its best point
  std::optional<Metric> histogram = {};  ///< of the points that keep to the subject
  RowStream rows = {};                   ///< may be empty
  std::size_t threads = 1;
  InstructionSet set = best_instruction_set();
  /// Points done and in all, now and then, never twice at once; false ends the sweep early. May be
  /// empty.
  std::function<bool(std::uint64_t done, std::uint64_t all)> on_progress = {};
  /// The best point so far, each time that a better one is known, before the progress that brought
  /// it; which ones hangs on the threads. May be empty.
  std::function<void(const KeyedPoint& best)> on_best = {};
};

/// One point of the space, which must outlive it, with what `estimate` says of it.
struct SweepRow {
  std::uint64_t point = 0;
  Candidate candidate;
  predict::Estimate estimate;
};

/// What a cell of a grid comes up against.
enum class Region {
  memory_bound,  ///< what, by the bound, the objective waits for most at its best point …
  compute_bound,
  network_bound,
  capacity,  ///< no batch finds room
  subject,   ///< some find room, and none keeps to the limits
  empty      ///< nothing was evaluated: no engine runs it, or its cost is not known
};
constexpr std::string_view name(Region region) {
  constexpr std::array<std::string_view, 6> kNames{"memory",   "compute", "network",
                                                   "capacity", "subject", "none"};
  return kNames[static_cast<std::size_t>(region)];
}

struct SweepCell {
  GridCell found;
  Region region = Region::empty;
  std::optional<SweepRow> best;  ///< none where nothing keeps to the subject
};

/// A grid with the first axis varying fastest.
struct SweepGrid {
  Grid grid;
  std::vector<SweepCell> cells;
};

struct Sweep {
  SweepQuestion question;
  SweepCounts counts;
  bool is_complete = true;
  std::vector<SweepRow> top;     ///< by the objective, the best first
  std::vector<SweepRow> front;   ///< that no other point beats in all of it; by its first objective
  std::vector<SweepGrid> grids;  ///< in the order of the question
  std::vector<std::uint64_t> histogram;  ///< of each bin; empty: not asked for
  std::vector<LeftOut> left_out;
  std::vector<std::string> assumptions;
};

/// Evaluates every point of a space. The answer is the same whatever the number of threads and the
/// instruction set; of equals the earlier point is kept. REQUIRES: calibrations for expected times.
Sweep sweep(const Space& space, const SweepQuestion& question);

// The same step by step: in several runs, or in shards on several machines.

/// How many parts a space has: a shard of one part is the least that can be done alone.
std::uint64_t count_parts(const Space& space);
/// Works on parts of the shard of a state that begins empty, until all are done, on_progress says
/// no, or about so many seconds are over. REQUIRES: the state is of this space and question.
void continue_sweep(const Space& space, const SweepQuestion& question, SweepState& state,
                    double seconds);
/// Whether all parts of the state's shard are done.
bool is_done(const Space& space, const SweepState& state);
/// Why a state is none of this space and question; empty when it may be one.
Diagnostics faults_of(const SweepState& state, const Space& space, const SweepQuestion& question,
                      const std::string& where);
/// The shards of a sweep as one. Errors: of different sweeps, one twice, some missing or not done.
Result<SweepState> join_shards(const Space& space, const SweepQuestion& question,
                               const std::vector<SweepState>& shards);
/// What shards have found so far, as of the whole. REQUIRES: at least one; of one sweep, each once.
SweepState joined(const Space& space, const SweepQuestion& question,
                  const std::vector<SweepState>& shards);
/// What has been found, with all figures.
Sweep finish_sweep(const Space& space, const SweepQuestion& question, const SweepState& state);

}  // namespace ridgepoint::explore
