// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "ridgepoint/calibrate/measurements.hpp"
#include "ridgepoint/efficiency/shapes.hpp"

namespace ridgepoint::calibrate {

/// How the kernels of a class are fitted; chosen on rows that were left out, in whole groups.
struct FitPlan {
  double loss_scale = 0.06;        ///< ln errors beyond this count linearly
  std::size_t most_rows = 4000;    ///< that the coefficients are fitted on
  std::vector<double> steps = {};  ///< octaves between the knots of each feature; {}: no table
  double bending = 3;              ///< weight of the table's second differences
  double size = 0.3;               ///< weight of its values
  double clip = 0.5;               ///< ln errors beyond this are outliers to the table
};

const FitPlan& plan_of(efficiency::OperatorClass kind, std::string_view kernel = {});

/// Do the rows of `other`'s kernel say something of the coefficients of `row`'s?
bool share_coefficients(const Measurement& row, const Measurement& other);

}  // namespace ridgepoint::calibrate
