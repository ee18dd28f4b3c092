// SPDX-License-Identifier: Apache-2.0
#include "efficiency/forms.hpp"
#include "efficiency/gemm_parts.hpp"
#include "efficiency/gemm_tiles.hpp"
#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::efficiency {
namespace {

double seconds(std::span<const double> coefficients, const DeviceFacts& device,
               const KernelTypes& types, const Shape& any) {
  return gemm_parts(coefficients, device, types, std::get<GemmShape>(any)).total();
}

/// m, n, k and the result's size in tiles of 128 × 128.
std::vector<double> features(const Shape& any) {
  const auto& s = std::get<GemmShape>(any);
  constexpr double kTile = 14;  // log2 of its elements
  const double m = log2(s.m);
  const double n = log2(s.n);
  return {m, n, log2(s.k), m + n - kTile};
}

Shape shape_at(std::span<const double> log2_features) {
  return GemmShape{exp2(log2_features[0]), exp2(log2_features[1]), exp2(log2_features[2])};
}

/// What each tile costs, as far as arithmetic takes the time, and padding of the columns.
std::vector<double> factors(std::span<const double> coefficients, const DeviceFacts& device,
                            const KernelTypes& types, const Shape& any) {
  const auto& s = std::get<GemmShape>(any);
  const GemmParts parts = gemm_parts(coefficients, device, types, s);
  const double doubled =
      2 * parts.compute / (parts.compute + parts.memory + parts.start + parts.quantise);
  const double share = doubled < 1 ? doubled : 1;
  std::vector<double> out;
  out.reserve(kTableTiles.size() + kTableWidths.size());
  for (const GemmTile& tile : kTableTiles) {
    out.push_back(share * log2_quantisation(s, device.compute_units, tile));
  }
  for (const double columns : kTableWidths) out.push_back(log2_padding(s.n, columns));
  return out;
}

double floor_seconds(const DeviceFacts& device, const KernelTypes& types, const Shape& any) {
  return gemm_floor(device, types, std::get<GemmShape>(any));
}

}  // namespace

const Form& gemm_form() {
  static const Form form{.kind = OperatorClass::gemm,
                         .coefficients = gemm_coefficients(),
                         .seconds = seconds,
                         .features = features,
                         .factors = factors,
                         .factor_count = kTableTiles.size() + kTableWidths.size(),
                         .shape_at = shape_at,
                         .floor = floor_seconds};
  return form;
}

}  // namespace ridgepoint::efficiency
