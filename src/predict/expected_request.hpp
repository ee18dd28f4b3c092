// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "predict/deployment.hpp"
#include "predict/pipeline_time.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::predict {

/// Expected times of one static batch. REQUIRES: a calibration.
ExpectedRequest expect_static(const Estimate& answer, const SpanTime& prompts,
                              const SpanTime& step);

/// Continuous batching: sequences of a replica, and a step that reads and decodes evenly.
struct SteadyLoad {
  double sequences = 1;
  SpanTime busy;
};

/// Expected times in a closed loop of so many sequences. REQUIRES: a calibration.
ExpectedRequest expect_steady(const Estimate& answer, const Deployment& deployment,
                              const SteadyLoad& load);

/// Where expected times of the first stage come from: its first prefill step and its decode step.
std::vector<ExpectedSource> sources_of(const Deployment& deployment, const Estimate& answer);

}  // namespace ridgepoint::predict
