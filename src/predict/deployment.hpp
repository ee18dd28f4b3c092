// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "predict/pipeline_time.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::predict {

/// The prefill and the decode steps of a deployment.
struct Deployment {
  PipelineSteps prefill;
  PipelineSteps decode;

  /// Of a question; an encoder reads as many tokens as its input. Errors: why the question has no
  /// answer, a rate that is not known.
  static Result<Deployment> build(const model::Architecture& architecture,
                                  const hardware::Device& device, const RequestQuestion& question);
};

}  // namespace ridgepoint::predict
