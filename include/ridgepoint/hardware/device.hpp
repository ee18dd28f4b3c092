// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/data_type.hpp"
#include "ridgepoint/core/override.hpp"
#include "ridgepoint/core/quantity.hpp"
#include "ridgepoint/core/result.hpp"

namespace ridgepoint::hardware {

/// A datasheet figure, as printed there, with where it was read.
template <class Q>
struct Figure {
  Q value{};
  std::string source;
  std::string note;  ///< "unverified", "sheet prints the sparse figure; halved"; may be empty

  friend bool operator==(const Figure&, const Figure&) = default;
};

/// The dense rate of multiply-adds at one type, never the sparse one. Of integer types in OP/s.
struct DensePeak {
  DataType type;
  Figure<FlopsPerSecond> figure;
};

/// How the links of a domain are laid out.
enum class Topology {
  switched,  ///< through switches: a device has its whole bandwidth to any other
  mesh,      ///< an equal share of a device's links to each of the others (a bridge: mesh of two)
  torus,     ///< links to the neighbours along each axis, ends joined
  ring,      ///< links to two neighbours
};
std::string_view name(Topology topology);

/// How the devices of one node or rack reach each other.
struct Link {
  std::string technology;                          ///< "NVLink4"
  Figure<BytesPerSecond> bandwidth_per_direction;  ///< of one device, all its links together
  Figure<std::int64_t> domain;               ///< devices reachable at that speed, this one included
  std::optional<Figure<Topology>> topology;  ///< absent when unknown
  std::optional<Figure<bool>> in_switch_reduction;  ///< switches add up (NVLink SHARP); or unknown
};

/// One accelerator: peaks and capacities only. What silicon really reaches is a calibration
/// profile's matter.
struct Device {
  std::string name;                  ///< as the catalogue calls it: "h100-sxm"
  std::string title;                 ///< as its maker does: "NVIDIA H100 80GB SXM5"
  std::vector<std::string> aliases;  ///< what else people type
  std::string vendor;
  std::optional<std::int64_t> release_year;
  std::string origin;  ///< the file that it was read from

  std::vector<DensePeak> dense_peaks;  ///< at least one, in the order of DataType
  Figure<BytesPerSecond> memory_bandwidth;
  Figure<std::int64_t> memory_capacity_bytes;  ///< of the datasheet: 80 × 10⁹ for an H100

  std::optional<Figure<std::int64_t>> reported_capacity_bytes;  ///< what the driver shows
  std::optional<Figure<std::int64_t>> last_level_cache_bytes;
  std::optional<Figure<std::int64_t>> compute_units;       ///< SMs, CUs, cores
  std::optional<Figure<std::int64_t>> fma_lanes_per_unit;  ///< at 16 bits: peak = units·lanes·2·Hz
  std::optional<Figure<PerSecond>> boost_clock;
  std::optional<Link> link;
  /// To other domains, of one device and direction. A system's choice rather than the chip's: the
  /// files have that of the maker's reference system, or none.
  std::optional<Figure<BytesPerSecond>> network_bandwidth;
  std::optional<Figure<std::string>> pcie;  ///< "5.0 x16"
  std::optional<Figure<double>> power_watts;
  std::optional<Figure<double>> price_dollars_per_hour;

  std::vector<std::string> conflicts;    ///< where sources disagree, and which one we follow
  std::vector<std::string> assumptions;  ///< what-ifs that were applied, as sentences
};

/// Reads a device file (data/devices/*.json shows the schema). All faults at once; a figure
/// without a source, an unknown key and an absurd value are faults. `--set-device` overrides are
/// applied before reading: any figure by its key in the file ("link.domain"), or by a shorter one
/// ("link_domain", "link_bandwidth", "link_topology", "in_switch_reduction", "bf16_peak", "bf16").
Result<Device> read_device(std::string_view text, std::string_view source_name,
                           const Overrides& overrides = {});

/// What each of `devices` devices of one domain can send the others at once: on a mesh the links
/// to those that take part, otherwise everything. An upper bound where the topology is unknown.
/// REQUIRES: devices ≥ 2.
BytesPerSecond group_bandwidth(const Link& link, std::int64_t devices);

/// Devices that reach each other without the network: those of the link's domain; of a device
/// without a link the eight that a host has, over PCI Express.
std::int64_t local_devices(const Device& device);

/// What PCI Express carries per direction, as its name says: "4.0 x16" is 16 GT/s on 16 lanes,
/// 128 of 130 bits payload: 31.5 GB/s. Of "5.0/6.0 x16" the first. Unknown for any other text.
std::optional<BytesPerSecond> pcie_bandwidth(const Device& device);

/// The peak that an operator of one type gets on a device.
struct PeakInUse {
  DataType requested;
  DataType used;  ///< differs from `requested` when the device has no such peak
  FlopsPerSecond value;

  /// True when the device lacks the peak of the type itself (nvfp4's own is fp4).
  bool fell_back() const;
};

/// The device's dense peak at `type`, else at the next wider type that it has (fp4 → fp8 → 16 bit
/// → tf32 → fp32 → fp64; int8 → 16 bit; weight-only types → 16 bit). An error when the device has
/// nothing as wide.
Result<PeakInUse> dense_peak(const Device& device, DataType type);

/// "h100-sxm has no fp4 peak: computed at its fp8 peak"; empty when nothing fell back.
std::string fallback_note(const Device& device, const PeakInUse& peak);

/// Dense peak at `type` (with its fallback) ÷ memory bandwidth.
Result<FlopsPerByte> ridge_point(const Device& device, DataType type);

/// What a matmul computes in: int3, int4 and mxfp4 weights are expanded to the activation type,
/// nvfp4 is W4A4, fp8 and int8 are W8A8, otherwise the wider of the two.
DataType compute_type(DataType weights, DataType activations);

}  // namespace ridgepoint::hardware
