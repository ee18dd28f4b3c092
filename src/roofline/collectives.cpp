// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/roofline/collectives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "ridgepoint/core/format.hpp"

namespace ridgepoint::roofline {
namespace {

using cost::CollectiveKind;

/// Devices that reach each other over the link; one where there is none.
std::int64_t domain_of(const hardware::Device& device) {
  return device.link ? std::max<std::int64_t>(1, device.link->domain.value) : 1;
}

/// The part of a payload that leaves a device for the other n − 1.
double others(std::int64_t devices) {
  return static_cast<double>(devices - 1) / static_cast<double>(devices);
}

/// What one phase of a ring or a direct exchange sends: an all-reduce has two.
double exchanged(CollectiveKind kind, std::int64_t devices) {
  switch (kind) {
    case CollectiveKind::all_reduce:
      return 2 * others(devices);
    case CollectiveKind::all_gather:
    case CollectiveKind::reduce_scatter:
    case CollectiveKind::all_to_all:
      return others(devices);
    case CollectiveKind::send:
      break;
  }
  return 1;
}

bool reduces_in_switch(const hardware::Device& device) {
  return device.link && device.link->in_switch_reduction && device.link->in_switch_reduction->value;
}

std::vector<Algorithm> inside(CollectiveKind kind, std::int64_t devices,
                              const hardware::Device& device) {
  std::vector<Algorithm> all{
      {kind == CollectiveKind::send ? "direct" : "ring", exchanged(kind, devices), 0}};
  if (kind == CollectiveKind::all_reduce) {
    all.push_back({"tree", 2, 0});
    if (reduces_in_switch(device)) all.push_back({"in-switch", 1, 0});
  }
  return all;
}

/// Each domain works as one, and every device carries its share between domains.
Algorithm across(CollectiveKind kind, std::int64_t devices, const hardware::Device& device) {
  const std::int64_t domain = std::min(devices, domain_of(device));
  const std::int64_t domains = (devices + domain - 1) / domain;
  const double inside_share = domain == 1 ? 0 : exchanged(kind, domain);
  switch (kind) {
    case CollectiveKind::all_reduce:
      return {"hierarchical", inside_share, exchanged(kind, domains) / static_cast<double>(domain)};
    case CollectiveKind::all_gather:
    case CollectiveKind::reduce_scatter:
      return {"hierarchical", others(devices), others(domains) / static_cast<double>(domain)};
    case CollectiveKind::all_to_all: {
      const double away = others(domains);
      return {"hierarchical", others(devices) - away, away};
    }
    case CollectiveKind::send:
      break;
  }
  return {"direct", 0, 1};
}

/// The rate inside a domain; over PCI Express where there is no link.
std::optional<BytesPerSecond> link_rate(std::int64_t devices, const hardware::Device& device) {
  if (has_link(device)) {
    const std::int64_t members = std::clamp<std::int64_t>(devices, 2, domain_of(device));
    return hardware::group_bandwidth(*device.link, members);
  }
  return hardware::pcie_bandwidth(device);
}

std::optional<BytesPerSecond> network_rate(const hardware::Device& device) {
  if (!device.network_bandwidth) return std::nullopt;
  return device.network_bandwidth->value;
}

Result<PayloadTime> times(const Algorithm& algorithm, std::int64_t devices,
                          const hardware::Device& device) {
  const auto link = link_rate(devices, device);
  const auto network = network_rate(device);
  if (algorithm.link_share > 0 && !link) {
    return fail({{device.name, "it has no link, and its PCI Express is not known",
                  "give one: --set-device link_bandwidth=50GB/s --set-device link_domain=8"}});
  }
  if (algorithm.network_share > 0 && !network) {
    return fail({{device.name, "its network bandwidth to other domains is not known",
                  "give it: --set-device network_bandwidth=50GB/s"}});
  }
  return PayloadTime{algorithm.link_share > 0 ? algorithm.link_share / link->value() : 0,
                     algorithm.network_share > 0 ? algorithm.network_share / network->value() : 0};
}

}  // namespace

bool has_link(const hardware::Device& device) { return domain_of(device) > 1; }

std::vector<Algorithm> algorithms(CollectiveKind kind, std::int64_t devices,
                                  const hardware::Device& device) {
  if (devices <= hardware::local_devices(device)) return inside(kind, devices, device);
  return {across(kind, devices, device)};
}

Result<PayloadTime> payload_time(CollectiveKind kind, std::int64_t devices,
                                 const hardware::Device& device) {
  std::optional<PayloadTime> best;
  Diagnostics faults;
  for (const Algorithm& algorithm : algorithms(kind, devices, device)) {
    const Result<PayloadTime> time = times(algorithm, devices, device);
    if (!time) {
      faults = time.error();
    } else if (!best || time->total_s() < best->total_s()) {
      best = *time;
    }
  }
  if (!best) return fail(faults);
  return *best;
}

Result<double> seconds_per_payload_byte(CollectiveKind kind, std::int64_t devices,
                                        const hardware::Device& device) {
  return payload_time(kind, devices, device).map([](const PayloadTime& time) {
    return time.total_s();
  });
}

std::string describe(CollectiveKind kind, std::int64_t devices, const hardware::Device& device) {
  const auto all = algorithms(kind, devices, device);
  const auto rate = [&](const Algorithm& one) {
    return times(one, devices, device).value_or(PayloadTime{}).total_s();
  };
  const Algorithm& best =
      *std::min_element(all.begin(), all.end(),
                        [&](const Algorithm& a, const Algorithm& b) { return rate(a) < rate(b); });
  std::string text = fmt::format("{} over {} devices, {}", name(kind), devices, best.name);
  if (const auto link = link_rate(devices, device); link && best.link_share > 0) {
    text += fmt::format(": {:.3g} × payload ÷ {} of {}", best.link_share, format_bandwidth(*link),
                        has_link(device) ? device.link->technology : "PCI Express");
  }
  if (const auto network = network_rate(device); network && best.network_share > 0) {
    text += fmt::format("; {:.3g} × payload ÷ {} of network", best.network_share,
                        format_bandwidth(*network));
  }
  return text;
}

}  // namespace ridgepoint::roofline
