// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ridgepoint/explore/plan.hpp"

namespace ridgepoint::explore {

/// What of a deployment its load hangs on.
struct LoadedDeployment {
  predict::RunningCost cost;  ///< of one device
  double devices = 1;         ///< of one instance
  double replicas = 1;        ///< of one instance, each with requests of its own
  double output = 1;
};

/// Instances that each work on so many sequences at once, on each replica.
struct LoadedPoint {
  const LoadedDeployment& deployment;
  double sequences = 1;
  predict::LoopFigures loop;
};

/// What so many instances cost: $/h, watts or devices, by the metric of an objective. REQUIRES:
/// cost, energy or devices.
double outlay(Metric objective, const LoadedDeployment& deployment, double instances);

/// What a limit asks about. REQUIRES: the point that the load was made of.
double value_of(Metric metric, const PlannedLoad& load, double sequences);

/// The question's load, or what they can take where that is less. REQUIRES: instances ≥ 1.
PlannedLoad load_of(const LoadedPoint& point, const PlanQuestion& question, double instances);
/// The same where nothing waits: by floors, no load is better.
PlannedLoad load_without_waiting(const LoadedPoint& point, const PlanQuestion& question,
                                 double instances);

/// Instances that the rate takes at the allowed utilisation.
double instances_for_rate(const LoadedPoint& point, const PlanQuestion& question);
/// The fewest up to `most` that also keep the limits which more instances can help; `most` where
/// none do. REQUIRES: most ≥ 1.
double fewest_instances(const LoadedPoint& point, const PlanQuestion& question, double most);

/// Which limits are broken, the worst first; the rate among them.
std::vector<Breach> breaches_of(const LoadedPoint& point, const PlannedLoad& load,
                                const PlanQuestion& question);
/// By how much at least some limit is broken however good everything else is; 0 where none is.
/// REQUIRES: the load is made of floors, without waiting.
double least_breach(const LoadedPoint& point, const PlannedLoad& load,
                    const PlanQuestion& question);

}  // namespace ridgepoint::explore
