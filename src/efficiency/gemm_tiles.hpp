// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "ridgepoint/efficiency/shapes.hpp"

namespace ridgepoint::efficiency {

/// What one block of a matmul kernel computes of the result.
struct GemmTile {
  double rows;
  double columns;
};

/// What kernels are known to choose from; which, only measured times say. The factors of a matmul's
/// tables: each tile's quantisation, then n's padding to each width.
inline constexpr std::array kTableTiles{GemmTile{64, 64},   GemmTile{64, 128},  GemmTile{128, 64},
                                        GemmTile{128, 128}, GemmTile{128, 256}, GemmTile{256, 128},
                                        GemmTile{256, 256}};
inline constexpr std::array kTableWidths{128.0, 256.0};

/// The result's size in tiles of 128 × 128 a compute unit.
double tiles_per_unit(const GemmShape& shape, double compute_units);

/// log2 of (what is computed ÷ what is wanted) with tiles of one size: their padding and, once
/// there are more of them than compute units, the rest of the last wave.
double log2_quantisation(const GemmShape& shape, double compute_units, const GemmTile& tile);

/// log2 of (size padded to a multiple ÷ size).
double log2_padding(double size, double multiple);

}  // namespace ridgepoint::efficiency
