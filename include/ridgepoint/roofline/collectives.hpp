// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/cost/collective.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::roofline {

/// One way to do a collective, by what limits it: the bytes that a device sends over the links of
/// its domain and over the network, as multiples of the payload.
struct Algorithm {
  std::string_view name;  ///< "ring", "direct", "in-switch", "hierarchical"
  double link_share = 0;
  double network_share = 0;
};

/// The algorithms that a device's links allow for `devices` of them: inside one domain ring and
/// direct (2·(n − 1)/n of the payload for an all-reduce, (n − 1)/n for a gather, a reduce-scatter
/// or an exchange), tree (2), in-switch reduction (1) where the switches add up; across domains the
/// hierarchical one, in which links and network work at once. Source: Thakur, Rabenseifner, Gropp,
/// 2005; Sanders, Speck, Träff, "Two-tree algorithms", 2009; NVIDIA NVLink SHARP.
std::vector<Algorithm> algorithms(cost::CollectiveKind kind, std::int64_t devices,
                                  const hardware::Device& device);

/// Seconds for each byte of payload, its bandwidth term alone: both work at once.
struct PayloadTime {
  double links_s = 0;
  double network_s = 0;

  double total_s() const { return cost::max(links_s, network_s); }
};

/// By the fastest of the algorithms. A device without a link talks over PCI Express. Errors: a rate
/// that is needed and not known.
Result<PayloadTime> payload_time(cost::CollectiveKind kind, std::int64_t devices,
                                 const hardware::Device& device);
Result<double> seconds_per_payload_byte(cost::CollectiveKind kind, std::int64_t devices,
                                        const hardware::Device& device);

/// Whether devices reach each other over a link, not over PCI Express.
bool has_link(const hardware::Device& device);

/// "all_reduce over 8 devices, in-switch: 1 × payload ÷ 450 GB/s of NVLink4".
std::string describe(cost::CollectiveKind kind, std::int64_t devices,
                     const hardware::Device& device);

/// Over how many devices a collective goes: of a send two where both stand in one domain, else one
/// more than the domain has.
template <class N>
std::int64_t span(const cost::Collective<N>& op, const hardware::Device& device) {
  if (op.kind != cost::CollectiveKind::send) return op.devices;
  const std::int64_t domain = hardware::local_devices(device);
  const bool is_inside = op.sender / domain == (op.sender + op.devices) / domain;
  return is_inside ? 2 : domain + 1;
}
template <class N>
Result<PayloadTime> payload_time(const cost::Collective<N>& op, const hardware::Device& device) {
  return payload_time(op.kind, span(op, device), device);
}
template <class N>
Result<double> seconds_per_payload_byte(const cost::Collective<N>& op,
                                        const hardware::Device& device) {
  return seconds_per_payload_byte(op.kind, span(op, device), device);
}
template <class N>
std::string describe(const cost::Collective<N>& op, const hardware::Device& device) {
  return describe(op.kind, span(op, device), device);
}

}  // namespace ridgepoint::roofline
