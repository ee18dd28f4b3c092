// SPDX-License-Identifier: Apache-2.0
#include "efficiency/transfer_coefficients.hpp"

#include <algorithm>
#include <string_view>

#include "efficiency/attention_kernels.hpp"
#include "efficiency/experts_kernels.hpp"
#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::efficiency {
namespace {

constexpr std::string_view kKept = "kept";
constexpr std::string_view kCacheSpeed = "cache_speed";

/// A coefficient by name of the class's form. REQUIRES: it has it.
std::size_t place_in(OperatorClass kind, std::string_view name) {
  const auto facts = form(kind).coefficients;
  const auto at = std::find_if(facts.begin(), facts.end(),
                               [&](const CoefficientFacts& each) { return each.name == name; });
  return static_cast<std::size_t>(at - facts.begin());
}

/// Coefficients by name, kept inside their bounds.
class Values {
 public:
  explicit Values(const KernelProfile& kernel) : kind_(kernel.kind), values_(kernel.coefficients) {}

  void set(std::string_view name, double value) {
    const std::size_t at = place_in(kind_, name);
    const CoefficientFacts& facts = form(kind_).coefficients[at];
    values_[at] = std::clamp(value, facts.least, facts.most);
  }
  double get(std::string_view name) const { return values_[place_in(kind_, name)]; }
  std::vector<double> take() { return std::move(values_); }

 private:
  OperatorClass kind_;
  std::vector<double> values_;
};

double cycles_per_s(const DeviceFacts& device) { return device.compute_units * device.clock_hz; }

/// How much longer a time in cycles is on the target; 1 where a clock is not known.
double cycle_ratio(const Passage& passage) {
  const bool are_known = passage.source.clock_hz > 0 && passage.target.clock_hz > 0;
  return are_known ? passage.source.clock_hz / passage.target.clock_hz : 1;
}

/// Bandwidth of the last cache ÷ that of memory. Of devices where it is not fast against the memory
/// a fit says nothing of it, so it is taken from the units: 20 bytes a cycle each, which met none
/// of the devices badly.
double cache_speed(const DeviceFacts& device) {
  constexpr double kBytesOfACycle = 20;
  return kBytesOfACycle * cycles_per_s(device) / device.bytes_per_s;
}

/// Walking through k is a chain of dependent steps, a number of cycles; launches are not.
/// A benchmark's weights stay in a cache that is fast against the memory; its number of copies is
/// taken from the one device that shows it (L40S).
void adapt_matmul(Values& values, const Passage& passage) {
  constexpr double kCopies = 6.5;
  values.set("serial_us", values.get("serial_us") * cycle_ratio(passage));
  values.set("copies", kCopies);
  values.set(kCacheSpeed, cache_speed(passage.target));
}

/// A kernel of a CUDA graph, in µs at H100's clock: experts' launch_us on A100, H100, L40S and B200
/// is 1.6 to 3.1 for each kernel that they launch.
constexpr double kLaunch = 2.5;

void add_launches(Values& values, const Passage& passage) {
  values.set("start_us", values.get("start_us") + kLaunch * passage.more_launches);
}

/// The fixed time of a block is half instructions and half the wait for its first keys at a unit's
/// share of the bandwidth: half way between cycles and that.
double block_ratio(const Passage& passage) {
  constexpr double kHalfWay = 0.5;
  const DeviceFacts& from = passage.source;
  const DeviceFacts& to = passage.target;
  if (!(from.clock_hz > 0) || !(to.clock_hz > 0)) return 1;
  const double bytes_of_a_cycle_there = from.bytes_per_s / cycles_per_s(from);
  const double bytes_of_a_cycle_here = to.bytes_per_s / cycles_per_s(to);
  return pow(bytes_of_a_cycle_there / bytes_of_a_cycle_here, kHalfWay);
}

/// FlashAttention 2 gives each query head a block of its own in windows, others pack a group's into
/// one (flash_api.cpp: seqlenq_ngroups_swapped wants no window).
void adapt_decode(Values& values, const KernelProfile& kernel, const Passage& passage) {
  constexpr double kAll = 0.95;
  constexpr double kNone = 0.02;
  const auto is_flash2 = [](std::string_view name) {
    return attention_kernel(name).walk == ContextWalk::flash2;
  };
  if (is_flash2(passage.types.kernel)) {
    values.set("unpacked", kAll);
    values.set("unsplit", kAll);
  } else if (is_flash2(kernel.kernel)) {
    values.set("unpacked", kNone);
  }
  add_launches(values, passage);
  values.set("block_us", values.get("block_us") * block_ratio(passage));
  if (passage.cache) {
    values.set(kKept, passage.cache->kept);
    values.set(kCacheSpeed, passage.cache->speed);
  }
}

/// Launches take cycles and go with their number, as does what leads to the experts and back;
/// arithmetic by the instructions of Ampere goes with what these reach.
void adapt_experts(Values& values, const KernelProfile& kernel, const Passage& passage) {
  const double launches = launches_of(passage.types) / launches_of(kernel.types());
  values.set("launch_us", values.get("launch_us") * launches * cycle_ratio(passage));
  values.set("routing_us", values.get("routing_us") * launches);
  values.set(kCacheSpeed, cache_speed(passage.target));
  double share = values.get("compute");
  if (experts_kernel(kernel.kernel).is_of_ampere) share /= peak_share_of_ampere(passage.source);
  if (experts_kernel(passage.types.kernel).is_of_ampere) {
    share *= peak_share_of_ampere(passage.target);
  }
  values.set("compute", share);
}

/// A ring's chunks take a latency to start, in which faster links could send more: as many bytes
/// more, were it the same latency; faster links' is shorter, and half way between met A100, H100
/// and B200 best.
void adapt_collective(Values& values, const Passage& passage) {
  constexpr double kHalfWay = 0.5;
  const double source = passage.source.link_bytes_per_s;
  const double target = passage.target.link_bytes_per_s;
  if (!(source > 0) || !(target > 0)) return;
  values.set("ramp_bytes", values.get("ramp_bytes") * pow(target / source, kHalfWay));
}

/// How far a kernel's rate goes with the units rather than with the memory, as an exponent. A100
/// and A40 have almost as many unit cycles a second, and bandwidths 2.9 times apart: what runs over
/// elements goes with the memory, what has one block for each token lies half way, and the
/// embedding, whose indices take arithmetic, goes with the units.
double units_share(std::string_view work) {
  if (work == "add" || work == "activation") return 0;
  constexpr double kHalfWay = 0.5;
  return work == "embedding" ? 1 : kHalfWay;
}

void adapt_elementwise(Values& values, const KernelProfile& kernel, const Passage& passage) {
  const double source = cycles_per_s(passage.source) / passage.source.bytes_per_s;
  const double target = cycles_per_s(passage.target) / passage.target.bytes_per_s;
  if (!(source > 0) || !(target > 0)) return;
  constexpr double kMost = 0.92;
  const double share = values.get("memory");
  const double there = share * pow(target / source, units_share(kernel.kernel));
  values.set("memory", std::min(there, std::max(share, kMost)));
}

}  // namespace

