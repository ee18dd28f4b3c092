// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "calibrate/fit_table.hpp"

namespace ridgepoint::calibrate {

/// The plan's tables, whose sum is nearest to the points: least squares with weights on second and
/// first differences along each axis that is no category and on the values, the points reweighted
/// as soft-L1 does. Of one algorithm. REQUIRES: points; the features that the plan's axes are on.
std::vector<efficiency::Correction> fit_tables(const std::vector<TablePoint>& points,
                                               const FitPlan& plan);

}  // namespace ridgepoint::calibrate
