// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::predict {

/// What a request takes, by one reading of the times of its steps.
struct RequestTimes {
  double ttft_s = 0;                   ///< all prompts of the batch to their first tokens
  double tpot_s = 0;                   ///< a decode step at the mean context
  double e2el_s = 0;                   ///< ttft + (output − 1)·tpot
  double throughput_tokens_per_s = 0;  ///< output tokens of all replicas
  double per_user_tokens_per_s = 0;    ///< 1 / tpot
  double per_device_tokens_per_s = 0;
  double mfu = 0;                      ///< Σ(FLOPs ÷ peak) ÷ time, over the request
  double mbu = 0;                      ///< compulsory bytes ÷ (time × bandwidth)
  double energy_j_per_token = 0;       ///< at the power limit; 0 where it is not known
  double cost_per_million_tokens = 0;  ///< in dollars; 0 where the price is not known
};

/// What a device costs while it runs; 0 where that is not known.
struct RunningCost {
  double watts = 0;  ///< the power limit
  double dollars_per_hour = 0;
};

/// 0 where the device file says nothing.
inline RunningCost running_cost(const hardware::Device& device) {
  return {device.power_watts ? device.power_watts->value : 0,
          device.price_dollars_per_hour ? device.price_dollars_per_hour->value : 0};
}

/// How long a request takes, and how many come out of a deployment.
struct RequestRate {
  double ttft_s = 0;
  double tpot_s = 0;
  double e2el_s = 0;
  double tokens_per_s = 0;  ///< output tokens of all devices
  double devices = 1;       ///< all that are paid for
};

/// The figures that follow from them; MFU and MBU are left at 0.
[[gnu::always_inline]] inline RequestTimes request_times(const RunningCost& cost,
                                                         const RequestRate& rate) {
  constexpr double kSecondsAnHour = 3600;
  constexpr double kMillion = 1e6;
  RequestTimes times;
  times.ttft_s = rate.ttft_s;
  times.tpot_s = rate.tpot_s;
  times.e2el_s = rate.e2el_s;
  times.throughput_tokens_per_s = rate.tokens_per_s;
  times.per_user_tokens_per_s = 1 / rate.tpot_s;
  times.per_device_tokens_per_s = rate.tokens_per_s / rate.devices;
  times.energy_j_per_token = cost.watts * rate.devices / rate.tokens_per_s;
  times.cost_per_million_tokens =
      cost.dollars_per_hour * rate.devices / kSecondsAnHour / rate.tokens_per_s * kMillion;
  return times;
}

/// A static batch: all its prompts, then its decode steps.
struct StaticBatch {
  double sequences = 1;  ///< of all replicas
  double output = 1;     ///< tokens of each
  double devices = 1;
};
[[gnu::always_inline]] inline RequestTimes static_times(const RunningCost& cost,
                                                        const StaticBatch& batch, double ttft_s,
                                                        double tpot_s) {
  const double e2el_s = ttft_s + (batch.output - 1) * tpot_s;
  const double tokens = batch.sequences * batch.output;
  return request_times(cost, {ttft_s, tpot_s, e2el_s, tokens / e2el_s, batch.devices});
}

}  // namespace ridgepoint::predict
