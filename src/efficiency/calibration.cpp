// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/efficiency/calibration.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "efficiency/band_at.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::efficiency {
namespace {

/// A type whose kernels can stand for those of another.
struct Kin {
  std::string_view asked;
  std::string_view fitted;
  bool keeps_types;  ///< its times are taken as they are: the same bytes and peak
};

/// In the order of preference. Kernels that only store weights in few bits multiply in 16.
constexpr std::array kKin{
    Kin{"fp8", "fp8_block", true},
    Kin{"fp8_block", "fp8", true},
    Kin{"int8", "fp8", false},
    Kin{"int8", "bf16", false},
    Kin{"int4_wo", "w4a16_mxfp4", false},
    Kin{"w4a16_mxfp4", "int4_wo", false},
    Kin{"w4a16_nvfp4", "int4_wo", false},
    Kin{"int3_wo", "int4_wo", false},
    Kin{"int4_wo", "bf16", false},
    Kin{"w4a16_mxfp4", "bf16", false},
    Kin{"w4a16_nvfp4", "bf16", false},
    Kin{"int3_wo", "bf16", false},
    Kin{"int8_wo", "bf16", false},
    Kin{"fp8_wo", "bf16", false},
};

/// Of ln time, beside the kernel's own band: matmuls of one device at kindred types lie so far
/// apart in forms fitted to one and read at the other (experts: 5 to 11 %).
constexpr double kOtherType = 0.12;

std::string evidence_words(const KernelProfile& kernel) {
  const Evidence& known = kernel.evidence;
  std::string types = kernel.compute;
  if (!kernel.cache.empty()) types += " on " + kernel.cache;
  std::string words =
      fmt::format("{} {}{}: {} rows in {} groups, {} % off when left out", name(kernel.kind), types,
                  kernel.stack.empty() ? "" : ", " + kernel.stack, format_integer(known.rows),
                  format_integer(known.groups), format_number(known.left_out_mdape, 2));
  if (!known.transferred_from.empty()) words += "; from " + known.transferred_from;
  return words;
}

std::optional<KernelInUse> find_in(const Profile& profile, const KernelQuery& query) {
  std::vector<const KernelProfile*> kernels;
  kernels.reserve(profile.kernels.size());
  for (const KernelProfile& kernel : profile.kernels) kernels.push_back(&kernel);

  if (const auto choice = choose_kernel(kernels, query); choice.kernel != nullptr) {
    return KernelInUse{*choice.kernel, false, evidence_words(*choice.kernel)};
  }
  for (const Kin& kin : kKin) {
    if (kin.asked != query.types.compute) continue;
    KernelQuery near = query;
    near.types.compute = kin.fitted;
    const auto choice = choose_kernel(kernels, near);
    if (choice.kernel == nullptr) continue;
    KernelInUse found{*choice.kernel, true, evidence_words(*choice.kernel)};
    if (!kin.keeps_types) found.kernel.compute = kin.asked;
    for (Band::Class& each : found.kernel.band.classes) widen(each, kOtherType);
    return found;
  }
  return std::nullopt;
}

/// A cache of fewer bits is read by the kernel of 16 with fewer bytes, where it has none of its
/// own.
std::optional<KernelInUse> find_cache_in(const Profile& profile, const KernelQuery& query) {
  if (query.types.cache.empty() || query.types.cache == query.types.compute) return std::nullopt;
  KernelQuery near = query;
  near.types.cache = query.types.compute;
  auto found = find_in(profile, near);
  if (!found) return std::nullopt;
  found->is_other_type = true;
  found->kernel.cache = query.types.cache;
  for (Band::Class& each : found->kernel.band.classes) widen(each, kOtherType);
  return found;
}

}  // namespace

Calibration::Calibration(Profile own, Profile transferred)
    : own_(std::move(own)), transferred_(std::move(transferred)) {}

std::optional<KernelInUse> Calibration::find(const KernelQuery& query) const {
  for (const Profile* profile : {&own_, &transferred_}) {
    if (auto found = find_in(*profile, query)) return found;
    if (auto found = find_cache_in(*profile, query)) return found;
  }
  return std::nullopt;
}

}  // namespace ridgepoint::efficiency
