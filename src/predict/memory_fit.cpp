// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/memory_fit.hpp"

#include <fmt/format.h>

#include "predict/assumptions.hpp"
#include "predict/fit_changes.hpp"
#include "predict/fit_reader.hpp"
#include "predict/full_step.hpp"
#include "predict/smallest_fit.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::predict {
namespace {

std::vector<std::string> assumptions(const MemoryFit& answer) {
  const FitQuestion& question = answer.question;
  std::vector<std::string> sentences = given_assumptions(answer.architecture, answer.device);
  if (!answer.device.reported_capacity_bytes) {
    sentences.emplace_back(
        "what the driver reports is unknown: the datasheet's capacity is taken for it");
  }
  sentences.push_back(precision_sentence(answer.architecture, question.precision));
  sentences.push_back(fmt::format(
      "runtime overhead of {} for each device: context, communication buffers, allocator",
      format_bytes(static_cast<double>(question.overhead_bytes))));
  sentences.push_back(fmt::format(
      "activations: the residual stream and the inputs and outputs of the widest operator for {} "
      "tokens (max_num_batched_tokens), or the logits of {} sequences (max_num_seqs)",
      format_integer(question.max_num_batched_tokens), format_integer(question.max_num_seqs)));
  if (Count(0) < question.prefix_hit_rate) {
    sentences.emplace_back(
        "the cached share of all sequences is one prefix, kept once; of several, each takes as "
        "much");
  }
  return sentences;
}

Diagnostics too_large(const MemoryFit& answer) {
  for (const StageMemory& stage : answer.stages) {
    const Count all = stage.weight_bytes + stage.activation_bytes + stage.sequence_bytes;
    if (!all.is_valid() || !ceil(all).to_integer()) {
      return {{answer.architecture.name, "needs more than 2^63 − 1 bytes",
               "ask for a smaller model or shorter sequences"}};
    }
  }
  return {};
}

}  // namespace

Result<MemoryFit> fit(const model::Architecture& architecture, const hardware::Device& device,
                      const FitQuestion& question) {
  if (Diagnostics faults = faults_of(architecture, question); !faults.empty()) return fail(faults);
  MemoryFit answer = read_fit(architecture, device, question);
  if (Diagnostics faults = too_large(answer); !faults.empty()) return fail(faults);
  answer.full_step = full_step(answer);
  answer.smallest = smallest_fit(answer);
  answer.changes = fit_changes(answer);
  answer.assumptions = assumptions(answer);
  return answer;
}

}  // namespace ridgepoint::predict
