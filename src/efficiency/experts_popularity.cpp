// SPDX-License-Identifier: Apache-2.0
#include "efficiency/experts_popularity.hpp"

#include <cmath>

#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::efficiency {
namespace {

/// Quantiles of the density x^-skew between two ends.
struct PowerLaw {
  double exponent;  ///< 1 − skew
  double first;     ///< least^exponent
  double last;      ///< most^exponent

  PowerLaw(double skew, double least, double most)
      : exponent(std::abs(1 - skew) < kFlat ? kFlat : 1 - skew),
        first(pow(least, exponent)),
        last(pow(most, exponent)) {}

  double quantile(double share) const { return pow(first + (last - first) * share, 1 / exponent); }

  /// x^-1 is the limit of its neighbours.
  static constexpr double kFlat = 1e-3;
};

PowerLaw law_of(const ExpertsShape& s) {
  if (s.tokens * s.experts_per_token <= s.experts) return {s.skew, 0.01, 2};
  return {s.skew, 1, larger(0.8 * s.tokens, 1.001)};
}

}  // namespace

PopularityOfExperts::PopularityOfExperts(const ExpertsShape& s)
    : mean_(s.tokens * s.experts_per_token / s.experts) {
  const PowerLaw law = law_of(s);
  double sum = 0;
  for (std::size_t i = 0; i < kQuantiles; ++i) {
    rows_[i] = law.quantile((static_cast<double>(i) + 0.5) / kQuantiles);
    sum += rows_[i];
  }
  const double scale = mean_ * kQuantiles / sum;
  for (double& rows : rows_) rows *= scale;
  busiest_ = smaller(s.tokens, scale * law.quantile(s.experts / (s.experts + 1)));
  cap(s.tokens);
}

/// Fills up from the emptiest: Newton's steps to the level at which what is added is what was
/// capped; six are enough.
void PopularityOfExperts::cap(double tokens) {
  double over = 0;
  for (double& rows : rows_) {
    over += larger(0, rows - tokens) / kQuantiles;
    rows = smaller(rows, tokens);
  }
  if (over <= 0) return;
  double level = over;
  constexpr int kSteps = 6;
  for (int step = 0; step < kSteps; ++step) {
    double added = 0;
    double below = 0;
    for (const double rows : rows_) {
      added += larger(0, level - rows) / kQuantiles;
      below += (rows < level ? 1.0 : 0.0) / kQuantiles;
    }
    level = larger(0, level + (over - added) / larger(below, 1.0 / kQuantiles));
  }
  level = smaller(level, tokens);
  for (double& rows : rows_) rows = larger(rows, level);
}

double PopularityOfExperts::relative_deviation() const {
  double squares = 0;
  double few = 0;
  double with_few = 1e-9;
  for (const double rows : rows_) {
    const bool is_few = rows < 0.5;
    few += is_few ? rows / kQuantiles : 0;
    with_few += is_few ? 1.0 / kQuantiles : 0;
    squares += is_few ? 0 : rows * rows / kQuantiles;
  }
  squares += few * few / with_few;
  return std::sqrt(larger(squares / (mean_ * mean_) - 1, 1e-6));
}

}  // namespace ridgepoint::efficiency
