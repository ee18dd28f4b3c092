// SPDX-License-Identifier: Apache-2.0
#include "predict/expected_request.hpp"

#include <algorithm>
#include <cmath>

#include "predict/loop_times.hpp"
#include "predict/request_times.hpp"

namespace ridgepoint::predict {
namespace {

using efficiency::Expected;

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
  const ClosedLoop loop = closed_loop(question, load.sequences);
  const LoopTimes times = settled_times(
      {deployment, question, static_cast<double>(answer.decode_context), Reading::expected}, loop);
  const auto read = [&](Edge edge) {
    const ClosedLoop at = loop_at(loop, times, edge);
    const double tpot_s = closed_loop_tpot(at, times.decode.whole.*edge);
    const double e2el_s = at.first_s + loop.steps * tpot_s;
    const double tokens = static_cast<double>(split.data) * closed_loop_requests_per_s(at, tpot_s) *
                          static_cast<double>(question.output);
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
