// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::roofline::testing {

/// The H100 of the lecture: 989 TFLOP/s in bf16, 3.35 TB/s.
inline hardware::Device lecture_h100() {
  hardware::Device device;
  device.name = "h100";
  device.dense_peaks = {{DataType::bf16, {FlopsPerSecond(989e12), "the lecture", ""}}};
  device.memory_bandwidth = {BytesPerSecond(3.35e12), "the lecture", ""};
  device.memory_capacity_bytes = {80'000'000'000, "the lecture", ""};
  device.link = hardware::Link{};
  device.link->technology = "NVLink4";
  device.link->bandwidth_per_direction.value = BytesPerSecond(450e9);
  device.link->domain.value = 8;
  return device;
}

}  // namespace ridgepoint::roofline::testing
