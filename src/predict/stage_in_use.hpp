// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::predict {

/// The stage that a workload asks for, or the one with the largest bound. Errors: a stage that the
/// pipeline has not, what roofline::on_device refuses. REQUIRES: illegal_splits is empty.
Result<StageInUse> stage_in_use(const model::Architecture& architecture,
                                const hardware::Device& device, const Workload& workload);

}  // namespace ridgepoint::predict
