// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "ridgepoint/efficiency/shapes.hpp"

namespace ridgepoint::efficiency {

/// How many rows experts get when their popularity is drawn from the density x^-skew, as
/// aiconfigurator's collector does it: between 1 and 0.8 of the tokens (between 0.01 and 2 while
/// there are no more rows than experts), scaled to the number of rows; none gets more than there
/// are tokens, and what is above that goes to the emptiest.
class PopularityOfExperts {
 public:
  static constexpr std::size_t kQuantiles = 32;

  explicit PopularityOfExperts(const ExpertsShape& shape);

  /// Of an expert, by evenly spaced quantiles from the emptiest.
  const std::array<double, kQuantiles>& rows() const { return rows_; }
  double busiest() const { return busiest_; }  ///< rows of the busiest of all
  /// Standard deviation ÷ mean of an expert's rows; those with less than half a row count as evenly
  /// filled.
  double relative_deviation() const;

 private:
  void cap(double tokens);

  std::array<double, kQuantiles> rows_{};
  double mean_;
  double busiest_;
};

}  // namespace ridgepoint::efficiency
