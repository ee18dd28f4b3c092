// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ridgepoint/explore/space.hpp"
#include "ridgepoint/explore/subject.hpp"
#include "ridgepoint/explore/sweep_state.hpp"
#include "ridgepoint/explore/waiting.hpp"
#include "ridgepoint/predict/continuous_batching.hpp"
#include "ridgepoint/predict/reading.hpp"

namespace ridgepoint::explore {

/// A load, and what is asked of those who carry it.
struct PlanQuestion {
  predict::Reading reading = predict::Reading::bound;
  double requests_per_s = 1;
  Subject subject;           ///< that memory holds all sequences is asked for whatever it says
  double utilization = 0.8;  ///< at most such a share of what replicas can take
  std::optional<double> percentile;  ///< of TTFT, a share below 1; none: the mean
  std::int64_t max_devices = 64;
  Objective objective{Metric::cost, false};  ///< the least cost, devices or energy
  std::size_t runners_up = 5;
  /// Points looked at and in all, now and then. May be empty.
  std::function<void(std::uint64_t done, std::uint64_t all)> on_progress = {};
};
/// Why a question has no plan; empty when it may have one.
Diagnostics faults_of(const PlanQuestion& question);

/// What so many instances of one deployment do under the load.
struct PlannedLoad {
  std::int64_t instances = 0;
  std::int64_t devices = 0;  ///< of all instances
  predict::LoopFigures loop;
  double utilization = 0;  ///< share of what they can take
  Waiting waiting;         ///< mean or percentile, as asked
  double dollars_per_hour = 0;
  double watts = 0;
  /// TTFT with waiting; the rest follows from it and the load.
  predict::RequestTimes times;
};

/// What holds the middle 80 % of measured times.
struct TpotBand {
  double low_s = 0;
  double high_s = 0;
};

/// One point of the space that carries the load, or comes near.
struct PlanRow {
  std::uint64_t point = 0;
  Candidate candidate;
  PlannedLoad load;
  double objective = 0;               ///< $/h, devices or watts of all instances
  std::optional<TpotBand> tpot_band;  ///< of expected times
};

/// A limit that is broken.
struct Breach {
  enum class Kind { limit, rate } kind = Kind::limit;
  std::size_t limit = 0;  ///< index into Subject::limits
  double value = 0;       ///< what there is: of a rate, requests/s that can be taken
  double by = 0;          ///< how far it is off, as a share of the limit
};

/// The nearest that points come to what is asked.
struct Miss {
  PlanRow row;
  std::vector<Breach> breaches;  ///< the worst first
};

/// Deployments of one model in one precision on one kind of device.
struct WhyNot {
  Candidate kind;               ///< one of them
  std::optional<PlanRow> best;  ///< that meets all; none: the plan itself is, or none does
  /// The nearest one whose objective would be better than the plan's; none: not one instance's is.
  std::optional<Miss> cheaper;
};

/// The plan, were a limit a tenth looser, the rate a tenth less, or memory or devices a tenth more.
struct Relaxation {
  enum class Kind { limit, rate, memory, devices } kind = Kind::limit;
  std::size_t limit = 0;
  double objective = 0;       ///< then
  double gain = 0;            ///< share of all cost, devices or energy that it saves; > 0: it binds
  Candidate deployment = {};  ///< of the plan then
  std::int64_t instances = 0;
};

/// A limit that no deployment of as many devices can keep, whatever the load.
struct Forbidden {
  std::size_t limit = 0;
  double least = 0;  ///< the floor of the metric over all deployments that hold one sequence
  Candidate nearest;
};

/// What became of points.
struct PlanCounts {
  std::uint64_t legal = 0;      ///< of deployments that an engine can run
  std::uint64_t evaluated = 0;  ///< in full; the rest of the legal ones is excluded:
  std::uint64_t no_room = 0;    ///< memory does not hold so many sequences
  std::uint64_t limits = 0;     ///< a floor breaks a limit
  std::uint64_t devices = 0;    ///< even by floors the load takes more devices than allowed
  std::uint64_t objective = 0;  ///< by floors it is no better than what was found
  std::uint64_t excluded() const { return no_room + limits + devices + objective; }
  PlanCounts& operator+=(const PlanCounts& other);
};

/// Why the points of one deployment need no evaluation.
struct Certificate {
  Candidate deployment;
  PlanCounts counts;
  /// By floors, of the points that memory, limits and devices leave; none: they leave none.
  std::optional<double> least_objective;
};

/// What going through all legal points without any bound has found.
struct Verification {
  std::uint64_t evaluated = 0;
  std::uint64_t broken_bounds = 0;  ///< points that are better than their floors
  std::uint64_t other_rooms = 0;    ///< deployments that `estimate` has other room for
  bool is_same = false;             ///< the same plan and runners-up

  bool holds() const { return broken_bounds == 0 && other_rooms == 0 && is_same; }
};

struct Plan {
  PlanQuestion question;
  PlanCounts counts;
  std::vector<Certificate> certificates;  ///< whose counts come to those
  bool has_room = false;                  ///< some deployment holds one sequence
  std::optional<PlanRow> best;
  std::vector<PlanRow> runners_up;  ///< the best of other deployments
  std::vector<WhyNot> why_not;
  std::vector<Relaxation> relaxations;  ///< those that have a plan, the largest gain first
  std::vector<Miss> nearest_misses;     ///< where there is no plan: of each kind, the nearest first
  std::vector<Forbidden> forbidden;
  std::vector<LeftOut> left_out;
  std::optional<Verification> verification;
  std::vector<std::string> assumptions;
};

/// The best of all points of a space, proved so by floors: what is not evaluated breaks a limit by
/// its floors, or is no better. Of equals the one that answers sooner. `verifies`:
/// evaluates all, to see that it finds the same. REQUIRES: no faults; one input, output and
/// context, batches that ascend; calibrations for expected times; the space outlives the plan.
Plan plan(const Space& space, const PlanQuestion& question, bool verifies = false);

}  // namespace ridgepoint::explore
