// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "explore/plan_deployment.hpp"

namespace ridgepoint::explore {

/// A batch of a deployment, by its place among those of the plan.
struct PlanPoint {
  std::size_t deployment = 0;
  std::size_t batch = 0;
  friend auto operator<=>(const PlanPoint&, const PlanPoint&) = default;
};

/// What points are ordered by, the smaller the better.
struct PlanKey {
  double objective = 0;
  double e2el_s = 0;
  friend auto operator<=>(const PlanKey&, const PlanKey&) = default;
};

/// A point that carries the load.
struct Carrier {
  PlanKey key;
  PlanPoint at;
  double instances = 1;
  friend auto operator<=>(const Carrier&, const Carrier&) = default;
};

/// A point that breaks limits.
struct NearCarrier {
  double worst = 0;  ///< breach
  PlanKey key;
  PlanPoint at;
  double instances = 1;
  friend auto operator<=>(const NearCarrier&, const NearCarrier&) = default;
};

/// What became of the points of each deployment.
struct SearchRecord {
  std::vector<PlanCounts> counts;
  std::vector<std::optional<double>> least_objective;
};

/// What one search is allowed, beside its question.
struct SearchTerms {
  std::size_t most = 1;  ///< deployments whose best is wanted
  Room room = Room::own;
  bool has_bounds = true;                        ///< false: every point is evaluated
  const std::vector<std::size_t>* of = nullptr;  ///< deployments; null: all
};

/// Where points of a plan are looked for.
class PlanSearch {
 public:
  explicit PlanSearch(std::vector<PlanDeployment>& deployments) : deployments_(deployments) {}

  /// The best of each deployment, of so many, the best first; each by its best point.
  std::vector<Carrier> best(const PlanQuestion& question, const SearchTerms& terms,
                            SearchRecord& record);
  std::vector<Carrier> best(const PlanQuestion& question, const SearchTerms& terms);

  /// The point of some deployments that comes nearest, with objectives below `below` alone. None
  /// where no instance of any is below.
  std::optional<NearCarrier> nearest(const std::vector<std::size_t>& of,
                                     const PlanQuestion& question, double below);

 private:
  struct Bounded {
    PlanKey key;
    PlanPoint at;
    friend auto operator<=>(const Bounded&, const Bounded&) = default;
  };
  struct Near {
    NearCarrier bound;
    double most_instances;
  };

  void add_bounded(std::size_t deployment, const PlanQuestion& question, const SearchTerms& terms,
                   SearchRecord& record, std::vector<Bounded>& points) const;
  std::optional<PlanKey> bound(const PlanPoint& at, const PlanQuestion& question,
                               PlanCounts& counts) const;
  std::vector<Bounded> bounded_points(const PlanQuestion& question, const SearchTerms& terms,
                                      SearchRecord& record) const;
  std::optional<Carrier> carrier(const PlanPoint& at, const PlanQuestion& question);
  std::vector<Near> near_points(std::size_t deployment, const PlanQuestion& question,
                                double below) const;
  NearCarrier near(const PlanPoint& at, const PlanQuestion& question, double most_instances);

  std::vector<PlanDeployment>& deployments_;
};

/// Of a load.
PlanKey key_of(const LoadedPoint& point, const PlannedLoad& load, const PlanQuestion& question);

}  // namespace ridgepoint::explore
