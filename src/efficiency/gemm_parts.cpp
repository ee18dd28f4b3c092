// SPDX-License-Identifier: Apache-2.0
#include "efficiency/gemm_parts.hpp"

#include <array>
#include <cmath>

#include "efficiency/gemm_tiles.hpp"
#include "efficiency/operand_bytes.hpp"
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
  kIdleUnits,
  kThrottle,
  kNarrow,
  kTile128x128,
  kTile128x256,
  kTile256x128,
  kRows16,
  kRows64,
  kColumns256,
  kCopies,
  kCacheSpeed,
  kQuantiseStart,
  kQuantiseRow,
  kQuantiseBlock,
  kQuantiseMemory,
  kUneven,
  kUnevenMemory,
};

constexpr std::array kFacts{
    CoefficientFacts{"start_us", "µs", 0.3, 3, 30, "launch and drain"},
    CoefficientFacts{"serial_us", "µs", 0.01, 0.5, 10, "one tile that walks through 1024 of k"},
    CoefficientFacts{"serial_power", "", 0.3, 1, 1.3, "exponent of k in that"},
    CoefficientFacts{"compute", "", 0.3, 0.8, 1.3, "share of the dense peak that is reached"},
    CoefficientFacts{"memory", "", 0.3, 0.85, 1.3, "share of the bandwidth that is reached"},
    CoefficientFacts{"fill_k", "", 1, 100, 3000, "of k, until the pipeline of a tile is full"},
    CoefficientFacts{"sharpness", "", 1.3, 3, 12, "of the maximum of compute and memory"},
    CoefficientFacts{"idle_units", "", 0.01, 0.3, 1, "exponent of units without a tile"},
    CoefficientFacts{"throttle", "", 0.001, 0.1, 2, "slower by so much in the long run"},
    CoefficientFacts{"narrow", "", 0.01, 1, 20, "reads lost, in 128 elements of each unit"},
    CoefficientFacts{"tile_128x128", "", 0.003, 0.1, 1, "exponent of its quantisation"},
    CoefficientFacts{"tile_128x256", "", 0.003, 0.1, 1, "likewise"},
    CoefficientFacts{"tile_256x128", "", 0.003, 0.1, 1, "likewise"},
    CoefficientFacts{"rows_16", "", 0.003, 0.08, 0.6, "exponent of m's padding to that"},
    CoefficientFacts{"rows_64", "", 0.003, 0.08, 0.6, "likewise"},
    CoefficientFacts{"columns_256", "", 0.003, 0.1, 0.8, "likewise of n"},
    CoefficientFacts{"copies", "", 2, 8, 60, "of the weights that a benchmark cycles through"},
    CoefficientFacts{"cache_speed", "", 1, 1.5, 8, "of the last level, in bandwidths of memory"},
    CoefficientFacts{"quantise_us", "µs", 0.1, 1, 20, "launch of the activations' kernel"},
    CoefficientFacts{"quantise_row_us", "µs", 0.001, 0.2, 3, "of that, one row on one unit"},
    CoefficientFacts{"quantise_block_us", "µs", 0.001, 0.2, 3, "likewise each 2048 of its k"},
    CoefficientFacts{"quantise_memory", "", 0.2, 0.6, 1.5, "its share of the bandwidth"},
    CoefficientFacts{"uneven_us", "µs", 0.01, 1, 20, "rows that are no multiple of 4"},
    CoefficientFacts{"uneven_memory", "", 0.05, 0.5, 2, "share of the bandwidth of their copy"}};

constexpr double kMicro = 1e-6;
constexpr double kIntegerGroup = 128;  // GPTQ's and AWQ's

double larger(double a, double b) { return a < b ? b : a; }
double smaller(double a, double b) { return b < a ? b : a; }

/// (a^p + b^p)^(1/p) of a, b ≥ 0, not both 0.
double overlapped(double a, double b, double sharpness) {
  constexpr double kLeast = 1e-12;
  const double more = larger(a, b);
  const double ratio = larger(smaller(a, b) / more, kLeast);
  return more * pow(1 + pow(ratio, sharpness), 1 / sharpness);
}

