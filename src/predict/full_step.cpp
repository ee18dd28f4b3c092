// SPDX-License-Identifier: Apache-2.0
#include "predict/full_step.hpp"

#include <algorithm>
#include <cmath>

#include "predict/pipeline_time.hpp"

namespace ridgepoint::predict {

std::optional<FullStep> full_step(const MemoryFit& fit) {
  const FitQuestion& question = fit.question;
  const bool decodes = !has_stack(fit.architecture, model::Stack::encoder) && fit.has_cache;
  const auto replicas = static_cast<double>(question.parallelism.data);
  const double batch = std::min(std::floor(fit.sequences_at_mean_length / replicas),
                                static_cast<double>(question.max_num_seqs));
  if (!decodes || batch < 1) return std::nullopt;
  const Execution execution{.precision = question.precision,
                            .parallelism = question.parallelism,
                            .engine = question.engine,
                            .calibration = question.calibration};
  const auto steps = PipelineSteps::build(fit.architecture, fit.device, execution, Phase::decode);
  if (!steps) return std::nullopt;
  const SpanTime step = steps->round(batch, static_cast<double>(question.mean_length));
  FullStep full{batch * replicas, step.floor_s, step.bound_s, std::nullopt};
  if (question.calibration) full.expected = step.expected;
  return full;
}

}  // namespace ridgepoint::predict
