// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/roofline/operator_time.hpp"

namespace ridgepoint::roofline {

Result<Rates> rates(const hardware::Device& device, DataType type) {
  const Result<hardware::PeakInUse> peak = hardware::dense_peak(device, type);
  if (!peak) return fail(peak.error());
  return Rates{1 / peak->value.value(), 1 / device.memory_bandwidth.value.value()};
}

}  // namespace ridgepoint::roofline
