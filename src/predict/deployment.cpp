// SPDX-License-Identifier: Apache-2.0
#include "predict/deployment.hpp"

#include <utility>

#include "predict/disaggregation.hpp"
#include "predict/proposer.hpp"

namespace ridgepoint::predict {
namespace {

bool has_both_stacks(const model::Architecture& architecture) {
  return has_stack(architecture, model::Stack::encoder) && phases_of(architecture).size() > 1;
}

/// Why no tokens can be proposed here; empty when they can.
Diagnostics speculation_faults(const model::Architecture& architecture,
                               const RequestQuestion& question) {
  const SpeculativeDecoding& decoding = question.speculation;
  Diagnostics faults = faults_of(architecture, question.execution.parallelism, decoding);
  if (has_both_stacks(architecture) || (decoding.draft && has_both_stacks(*decoding.draft))) {
    faults.push_back({"--num-speculative-tokens",
                      "is not told yet for models and drafts with an encoder", "leave it out"});
  }
  if (question.disaggregation) {
    faults.push_back({"--disaggregate", "is not told yet with --num-speculative-tokens",
                      "leave one of the two out"});
  }
  return faults;
}

/// Why a question has no answer; empty when it has one.
Diagnostics faults_of(const model::Architecture& architecture, const RequestQuestion& question) {
  // Chunks of one prompt beyond this are no serving any more, and would take long to add up.
  constexpr std::int64_t kMostChunks = 1'000'000;
  const bool generates = phases_of(architecture).size() > 1;
  Diagnostics faults = illegal_splits(architecture, question.execution.parallelism);
  if (!generates) {
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
  const auto add = [&](const Diagnostics& more) {
    faults.insert(faults.end(), more.begin(), more.end());
  };
  add(disaggregation_faults(architecture, question));
  if (generates && question.speculation.is_used()) add(speculation_faults(architecture, question));
  return faults;
}

}  // namespace

Result<Deployment> Deployment::build(const model::Architecture& architecture,
                                     const hardware::Device& device,
                                     const RequestQuestion& question) {
  if (Diagnostics faults = faults_of(architecture, question); !faults.empty()) return fail(faults);
  Execution execution = question.execution;
  if (has_stack(architecture, model::Stack::encoder)) execution.source_tokens = question.input;
  const bool speculates = question.speculation.is_used();
  if (speculates) execution.calibration = nullptr;
  auto prefill = PipelineSteps::build(architecture, device, execution, Phase::prefill);
  auto decode = PipelineSteps::build(architecture, device, execution, Phase::decode);
  if (!prefill) return fail(prefill.error());
  if (!decode) return fail(decode.error());
  Deployment deployment{std::move(*prefill), std::move(*decode), std::nullopt};
  if (!speculates) return deployment;
  auto rounds = SpeculativeSteps::build(architecture, device, execution, question.speculation);
  if (!rounds) return fail(rounds.error());
  deployment.speculation = std::move(*rounds);
  return deployment;
}

SpanTime Deployment::token(double batch, double context) const {
  return speculation ? speculation->token(batch, context) : decode.round(batch, context);
}

SpanTime Deployment::read(const std::vector<Chunks>& chunks) const {
  SpanTime prompts = prefill.through(chunks);
  if (speculation && speculation->prefill) prompts += speculation->prefill->through(chunks);
  return prompts;
}

Result<SpeculativeSteps> SpeculativeSteps::build(const model::Architecture& architecture,
                                                 const hardware::Device& device,
                                                 const Execution& execution,
                                                 const SpeculativeDecoding& decoding) {
  auto propose = PipelineSteps::build(propose_step(architecture, execution, decoding), device);
  if (!propose) return fail(propose.error());
  auto check = PipelineSteps::build(check_step(architecture, execution), device);
  if (!check) return fail(check.error());
  SpeculativeSteps steps{std::nullopt,
                         std::move(*propose),
                         std::move(*check),
                         static_cast<double>(decoding.proposed),
                         propose_steps(decoding),
                         1 / expected_tokens(decoding.acceptance, decoding.proposed)};
  if (!decoding.draft) return steps;
  auto prefill = PipelineSteps::build(*decoding.draft, device,
                                      draft_execution(*decoding.draft, execution), Phase::prefill);
  if (!prefill) return fail(prefill.error());
  steps.prefill = std::move(*prefill);
  return steps;
}

SpanTime SpeculativeSteps::propose_span(double batch, double context) const {
  return propose.once({batch, 1, context}).scaled(proposals);
}

SpanTime SpeculativeSteps::check_span(double batch, double context) const {
  return check.once({batch, proposed + 1, context + proposed});
}

SpanTime SpeculativeSteps::token(double batch, double context) const {
  SpanTime round = propose_span(batch, context);
  round += check_span(batch, context);
  return round.scaled(rounds_per_token);
}

std::int64_t decode_context(const model::Architecture& architecture,
                            const RequestQuestion& question) {
  const bool has_encoder = has_stack(architecture, model::Stack::encoder);
  const std::int64_t before = has_encoder ? 0 : question.input;
  return question.context.value_or(before + (question.output + 1) / 2);
}

}  // namespace ridgepoint::predict
