// SPDX-License-Identifier: Apache-2.0
#include "predict/expected_request.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "predict/closed_loop.hpp"
#include "predict/request_times.hpp"
#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::predict {
namespace {

using efficiency::Expected;

/// The edge of a band or its middle.
using Edge = double Expected::*;

/// What a closed loop is put together of.
struct LoopTimes {
  ExpectedTime decode;  ///< a step without prompts
  ExpectedTime prompt;  ///< by how much one prompt delays the decodes beside it
  ExpectedTime first;   ///< the steps that a prompt takes
};

/// One prompt, beside `decodes` of each replica.
LoopTimes times_beside(const Estimate& answer, const Deployment& deployment, double decodes) {
  const auto context = static_cast<double>(answer.decode_context);
  const double parts =
      std::min(std::max(1.0, decodes), static_cast<double>(deployment.decode.stages()));
  const cost::Shape<double> shape{std::max(1.0, decodes / parts), 1, context};
  LoopTimes times;
  times.decode = deployment.decode.round(std::max(1.0, decodes), context).expected;
  for (const Chunks& each : prompt_chunks(answer.question, 1)) {
    const ExpectedTime both = mixed_round(deployment, {each.shape, shape}, parts).expected;
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

ClosedLoop loop_at(const ClosedLoop& loop, const LoopTimes& times, Edge edge) {
  ClosedLoop at = loop;
  at.prompt_s = std::max(0.0, times.prompt.whole.*edge);
  at.first_s = times.first.whole.*edge;
  return at;
}

/// How many sequences decode at once hangs on how long they do: settled within a few rounds.
LoopTimes settle(const Estimate& answer, const Deployment& deployment, const ClosedLoop& loop) {
  constexpr int kRounds = 4;
  double decodes = loop.sequences;
  LoopTimes times = times_beside(answer, deployment, decodes);
  for (int i = 0; i < kRounds; ++i) {
    const ClosedLoop at = loop_at(loop, times, &Expected::seconds);
    const double tpot_s = closed_loop_tpot(at, times.decode.whole.seconds);
    const double mean = std::max(1.0, decoding_sequences(at, tpot_s));
    const double before = std::exchange(decodes, decodes_of_fullest(at, mean));
    if (decodes == before) break;
    times = times_beside(answer, deployment, decodes);
  }
  return times;
}

/// The kernels of a step, each with its share of the time of all operators.
void add_sources(const ExpectedStep& step, const cost::Shape<double>& shape,
                 double ExpectedSource::* share, std::vector<ExpectedSource>& sources) {
  const CallPoint at = step.point(shape);
  const double all_s = step.time(shape).kernels_s;
  for (std::size_t i = 0; i < step.operators().size(); ++i) {
    const std::string kernel = step.source(i);
    const double seconds = step.operator_time(i, at).seconds;
    if (kernel.empty() || !(seconds > 0)) continue;
    const std::string& operator_name = step.operators()[i].timed.name;
    auto known = std::find_if(sources.begin(), sources.end(),
                              [&](const auto& source) { return source.kernel == kernel; });
    if (known == sources.end()) known = sources.insert(known, {{}, kernel, 0, 0});
    auto& names = known->operators;
    if (std::find(names.begin(), names.end(), operator_name) == names.end()) {
      names.push_back(operator_name);
    }
    (*known).*share += seconds / all_s;
  }
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

ExpectedRequest expect_static(const Estimate& answer, const SpanTime& prompts,
                              const SpanTime& step) {
  const Expected& first = prompts.expected.whole;
  const Expected& token = step.expected.whole;
  const auto read = [&](Edge edge) {
    return static_times(answer, prompts, step, first.*edge, token.*edge);
  };
  return {read(&Expected::seconds), read(&Expected::low), read(&Expected::high), prompts.expected,
          step.expected};
}

ExpectedRequest expect_steady(const Estimate& answer, const Deployment& deployment,
                              const SteadyLoad& load) {
  const RequestQuestion& question = answer.question;
  const Parallelism& split = question.execution.parallelism;
  ClosedLoop loop;
  loop.sequences = load.sequences;
  loop.replicas = reads_prompts_together(question.execution.engine)
                      ? 1
                      : static_cast<double>(replicas_of_experts(split));
  loop.steps = static_cast<double>(question.output - 1);
  const LoopTimes times = settle(answer, deployment, loop);
  const auto read = [&](Edge edge) {
    const ClosedLoop at = loop_at(loop, times, edge);
    const double tpot_s = closed_loop_tpot(at, times.decode.whole.*edge);
    const double e2el_s = at.first_s + loop.steps * tpot_s;
    const double tokens = static_cast<double>(split.data) * load.sequences *
                          static_cast<double>(question.output) / e2el_s;
    return request_times(running_cost(answer.device), {at.first_s, tpot_s, e2el_s, tokens,
                                                       static_cast<double>(split.devices())});
  };
  ExpectedRequest expected{read(&Expected::seconds), read(&Expected::low), read(&Expected::high),
                           times.first, times.decode};
  expected.tpot.whole = {expected.times.tpot_s, expected.fast.tpot_s, expected.slow.tpot_s};
  return expected;
}

std::vector<ExpectedSource> sources_of(const Deployment& deployment, const Estimate& answer) {
  const RequestQuestion& question = answer.question;
  const auto batch = static_cast<double>(question.batch);
  const double parts = std::min(batch, static_cast<double>(deployment.decode.stages()));
  std::vector<ExpectedSource> sources;
  add_sources(*deployment.prefill.expected(0), prompt_chunks(question, question.batch).back().shape,
              &ExpectedSource::ttft_share, sources);
  add_sources(*deployment.decode.expected(0),
              {std::ceil(batch / parts), 1, static_cast<double>(answer.decode_context)},
              &ExpectedSource::tpot_share, sources);
  std::stable_sort(sources.begin(), sources.end(),
                   [](const auto& a, const auto& b) { return a.tpot_share > b.tpot_share; });
  return sources;
}

}  // namespace ridgepoint::predict
