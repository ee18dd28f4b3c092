// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "calibrate/fit_plan.hpp"
#include "ridgepoint/efficiency/correction.hpp"

namespace ridgepoint::calibrate {

struct TablePoint {
  std::vector<double> log2_features;
  double value;
  int algorithm = 0;
  std::vector<double> factors = {};  ///< of the form
};

/// The smooth table nearest to the points: least squares with the plan's weights on second
/// differences along each axis and on the values themselves; one for each algorithm. REQUIRES:
/// points; as many features as steps.
efficiency::Correction fit_table(const std::vector<TablePoint>& points, const FitPlan& plan);

}  // namespace ridgepoint::calibrate
