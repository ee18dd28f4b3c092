// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "predict/kernel_call.hpp"

namespace ridgepoint::predict {

/// What an engine's kernels take along of each other's work: `calls` are those of the step's
/// operators, each as though it stood alone.
void fuse_calls(const cost::Step<double>& step, const StepPlan& plan,
                const hardware::Device& device, std::vector<StepCall>& calls);

}  // namespace ridgepoint::predict
