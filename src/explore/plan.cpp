// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "explore/plan_assumptions.hpp"
#include "explore/plan_search.hpp"

namespace ridgepoint::explore {
namespace {

constexpr double kAnything = std::numeric_limits<double>::infinity();

/// Deployments that differ by how they are split and nothing else, in their order.
struct Kind {
  const Candidate* first;
  std::vector<std::size_t> deployments;
};

std::vector<Kind> kinds_of(const std::vector<PlanDeployment>& deployments) {
  std::vector<Kind> kinds;
  for (std::size_t i = 0; i < deployments.size(); ++i) {
    const Candidate& one = deployments[i].candidate();
    auto kind = std::find_if(kinds.begin(), kinds.end(),
                             [&](const Kind& each) { return is_of_kind(*each.first, one); });
    if (kind == kinds.end()) kind = kinds.insert(kind, Kind{&one, {}});
    kind->deployments.push_back(i);
  }
  return kinds;
}

/// Puts an answer together.
class Planner {
 public:
  Planner(const Space& space, const PlanQuestion& question)
      : space_(space), deployments_(plan_deployments(space, question)), search_(deployments_.all) {
    plan_.question = question;
    plan_.left_out = deployments_.left_out;
  }

  Plan run(bool verifies) && {
    plan_.has_room = std::any_of(deployments_.all.begin(), deployments_.all.end(),
                                 [](const auto& each) { return each.holds(0, Room::own); });
    SearchRecord record;
    const auto found = search_.best(plan_.question, {plan_.question.runners_up + 1}, record);
    certify(record);
    plan_.question.on_progress = {};  // what follows knows most points
    for (const Carrier& each : found) {
      PlanRow row = row_of(each.at, each.instances);
      if (plan_.best) {
        plan_.runners_up.push_back(std::move(row));
      } else {
        plan_.best = std::move(row);
      }
    }
    compare_kinds();
    relax();
    find_forbidden();
    if (verifies) verify(found);
    plan_.assumptions = plan_assumptions(space_.axes(), plan_.question);
    return std::move(plan_);
  }

 private:
  void certify(const SearchRecord& record) {
    for (std::size_t i = 0; i < deployments_.all.size(); ++i) {
      plan_.counts += record.counts[i];
      plan_.certificates.push_back(
          {deployments_.all[i].candidate(), record.counts[i], record.least_objective[i]});
    }
  }

  PlanRow row_of(const PlanPoint& at, double instances) {
    PlanDeployment& deployment = deployments_.all[at.deployment];
    const LoadedPoint point = deployment.evaluated(at.batch);
    PlanRow row;
    row.point = deployment.point(at.batch);
    row.candidate = space_.point(row.point);
    row.load = load_of(point, plan_.question, instances);
    row.objective = key_of(point, row.load, plan_.question).objective;
    row.tpot_band = tpot_band(row.candidate);
    return row;
  }

  /// Of expected times, at as many sequences: the steady state that `estimate` tells.
  std::optional<TpotBand> tpot_band(const Candidate& candidate) const {
    if (plan_.question.reading != predict::Reading::expected) return std::nullopt;
    const auto answer = predict::estimate(candidate.model->architecture, candidate.device->device,
                                          candidate.question);
    if (!answer || !answer->steady.expected) return std::nullopt;
    return TpotBand{answer->steady.expected->fast.tpot_s, answer->steady.expected->slow.tpot_s};
  }

  std::optional<Miss> miss_of(const std::vector<std::size_t>& of, double below) {
    const auto nearest = search_.nearest(of, plan_.question, below);
    if (!nearest) return std::nullopt;
    const LoadedPoint point = deployments_.all[nearest->at.deployment].evaluated(nearest->at.batch);
    Miss miss{row_of(nearest->at, nearest->instances), {}};
    miss.breaches = breaches_of(point, miss.row.load, plan_.question);
    return miss;
  }

  void compare_kinds() {
    for (const Kind& kind : kinds_of(deployments_.all)) {
      if (!plan_.best) {
        if (auto miss = miss_of(kind.deployments, kAnything)) {
          plan_.nearest_misses.push_back(std::move(*miss));
        }
      } else {
        plan_.why_not.push_back(why_not(kind));
      }
    }
    std::stable_sort(
        plan_.nearest_misses.begin(), plan_.nearest_misses.end(),
        [](const Miss& a, const Miss& b) { return a.breaches.front().by < b.breaches.front().by; });
  }

  WhyNot why_not(const Kind& kind) {
    WhyNot why{*kind.first, {}, {}};
    why.cheaper = miss_of(kind.deployments, plan_.best->objective);
    if (is_of_kind(*kind.first, plan_.best->candidate)) return why;
    const auto best = search_.best(plan_.question, {1, Room::own, true, &kind.deployments});
    if (!best.empty()) why.best = row_of(best.front().at, best.front().instances);
    return why;
  }

  /// The plan of a question with one term relaxed.
  void relax(Relaxation relaxed, const PlanQuestion& question, Room room) {
    const auto found = search_.best(question, {1, room});
    if (found.empty()) return;
    const Carrier& best = found.front();
    relaxed.objective = best.key.objective;
    relaxed.gain = plan_.best ? 1 - best.key.objective / plan_.best->objective : 1;
    relaxed.deployment = space_.point(deployments_.all[best.at.deployment].point(best.at.batch));
    relaxed.instances = static_cast<std::int64_t>(best.instances);
    plan_.relaxations.push_back(std::move(relaxed));
  }

