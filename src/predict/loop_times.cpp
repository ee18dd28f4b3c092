// SPDX-License-Identifier: Apache-2.0
#include "predict/loop_times.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "predict/request_times.hpp"
#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::predict {
namespace {

using efficiency::Expected;

ExpectedTime read(const SpanTime& span, Reading reading) {
  if (reading == Reading::expected) return span.expected;
  const double seconds = reading == Reading::floor ? span.floor_s : span.bound_s;
  ExpectedTime time;
  time.whole = {seconds, seconds, seconds};
  return time;
}

/// One prompt, beside `decodes` of each replica.
LoopTimes times_beside(const LoopQuestion& question, double decodes) {
  const Deployment& deployment = question.deployment;
  const double context = question.decode_context;
  const double parts =
      std::min(std::max(1.0, decodes), static_cast<double>(deployment.decode.stages()));
  const cost::Shape<double> shape{std::max(1.0, decodes / parts), 1, context};
  LoopTimes times;
  times.decode = read(deployment.decode.round(std::max(1.0, decodes), context), question.reading);
  for (const Chunks& each : prompt_chunks(question.request, 1)) {
    const ExpectedTime both =
        read(mixed_round(deployment, {each.shape, shape}, parts), question.reading);
    times.first += both.scaled(each.count);
    times.prompt += both.scaled(each.count);
    times.prompt += times.decode.scaled(-each.count);
  }
  return times;
}

/// Decodes of a replica in the step that all wait for: the mean, and as many more as the fullest of
/// several replicas has.
double decodes_of_fullest(const ClosedLoop& loop, double mean) {
  if (loop.replicas <= 1) return mean;
  const double share = std::min(1.0, mean / loop.sequences);
  constexpr double kLn2 = 0.6931471805599453;
  const double spread = std::sqrt(2 * kLn2 * log2(loop.replicas) * mean * (1 - share));
  return std::min(loop.sequences, mean + spread);
}

}  // namespace

SpanTime mixed_round(const Deployment& deployment, const MixedShapes& shapes, double parts) {
  StageTimes times;
  const std::size_t stages = deployment.decode.stages();
  for (std::size_t i = 0; i < stages; ++i) {
    const std::array both{roofline::StepPart{deployment.prefill.stage(i), shapes.prompt},
                          roofline::StepPart{deployment.decode.stage(i), shapes.decodes}};
    const roofline::StepTime time = roofline::mixed_step_time(both);
    times.add(time, 1 / static_cast<double>(stages));
    if (const ExpectedStep* prefill = deployment.prefill.expected(i)) {
      times.add(ExpectedStep::mixed_time({*prefill, shapes.prompt},
                                         {*deployment.decode.expected(i), shapes.decodes})
                    .no_faster_than(time.floor_s()));
    }
  }
  return times.round(parts);
}

ClosedLoop closed_loop(const RequestQuestion& request, double sequences) {
  const Execution& execution = request.execution;
  ClosedLoop loop;
  loop.sequences = sequences;
  loop.replicas = reads_prompts_together(execution.engine)
                      ? 1
                      : static_cast<double>(replicas_of_experts(execution.parallelism));
  loop.steps = static_cast<double>(request.output - 1);
  return loop;
}

ClosedLoop loop_at(const ClosedLoop& loop, const LoopTimes& times, Edge edge) {
  ClosedLoop at = loop;
  at.prompt_s = std::max(0.0, times.prompt.whole.*edge);
  at.first_s = times.first.whole.*edge;
  return at;
}

/// How many sequences decode at once hangs on how long they do: settled within a few rounds.
LoopTimes settled_times(const LoopQuestion& question, const ClosedLoop& loop) {
  constexpr int kRounds = 4;
  double decodes = loop.sequences;
  LoopTimes times = times_beside(question, decodes);
  for (int i = 0; i < kRounds; ++i) {
    const ClosedLoop at = loop_at(loop, times, &Expected::seconds);
    const double tpot_s = closed_loop_tpot(at, times.decode.whole.seconds);
    const double mean = std::max(1.0, decoding_sequences(at, tpot_s));
    const double before = std::exchange(decodes, decodes_of_fullest(at, mean));
    if (decodes == before) break;
    times = times_beside(question, decodes);
  }
  return times;
}

}  // namespace ridgepoint::predict
