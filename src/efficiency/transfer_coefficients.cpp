// SPDX-License-Identifier: Apache-2.0
#include "efficiency/transfer_coefficients.hpp"

#include <algorithm>
#include <string_view>

#include "efficiency/attention_kernels.hpp"
#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::efficiency {
namespace {

/// Coefficients by name, kept inside their bounds.
class Values {
 public:
  explicit Values(const KernelProfile& kernel)
      : facts_(form(kernel.kind).coefficients), values_(kernel.coefficients) {}

  void set(std::string_view name, double value) {
    const std::size_t at = place_of(name);
    values_[at] = std::clamp(value, facts_[at].least, facts_[at].most);
  }
  double get(std::string_view name) const { return values_[place_of(name)]; }
  std::vector<double> take() { return std::move(values_); }

 private:
  /// REQUIRES: the form has it.
  std::size_t place_of(std::string_view name) const {
    const auto at = std::find_if(facts_.begin(), facts_.end(),
                                 [&](const CoefficientFacts& each) { return each.name == name; });
    return static_cast<std::size_t>(at - facts_.begin());
  }

  std::span<const CoefficientFacts> facts_;
  std::vector<double> values_;
};

double cycles_per_s(const DeviceFacts& device) { return device.compute_units * device.clock_hz; }

/// Walking through k is a chain of dependent steps, a number of cycles; launches are not.
/// A benchmark's weights stay in a cache that is fast against the memory; of devices where it is
/// not the fit says nothing of it, so it is taken from the units: 20 bytes a cycle each, which met
/// none of the devices badly, and the benchmark's number of copies from the one that shows it
/// (L40S).
void adapt_matmul(Values& values, const Passage& passage) {
  if (passage.source.clock_hz > 0 && passage.target.clock_hz > 0) {
    values.set("serial_us",
               values.get("serial_us") * passage.source.clock_hz / passage.target.clock_hz);
  }
  constexpr double kBytesOfACycle = 20;
  constexpr double kCopies = 6.5;
  values.set("copies", kCopies);
  values.set("cache_speed",
             kBytesOfACycle * cycles_per_s(passage.target) / passage.target.bytes_per_s);
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

std::vector<double> coefficients_on(const KernelProfile& kernel, const Passage& passage) {
  Values values(kernel);
  if (kernel.kind == OperatorClass::gemm) adapt_matmul(values, passage);
  if (kernel.kind == OperatorClass::decode_attention) adapt_decode(values, kernel, passage);
  if (kernel.kind == OperatorClass::elementwise) adapt_elementwise(values, kernel, passage);
  return values.take();
}

}  // namespace ridgepoint::efficiency
