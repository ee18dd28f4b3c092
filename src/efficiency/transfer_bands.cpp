// SPDX-License-Identifier: Apache-2.0
#include "efficiency/transfer_bands.hpp"

#include <array>

#include "efficiency/band_at.hpp"

namespace ridgepoint::efficiency {
namespace {

struct Row {
  OperatorClass kind;
  TransferError error;
};

// Each device and type was left out in turn and weighs the same; `ridgepoint score
// ../shared/measured/*.csv --leave-device-out` shows the errors behind these quantiles.
constexpr std::array kOtherGenerations{
    Row{OperatorClass::gemm, {-0.26, 0.29, 13}},
    Row{OperatorClass::prefill_attention, {-0.29, 0.47, 17}},
    Row{OperatorClass::decode_attention, {-0.31, 0.22, 12}},
    Row{OperatorClass::latent_prefill, {-0.24, 0.54, 15}},
    Row{OperatorClass::latent_decode, {-0.33, 0.47, 17}},
    Row{OperatorClass::experts, {-0.24, 0.51, 15}},
    Row{OperatorClass::collective, {-0.39, 0.34, 18}},
    // Assumes √2 times what A100 and A40 have from each other: no other generation was measured.
    Row{OperatorClass::elementwise, {-0.41, 0.27, 17}}};

// A100 and A40 from each other and, at a quarter of the weight, from the others. Of other classes
// no two devices of one architecture were measured: they are held to be no better than another
// generation.
constexpr TransferError kMatmulOfArchitecture{-0.11, 0.22, 7};
constexpr TransferError kElementwiseOfArchitecture{-0.29, 0.19, 12};
/// An A100 in a slot with a bridge and one behind switches, from each other.
constexpr TransferError kCollectiveOfArchitecture{-0.76, 0.43, 42};

/// ln, either way: no two devices of one chip were measured. Assumes what two measurements of the
/// A100 in different software differ by, beside their own errors: matmuls 8 % apart and 5 % each
/// when left out, √(8² − 5²) = 6. Attention and experts depend more on bandwidth and cache, where
/// twins differ: 10 %.
constexpr double kMatmulOfChip = 0.06;
constexpr double kAnyOfChip = 0.1;

/// No other maker's device was measured: assumes √2 times as far as another generation.
constexpr double kOtherMaker = 1.41;

TransferError other_generation(OperatorClass kind) {
  for (const Row& row : kOtherGenerations) {
    if (row.kind == kind) return row.error;
  }
  return {-1, 1, 100};
}

}  // namespace

TransferError transfer_error(OperatorClass kind, Kinship kinship) {
  const bool is_gemm = kind == OperatorClass::gemm;
  const TransferError other = other_generation(kind);
  switch (kinship) {
    case Kinship::same_chip: {
      const double by = is_gemm ? kMatmulOfChip : kAnyOfChip;
      constexpr double kPercent = 100;
      constexpr double kMiddle = 0.53;  // median ÷ 90 % quantile of a normal error
      return {-by, by, kPercent * kMiddle * by};
    }
    case Kinship::same_architecture:
      if (kind == OperatorClass::collective) return kCollectiveOfArchitecture;
      if (kind == OperatorClass::elementwise) return kElementwiseOfArchitecture;
      return is_gemm ? kMatmulOfArchitecture : other;
    case Kinship::other_generation:
      return other;
    case Kinship::other_maker:
      break;
  }
  return {kOtherMaker * other.low, kOtherMaker * other.high, kOtherMaker * other.mdape};
}

Band widened(const Band& own, const TransferError& error) {
  Band band = own;
  if (band.classes.empty()) band.classes.push_back({});
  for (Band::Class& each : band.classes) widen(each, error.low, error.high);
  return band;
}

}  // namespace ridgepoint::efficiency