std::optional<CacheUse> cache_use(const Profile& profile) {
  constexpr OperatorClass kKind = OperatorClass::decode_attention;
  // Of the logarithm: beyond a factor of e either way rows say nothing.
  constexpr double kTold = 1;
  const std::size_t kept = place_in(kKind, kKept);
  const std::size_t speed = place_in(kKind, kCacheSpeed);
  std::optional<CacheUse> best;
  double least = kTold;
  for (const KernelProfile& kernel : profile.kernels) {
    if (kernel.kind != kKind || attention_kernel(kernel.kernel).walk == ContextWalk::triton) {
      continue;
    }
    const double spread = std::max(kernel.spread[kept], kernel.spread[speed]);
    if (spread >= least) continue;
    least = spread;
    best = CacheUse{kernel.coefficients[kept], kernel.coefficients[speed]};
  }
  return best;
}

std::vector<double> coefficients_on(const KernelProfile& kernel, const Passage& passage) {
  Values values(kernel);
  if (kernel.kind == OperatorClass::gemm) adapt_matmul(values, passage);
  if (kernel.kind == OperatorClass::decode_attention) adapt_decode(values, kernel, passage);
  if (kernel.kind == OperatorClass::latent_decode) add_launches(values, passage);
  if (kernel.kind == OperatorClass::experts) adapt_experts(values, kernel, passage);
  if (kernel.kind == OperatorClass::collective) adapt_collective(values, passage);
  if (kernel.kind == OperatorClass::elementwise) adapt_elementwise(values, kernel, passage);
  return values.take();
}

}  // namespace ridgepoint::efficiency
