// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::efficiency {

/// All that a kernel's time knows of a device: datasheet figures, so that coefficients mean the
/// same on another one. 0 where a figure is not known and no form that is in use needs it.
struct DeviceFacts {
  double flops_per_s = 0;  ///< dense peak of the type that is computed in, with its fallback
  double bytes_per_s = 0;  ///< of device memory
  double compute_units = 0;
  double cache_bytes = 0;  ///< of the last level
  double clock_hz = 0;     ///< boost
  double power_watts = 0;
  double link_bytes_per_s = 0;  ///< one direction, all links; of the PCIe slot where there are none
  bool has_link = false;        ///< a domain of its own rather than PCI Express
  bool reduces_in_switch = false;
  double link_domain = 0;      ///< ranks that its links join; of PCI Express those of one socket
  double link_generation = 0;  ///< of NVLink: 4 on Hopper; 0 for a bridge and for anything else
  double fp8_flops_per_s = 0;  ///< dense peak of fp8 or, without one, of the next wider type
  double network_bytes_per_s = 0;  ///< to other domains, one direction
  /// Of a server, where a layer's weights and cached keys come from memory in every step; a
  /// benchmark's calls find in the cache what the one before has left there.
  bool reads_cold = false;

  /// Of the last level, what the call before may have filled with this one's operands.
  double kept_cache_bytes() const { return reads_cold ? 0 : cache_bytes; }
};

/// Errors: no peak at `type` or wider, no number of compute units.
Result<DeviceFacts> device_facts(const hardware::Device& device, DataType type);

}  // namespace ridgepoint::efficiency
