// SPDX-License-Identifier: Apache-2.0
// Any bytes as a device file: a device whose ridge point is a positive number, or faults.
#include <cmath>
#include <cstdint>
#include <string_view>

#include "fuzz/require.hpp"
#include "ridgepoint/hardware/device.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ridgepoint;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<hardware::Device> device = hardware::read_device(text, "device.json");
  if (!device) {
    require(!device.error().empty(), "a failure has a fault");
    for (const Diagnostic& fault : device.error()) {
      require(fault.where.starts_with("device.json"), "a fault names its file");
      require(!fault.help.empty(), "a fault says what to do");
    }
    return 0;
  }
  require(device->memory_capacity_bytes.value > 0, "a device has memory");
  require(!device->memory_bandwidth.source.empty(), "a figure has a source");
  for (const DataTypeFacts& row : kDataTypes) {
    const Result<FlopsPerByte> ridge = hardware::ridge_point(*device, row.type);
    require(!ridge || (std::isfinite(ridge->value()) && ridge->value() > 0), "a ridge is positive");
  }
  return 0;
}