/// log2 of (what is computed ÷ what is wanted). The exponents on rows and those on columns sum to
/// one at most: more of them are never faster.
double log2_excess(std::span<const double> x, double compute_units, const GemmShape& s) {
  const double both = x[kTile128x128] + x[kTile128x256] + x[kTile256x128] + x[kIdleUnits];
  const double most = both + larger(x[kRows16] + x[kRows64], x[kColumns256]);
  const double sum = x[kTile128x128] * log2_quantisation(s, compute_units, {128, 128}) +
                     x[kTile128x256] * log2_quantisation(s, compute_units, {128, 256}) +
                     x[kTile256x128] * log2_quantisation(s, compute_units, {256, 128}) +
                     x[kRows16] * log2_padding(s.m, 16) + x[kRows64] * log2_padding(s.m, 64) +
                     x[kColumns256] * log2_padding(s.n, 256) +
                     x[kIdleUnits] * log2(1 + 1 / tiles_per_unit(s, compute_units));
  return sum / larger(1, most);
}

double compute_seconds(std::span<const double> x, const DeviceFacts& device, const GemmShape& s) {
  const double cool = 2 * s.m * s.n * (s.k + x[kFill]) / (device.flops_per_s * x[kCompute]) *
                      exp2(log2_excess(x, device.compute_units, s));
  constexpr double kLongRun = 1e-3;
  return cool * (1 + x[kThrottle] * cool / (cool + kLongRun));
}

/// Of a benchmark that calls the same matmul again and again on a few copies of its weights: the
/// share of the traffic's time that is spared, as more and more of them fit into the cache.
double spared_by_cache(std::span<const double> x, const DeviceFacts& device, double weight_bytes) {
  const double filled = x[kCopies] * weight_bytes / larger(device.cache_bytes, 1);
  const double cubed = filled * filled * filled;
  return (1 - 1 / x[kCacheSpeed]) / (1 + cubed * cubed);
}

double memory_seconds(std::span<const double> x, const DeviceFacts& device,
                      const OperandBytes& bytes, const GemmShape& s) {
  constexpr double kResult = 2;  // bytes of an element
  constexpr double kNarrowElements = 128;
  const double weights = bytes.weight * s.n * s.k;
  const double traffic = weights + bytes.activation * s.m * s.k + kResult * s.m * s.n;
  const double spared = s.weights_stay_cached ? spared_by_cache(x, device, weights) : 0;
  const double lost = bytes.weight * x[kNarrow] * kNarrowElements * device.compute_units;
  return (traffic * (1 - spared) + lost) / (device.bytes_per_s * x[kMemory]);
}

/// One block of threads a row, in steps of 2048 elements; and rows that are no multiple of 4, which
/// are padded or copied. A single row is not.
double quantise_seconds(std::span<const double> x, const DeviceFacts& device,
                        const OperandBytes& bytes, const GemmShape& s) {
  constexpr double kHalf = 2;  // bytes of what is quantised
  constexpr double kStep = 2048;
  constexpr double kSharp = 4;
  constexpr double kMultiple = 4;
  const double elements = s.m * s.k;
  const double rows = kMicro * s.m / device.compute_units *
                      (x[kQuantiseRow] + x[kQuantiseBlock] * std::ceil(s.k / kStep));
  const double memory =
      elements * (kHalf + bytes.activation) / (device.bytes_per_s * x[kQuantiseMemory]);
  const double is_uneven =
      smaller(std::ceil(s.m / kMultiple) * kMultiple - s.m, 1) * larger(smaller(s.m - 1, 1), 0);
  const double copy = kMicro * x[kUneven] +
                      elements * 2 * bytes.activation / (device.bytes_per_s * x[kUnevenMemory]);
  return kMicro * x[kQuantiseStart] + overlapped(rows, memory, kSharp) + is_uneven * copy;
}

}  // namespace

std::span<const CoefficientFacts> gemm_coefficients() { return kFacts; }

GemmParts gemm_parts(std::span<const double> x, const DeviceFacts& device, const KernelTypes& types,
                     const GemmShape& s) {
  const OperandBytes bytes = operand_bytes(types.compute, kIntegerGroup);
  GemmParts parts;
  parts.start = kMicro * (x[kStart] + x[kSerial] * pow(s.k / 1024, x[kSerialPower]));
  parts.compute = compute_seconds(x, device, s);
  parts.memory = memory_seconds(x, device, bytes, s);
  parts.both = overlapped(parts.compute, parts.memory, x[kSharpness]);
  const bool quantises = bytes.are_quantised && !s.input_is_quantised;
  parts.quantise = quantises ? quantise_seconds(x, device, bytes, s) : 0;
  return parts;
}

double gemm_floor(const DeviceFacts& device, const KernelTypes& types, const GemmShape& s) {
  const double compute = 2 * s.m * s.n * s.k / device.flops_per_s;
  if (s.weights_stay_cached) return compute;
  const double weights = operand_bytes(types.compute, kIntegerGroup).weight * s.n * s.k;
  return larger(compute, weights / device.bytes_per_s);
}

}  // namespace ridgepoint::efficiency
