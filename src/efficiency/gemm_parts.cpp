// SPDX-License-Identifier: Apache-2.0
#include "efficiency/gemm_parts.hpp"

#include <array>
#include <cmath>

#include "efficiency/gemm_terms.hpp"
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

/// The share of the traffic's time that a benchmark is spared, which calls the same matmul again
/// and again on a few copies of its weights, as more and more of them fit into the cache.
double spared_by_cache(std::span<const double> x, const DeviceFacts& device, double weight_bytes) {
  const double filled = x[kCopies] * weight_bytes / larger(device.cache_bytes, 1);
  const double cubed = filled * filled * filled;
  return (1 - 1 / x[kCacheSpeed]) / (1 + cubed * cubed);
}

/// log2 of (what is computed ÷ what is wanted). The exponents on rows and those on columns sum to
/// one at most: more of them are never faster.
void set_excess(GemmTerms& terms, std::span<const double> x, const DeviceFacts& device,
                const GemmShape& s) {
  const double both = x[kTile128x128] + x[kTile128x256] + x[kTile256x128] + x[kIdleUnits];
  const double most = larger(1, both + larger(x[kRows16] + x[kRows64], x[kColumns256]));
  terms.units = {device.compute_units, 1 / device.compute_units};
  terms.tiles = {TileTerms::of(s.n, {128, 128}), TileTerms::of(s.n, {128, 256}),
                 TileTerms::of(s.n, {256, 128})};
  terms.tile_power = {x[kTile128x128] / most, x[kTile128x256] / most, x[kTile256x128] / most};
  terms.rows_16 = x[kRows16] / most;
  terms.rows_64 = x[kRows64] / most;
  terms.columns = x[kColumns256] / most * log2_padding(s.n, 256);
  terms.idle = x[kIdleUnits] / most;
  terms.idle_rows = 1 / tiles_per_unit({1, s.n, s.k}, device.compute_units);
}

void set_memory(GemmTerms& terms, std::span<const double> x, const DeviceFacts& device,
                const OperandBytes& bytes, const GemmShape& s) {
  constexpr double kResult = 2;  // bytes of an element
  constexpr double kNarrowElements = 128;
  const double weights = bytes.weight * s.n * s.k;
  const double left = 1 - (s.weights_stay_cached ? spared_by_cache(x, device, weights) : 0);
  const double lost = bytes.weight * x[kNarrow] * kNarrowElements * device.compute_units;
  const double rate = device.bytes_per_s * x[kMemory];
  terms.weights = (weights * left + lost) / rate;
  terms.row = (bytes.activation * s.k + kResult * s.n) * left / rate;
}

/// One block of threads a row, in steps of 2048 elements; and rows that are no multiple of 4, which
/// are padded or copied. A single row is not.
void set_quantisation(GemmTerms& terms, std::span<const double> x, const DeviceFacts& device,
                      const OperandBytes& bytes, const GemmShape& s) {
  constexpr double kHalf = 2;  // bytes of what is quantised
  constexpr double kStep = 2048;
  constexpr double kSharp = 4;
  const double walk = kMicro / device.compute_units *
                      (x[kQuantiseRow] + x[kQuantiseBlock] * std::ceil(s.k / kStep));
  const double memory =
      s.k * (kHalf + bytes.activation) / (device.bytes_per_s * x[kQuantiseMemory]);
  terms.quantise = kMicro * x[kQuantiseStart];
  terms.quantise_row = smooth_maximum(walk, memory, kSharp, 1 / kSharp);
  terms.uneven = kMicro * x[kUneven];
  terms.uneven_row = s.k * 2 * bytes.activation / (device.bytes_per_s * x[kUnevenMemory]);
}

}  // namespace

std::span<const CoefficientFacts> gemm_coefficients() { return kFacts; }

TileTerms TileTerms::of(double n, const GemmTile& tile) {
  return {1 / tile.rows, std::ceil(n / tile.columns), tile.rows * tile.columns / n};
}

GemmTerms GemmTerms::of(std::span<const double> x, const DeviceFacts& device,
                        const KernelTypes& types, const GemmShape& s) {
  const OperandBytes bytes = operand_bytes(types.compute, kIntegerGroup);
  GemmTerms terms;
  terms.start = kMicro * (x[kStart] + x[kSerial] * pow(s.k / 1024, x[kSerialPower]));
  terms.work = 2 * s.n * (s.k + x[kFill]) / (device.flops_per_s * x[kCompute]);
  terms.throttle = x[kThrottle];
  set_excess(terms, x, device, s);
  set_memory(terms, x, device, bytes, s);
  terms.sharpness = x[kSharpness];
  terms.of_sharpness = 1 / x[kSharpness];
  if (bytes.are_quantised && !s.input_is_quantised) set_quantisation(terms, x, device, bytes, s);
  terms.floor_row = 2 * s.n * s.k / device.flops_per_s;
  if (!s.weights_stay_cached) terms.floor_weights = bytes.weight * s.n * s.k / device.bytes_per_s;
  return terms;
}

GemmParts gemm_parts(std::span<const double> x, const DeviceFacts& device, const KernelTypes& types,
                     const GemmShape& s) {
  return GemmTerms::of(x, device, types, s).at(s.m);
}

double gemm_floor(const DeviceFacts& device, const KernelTypes& types, const GemmShape& s) {
  const double compute = 2 * s.m * s.n * s.k / device.flops_per_s;
  if (s.weights_stay_cached) return compute;
  const double weights = operand_bytes(types.compute, kIntegerGroup).weight * s.n * s.k;
  return larger(compute, weights / device.bytes_per_s);
}

}  // namespace ridgepoint::efficiency
