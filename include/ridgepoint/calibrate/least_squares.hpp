// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace ridgepoint::calibrate {

/// A positive coefficient to be found, between its bounds. REQUIRES: 0 < least < most.
struct Unknown {
  double least;
  double start;
  double most;
};

struct LeastSquaresFit {
  std::vector<double> values;
  std::vector<double> spread;  ///< of each value's logarithm, one standard deviation
  double loss = 0;
  int iterations = 0;
};

/// Writes ln(predicted ÷ measured) of every row.
using Residuals = std::function<void(std::span<const double> values, std::span<double> out)>;

inline constexpr int kMostIterations = 80;

/// The values with the smallest sum of soft-L1 losses, 2c²·(√(1 + (r/c)²) − 1), by
/// Levenberg–Marquardt in coordinates that keep every value inside its bounds. Deterministic; one
/// thread. REQUIRES: rows ≥ unknowns; residuals are finite.
LeastSquaresFit fit_least_squares(std::span<const Unknown> unknowns, std::size_t rows,
                                  const Residuals& residuals, double loss_scale,
                                  int most_iterations = kMostIterations);

}  // namespace ridgepoint::calibrate
