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
/// direct (2·(n − 1)/n of the payload for an all-reduce, (n − 1)/n for a gather or an exchange),
/// tree (2), in-switch reduction (1) where the switches add up; across domains the hierarchical
/// one, in which links and network work at once. Source: Thakur, Rabenseifner, Gropp, 2005;
/// Sanders, Speck, Träff, "Two-tree algorithms", 2009; NVIDIA NVLink SHARP.
std::vector<Algorithm> algorithms(cost::CollectiveKind kind, std::int64_t devices,
                                  const hardware::Device& device);

/// Seconds for each byte of payload by the fastest of them, its bandwidth term alone. A device
/// without a link talks over PCI Express. Errors: a rate that is needed and not known.
Result<double> seconds_per_payload_byte(cost::CollectiveKind kind, std::int64_t devices,
                                        const hardware::Device& device);
template <class N>
Result<double> seconds_per_payload_byte(const cost::Collective<N>& op,
                                        const hardware::Device& device) {
  return seconds_per_payload_byte(op.kind, op.devices, device);
}

/// "8 devices over NVLink4, in-switch: 1.00 × payload ÷ 450 GB/s", for an explanation.
std::string describe(cost::CollectiveKind kind, std::int64_t devices,
                     const hardware::Device& device);

}  // namespace ridgepoint::roofline