  void relax() {
    constexpr double kTenth = 0.1;
    for (std::size_t i = 0; i < plan_.question.subject.limits.size(); ++i) {
      PlanQuestion question = plan_.question;
      Limit& limit = question.subject.limits[i];
      limit.value *= limit.is_upper() ? 1 + kTenth : 1 - kTenth;
      relax({Relaxation::Kind::limit, i}, question, Room::own);
    }
    PlanQuestion less = plan_.question;
    less.requests_per_s *= 1 - kTenth;
    relax({Relaxation::Kind::rate}, less, Room::own);
    relax({Relaxation::Kind::memory}, plan_.question, Room::more);
    PlanQuestion more = plan_.question;
    more.max_devices = with_a_tenth_more(more.max_devices);
    relax({Relaxation::Kind::devices}, more, Room::own);
    std::stable_sort(plan_.relaxations.begin(), plan_.relaxations.end(),
                     [](const auto& a, const auto& b) { return a.gain > b.gain; });
  }

  /// Limits on times that even one sequence alone breaks, everywhere.
  void find_forbidden() {
    for (std::size_t i = 0; i < plan_.question.subject.limits.size(); ++i) {
      const Limit& limit = plan_.question.subject.limits[i];
      const bool is_time = limit.metric == Metric::ttft || limit.metric == Metric::tpot ||
                           limit.metric == Metric::e2el;
      if (!is_time || !limit.is_upper()) continue;
      if (auto forbidden = forbidden_by(i)) plan_.forbidden.push_back(std::move(*forbidden));
    }
  }

  std::optional<Forbidden> forbidden_by(std::size_t limit) const {
    const Metric metric = plan_.question.subject.limits[limit].metric;
    std::optional<Forbidden> least;
    for (const PlanDeployment& each : deployments_.all) {
      if (!each.holds(0, Room::own) ||
          each.load().devices > static_cast<double>(plan_.question.max_devices))
        continue;
      const LoadedPoint point = each.floor(0);
      const double value =
          value_of(metric, load_without_waiting(point, plan_.question, 1), point.sequences);
      if (!least || value < least->least) least = Forbidden{limit, value, each.candidate()};
    }
    if (!least || plan_.question.subject.limits[limit].holds(least->least)) return std::nullopt;
    return least;
  }

  /// `estimate` works memory out from the beginning.
  bool has_other_room(const PlanDeployment& deployment) const {
    const Candidate one = deployment.candidate();
    const auto answer =
        predict::estimate_static(one.model->architecture, one.device->device, one.question);
    if (!answer) return true;
    for (std::size_t batch = 0; batch < deployment.batches(); ++batch) {
      const bool fits = deployment.sequences(batch) <= answer->most_sequences;
      if (fits != deployment.holds(batch, Room::own)) return true;
    }
    return false;
  }

  /// Whether a point is no better than its floors, and where it keeps to the limits on TPOT, than
  /// those of as many decodes as they leave.
  bool is_bounded(PlanDeployment& deployment, std::size_t batch) const {
    const PlanQuestion& question = plan_.question;
    const LoadedPoint full = deployment.evaluated(batch);
    const predict::LoopFigures floor = deployment.floor(batch).loop;
    const bool keeps_limits = full.loop.tpot_s <= tpot_limit(question.subject);
    const double most_per_s =
        keeps_limits ? deployment.floor(batch, question).loop.requests_per_s : floor.requests_per_s;
    return floor.ttft_s <= full.loop.ttft_s && floor.tpot_s <= full.loop.tpot_s &&
           full.loop.requests_per_s <= most_per_s;
  }

  /// Goes through all points, and holds each against its floors.
  void verify(const std::vector<Carrier>& found) {
    Verification all;
    for (PlanDeployment& deployment : deployments_.all) {
      if (has_other_room(deployment)) ++all.other_rooms;
      for (std::size_t batch = 0; batch < deployment.batches(); ++batch) {
        ++all.evaluated;
        if (!is_bounded(deployment, batch)) ++all.broken_bounds;
      }
    }
    all.is_same =
        search_.best(plan_.question, {plan_.question.runners_up + 1, Room::own, false}) == found;
    plan_.verification = all;
  }

  const Space& space_;
  PlanDeployments deployments_;
  PlanSearch search_;
  Plan plan_;
};

}  // namespace

PlanCounts& PlanCounts::operator+=(const PlanCounts& other) {
  for (std::uint64_t PlanCounts::* count :
       {&PlanCounts::legal, &PlanCounts::evaluated, &PlanCounts::no_room, &PlanCounts::limits,
        &PlanCounts::devices, &PlanCounts::objective}) {
    this->*count += other.*count;
  }
  return *this;
}

Diagnostics faults_of(const PlanQuestion& question) {
  Diagnostics faults;
  const Metric metric = question.objective.metric;
  const bool is_known =
      metric == Metric::cost || metric == Metric::devices || metric == Metric::energy;
  if (!is_known || question.objective.is_max) {
    faults.push_back({"--objective", name(question.objective) + " is not what a plan looks for",
                      "min:cost, min:devices or min:energy"});
  }
  constexpr double kLeast = 1e-6;
  constexpr double kMost = 1e9;
  if (!(question.requests_per_s >= kLeast && question.requests_per_s <= kMost)) {
    faults.push_back({"--rate", "is not between a millionth and a billion requests a second",
                      "requests a second: --rate 20"});
  }
  if (!(question.utilization > 0) || !(question.utilization < 1)) {
    faults.push_back({"--utilization", "is no share between 0 and 1",
                      "0.8 keeps a fifth in reserve; at 1 queues grow without end"});
  }
  if (question.percentile && !(*question.percentile > 0 && *question.percentile < 1)) {
    faults.push_back({"--percentile", "is not between 0 and 100", "--percentile 90"});
  }
  return faults;
}

Plan plan(const Space& space, const PlanQuestion& question, bool verifies) {
  return Planner(space, question).run(verifies);
}

}  // namespace ridgepoint::explore
