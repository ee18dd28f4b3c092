// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/roofline/device_rate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "ridgepoint/roofline/collectives.hpp"

namespace ridgepoint::roofline {

using Kind = DeviceRate::Kind;

namespace {

DeviceRate peak_of(DataType compute_type, const hardware::Device& device) {
  return {Kind::dense_peak, hardware::dense_peak(device, compute_type)->used};
}

/// What carries payload inside a domain.
DeviceRate link_of(const hardware::Device& device) {
  return {has_link(device) ? Kind::link_bandwidth : Kind::pcie};
}

void add(const DeviceRate& rate, std::vector<DeviceRate>& rates) {
  if (std::find(rates.begin(), rates.end(), rate) == rates.end()) rates.push_back(rate);
}

/// 1/x for a rate of 1/x: it shrinks as the rate grows.
Dual inverse(double seconds, const DeviceRate& rate, const RateChange* change) {
  const bool changes = change != nullptr && change->rate == rate;
  return {seconds, changes ? -change->direction * seconds : 0};
}

}  // namespace

std::string name(const DeviceRate& rate) {
  switch (rate.kind) {
    case Kind::memory_bandwidth:
      return "memory_bandwidth";
    case Kind::dense_peak:
      return fmt::format("{}_peak", ridgepoint::name(rate.type));
    case Kind::link_bandwidth:
      return "link_bandwidth";
    case Kind::pcie:
      return "pcie";
    case Kind::network_bandwidth:
      break;
  }
  return "network_bandwidth";
}

double value_of(const DeviceRate& rate, const hardware::Device& device) {
  switch (rate.kind) {
    case Kind::memory_bandwidth:
      return device.memory_bandwidth.value.value();
    case Kind::dense_peak:
      return hardware::dense_peak(device, rate.type)->value.value();
    case Kind::link_bandwidth:
      return device.link->bandwidth_per_direction.value.value();
    case Kind::pcie:
      return hardware::pcie_bandwidth(device)->value();
    case Kind::network_bandwidth:
      break;
  }
  return device.network_bandwidth->value.value();
}

void set_value(const DeviceRate& rate, double value, hardware::Device& device) {
  if (rate.kind == Kind::memory_bandwidth) {
    device.memory_bandwidth.value = BytesPerSecond(value);
  } else if (rate.kind == Kind::link_bandwidth) {
    device.link->bandwidth_per_direction.value = BytesPerSecond(value);
  } else if (rate.kind == Kind::network_bandwidth) {
    device.network_bandwidth->value = BytesPerSecond(value);
  }
  for (hardware::DensePeak& peak : device.dense_peaks) {
    const bool is_meant = rate.kind == Kind::dense_peak && peak.type == rate.type;
    if (is_meant) peak.figure.value = FlopsPerSecond(value);
  }
}

std::vector<DeviceRate> rates_in_use(const cost::Step<double>& step,
                                     const hardware::Device& device) {
  std::vector<DeviceRate> rates{{Kind::memory_bandwidth}};
  for (const auto& part : step) {
    const auto* exchange = std::get_if<cost::Collective<double>>(&part.op);
    if (exchange == nullptr) {
      add(peak_of(part.compute_type, device), rates);
      continue;
    }
    const PayloadTime time = *payload_time(*exchange, device);
    if (time.links_s > 0) add(link_of(device), rates);
    if (time.network_s > 0) add({Kind::network_bandwidth}, rates);
  }
  std::stable_sort(rates.begin(), rates.end(),
                   [](const DeviceRate& a, const DeviceRate& b) { return a.kind < b.kind; });
  return rates;
}

TimedStepOf<Dual> on_device(const cost::Step<Dual>& step, const hardware::Device& device,
                            const RateChange* change) {
  TimedStepOf<Dual> timed;
  for (const auto& part : step) {
    const Rates at = *rates(device, part.compute_type);
    RatesOf<Dual> beside{inverse(at.seconds_per_flop, peak_of(part.compute_type, device), change),
                         inverse(at.seconds_per_byte, {Kind::memory_bandwidth}, change)};
    if (const auto* exchange = std::get_if<cost::Collective<Dual>>(&part.op)) {
      const PayloadTime time = *payload_time(*exchange, device);
      beside.seconds_per_payload_byte =
          max(inverse(time.links_s, link_of(device), change),
              inverse(time.network_s, {Kind::network_bandwidth}, change));
    }
    timed.push_back({part.name, part.count, beside, part.op});
  }
  return timed;
}

}  // namespace ridgepoint::roofline
