// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/efficiency/facts.hpp"

#include <charconv>
#include <string_view>

namespace ridgepoint::efficiency {
namespace {

template <class T>
double known(const std::optional<hardware::Figure<T>>& figure) {
  if constexpr (requires(const T& value) { value.value(); }) {
    return figure ? figure->value.value() : 0;
  } else {
    return figure ? static_cast<double>(figure->value) : 0;
  }
}

/// "NVLink4" → 4.
double nvlink_generation(std::string_view technology) {
  constexpr std::string_view kPrefix = "NVLink";
  double generation = 0;
  if (technology.starts_with(kPrefix)) {
    technology.remove_prefix(kPrefix.size());
    std::from_chars(technology.data(), technology.data() + technology.size(), generation);
  }
  return generation;
}

/// Devices below one socket: assumes that a server has two sockets and eight devices.
constexpr double kDevicesOfASocket = 4;

void add_links(const hardware::Device& device, DeviceFacts& facts) {
  facts.network_bytes_per_s = known(device.network_bandwidth);
  facts.link_domain = kDevicesOfASocket;
  if (device.link) {
    facts.link_domain = static_cast<double>(device.link->domain.value);
    facts.link_generation = nvlink_generation(device.link->technology);
    facts.has_link = true;
    facts.link_bytes_per_s = device.link->bandwidth_per_direction.value.value();
    facts.reduces_in_switch =
        device.link->in_switch_reduction && device.link->in_switch_reduction->value;
  } else if (const auto slot = hardware::pcie_bandwidth(device)) {
    facts.link_bytes_per_s = slot->value();
  }
}

}  // namespace

Result<DeviceFacts> device_facts(const hardware::Device& device, DataType type) {
  const auto peak = hardware::dense_peak(device, type);
  if (!peak) return fail(peak.error());
  if (!device.compute_units) {
    return fail(device.name, "the number of its compute units is not known",
                "expected times need it: --set-device compute_units=132");
  }
  DeviceFacts facts;
  facts.flops_per_s = peak->value.value();
  if (const auto fp8 = hardware::dense_peak(device, DataType::fp8)) {
    facts.fp8_flops_per_s = fp8->value.value();
  }
  facts.bytes_per_s = device.memory_bandwidth.value.value();
  facts.compute_units = known(device.compute_units);
  facts.cache_bytes = known(device.last_level_cache_bytes);
  facts.clock_hz = known(device.boost_clock);
  facts.power_watts = known(device.power_watts);
  add_links(device, facts);
  return facts;
}

}  // namespace ridgepoint::efficiency
