// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "efficiency/gemm_parts.hpp"
#include "efficiency/gemm_tiles.hpp"
#include "efficiency/inline_numbers.hpp"

namespace ridgepoint::efficiency {

/// Compute units: so many tiles at once.
struct Units {
  double count = 1;
  double of_count = 1;  ///< 1 ÷ count

  /// Tiles rounded up to whole waves. Without a division: the quotient is off by far less than what
  /// is taken off it, and that is less than one tile of a wave.
  RIDGEPOINT_INLINE double full_waves(double tiles) const {
    constexpr double kLess = 1e-4;
    return std::ceil(tiles * of_count - kLess) * count;
  }
};

/// log2_quantisation of one tile over m, with n worked out.
struct TileTerms {
  double of_a_row = 1;  ///< 1 ÷ rows
  double across = 1;    ///< tiles side by side over n
  double area = 1;      ///< of a tile ÷ n

  static TileTerms of(double n, const GemmTile& tile);
  RIDGEPOINT_INLINE double log2_quantisation(double m, double of_m, const Units& units) const {
    const double tiles = std::ceil(m * of_a_row) * across;
    return log2((tiles < units.count ? tiles : units.full_waves(tiles)) * area * of_m);
  }
};

/// A matmul's time over m, with all that does not hang on m worked out.
struct GemmTerms {
  double start = 0;
  Units units;
  double work = 0;  ///< seconds of one row at the rate that is reached
  double throttle = 0;
  // log2 of what is computed ÷ what is wanted.
  std::array<TileTerms, 3> tiles{};  ///< 128 × 128, 128 × 256, 256 × 128
  std::array<double, 3> tile_power{};
  double rows_16 = 0;
  double rows_64 = 0;
  double columns = 0;
  double idle = 0;
  double idle_rows = 0;  ///< rows that give each unit one tile
  // Memory: seconds of weights and of a row.
  double weights = 0;
  double row = 0;
  double sharpness = 1;
  double of_sharpness = 1;
  // Activations' quantisation: start, of a row; rows that are no multiple of 4.
  double quantise = 0;
  double quantise_row = 0;
  double uneven = 0;
  double uneven_row = 0;
  // No kernel is faster.
  double floor_row = 0;
  double floor_weights = 0;

  static GemmTerms of(std::span<const double> coefficients, const DeviceFacts& device,
                      const KernelTypes& types, const GemmShape& shape);

  /// log2_quantisation of each tile.
  RIDGEPOINT_INLINE std::array<double, 3> quantisation(double m, double of_m) const {
    return {tiles[0].log2_quantisation(m, of_m, units), tiles[1].log2_quantisation(m, of_m, units),
            tiles[2].log2_quantisation(m, of_m, units)};
  }
  RIDGEPOINT_INLINE double compute(double m, double of_m,
                                   const std::array<double, 3>& log2_tiles) const {
    constexpr double kLongRun = 1e-3;
    double excess = columns + idle * log2(1 + idle_rows * of_m);
    excess += rows_16 * log2(std::ceil(m * (1.0 / 16)) * 16 * of_m);
    excess += rows_64 * log2(std::ceil(m * (1.0 / 64)) * 64 * of_m);
    excess += tile_power[0] * log2_tiles[0];
    excess += tile_power[1] * log2_tiles[1];
    excess += tile_power[2] * log2_tiles[2];
    const double cool = work * m * exp2(excess);
    return cool * (1 + throttle * cool / (cool + kLongRun));
  }
  RIDGEPOINT_INLINE double quantise_at(double m) const {
    const double is_uneven = smaller(std::ceil(m * 0.25) * 4 - m, 1) * larger(smaller(m - 1, 1), 0);
    return quantise + quantise_row * m + is_uneven * (uneven + uneven_row * m);
  }
  RIDGEPOINT_INLINE GemmParts at(double m, double of_m,
                                 const std::array<double, 3>& log2_tiles) const {
    const double compute_s = compute(m, of_m, log2_tiles);
    const double memory_s = weights + row * m;
    return {start, compute_s, memory_s,
            smooth_maximum(compute_s, memory_s, sharpness, of_sharpness), quantise_at(m)};
  }
  RIDGEPOINT_INLINE GemmParts at(double m) const {
    const double of_m = 1 / m;
    return at(m, of_m, quantisation(m, of_m));
  }
};

}  // namespace ridgepoint::efficiency
