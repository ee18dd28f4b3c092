// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "ridgepoint/score/score.hpp"

namespace ridgepoint::score {
namespace {

constexpr double kPercent = 100;

/// Between two of the sorted values in proportion.
double quantile(std::span<const double> sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

double median(std::span<const double> sorted) {
  constexpr double kMiddle = 0.5;
  return quantile(sorted, kMiddle);
}

}  // namespace

ErrorStatistics error_statistics(std::span<const Predicted> rows) {
  assert(!rows.empty());
  std::vector<double> signed_errors;
  std::vector<double> errors;
  double covered = 0;
  for (const Predicted& row : rows) {
    signed_errors.push_back(row.seconds / row.measured_s - 1);
    errors.push_back(std::abs(signed_errors.back()));
    if (row.has_band && row.low_s <= row.measured_s && row.measured_s <= row.high_s) ++covered;
  }
  std::sort(signed_errors.begin(), signed_errors.end());
  std::sort(errors.begin(), errors.end());
  const auto count = static_cast<double>(rows.size());
  constexpr double kP90 = 0.9;
  return {static_cast<std::int64_t>(rows.size()),
          kPercent * median(errors),
          kPercent * std::accumulate(errors.begin(), errors.end(), 0.0) / count,
          kPercent * quantile(errors, kP90),
          kPercent * median(signed_errors),
          kPercent * covered / count};
}

}  // namespace ridgepoint::score
