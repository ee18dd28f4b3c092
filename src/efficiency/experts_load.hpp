// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "ridgepoint/efficiency/shapes.hpp"

namespace ridgepoint::efficiency {

/// What falls to the device that has the most to do: expected values, from the shape alone.
class ExpertLoad {
 public:
  /// REQUIRES: 1 ≤ expert_parallel ≤ experts; experts_per_token ≤ experts; all above 0.
  explicit ExpertLoad(const ExpertsShape& shape);

  double rows() const { return rows_; }      ///< a row: one token at one expert
  double active() const { return active_; }  ///< experts with at least one row; above 0
  double tokens() const { return tokens_; }  ///< with at least one row here

  /// Σ over its experts of ⌈rows ÷ height⌉.
  double tiles(double height) const;

  /// The power law's popularity is averaged over so many quantiles.
  static constexpr std::size_t kQuantiles = 32;

 private:
  void balance(const ExpertsShape& shape);
  void choose_at_random(const ExpertsShape& shape);
  void draw(const ExpertsShape& shape);
  double random_tiles(double height) const;
  double drawn_tiles(double height) const;

  ExpertRouting routing_;
  double local_;  ///< experts on a device
  double rows_ = 0;
  double active_ = 0;
  double tokens_ = 0;
  double deviation_ = 0;  ///< random: standard deviation of an expert's rows
  // Power law: rows of the device's busiest expert and, by quantile, of the others.
  double busiest_ = 0;
  double others_ = 0;
  std::array<double, kQuantiles> rows_of_others_{};
};

}  // namespace ridgepoint::efficiency
