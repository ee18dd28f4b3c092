// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/cost/sink.hpp"
#include "ridgepoint/roofline/step_time.hpp"

namespace ridgepoint::roofline {

/// Where the time of a bound goes: for what its operators wait, in seconds.
struct TimeParts {
  double compute_s = 0;
  double weights_s = 0;  ///< of memory: the weights, of experts those of all tokens
  double kv_cache_s = 0;
  double state_s = 0;
  double activations_s = 0;
  double network_s = 0;

  double total_s() const;
  TimeParts& operator+=(const TimeParts& other);
  TimeParts scaled(double factor) const;
};

/// The parts of a step's bound: their sum is step_time(…).bound_s to rounding. An operator that
/// waits for compute (on the ridge, too) or for the network gives it all of its time; one that
/// waits for memory shares its time out among its bytes, by kind.
TimeParts time_parts(const TimedStep& step, const cost::Shape<double>& shape);

}  // namespace ridgepoint::roofline
