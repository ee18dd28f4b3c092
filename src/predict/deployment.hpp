// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "predict/pipeline_time.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::predict {

/// Rounds in which tokens are proposed and checked.
struct SpeculativeSteps {
  std::optional<PipelineSteps> prefill;  ///< of the draft, which reads prompts, too; heads do not
  PipelineSteps propose;
  PipelineSteps check;
  double proposed = 1;          ///< k
  double proposals = 1;         ///< steps that propose, for each check
  double rounds_per_token = 1;  ///< 1 ÷ expected tokens of a round

  static Result<SpeculativeSteps> build(const model::Architecture& architecture,
                                        const hardware::Device& device, const Execution& execution,
                                        const SpeculativeDecoding& decoding);

  SpanTime propose_span(double batch, double context) const;
  SpanTime check_span(double batch, double context) const;
  /// Of one token: both, ÷ the tokens that come of them.
  SpanTime token(double batch, double context) const;
};

/// The prefill and the decode steps of a deployment.
struct Deployment {
  PipelineSteps prefill;
  PipelineSteps decode;
  std::optional<SpeculativeSteps> speculation;  ///< none where no tokens are proposed

  /// One token for each of a batch.
  SpanTime token(double batch, double context) const;
  /// All prompts of a batch, one step after the other.
  SpanTime read(const std::vector<Chunks>& chunks) const;

  /// Of a question; an encoder reads as many tokens as its input. Errors: why the question has no
  /// answer, a rate that is not known. With speculation there are no expected times.
  static Result<Deployment> build(const model::Architecture& architecture,
                                  const hardware::Device& device, const RequestQuestion& question);
};

}  // namespace ridgepoint::predict
