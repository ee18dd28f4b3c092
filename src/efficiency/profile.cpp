// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/efficiency/profile.hpp"

#include <algorithm>
#include <array>

#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::efficiency {
namespace {

/// e^x.
double exponential(double x) {
  constexpr double kLog2OfE = 1.4426950408889634;
  return exp2(x * kLog2OfE);
}

const Band::Class& class_of(const Band& band, double seconds) {
  for (const Band::Class& each : band.classes) {
    if (seconds < each.below_s) return each;
  }
  return band.classes.back();
}

}  // namespace

Expected expected_time(const KernelProfile& kernel, const DeviceFacts& device, const Shape& shape) {
  const Form& facts = form(kernel.kind);
  const double by_form = facts.seconds(kernel.coefficients, device, kernel.types(), shape);
  const double seconds =
      kernel.correction.axes.empty()
          ? by_form
          : by_form * exponential(correction(kernel.correction, facts.features(shape),
                                             facts.algorithm_of(device, kernel.types(), shape)));
  if (kernel.band.classes.empty()) return {seconds, seconds, seconds};
  const Band::Class& band = class_of(kernel.band, seconds);
  return {seconds, seconds * exponential(band.low), seconds * exponential(band.high)};
}

}  // namespace ridgepoint::efficiency
