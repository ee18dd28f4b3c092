// SPDX-License-Identifier: Apache-2.0
#include "efficiency/gemm_tiles.hpp"

#include <cmath>

#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::efficiency {

double tiles_per_unit(const GemmShape& shape, double compute_units) {
  constexpr double kElements = 128 * 128;
  return shape.m * shape.n / (kElements * compute_units);
}

double log2_quantisation(const GemmShape& shape, double compute_units, const GemmTile& tile) {
  const double tiles = std::ceil(shape.m / tile.rows) * std::ceil(shape.n / tile.columns);
  const double run =
      tiles < compute_units ? tiles : std::ceil(tiles / compute_units) * compute_units;
  return log2(run * tile.rows * tile.columns / (shape.m * shape.n));
}

double log2_padding(double size, double multiple) {
  return log2(std::ceil(size / multiple) * multiple / size);
}

}  // namespace ridgepoint::efficiency
