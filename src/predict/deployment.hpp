// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "predict/pipeline_time.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::predict {

/// The prefill and the decode steps of a deployment.
struct Deployment {
  PipelineSteps prefill;
  PipelineSteps decode;

  /// Of a question; an encoder reads as many tokens as its input.
  static Result<Deployment> build(const model::Architecture& architecture,
                                  const hardware::Device& device, const RequestQuestion& question);
};

/// Why a question has no answer; empty when it has one.
Diagnostics faults_of(const model::Architecture& architecture, const RequestQuestion& question);

}  // namespace ridgepoint::predict
