// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/waiting.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::explore {
namespace {

constexpr double kForever = std::numeric_limits<double>::infinity();

/// A queue whose requests wait with a chance, and those that do so long in the mean.
struct Queue {
  double chance = 0;
  double mean_s = 0;

  double mean_of_all_s() const { return chance > 0 ? chance * mean_s : 0; }
  double at(double share) const {
    constexpr double kLn2 = 0.6931471805599453;
    const double rest = 1 - share;
    if (chance <= rest) return 0;
    return mean_s * kLn2 * log2(chance / rest);
  }
};

Queue queue_for_slot(const ReplicaLoad& load) {
  const double busy = load.requests_per_s * load.service_s;
  if (busy >= load.slots) return {1, kForever};
  return {erlang_c(load.slots, busy), load.service_s / (load.slots - busy) / 2};
}

Queue queue_for_prompts(const ReplicaLoad& load) {
  const double busy = load.requests_per_s * load.prompt_s;
  if (busy >= 1) return {1, kForever};
  return {busy, load.prompt_s / (1 - busy) / 2};
}

/// How likely a step runs.
double chance_of_step(const ReplicaLoad& load) {
  return std::min(1.0, load.requests_per_s * load.service_s);
}

}  // namespace

/// By Erlang's B, which is built up server by server.
double erlang_c(double servers, double load) {
  double blocked = 1;
  const auto count = static_cast<std::int64_t>(servers);
  for (std::int64_t i = 1; i <= count; ++i) {
    blocked = load * blocked / (static_cast<double>(i) + load * blocked);
  }
  const double share = load / servers;
  return blocked / (1 - share * (1 - blocked));
}

Waiting mean_waiting(const ReplicaLoad& load) {
  return {queue_for_slot(load).mean_of_all_s(), queue_for_prompts(load).mean_of_all_s(),
          chance_of_step(load) * load.step_s / 2};
}

Waiting waiting_at(const ReplicaLoad& load, double share) {
  // The rest of a step is any part of it, each as likely.
  const double of_step = std::max(0.0, 1 - (1 - share) / std::max(chance_of_step(load), 1e-300));
  return {queue_for_slot(load).at(share), queue_for_prompts(load).at(share), of_step * load.step_s};
}

}  // namespace ridgepoint::explore
