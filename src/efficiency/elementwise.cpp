// SPDX-License-Identifier: Apache-2.0
#include <array>

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

double larger(double a, double b) { return a < b ? b : a; }
double smaller(double a, double b) { return b < a ? b : a; }

/// launch + smooth maximum of
///   row     one block walks one row, so its time grows with the width
///   memory  bytes over the bandwidth; a share of what fits half of the last cache stays there
///   cores   elements through the units: index arithmetic, whatever memory does
double seconds(std::span<const double> x, const DeviceFacts& device, const KernelTypes& types,
               const Shape& any) {
  const auto& s = std::get<ElementwiseShape>(any);
  constexpr double kMicro = 1e-6;
  constexpr double kReferenceHz = 1.41e9;
  const double clock = device.clock_hz > 0 ? device.clock_hz : kReferenceHz;
  const double bytes = s.rows * s.width * s.bytes_per_element;
  const double kept = smaller(bytes, device.cache_bytes / 2) * x[kHot];
  const double row = kMicro * x[kRow] * s.width / 1024 * kReferenceHz / clock;
  const double memory = (bytes - kept) / (device.bytes_per_s * x[kMemory]);
  const double cores = s.rows * s.width / (x[kCores] * device.compute_units * clock);
  const double start = kMicro * x[kStart] * s.kernels;
  // PyTorch launches without a graph: its host is hidden by the device or the other way round.
  const bool is_hosted = types.stack == "pytorch";
  const double hosted = is_hosted ? start : 0;
  const double most = larger(larger(row, hosted), larger(memory, cores));
  const double p = x[kSharpness];
  const double sum = pow(row / most, p) + pow(memory / most, p) + pow(cores / most, p) +
                     (is_hosted ? pow(hosted / most, p) : 0);
  return (is_hosted ? 0 : start) + most * pow(sum, 1 / p);
}

std::vector<double> features(const Shape& any) {
  const auto& s = std::get<ElementwiseShape>(any);
  return {log2(s.rows), log2(s.width)};
}

}  // namespace

const Form& elementwise_form() {
  static constexpr Form kForm{OperatorClass::elementwise, kFacts, seconds, features};
  return kForm;
}

}  // namespace ridgepoint::efficiency
