// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

namespace ridgepoint::explore {

/// Erlang's C: the chance that a request which comes by chance finds all of `servers` busy, at an
/// offered load of `load` < servers requests in service. Source: A. K. Erlang, "Solution of some
/// problems in the theory of probabilities of significance in automatic telephone exchanges", 1917.
double erlang_c(double servers, double load);

/// A replica that requests come to by chance (Poisson), one independent of the other.
struct ReplicaLoad {
  double requests_per_s = 0;  ///< that come
  double slots = 1;           ///< requests that it works on at once, a whole number
  double service_s = 0;       ///< of a request once it has a slot, all slots taken
  double prompt_s = 0;        ///< for which a prompt keeps others from being read
  double step_s = 0;          ///< of a step while others decode
};

/// Mean times that a request waits before its own prompt is read; infinite where more comes than
/// goes.
struct Waiting {
  double for_slot_s = 0;     ///< M/D/c by Allen and Cunneen: half of M/M/c
  double for_prompts_s = 0;  ///< M/D/1, prompts one after the other (Pollaczek and Khinchine)
  double for_step_s = 0;     ///< the step that runs: half of one, where there is one
  double total_s() const { return for_slot_s + for_prompts_s + for_step_s; }
};
/// REQUIRES: slots ≥ 1, service_s > 0.
Waiting mean_waiting(const ReplicaLoad& load);

/// The times that a share of requests waits no longer than, each of the three by itself: as a rule
/// their sum is more than what that share waits in all. Assumes that waiting, where there is any,
/// falls off exponentially. REQUIRES: 0 < share < 1.
Waiting waiting_at(const ReplicaLoad& load, double share);

}  // namespace ridgepoint::explore
