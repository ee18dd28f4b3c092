// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/analysis.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "predict/assumptions.hpp"
#include "predict/memory.hpp"
#include "predict/stage_in_use.hpp"
#include "predict/step_analysis.hpp"
#include "ridgepoint/roofline/step_time.hpp"

namespace ridgepoint::predict {
namespace {

std::vector<hardware::PeakInUse> peaks_in_use(const std::vector<StepReadings>& steps,
                                              const hardware::Device& device) {
  std::vector<hardware::PeakInUse> peaks;
  for (const StepReadings& step : steps) {
    for (const cost::StepOperator<Count>& part : step.exact) {
      const hardware::PeakInUse peak = *hardware::dense_peak(device, part.compute_type);
      const auto same = [&](const auto& known) { return known.requested == peak.requested; };
      if (std::none_of(peaks.begin(), peaks.end(), same)) peaks.push_back(peak);
    }
  }
  return peaks;
}

BatchPoint batch_point(const StepReadings& step, const Workload& workload, const MemoryUse& memory,
                       std::int64_t batch) {
  const auto at =
      shape(step.phase, static_cast<double>(batch), static_cast<double>(workload.context));
  const roofline::StepTime time = roofline::step_time(step.timed, at);
  const auto replicas = static_cast<double>(workload.parallelism.data);
  BatchPoint point{batch,
                   time.floor_s(),
                   time.bound_s,
                   std::nullopt,
                   replicas * at.batch * at.new_tokens / time.bound_s,
                   batch <= memory.max_batch};
  if (step.expected) {
    point.expected = step.expected->time(at).no_faster_than(time.floor_s()).whole;
  }
  return point;
}

/// Powers of two until two doublings past the memory wall, and the wall itself.
std::vector<BatchPoint> batch_curve(const StepReadings& step, const Workload& workload,
                                    const MemoryUse& memory) {
  const bool is_bounded = memory.max_batch != MemoryUse::kUnbounded;
  constexpr std::int64_t kSmallestEnd = 256;
  constexpr std::int64_t kLargestEnd = std::int64_t{1} << 40;
  const std::int64_t end = is_bounded ? std::clamp(4 * std::min(memory.max_batch, kLargestEnd / 4),
                                                   kSmallestEnd, kLargestEnd)
                                      : kSmallestEnd;
  std::vector<std::int64_t> batches;
  for (std::int64_t batch = 1; batch <= end; batch *= 2) batches.push_back(batch);
  if (memory.max_batch > 0 && memory.max_batch < end) batches.push_back(memory.max_batch);
  std::sort(batches.begin(), batches.end());
  batches.erase(std::unique(batches.begin(), batches.end()), batches.end());

  std::vector<BatchPoint> curve;
  curve.reserve(batches.size());
  for (const std::int64_t batch : batches) {
    curve.push_back(batch_point(step, workload, memory, batch));
  }
  return curve;
}

/// A fault for every operator whose counts left 64 bits.
Diagnostics too_large(const Analysis& answer) {
  Diagnostics faults;
  const auto check = [&](const Count& count, const std::string& what) {
    const bool fits = count.is_valid() && ceil(count).to_integer().has_value();
    if (!fits) {
      faults.push_back({what, "above 2^63 − 1", "ask for a smaller batch, context or model"});
    }
  };
  for (const StepAnalysis& step : answer.steps) {
    check(step.flops, fmt::format("FLOPs of the {} step", name(step.phase)));
    check(step.bytes, fmt::format("bytes of the {} step", name(step.phase)));
  }
  check(answer.memory.total(), "memory");
  return faults;
}

/// A chunk is cut from a prompt that a decoder reads.
Diagnostics faults_of_chunk(const model::Architecture& architecture, const Workload& workload) {
  if (!asks_for(workload, Phase::mixed)) return {};
  if (has_stack(architecture, model::Stack::encoder)) {
    return {{architecture.name,
             "an encoder reads its input whole: there are no chunks beside decodes",
             "--phase prefill is its pass over the tokens"}};
  }
  const PromptChunk& chunk = workload.chunk;
  if (chunk.tokens <= chunk.context) return {};
  return {{"--chunk-context",
           fmt::format("{} tokens hold no chunk of {}", chunk.context, chunk.tokens),
           "it counts the tokens of the prompt so far, the chunk included"}};
}

/// The workload without the phases that the model has not; a fault when none is left.
Result<Workload> with_phases_of(const model::Architecture& architecture, Workload workload) {
  if (Diagnostics faults = faults_of_chunk(architecture, workload); !faults.empty()) {
    return fail(faults);
  }
  const std::vector<Phase> has = phases_of(architecture);
  std::erase_if(workload.phases, [&](Phase phase) {
    return phase != Phase::mixed && std::find(has.begin(), has.end(), phase) == has.end();
  });
  if (!workload.phases.empty()) return workload;
  return fail(architecture.name, "an encoder has no decode step",
              "--phase prefill is its pass over the tokens");
}

struct LetteredReadings {
  std::vector<StepReadings> readings;  ///< the phases of the model, in their order
  std::vector<Letter> letters;
};

Result<LetteredReadings> read_steps(const DeviceShare& share, const hardware::Device& device,
                                    const Workload& workload) {
  std::vector<StepPlan> plans;
  for (const Phase phase : phases_of(share.model)) {
    plans.push_back(plan_step(share, execution_of(workload), phase));
  }
  LetteredSteps lettered = build_lettered_steps(plans);
  LetteredReadings result{{}, std::move(lettered.letters)};
  for (std::size_t i = 0; i < plans.size(); ++i) {
    auto step = read_step(plans[i], device, std::move(lettered.steps[i]));
    if (!step) return fail(step.error());
    result.readings.push_back(std::move(*step));
  }
  return result;
}

}  // namespace

Result<Analysis> analyse(const model::Architecture& architecture, const hardware::Device& device,
                         const Workload& asked) {
  Diagnostics faults = illegal_splits(architecture, asked.parallelism);
  if (!faults.empty()) return fail(faults);
  const auto workload = with_phases_of(architecture, asked);
  if (!workload) return fail(workload.error());
  const auto stage = stage_in_use(architecture, device, *workload);
  if (!stage) return fail(stage.error());
  const auto shares = device_shares(architecture, workload->parallelism);
  const DeviceShare& share = shares[static_cast<std::size_t>(stage->index)];
  const auto steps = read_steps(share, device, *workload);
  if (!steps) return fail(steps.error());

  Analysis answer{.architecture = architecture,
                  .device = device,
                  .workload = *workload,
                  .stage = *stage,
                  .peaks = peaks_in_use(steps->readings, device),
                  .steps = {},
                  .memory = memory_use(share, device, *workload),
                  .letters = steps->letters,
                  .batch_curve = {},
                  .assumptions = {}};
  bool has_phase = false;
  for (const StepReadings& step : steps->readings) {
    if (!asks_for(*workload, step.phase)) continue;
    answer.steps.push_back(analyse_step(step, device, *workload));
    has_phase = true;
  }
  if (asks_for(*workload, Phase::mixed)) {
    answer.steps.push_back(
        analyse_mixed_step(steps->readings.front(), steps->readings.back(), device, *workload));
  }
  if (faults = too_large(answer); !faults.empty()) return fail(faults);
  if (has_phase) answer.batch_curve = batch_curve(steps->readings.back(), *workload, answer.memory);
  answer.assumptions = assumptions(answer);
  return answer;
}

}  // namespace ridgepoint::predict
