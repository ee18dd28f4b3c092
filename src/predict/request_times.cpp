// SPDX-License-Identifier: Apache-2.0
#include "predict/request_times.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "predict/whole_part.hpp"

namespace ridgepoint::predict {

using roofline::Bound;

std::int64_t RequestQuestion::cached_input() const {
  return whole_part(Count(input) * prefix_hit_rate);
}

std::vector<Chunks> prompt_chunks(const RequestQuestion& question, std::int64_t prompts) {
  const std::int64_t budget = question.max_num_batched_tokens;
  const std::int64_t cached = question.cached_input();
  const std::int64_t fresh = question.input - cached;
  const auto number = [](std::int64_t value) { return static_cast<double>(value); };
  std::vector<Chunks> chunks;
  if (fresh <= budget) {
    const double end = number(question.input);
    const std::int64_t together = std::min(prompts, budget / fresh);
    const std::int64_t rest = prompts % together;
    if (rest > 0) chunks.push_back({{number(rest), number(fresh), end}, 1});
    chunks.push_back({{number(together), number(fresh), end}, number(prompts / together)});
    return chunks;
  }
  for (std::int64_t done = budget; done <= fresh; done += budget) {
    chunks.push_back({{1, number(budget), number(cached + done)}, number(prompts)});
  }
  if (fresh % budget != 0) {
    chunks.push_back({{1, number(fresh % budget), number(question.input)}, number(prompts)});
  }
  return chunks;
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

RequestTimes request_times(const hardware::Device& device, const RequestRate& rate) {
  RequestTimes times;
  times.ttft_s = rate.ttft_s;
  times.tpot_s = rate.tpot_s;
  times.e2el_s = rate.e2el_s;
  times.throughput_tokens_per_s = rate.tokens_per_s;
  times.per_user_tokens_per_s = 1 / rate.tpot_s;
  times.per_device_tokens_per_s = rate.tokens_per_s / rate.devices;
  if (device.power_watts) {
    times.energy_j_per_token = device.power_watts->value * rate.devices / rate.tokens_per_s;
  }
  if (device.price_dollars_per_hour) {
    constexpr double kSecondsAnHour = 3600;
    constexpr double kMillion = 1e6;
    times.cost_per_million_tokens = device.price_dollars_per_hour->value * rate.devices /
                                    kSecondsAnHour / rate.tokens_per_s * kMillion;
  }
  return times;
}

RequestTimes static_times(const Estimate& answer, const SpanTime& prompts, const SpanTime& step,
                          double ttft_s, double tpot_s) {
  const RequestQuestion& question = answer.question;
  const Parallelism& split = question.execution.parallelism;
  const auto devices = static_cast<double>(split.devices());
  const auto steps = static_cast<double>(question.output - 1);
  const auto tokens = static_cast<double>(split.data) * static_cast<double>(question.batch) *
                      static_cast<double>(question.output);
  const double e2el_s = ttft_s + steps * tpot_s;
  RequestTimes times =
      request_times(answer.device, {ttft_s, tpot_s, e2el_s, tokens / e2el_s, devices});
  times.mfu = (prompts.compute_s + steps * step.compute_s) / e2el_s;
  times.mbu = (prompts.compulsory_memory_s + steps * step.compulsory_memory_s) / e2el_s;
  return times;
}

}  // namespace ridgepoint::predict
