// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>

#include "efficiency/forms.hpp"
#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::efficiency {
namespace {

/// The order of the coefficients below.
enum Coefficient : std::size_t {
  kStart,
  kSerial,
  kSerialPower,
  kCompute,
  kMemory,
  kFill,
  kSharpness,
  kWave,
  kFewTiles,
  kPaddedRows,
  kPaddedColumns,
  kThrottle,
  kHot,
};

constexpr std::array kFacts{
    CoefficientFacts{"start_us", "µs", 0.3, 3, 30, "launch and drain"},
    CoefficientFacts{"serial_us", "µs", 0.01, 0.5, 10, "of each 1024 of k, one tile alone"},
    CoefficientFacts{"serial_power", "", 0.3, 1, 1.3, "exponent of k in that"},
    CoefficientFacts{"compute", "", 0.3, 0.8, 1.2, "share of the dense peak that is reached"},
    CoefficientFacts{"memory", "", 0.3, 0.85, 1.3, "share of the bandwidth that is reached"},
    CoefficientFacts{"fill_k", "", 1, 200, 3000, "of k, until the pipeline of a tile is full"},
    CoefficientFacts{"sharpness", "", 1.5, 3.5, 12, "of the maximum of compute and memory"},
    CoefficientFacts{"wave", "", 0.02, 0.5, 1, "share of the last wave that is lost"},
    CoefficientFacts{"few_tiles", "", 0.02, 0.5, 1, "exponent with fewer tiles than units"},
    CoefficientFacts{"padded_rows", "", 0.02, 0.6, 1, "share of the padding of m that is paid"},
    CoefficientFacts{"padded_columns", "", 0.02, 0.5, 1, "likewise of n"},
    CoefficientFacts{"throttle", "", 0.001, 0.1, 1, "slower by so much in the long run"},
    CoefficientFacts{"hot", "", 0.001, 0.2, 1, "share of activations that a cache does not keep"}};

double larger(double a, double b) { return a < b ? b : a; }
double smaller(double a, double b) { return b < a ? b : a; }

double bytes_of(std::string_view type) {
  if (type == "nvfp4") return 9.0 / 16;
  return type == "fp8" || type == "fp8_block" || type == "int8" ? 1 : 2;
}

double seconds(std::span<const double> x, const DeviceFacts& device, const KernelTypes& types,
               const Shape& any) {
  const auto& s = std::get<GemmShape>(any);
  constexpr double kTile = 128;
  const double rows = std::ceil(s.m / kTile);
  const double columns = std::ceil(s.n / kTile);
  const double shortest = larger(s.m, smaller(kTile, 64));
  const double m = (1 - x[kPaddedRows]) * shortest +
                   x[kPaddedRows] * (s.m < kTile / 2 ? shortest : rows * kTile);
  const double n = (1 - x[kPaddedColumns]) * s.n + x[kPaddedColumns] * columns * kTile;
  const double tiles = rows * columns / device.compute_units;
  const double wave =
      tiles < 1 ? pow(tiles, -x[kFewTiles]) : 1 - x[kWave] + x[kWave] * std::ceil(tiles) / tiles;
  const double compute = 2 * m * n * (s.k + x[kFill]) / (device.flops_per_s * x[kCompute]) * wave;
  constexpr double kLongRun = 1e-4;
  const double throttled = compute * (1 + x[kThrottle] * compute / (compute + kLongRun));
  const double size = bytes_of(types.compute);
  const double hot = size * s.m * s.k + 2 * s.m * s.n;
  const double kept = device.cache_bytes / (device.cache_bytes + hot);
  const double memory =
      (size * s.n * s.k + hot * (1 - (1 - x[kHot]) * kept)) / (device.bytes_per_s * x[kMemory]);
  const double more = larger(throttled, memory);
  const double less = smaller(throttled, memory);
  const double both = more * pow(1 + pow(less / more, x[kSharpness]), 1 / x[kSharpness]);
  constexpr double kMicro = 1e-6;
  return kMicro * (x[kStart] + x[kSerial] * pow(s.k / 1024, x[kSerialPower])) + both;
}

std::vector<double> features(const Shape& any) {
  const auto& s = std::get<GemmShape>(any);
  return {log2(s.m), log2(s.n), log2(s.k)};
}

}  // namespace

const Form& gemm_form() {
  static constexpr Form kForm{OperatorClass::gemm, kFacts, seconds, features};
  return kForm;
}

}  // namespace ridgepoint::efficiency
