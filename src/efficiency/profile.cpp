// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/efficiency/profile.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "efficiency/band_at.hpp"
#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::efficiency {
namespace {

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

/// Collectives between numbers of ranks that were measured, which is where their tables have knots.
bool is_between_ranks(const KernelProfile& kernel, const Shape& shape) {
  if (kernel.kind != OperatorClass::collective) return false;
  constexpr std::size_t kRanks = 1;  // of the form's features
  const double ranks = form(kernel.kind).features(shape)[kRanks];
  for (const Correction& table : kernel.corrections) {
    for (std::size_t i = 0; i < table.axes.size(); ++i) {
      if ((table.features.empty() ? i : table.features[i]) != kRanks) continue;
      const Axis& axis = table.axes[i];
      const double last = axis.first + axis.step * static_cast<double>(axis.knots - 1);
      const double at = (ranks - axis.first) / axis.step;
      if (at != std::floor(at) || ranks < axis.first || ranks > last) return true;
    }
  }
  return false;
}

/// Of ln time at ranks that were not measured, in quadrature: without it 55 % of an A100's rows at
/// four ranks lay inside the band of a fit to two and eight.
constexpr double kBetweenRanks = 0.07;

}  // namespace

void widen(Band::Class& band, double below, double above) {
  band.low = -std::sqrt(band.low * band.low + below * below);
  band.high = std::sqrt(band.high * band.high + above * above);
}

Band band_at(const KernelProfile& kernel, const Shape& shape) {
  Band band = kernel.band;
  if (!is_between_ranks(kernel, shape)) return band;
  for (Band::Class& each : band.classes) widen(each, kBetweenRanks);
  return band;
}

Expected expected_time(const KernelProfile& kernel, const DeviceFacts& device, const Shape& shape) {
  const Form& facts = form(kernel.kind);
  const double by_form = seconds_of(kernel, device, shape);
  const double floor = facts.floor == nullptr ? 0 : facts.floor(device, kernel.types(), shape);
  const double seconds = std::max(floor, by_form * exp(correction_of(kernel, device, shape)));
  if (kernel.band.classes.empty()) return {seconds, seconds, seconds};
  Band::Class band = class_of(kernel.band, seconds);
  if (is_between_ranks(kernel, shape)) widen(band, kBetweenRanks);
  return {seconds, std::max(floor, seconds * exp(band.low)),
          std::max(floor, seconds * exp(band.high))};
}

}  // namespace ridgepoint::efficiency
