// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "efficiency/elementwise_terms.hpp"
#include "efficiency/forms.hpp"
#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::efficiency {
namespace {

/// The order of the coefficients below.
enum Coefficient : std::size_t { kStart, kRow, kMemory, kCores, kSharpness, kHot };

constexpr std::array kFacts{
    CoefficientFacts{"start_us", "µs", 0.3, 1.5, 80,
                     "launch and drain; in PyTorch without a graph what the host takes for a call"},
    CoefficientFacts{"row_us", "µs", 0.002, 0.4, 3,
                     "of 1024 elements of a row, alone, at 1.41 GHz"},
    CoefficientFacts{"memory", "", 0.1, 0.7, 1.2, "share of the bandwidth that is reached"},
    CoefficientFacts{"cores", "", 0.5, 60, 512, "elements per unit and cycle"},
    CoefficientFacts{"sharpness", "", 1, 3, 12, "of the maximum"},
    CoefficientFacts{"hot", "", 0.001, 0.1, 0.9, "share of what fits half the cache that stays"}};

double seconds(std::span<const double> x, const DeviceFacts& device, const KernelTypes& types,
               const Shape& any) {
  const auto& s = std::get<ElementwiseShape>(any);
  const ElementwiseTerms terms = ElementwiseTerms::of(x, device, types, s);
  return terms.at(s.rows, log2(s.rows), terms.is_hosted);
}

std::vector<double> features(const Shape& any) {
  const auto& s = std::get<ElementwiseShape>(any);
  return {log2(s.rows), log2(s.width)};
}

}  // namespace

ElementwiseTerms ElementwiseTerms::of(std::span<const double> x, const DeviceFacts& device,
                                      const KernelTypes& types, const ElementwiseShape& s) {
  constexpr double kMicro = 1e-6;
  constexpr double kReferenceHz = 1.41e9;
  const double clock = device.clock_hz > 0 ? device.clock_hz : kReferenceHz;
  const double rate = device.bytes_per_s * x[kMemory];
  const double start = kMicro * x[kStart] * s.kernels;
  ElementwiseTerms terms;
  if (types.stack == "pytorch") {
    terms.is_hosted = true;
    terms.hosted = start;
    terms.log2_hosted = log2(start);
  } else {
    terms.start = start;
  }
  terms.walk = kMicro * x[kRow] * s.width / 1024 * kReferenceHz / clock;
  terms.log2_walk = log2(terms.walk);
  terms.bytes = s.width * s.bytes_per_element / rate;
  terms.cached = device.cache_bytes / 2 / rate;
  terms.hot = x[kHot];
  terms.cores = s.width / (x[kCores] * device.compute_units * clock);
  terms.log2_cores = log2(terms.cores);
  terms.sharpness = x[kSharpness];
  terms.of_sharpness = 1 / x[kSharpness];
  return terms;
}

const Form& elementwise_form() {
  static constexpr Form kForm{OperatorClass::elementwise, kFacts, seconds, features};
  return kForm;
}

}  // namespace ridgepoint::efficiency
