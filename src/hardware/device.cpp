// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/hardware/device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

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

bool is_weight_only(DataType type) { return type == int4 || type == mxfp4; }

double bytes(DataType type) {
  const ByteSize size = byte_size(type);
  return static_cast<double>(size.numerator) / static_cast<double>(size.denominator);
}

}  // namespace

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
