// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/core/dual.hpp"
#include "ridgepoint/roofline/step_time.hpp"

namespace ridgepoint::roofline {

/// A figure of a device that the times of its resource are inverse to.
struct DeviceRate {
  enum class Kind { memory_bandwidth, dense_peak, link_bandwidth, pcie, network_bandwidth };
  Kind kind = Kind::memory_bandwidth;
  DataType type = DataType::bf16;  ///< of a dense peak

  friend bool operator==(const DeviceRate&, const DeviceRate&) = default;
};

/// As what-ifs call it: "memory_bandwidth", "bf16_peak", "link_bandwidth".
std::string name(const DeviceRate& rate);

/// FLOP/s of a peak, else bytes/s. REQUIRES: the device has it.
double value_of(const DeviceRate& rate, const hardware::Device& device);
/// REQUIRES: as value_of; not the rate of PCI Express, which is a name; value > 0, or infinite.
void set_value(const DeviceRate& rate, double value, hardware::Device& device);

/// The rates that the times of a step depend on, in the order of their kinds. REQUIRES: on_device
/// has no fault.
std::vector<DeviceRate> rates_in_use(const cost::Step<double>& step,
                                     const hardware::Device& device);

/// A rate that leaves its figure: by a factor of 1 ± h, as the direction says.
struct RateChange {
  DeviceRate rate;
  double direction = 1;
};
/// A step beside a point: of its sizes, and of the one rate that changes, if one does. REQUIRES:
/// as rates_in_use.
TimedStepOf<Dual> on_device(const cost::Step<Dual>& step, const hardware::Device& device,
                            const RateChange* change);

}  // namespace ridgepoint::roofline
