// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/batch_curve.hpp"

#include <algorithm>
#include <cmath>

#include "predict/request_times.hpp"

namespace ridgepoint::predict {
namespace {

constexpr std::int64_t kMostSequences = 65'536;
constexpr std::int64_t kFewSequences = 64;  // a curve to see even where nothing fits

std::vector<std::int64_t> batches_of(const Estimate& answer) {
  const std::int64_t asked = answer.question.batch;
  const std::int64_t held =
      std::llround(std::min(answer.most_sequences, static_cast<double>(kMostSequences)));
  const std::int64_t last = std::max({asked, 2 * held, held == 0 ? kFewSequences : 1});
  std::vector<std::int64_t> batches{asked};
  if (held > 0 && held < kMostSequences) batches.push_back(held);
  for (std::int64_t batch = 1; batch <= last && batch <= kMostSequences; batch *= 2) {
    batches.push_back(batch);
  }
  std::sort(batches.begin(), batches.end());
  batches.erase(std::unique(batches.begin(), batches.end()), batches.end());
  return batches;
}

Count memory_at(const MemoryFit& memory, std::int64_t batch) {
  const StageMemory& stage = memory.stage();
  return stage.weight_bytes + stage.activation_bytes + Count(memory.question.overhead_bytes) +
         stage.prefix_bytes + Count(batch) * stage.sequence_bytes;
}

}  // namespace

BatchCurve batch_curve(const Estimate& estimated) {
  BatchCurve curve;
  auto memory = fit(estimated.architecture, estimated.device,
                    memory_question(estimated.architecture, estimated.question));
  if (!memory) return curve;
  curve.memory = std::move(*memory);
  RequestQuestion question = estimated.question;
  question.disaggregation.reset();
  for (const std::int64_t batch : batches_of(estimated)) {
    question.batch = batch;
    const auto answer = estimate(estimated.architecture, estimated.device, question);
    if (!answer) continue;
    curve.points.push_back({batch, answer->floor, answer->bound, answer->expected,
                            memory_at(curve.memory, batch), answer->fits});
  }
  return curve;
}

}  // namespace ridgepoint::predict
