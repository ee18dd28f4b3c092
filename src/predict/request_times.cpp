// SPDX-License-Identifier: Apache-2.0
#include "predict/request_times.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "predict/whole_part.hpp"

namespace ridgepoint::predict {

using roofline::Bound;

std::int64_t RequestQuestion::cached_input() const {
  return whole_part(Count(input) * prefix_hit_rate);
}

std::vector<Chunks> prompt_chunks(const RequestQuestion& question, std::int64_t prompts) {
  const auto number = [](std::int64_t value) { return static_cast<double>(value); };
  return prompt_chunks(Prompts<double>{number(prompts), number(question.input),
                                       number(question.cached_input()),
                                       number(question.max_num_batched_tokens)});
}

FitQuestion memory_question(const model::Architecture& architecture,
                            const RequestQuestion& question) {
  FitQuestion asked;
  static_cast<MemoryLimits&>(asked) = question.memory;
  asked.parallelism = question.execution.parallelism;
  asked.precision = question.execution.precision;
  const bool has_encoder = has_stack(architecture, model::Stack::encoder);
  asked.max_model_len = has_encoder ? question.output : question.input + question.output;
  asked.mean_length = asked.max_model_len;
  asked.max_num_batched_tokens = question.max_num_batched_tokens;
  asked.shared_prefix = question.cached_input();
  asked.source_tokens = question.input;
  asked.speculation = question.speculation;
  return asked;
}

Limit limit_of(const SpanTime& span) {
  std::array<std::pair<double, Bound>, 3> parts{{{span.compute_s, Bound::compute_bound},
                                                 {span.compulsory_memory_s, Bound::memory_bound},
                                                 {span.network_s, Bound::network_bound}}};
  std::stable_sort(parts.begin(), parts.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  return {parts[0].second, parts[1].second,
          parts[0].first > 0 ? parts[1].first / parts[0].first : 0};
}

double most_sequences(double of_all_replicas, const Parallelism& split) {
  return std::floor(of_all_replicas / static_cast<double>(split.data));
}

RequestTimes static_times(const Estimate& answer, const SpanTime& prompts, const SpanTime& step,
                          double ttft_s, double tpot_s) {
  const RequestQuestion& question = answer.question;
  const Parallelism& split = question.execution.parallelism;
  const auto output = static_cast<double>(question.output);
  const double sequences = static_cast<double>(split.data) * static_cast<double>(question.batch);
  RequestTimes times =
      static_times(running_cost(answer.device),
                   {sequences, output, static_cast<double>(split.devices())}, ttft_s, tpot_s);
  times.mfu = (prompts.compute_s + (output - 1) * step.compute_s) / times.e2el_s;
  times.mbu =
      (prompts.compulsory_memory_s + (output - 1) * step.compulsory_memory_s) / times.e2el_s;
  return times;
}

}  // namespace ridgepoint::predict
