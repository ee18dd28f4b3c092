// SPDX-License-Identifier: Apache-2.0
#include "explore/planned_load.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ridgepoint::explore {
namespace {

constexpr double kForever = std::numeric_limits<double>::infinity();

enum class Trend { falls, stays, rises };

/// How a metric goes with more instances under the same load.
Trend trend_of(Metric metric) {
  switch (metric) {
    case Metric::ttft:
    case Metric::e2el:
    case Metric::throughput_per_device:
      return Trend::falls;
    case Metric::cost:
    case Metric::energy:
    case Metric::devices:
      return Trend::rises;
    case Metric::tpot:
    case Metric::throughput:
    case Metric::throughput_per_user:
    case Metric::batch:
      break;
  }
  return Trend::stays;
}

/// Whether more instances can help to keep a limit.
bool is_helped_by_instances(const Limit& limit) {
  const Trend trend = trend_of(limit.metric);
  return limit.is_upper() ? trend == Trend::falls : trend == Trend::rises;
}

/// Whether no point has a better value than one by floors, and so breaks the limit if that does.
bool is_decided_by_floors(const Limit& limit) {
  if (limit.metric == Metric::throughput || limit.metric == Metric::batch) return true;
  return limit.is_upper() != facts(limit.metric).is_better_high;
}

double capacity_per_s(const LoadedPoint& point, double instances) {
  return instances * point.deployment.replicas * point.loop.requests_per_s;
}

PlannedLoad load_with(const LoadedPoint& point, const PlanQuestion& question, double instances,
                      const Waiting& waiting) {
  const LoadedDeployment& deployment = point.deployment;
  const double devices = instances * deployment.devices;
  const double ttft_s = point.loop.ttft_s + waiting.total_s();
  const double e2el_s = ttft_s + (deployment.output - 1) * point.loop.tpot_s;
  // What is too much for them they do not take.
  const bool is_too_much = instances < instances_for_rate(point, question);
  const double taken_per_s = is_too_much ? question.utilization * capacity_per_s(point, instances)
                                         : question.requests_per_s;
  PlannedLoad load;
  load.instances = static_cast<std::int64_t>(instances);
  load.devices = static_cast<std::int64_t>(devices);
  load.loop = point.loop;
  load.utilization = taken_per_s / capacity_per_s(point, instances);
  load.waiting = waiting;
  load.dollars_per_hour = devices * deployment.cost.dollars_per_hour;
  load.watts = devices * deployment.cost.watts;
  load.times = predict::request_times(deployment.cost, {ttft_s, point.loop.tpot_s, e2el_s,
                                                        taken_per_s * deployment.output, devices});
  return load;
}

/// How far a value lies beyond a limit, as a share of it; 0 where it keeps to it.
double excess(const Limit& limit, double value) {
  if (limit.holds(value)) return 0;
  const double ratio = limit.is_upper() ? value / limit.value : limit.value / value;
  return std::max(ratio - 1, std::numeric_limits<double>::min());
}

bool keeps_helped_limits(const LoadedPoint& point, const PlanQuestion& question, double instances) {
  const PlannedLoad load = load_of(point, question, instances);
  const auto& limits = question.subject.limits;
  return std::all_of(limits.begin(), limits.end(), [&](const Limit& limit) {
    return !is_helped_by_instances(limit) ||
           limit.holds(value_of(limit.metric, load, point.sequences));
  });
}

}  // namespace

double outlay(Metric objective, const LoadedDeployment& deployment, double instances) {
  const double devices = instances * deployment.devices;
  if (objective == Metric::cost) return devices * deployment.cost.dollars_per_hour;
  return objective == Metric::energy ? devices * deployment.cost.watts : devices;
}

double value_of(Metric metric, const PlannedLoad& load, double sequences) {
  if (metric == Metric::devices) return static_cast<double>(load.devices);
  if (metric == Metric::batch) return sequences;
  return value_of(metric, load.times);
}

PlannedLoad load_of(const LoadedPoint& point, const PlanQuestion& question, double instances) {
  const double rate = point.loop.requests_per_s;
  const double comes = question.requests_per_s / (instances * point.deployment.replicas);
  const ReplicaLoad replica{std::min(comes, question.utilization * rate), point.sequences,
                            point.sequences / rate, point.loop.prompt_s, point.loop.tpot_s};
  const Waiting waiting =
      question.percentile ? waiting_at(replica, *question.percentile) : mean_waiting(replica);
  return load_with(point, question, instances, waiting);
}

PlannedLoad load_without_waiting(const LoadedPoint& point, const PlanQuestion& question,
                                 double instances) {
  return load_with(point, question, instances, {});
}

double instances_for_rate(const LoadedPoint& point, const PlanQuestion& question) {
  const double each = question.utilization * capacity_per_s(point, 1);
  return each > 0 ? std::max(1.0, std::ceil(question.requests_per_s / each)) : kForever;
}

/// Such limits are kept from some number on: halving finds it.
double fewest_instances(const LoadedPoint& point, const PlanQuestion& question, double most) {
  double low = instances_for_rate(point, question);
  if (low >= most) return most;
  if (keeps_helped_limits(point, question, low)) return low;
  double high = most;
  while (high - low > 1) {
    const double middle = std::floor((low + high) / 2);
    (keeps_helped_limits(point, question, middle) ? high : low) = middle;
  }
  return high;
}

std::vector<Breach> breaches_of(const LoadedPoint& point, const PlannedLoad& load,
                                const PlanQuestion& question) {
  std::vector<Breach> breaches;
  const auto instances = static_cast<double>(load.instances);
  if (instances < instances_for_rate(point, question)) {
    const double can_take = question.utilization * capacity_per_s(point, instances);
    breaches.push_back({Breach::Kind::rate, 0, can_take, question.requests_per_s / can_take - 1});
  }
  for (std::size_t i = 0; i < question.subject.limits.size(); ++i) {
    const Limit& limit = question.subject.limits[i];
    const double value = value_of(limit.metric, load, point.sequences);
    const double by = excess(limit, value);
    if (by > 0) breaches.push_back({Breach::Kind::limit, i, value, by});
  }
  std::stable_sort(breaches.begin(), breaches.end(),
                   [](const Breach& a, const Breach& b) { return a.by > b.by; });
  return breaches;
}

double least_breach(const LoadedPoint& point, const PlannedLoad& load,
                    const PlanQuestion& question) {
  double worst = 0;
  for (const Breach& each : breaches_of(point, load, question)) {
    const bool is_sure = each.kind == Breach::Kind::rate ||
                         is_decided_by_floors(question.subject.limits[each.limit]);
    if (is_sure) worst = std::max(worst, each.by);
  }
  return worst;
}

}  // namespace ridgepoint::explore
