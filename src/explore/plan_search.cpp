// SPDX-License-Identifier: Apache-2.0
#include "explore/plan_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace ridgepoint::explore {
namespace {

double most_instances(const PlanDeployment& deployment, const PlanQuestion& question) {
  return std::floor(static_cast<double>(question.max_devices) / deployment.load().devices);
}

/// The best points found so far, one of each deployment.
class BestOfEach {
 public:
  explicit BestOfEach(std::size_t most) : most_(most) {}

  /// Whether a point that is no better than such a key can still be wanted.
  bool wants(const PlanKey& bound, std::size_t deployment) const {
    const auto own = known_.find(deployment);
    if (own != known_.end() && own->second.key < bound) return false;
    return !threshold_ || !(*threshold_ < bound);
  }
  void add(const Carrier& found) {
    const auto [own, is_new] = known_.try_emplace(found.at.deployment, found);
    if (!is_new) own->second = std::min(own->second, found);
    if (known_.size() >= most_) threshold_ = sorted().back().key;
  }
  std::vector<Carrier> sorted() const {
    std::vector<Carrier> all;
    all.reserve(known_.size());
    for (const auto& [deployment, each] : known_) all.push_back(each);
    std::sort(all.begin(), all.end());
    all.resize(std::min(all.size(), most_));
    return all;
  }

 private:
  std::size_t most_;
  std::map<std::size_t, Carrier> known_;
  std::optional<PlanKey> threshold_;  ///< of the worst that is wanted, once there are as many
};

/// The most instances up to `most` with an objective below `below`, which grows in proportion.
double most_below(const LoadedPoint& point, const PlanQuestion& question, double most,
                  double below) {
  const auto objective = [&](double instances) {
    return outlay(question.objective.metric, point.deployment, instances);
  };
  if (most >= 1) most = std::min(most, std::ceil(below / objective(1)));
  while (most >= 1 && !(objective(most) < below)) --most;
  return most;
}

}  // namespace

PlanKey key_of(const LoadedPoint& point, const PlannedLoad& load, const PlanQuestion& question) {
  const auto instances = static_cast<double>(load.instances);
  return {outlay(question.objective.metric, point.deployment, instances), load.times.e2el_s};
}

/// By floors, with as few instances as those take. Counts why there is none.
std::optional<PlanKey> PlanSearch::bound(const PlanPoint& at, const PlanQuestion& question,
                                         PlanCounts& counts) const {
  const PlanDeployment& deployment = deployments_[at.deployment];
  const LoadedPoint point = deployment.floor(at.batch, question);
  const double instances = instances_for_rate(point, question);
  if (instances > most_instances(deployment, question)) {
    ++counts.devices;
    return std::nullopt;
  }
  const PlannedLoad load = load_without_waiting(point, question, instances);
  if (least_breach(point, load, question) > 0) {
    ++counts.limits;
    return std::nullopt;
  }
  return key_of(point, load, question);
}

void PlanSearch::add_bounded(std::size_t deployment, const PlanQuestion& question,
                             const SearchTerms& terms, SearchRecord& record,
                             std::vector<Bounded>& points) const {
  PlanCounts& counts = record.counts[deployment];
  std::optional<double>& least = record.least_objective[deployment];
  for (std::size_t batch = 0; batch < deployments_[deployment].batches(); ++batch) {
    ++counts.legal;
    if (!deployments_[deployment].holds(batch, terms.room)) {
      ++counts.no_room;
      continue;
    }
    const PlanPoint at{deployment, batch};
    const auto key = terms.has_bounds ? bound(at, question, counts) : std::optional(PlanKey{});
    if (!key) continue;
    points.push_back({*key, at});
    least = std::min(least.value_or(key->objective), key->objective);
  }
}

