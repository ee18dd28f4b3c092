// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/hardware/device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <span>
#include <system_error>

namespace ridgepoint::hardware {
namespace {

using enum DataType;

/// The peaks to look for, the type's own first, then ever wider ones. Where a device names only
/// one of bf16 and fp16, the other stands in before 32 bits do.
std::span<const DataType> candidates(DataType type) {
  static constexpr std::array kFourBits{fp4, fp8, bf16, fp16, tf32, fp32, fp64};
  static constexpr std::array kInteger{int8, bf16, fp16, tf32, fp32, fp64};
  static constexpr std::array kHalf{fp16, bf16, tf32, fp32, fp64};
  const std::span<const DataType> four_bits(kFourBits);
  switch (type) {
    case fp4:
    case nvfp4:
      return four_bits;
    case fp8:
      return four_bits.subspan(1);
    case bf16:
    case int4:
    case int3:
    case mxfp4:
      return four_bits.subspan(2);
    case fp16:
      return kHalf;
    case tf32:
      return four_bits.subspan(4);
    case fp32:
      return four_bits.subspan(5);
    case fp64:
      return four_bits.subspan(6);
    case int8:
      return kInteger;
  }
  return {};
}

bool is_weight_only(DataType type) { return type == int4 || type == int3 || type == mxfp4; }

double bytes(DataType type) {
  const ByteSize size = byte_size(type);
  return static_cast<double>(size.numerator) / static_cast<double>(size.denominator);
}

/// Giga-transfers per second of each lane, and the share of the bits that are payload.
/// Source: PCI Express base specification, revisions 3.0 to 6.0 (from 6.0 on without line code).
struct PcieGeneration {
  std::string_view name;
  double transfers;
  double payload;
};
constexpr std::array kPcieGenerations{
    PcieGeneration{"3.0", 8e9, 128.0 / 130.0}, PcieGeneration{"4.0", 16e9, 128.0 / 130.0},
    PcieGeneration{"5.0", 32e9, 128.0 / 130.0}, PcieGeneration{"6.0", 64e9, 1.0}};
constexpr int kMostPcieLanes = 128;
constexpr std::array<std::string_view, 4> kTopologies{"switched", "mesh", "torus", "ring"};

}  // namespace

std::string_view name(Topology topology) {
  return kTopologies.at(static_cast<std::size_t>(topology));
}

BytesPerSecond group_bandwidth(const Link& link, std::int64_t devices) {
  assert(devices >= 2);
  const BytesPerSecond all = link.bandwidth_per_direction.value;
  const std::int64_t others = link.domain.value - 1;
  if (!link.topology || link.topology->value != Topology::mesh || devices > others) return all;
  return BytesPerSecond(all.value() * static_cast<double>(devices - 1) /
                        static_cast<double>(others));
}

std::int64_t local_devices(const Device& device) {
  constexpr std::int64_t kHost = 8;
  return device.link && device.link->domain.value > 1 ? device.link->domain.value : kHost;
}

std::optional<BytesPerSecond> pcie_bandwidth(const Device& device) {
  if (!device.pcie) return std::nullopt;
  const std::string_view text = device.pcie->value;
  const std::size_t lanes_at = text.rfind(" x");
  const std::string_view revision = text.substr(0, text.find_first_of(" /"));
  if (lanes_at == std::string_view::npos) return std::nullopt;
  const std::string_view digits = text.substr(lanes_at + 2);
  int lanes = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), lanes);
  const bool whole = error == std::errc{} && end == digits.data() + digits.size();
  if (!whole || lanes < 1 || lanes > kMostPcieLanes) return std::nullopt;
  for (const PcieGeneration& row : kPcieGenerations) {
    if (row.name == revision) return BytesPerSecond(row.transfers * row.payload * lanes / 8);
  }
  return std::nullopt;
}

bool PeakInUse::fell_back() const { return used != candidates(requested).front(); }

Result<PeakInUse> dense_peak(const Device& device, DataType type) {
  for (const DataType candidate : candidates(type)) {
    const auto peak = std::find_if(device.dense_peaks.begin(), device.dense_peaks.end(),
                                   [&](const DensePeak& row) { return row.type == candidate; });
    if (peak != device.dense_peaks.end()) return PeakInUse{type, candidate, peak->figure.value};
  }
  std::string known;
  for (const DensePeak& peak : device.dense_peaks) {
    known += fmt::format("{}{}", known.empty() ? "it has " : ", ", name(peak.type));
  }
  if (known.empty()) known = "add one to its dense_peaks";
  return fail(device.name, fmt::format("has no dense peak at {} or at a wider type", name(type)),
              known);
}

std::string fallback_note(const Device& device, const PeakInUse& peak) {
  if (!peak.fell_back()) return {};
  return fmt::format("{} has no {} peak: computed at its {} peak", device.name,
                     name(candidates(peak.requested).front()), name(peak.used));
}

Result<FlopsPerByte> ridge_point(const Device& device, DataType type) {
  return dense_peak(device, type).map([&](const PeakInUse& peak) {
    return peak.value / device.memory_bandwidth.value;
  });
}

DataType compute_type(DataType weights, DataType activations) {
  if (is_weight_only(weights)) return activations;
  if (weights == nvfp4) return fp4;
  if (weights == fp8 || weights == int8 || weights == fp4) return weights;
  return bytes(weights) > bytes(activations) ? weights : activations;
}

}  // namespace ridgepoint::hardware
