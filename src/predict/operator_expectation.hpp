// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "predict/expected_step.hpp"
#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::predict {

/// The i-th operator of a step whose instances take `time`; bound_s and flops are left at 0.
OperatorExpectation expectation_of(const ExpectedStep& step, std::size_t i,
                                   const efficiency::Expected& time);

/// Bound and FLOPs of each kernel: its operator's, and those of what it takes along.
void add_kernel_totals(StepAnalysis& step);

}  // namespace ridgepoint::predict
