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

/// Of ln time.
double correction_of(const KernelProfile& kernel, const DeviceFacts& device, const Shape& shape) {
  if (kernel.corrections.empty()) return 0;
  const Form& facts = form(kernel.kind);
  const std::vector<double> features = facts.features(shape);
  const int algorithm = facts.algorithm_of(device, kernel.types(), shape);
  double sum = 0;
  std::vector<double> factors;
  if (facts.factors != nullptr) {
    factors = facts.factors(kernel.coefficients, device, kernel.types(), shape);
  }
  for (const Correction& each : kernel.corrections) {
    sum += (each.factor ? factors[*each.factor] : 1) * correction(each, features, algorithm);
  }
  return sum;
}

/// Of the form alone.
double seconds_of(const KernelProfile& kernel, const DeviceFacts& device, const Shape& shape) {
  const Form& facts = form(kernel.kind);
  if (kernel.blend.empty()) {
    return facts.seconds(kernel.coefficients, device, kernel.types(), shape);
  }
  double mean = 0;
  for (const Blended& part : kernel.blend) {
    mean += part.share * log2(facts.seconds(part.coefficients, device, kernel.types(), shape));
  }
  return exp2(mean);
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
  const double by_form = seconds_of(kernel, device, shape);
  const double floor = facts.floor == nullptr ? 0 : facts.floor(device, kernel.types(), shape);
  const double seconds =
      std::max(floor, by_form * exponential(correction_of(kernel, device, shape)));
  if (kernel.band.classes.empty()) return {seconds, seconds, seconds};
  const Band::Class& band = class_of(kernel.band, seconds);
  return {seconds, std::max(floor, seconds * exponential(band.low)),
          std::max(floor, seconds * exponential(band.high))};
}

}  // namespace ridgepoint::efficiency
