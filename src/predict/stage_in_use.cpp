// SPDX-License-Identifier: Apache-2.0
#include "predict/stage_in_use.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "predict/pipeline_time.hpp"
#include "predict/step_analysis.hpp"

namespace ridgepoint::predict {
namespace {

/// Of a mixed step, one for each stage.
std::vector<double> mixed_bounds(const PipelineSteps& prefill, const PipelineSteps& decode,
                                 const Workload& workload) {
  const auto points = mixed_shapes<double>(workload);
  std::vector<double> bounds;
  bounds.reserve(decode.stages());
  for (std::size_t i = 0; i < decode.stages(); ++i) {
    const std::array<roofline::StepPart, 2> parts{
        {{prefill.stage(i), points[0]}, {decode.stage(i), points[1]}}};
    bounds.push_back(roofline::mixed_step_time(parts).bound_s);
  }
  return bounds;
}

std::vector<double> bounds(const PipelineSteps& steps, const cost::Shape<double>& point) {
  std::vector<double> bounds;
  bounds.reserve(steps.stages());
  for (std::size_t i = 0; i < steps.stages(); ++i) {
    bounds.push_back(roofline::step_time(steps.stage(i), point).bound_s);
  }
  return bounds;
}

/// Of the last phase that is asked for, one for each stage.
Result<std::vector<double>> bounds_of_stages(const model::Architecture& architecture,
                                             const hardware::Device& device,
                                             const Workload& workload) {
  const auto build = [&](Phase phase) {
    return PipelineSteps::build(architecture, device, execution_of(workload), phase);
  };
  const Phase phase = workload.phases.back();
  if (phase == Phase::mixed) {
    const auto prefill = build(Phase::prefill);
    const auto decode = build(Phase::decode);
    if (!prefill) return fail(prefill.error());
    if (!decode) return fail(decode.error());
    return mixed_bounds(*prefill, *decode, workload);
  }
  const auto steps = build(phase);
  if (!steps) return fail(steps.error());
  return bounds(*steps, shape(phase, static_cast<double>(workload.batch),
                              static_cast<double>(workload.context)));
}

Diagnostics faults_of(const Workload& workload) {
  const std::int64_t stages = workload.parallelism.pipeline;
  if (!workload.stage || (*workload.stage >= 0 && *workload.stage < stages)) return {};
  return {{"--stage",
           stages == 1 ? std::string("there is one stage")
                       : fmt::format("{} is no stage of {}", *workload.stage + 1, stages),
           stages == 1 ? std::string("give it with --pipeline-parallel-size, or leave it out")
                       : fmt::format("from 1 to {}", stages)}};
}

}  // namespace

Result<StageInUse> stage_in_use(const model::Architecture& architecture,
                                const hardware::Device& device, const Workload& workload) {
  if (Diagnostics faults = faults_of(workload); !faults.empty()) return fail(faults);
  if (workload.parallelism.pipeline == 1) return StageInUse{0, num_hidden_layers(architecture)};
  const auto bounds = bounds_of_stages(architecture, device, workload);
  if (!bounds) return fail(bounds.error());
  const auto slowest = std::max_element(bounds->begin(), bounds->end());
  StageInUse stage;
  stage.index = workload.stage.value_or(slowest - bounds->begin());
  const auto at = static_cast<std::size_t>(stage.index);
  stage.layers = num_hidden_layers(device_shares(architecture, workload.parallelism)[at].model);
  stage.is_slowest = (*bounds)[at] == *slowest;
  return stage;
}

}  // namespace ridgepoint::predict