std::vector<PlanSearch::Bounded> PlanSearch::bounded_points(const PlanQuestion& question,
                                                            const SearchTerms& terms,
                                                            SearchRecord& record) const {
  record.counts.resize(deployments_.size());
  record.least_objective.resize(deployments_.size());
  std::vector<Bounded> points;
  if (terms.of != nullptr) {
    for (const std::size_t i : *terms.of) add_bounded(i, question, terms, record, points);
  } else {
    for (std::size_t i = 0; i < deployments_.size(); ++i) {
      add_bounded(i, question, terms, record, points);
    }
  }
  std::sort(points.begin(), points.end());
  return points;
}

std::optional<Carrier> PlanSearch::carrier(const PlanPoint& at, const PlanQuestion& question) {
  PlanDeployment& deployment = deployments_[at.deployment];
  const LoadedPoint point = deployment.evaluated(at.batch);
  const double most = most_instances(deployment, question);
  if (most < 1) return std::nullopt;
  const double instances = fewest_instances(point, question, most);
  const PlannedLoad load = load_of(point, question, instances);
  if (!breaches_of(point, load, question).empty()) return std::nullopt;
  return Carrier{key_of(point, load, question), at, instances};
}

std::vector<Carrier> PlanSearch::best(const PlanQuestion& question, const SearchTerms& terms,
                                      SearchRecord& record) {
  BestOfEach found(terms.most);
  const std::vector<Bounded> points = bounded_points(question, terms, record);
  std::uint64_t done = 0;
  for (const Bounded& each : points) {
    if (question.on_progress) question.on_progress(done++, points.size());
    PlanCounts& counts = record.counts[each.at.deployment];
    if (terms.has_bounds && !found.wants(each.key, each.at.deployment)) {
      ++counts.objective;
      continue;
    }
    ++counts.evaluated;
    if (const auto carries = carrier(each.at, question)) found.add(*carries);
  }
  return found.sorted();
}

std::vector<Carrier> PlanSearch::best(const PlanQuestion& question, const SearchTerms& terms) {
  SearchRecord nobody_asks;
  return best(question, terms, nobody_asks);
}

/// By floors, with as many instances as are better than `below`.
std::vector<PlanSearch::Near> PlanSearch::near_points(std::size_t deployment,
                                                      const PlanQuestion& question,
                                                      double below) const {
  const PlanDeployment& one = deployments_[deployment];
  std::vector<Near> points;
  for (std::size_t batch = 0; batch < one.batches(); ++batch) {
    if (!one.holds(batch, Room::own)) continue;
    const LoadedPoint point = one.floor(batch);
    const double most = most_below(point, question, most_instances(one, question), below);
    if (most < 1) continue;
    const double fewest = std::min(most, instances_for_rate(point, question));
    const PlannedLoad load = load_without_waiting(point, question, fewest);
    points.push_back({{least_breach(point, load, question),
                       key_of(point, load, question),
                       {deployment, batch},
                       fewest},
                      most});
  }
  return points;
}

NearCarrier PlanSearch::near(const PlanPoint& at, const PlanQuestion& question,
                             double most_instances) {
  const LoadedPoint point = deployments_[at.deployment].evaluated(at.batch);
  const double instances = fewest_instances(point, question, most_instances);
  const PlannedLoad load = load_of(point, question, instances);
  const std::vector<Breach> breaches = breaches_of(point, load, question);
  return {breaches.empty() ? 0 : breaches.front().by, key_of(point, load, question), at, instances};
}

std::optional<NearCarrier> PlanSearch::nearest(const std::vector<std::size_t>& of,
                                               const PlanQuestion& question, double below) {
  std::vector<Near> points;
  for (const std::size_t deployment : of) {
    for (const Near& each : near_points(deployment, question, below)) points.push_back(each);
  }
  std::sort(points.begin(), points.end(),
            [](const Near& a, const Near& b) { return a.bound < b.bound; });
  std::optional<NearCarrier> best;
  for (const Near& each : points) {
    if (best && best->worst < each.bound.worst) break;
    const NearCarrier one = near(each.bound.at, question, each.most_instances);
    if (!best || one < *best) best = one;
  }
  return best;
}

}  // namespace ridgepoint::explore
