// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::predict {

/// What a request takes, by one reading of the times of its steps.
template <class N>
struct RequestTimesOf {
  N ttft_s{0};                   ///< all prompts of the batch to their first tokens
  N tpot_s{0};                   ///< a decode step at the mean context
  N e2el_s{0};                   ///< ttft + (output − 1)·tpot
  N throughput_tokens_per_s{0};  ///< output tokens of all replicas
  N per_user_tokens_per_s{0};    ///< 1 / tpot
  N per_device_tokens_per_s{0};
  N mfu{0};                      ///< Σ(FLOPs ÷ peak) ÷ time, over the request
  N mbu{0};                      ///< compulsory bytes ÷ (time × bandwidth)
  N energy_j_per_token{0};       ///< at the power limit; 0 where it is not known
  N cost_per_million_tokens{0};  ///< in dollars; 0 where the price is not known
};
using RequestTimes = RequestTimesOf<double>;

/// What a device costs while it runs; 0 where that is not known.
template <class N>
struct RunningCostOf {
  N watts{0};  ///< the power limit
  N dollars_per_hour{0};
};
using RunningCost = RunningCostOf<double>;

/// 0 where the device file says nothing.
inline RunningCost running_cost(const hardware::Device& device) {
  return {device.power_watts ? device.power_watts->value : 0,
          device.price_dollars_per_hour ? device.price_dollars_per_hour->value : 0};
}

/// How long a request takes, and how many come out of a deployment.
template <class N>
struct RequestRateOf {
  N ttft_s{0};
  N tpot_s{0};
  N e2el_s{0};
  N tokens_per_s{0};  ///< output tokens of all devices
  N devices{1};       ///< all that are paid for
};

/// The figures that follow from them; MFU and MBU are left at 0.
template <class N>
[[gnu::always_inline]] inline RequestTimesOf<N> request_times(
    const RunningCostOf<N>& cost, const std::type_identity_t<RequestRateOf<N>>& rate) {
  constexpr double kSecondsAnHour = 3600;
  constexpr double kMillion = 1e6;
  RequestTimesOf<N> times;
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
template <class N>
struct StaticBatchOf {
  N sequences{1};  ///< of all replicas
  N output{1};     ///< tokens of each
  N devices{1};
};
template <class N>
[[gnu::always_inline]] inline RequestTimesOf<N> static_times(
    const RunningCostOf<N>& cost, const std::type_identity_t<StaticBatchOf<N>>& batch,
    const std::type_identity_t<N>& ttft_s, const std::type_identity_t<N>& tpot_s) {
  const N e2el_s = ttft_s + (batch.output - 1) * tpot_s;
  const N tokens = batch.sequences * batch.output;
  return request_times(cost, {ttft_s, tpot_s, e2el_s, tokens / e2el_s, batch.devices});
}

}  // namespace ridgepoint::predict
