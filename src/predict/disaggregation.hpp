// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "predict/pipeline_time.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::predict {

/// Why prefill and decode cannot be set apart as asked; empty when they can, or are not.
Diagnostics disaggregation_faults(const model::Architecture& architecture,
                                  const RequestQuestion& question);

/// The steps of one instance.
struct InstanceSteps {
  const PipelineSteps& prefill;
  const PipelineSteps& decode;
};

/// Prefill and decode instances side by side, answer.question.disaggregation of them. Errors: no
/// known way from one to the other, a count above 2^63 − 1. REQUIRES: disaggregation_faults is
/// empty.
Result<Disaggregated> disaggregate(const Estimate& answer, const InstanceSteps& steps);

/// What it assumes, as sentences.
std::vector<std::string> disaggregation_assumptions(const Estimate& answer);

}  // namespace ridgepoint::predict
