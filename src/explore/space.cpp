// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace ridgepoint::explore {
namespace {

/// Every axis in the order of `Axis`: of deployments, the slowest first, and then of what they are
/// asked for.
template <class Visit>
void for_each_axis(const Axes& axes, const Visit& visit) {
  visit("models", axes.models);
  visit("devices", axes.devices);
  visit("numbers of devices", axes.device_counts);
  visit("tensor-parallel sizes", axes.tensor);
  visit("pipeline stages", axes.pipeline);
  visit("replicas", axes.data);
  visit("expert-parallel sizes", axes.expert);
  visit("types of weights", axes.weights);
  visit("types of activations", axes.activations);
  visit("types of the KV cache", axes.kv_cache);
  visit("chunk sizes", axes.max_num_batched_tokens);
  visit("numbers of proposed tokens", axes.speculative_tokens);
  visit("inputs", axes.input);
  visit("outputs", axes.output);
  visit("contexts", axes.context);
  visit("batches", axes.batch);
}

/// Takes a number apart by the sizes of axes, the fastest one first.
class Digits {
 public:
  explicit Digits(std::uint64_t number) : rest_(number) {}

  template <class T>
  const T& of(const std::vector<T>& axis) {
    const std::uint64_t digit = rest_ % axis.size();
    rest_ /= axis.size();
    return axis[digit];
  }

 private:
  std::uint64_t rest_;
};

/// As the words of the command line are read for one deployment.
predict::Parallelism split_of(const model::Architecture& model,
                              const std::optional<std::int64_t>& count,
                              const std::optional<std::int64_t>& tensor,
                              const std::optional<std::int64_t>& expert,
                              predict::Parallelism split) {
  split.tensor = tensor.value_or(1);
  const std::int64_t replicas = split.pipeline * split.data;
  if (count && !tensor && *count % replicas == 0) split.tensor = *count / replicas;
  split.expert = expert.value_or(has_experts(model) ? split.tensor * split.data : 1);
  return split;
}

}  // namespace

bool Axes::has_speculation() const {
  return std::any_of(speculative_tokens.begin(), speculative_tokens.end(),
                     [](std::int64_t proposed) { return proposed > 0; });
}

double count_points(const Axes& axes) {
  double points = 1;
  for_each_axis(axes,
                [&](const char*, const auto& axis) { points *= static_cast<double>(axis.size()); });
  return points;
}

AxisSizes axis_sizes(const Axes& axes) {
  AxisSizes sizes{};
  std::size_t i = 0;
  for_each_axis(axes, [&](const char*, const auto& axis) { sizes[i++] = axis.size(); });
  return sizes;
}

Space::Space(Axes axes) : axes_(std::move(axes)), sizes_(axis_sizes(axes_)), deployments_(1) {
  for (const std::uint64_t size : sizes_) deployments_ *= size;
  deployments_ /= loads();
}

Result<Space> Space::of(Axes axes) {
  Diagnostics faults;
  for_each_axis(axes, [&](const char* what, const auto& axis) {
    if (!axis.empty()) return;
    faults.push_back({what, "an axis without values", "give it one value at least"});
  });
  constexpr double kMost = 9.2e18;
  if (const double points = count_points(axes); points > kMost) {
    faults.push_back({"points", fmt::format("the axes make {:.3g} of them", points),
                      "fewer values, or larger steps: 1..4096:x2"});
  }
  if (!faults.empty()) return fail(std::move(faults));
  return Space(std::move(axes));
}

Candidate Space::deployment(std::uint64_t number) const {
  Digits digits(number);
  Candidate candidate;
  predict::RequestQuestion& question = candidate.question;
  question = axes_.rest;
  question.speculation.proposed = digits.of(axes_.speculative_tokens);
  question.max_num_batched_tokens = digits.of(axes_.max_num_batched_tokens);
  const auto& kv_cache = digits.of(axes_.kv_cache);
  const auto& activations = digits.of(axes_.activations);
  const auto& weights = digits.of(axes_.weights);
  const auto& expert = digits.of(axes_.expert);
  predict::Parallelism split = axes_.rest.execution.parallelism;
  split.data = digits.of(axes_.data);
  split.pipeline = digits.of(axes_.pipeline);
  const auto& tensor = digits.of(axes_.tensor);
  const auto& count = digits.of(axes_.device_counts);
  candidate.device = &digits.of(axes_.devices);
  candidate.model = &digits.of(axes_.models);
  const auto native = predict::native_precision(candidate.model->architecture);
  question.execution.precision = {weights, activations.value_or(native.activations),
                                  kv_cache.value_or(native.kv_cache)};
  question.execution.parallelism =
      split_of(candidate.model->architecture, count, tensor, expert, split);
  question.execution.calibration = candidate.device->calibration;
  candidate.device_count = count;
  return candidate;
}

Diagnostics faults_of(const Candidate& candidate) {
  const predict::Parallelism& split = candidate.question.execution.parallelism;
  if (candidate.device_count && split.devices() != *candidate.device_count) {
    return {{"--devices", "the sizes of a split make another number of devices",
             "give -n alone, or sizes whose product it is"}};
  }
  return predict::illegal_splits(candidate.model->architecture, split);
}

Candidate Space::point(std::uint64_t number) const {
  Candidate candidate = deployment(number / loads());
  set_load(number, candidate.question);
  return candidate;
}

void Space::set_load(std::uint64_t number, predict::RequestQuestion& question) const {
  Digits digits(number % loads());
  question.batch = digits.of(axes_.batch);
  question.context = digits.of(axes_.context);
  question.output = digits.of(axes_.output);
  question.input = digits.of(axes_.input);
}

std::uint64_t Space::stride(Axis axis) const {
  std::uint64_t stride = 1;
  for (std::size_t i = static_cast<std::size_t>(axis) + 1; i < kAxes; ++i) stride *= sizes_[i];
  return stride;
}

}  // namespace ridgepoint::explore
