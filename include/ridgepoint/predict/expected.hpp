// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::predict {

/// What a step, or several one after the other, is expected to take on a server by calibrated
/// kernels. The band of a step lies around the sum: errors of one kernel go the same way in all its
/// calls, those of different kernels do not. Bands of several steps add up.
struct ExpectedTime {
  efficiency::Expected whole;
  double kernels_s = 0;     ///< of the model's operators
  double sampling_s = 0;    ///< choice of the next tokens
  double host_s = 0;        ///< beyond what the device is busy: launches without a graph
  double unmeasured_s = 0;  ///< of kernels_s what no measured kernel speaks of

  ExpectedTime& operator+=(const ExpectedTime& other) {
    whole.seconds += other.whole.seconds;
    whole.low += other.whole.low;
    whole.high += other.whole.high;
    kernels_s += other.kernels_s;
    sampling_s += other.sampling_s;
    host_s += other.host_s;
    unmeasured_s += other.unmeasured_s;
    return *this;
  }
  /// Where kernels are read beyond the sizes that they were fitted at, their sum may come out below
  /// what the device can do: then that is it.
  ExpectedTime no_faster_than(double floor_s) const {
    ExpectedTime time = *this;
    time.kernels_s += std::max(0.0, floor_s - whole.seconds);
    for (double* edge : {&time.whole.seconds, &time.whole.low, &time.whole.high}) {
      *edge = std::max(*edge, floor_s);
    }
    return time;
  }
  ExpectedTime scaled(double factor) const {
    return {{factor * whole.seconds, factor * whole.low, factor * whole.high},
            factor * kernels_s,
            factor * sampling_s,
            factor * host_s,
            factor * unmeasured_s};
  }
};

/// A kernel that expected times rest on, with the operators that it runs.
struct ExpectedSource {
  std::vector<std::string> operators;
  std::string kernel;     ///< "gemm bf16, vllm-0.24.0: 11,006 rows …", or that none was measured
  double ttft_share = 0;  ///< of the time that the model's operators take in a prefill step
  double tpot_share = 0;  ///< likewise in a decode step
};

}  // namespace ridgepoint::predict
