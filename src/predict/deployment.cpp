// SPDX-License-Identifier: Apache-2.0
#include "predict/deployment.hpp"

#include <utility>

#include "predict/disaggregation.hpp"

namespace ridgepoint::predict {
namespace {

/// Why a question has no answer; empty when it has one.
Diagnostics faults_of(const model::Architecture& architecture, const RequestQuestion& question) {
  // Chunks of one prompt beyond this are no serving any more, and would take long to add up.
  constexpr std::int64_t kMostChunks = 1'000'000;
  Diagnostics faults = illegal_splits(architecture, question.execution.parallelism);
  if (phases_of(architecture).size() < 2) {
    faults.push_back({architecture.name, "an encoder generates no tokens",
                      "`roofline` tells what its pass takes"});
  }
  if (question.input / question.max_num_batched_tokens > kMostChunks) {
    faults.push_back({"--max-num-batched-tokens", "cuts a prompt into more than a million chunks",
                      "give larger chunks"});
  }
  if (Count(0) < question.prefix_hit_rate && has_stack(architecture, model::Stack::encoder)) {
    faults.push_back(
        {"--prefix-cache-hit-rate", "an encoder caches nothing of a prompt", "leave it out"});
  }
  const Diagnostics more = disaggregation_faults(architecture, question);
  faults.insert(faults.end(), more.begin(), more.end());
  return faults;
}

}  // namespace

Result<Deployment> Deployment::build(const model::Architecture& architecture,
                                     const hardware::Device& device,
                                     const RequestQuestion& question) {
  if (Diagnostics faults = faults_of(architecture, question); !faults.empty()) return fail(faults);
  Execution execution = question.execution;
  if (has_stack(architecture, model::Stack::encoder)) execution.source_tokens = question.input;
  auto prefill = PipelineSteps::build(architecture, device, execution, Phase::prefill);
  auto decode = PipelineSteps::build(architecture, device, execution, Phase::decode);
  if (!prefill) return fail(prefill.error());
  if (!decode) return fail(decode.error());
  return Deployment{std::move(*prefill), std::move(*decode)};
}

std::int64_t decode_context(const model::Architecture& architecture,
                            const RequestQuestion& question) {
  const bool has_encoder = has_stack(architecture, model::Stack::encoder);
  const std::int64_t before = has_encoder ? 0 : question.input;
  return question.context.value_or(before + (question.output + 1) / 2);
}

}  // namespace ridgepoint::predict
