// SPDX-License-Identifier: Apache-2.0
#include "report/sweep_axes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using explore::Candidate;

const predict::Parallelism& split(const Candidate& one) {
  return one.question.execution.parallelism;
}
const predict::Precision& types(const Candidate& one) { return one.question.execution.precision; }

using Group = SweepAxis::Group;

/// An axis of whole numbers.
template <auto kNumber>
SweepAxis number_axis(Group group, const char* header, const char* key, SweepAxis::Use use) {
  return {group,
          header,
          key,
          use,
          true,
          [](const Candidate& one) { return format_integer(kNumber(one)); },
          [](const Candidate& one) { return Json(kNumber(one)); }};
}

/// An axis of names.
template <auto kName>
SweepAxis name_axis(Group group, const char* header, const char* key, SweepAxis::Use use) {
  return {group,
          header,
          key,
          use,
          false,
          [](const Candidate& one) { return std::string(kName(one)); },
          [](const Candidate& one) { return Json(std::string(kName(one))); }};
}

template <class T>
bool varies(const std::vector<T>& axis) {
  return axis.size() > 1;
}

/// Models or devices of several names.
template <class T>
bool has_names(const std::vector<T>& choices) {
  return std::any_of(choices.begin(), choices.end(),
                     [&](const T& each) { return each.name != choices.front().name; });
}
template <class T>
bool has_what_ifs(const std::vector<T>& choices) {
  return std::any_of(choices.begin(), choices.end(),
                     [](const T& each) { return !each.what_if.empty(); });
}

SweepAxis::Use use_of(bool is_varied) {
  return is_varied ? SweepAxis::Use::varied : SweepAxis::Use::common;
}
template <class T>
SweepAxis::Use use_of(const std::vector<T>& axis) {
  return use_of(varies(axis));
}

/// Without one it is input + output/2.
SweepAxis::Use context_use(const explore::Axes& axes) {
  if (varies(axes.context)) return SweepAxis::Use::varied;
  return axes.context.front() ? SweepAxis::Use::common : SweepAxis::Use::derived;
}

/// Without one it is each model's own.
SweepAxis::Use type_use(const explore::Axes& axes,
                        const std::vector<std::optional<DataType>>& types) {
  if (varies(types)) return SweepAxis::Use::varied;
  return types.front() || !varies(axes.models) ? SweepAxis::Use::common : SweepAxis::Use::derived;
}

std::int64_t context_of(const Candidate& one) {
  return predict::decode_context(one.model->architecture, one.question);
}

}  // namespace

std::vector<SweepAxis> sweep_axes(const explore::Axes& axes) {
  const bool has_splits = varies(axes.device_counts);
  std::vector<SweepAxis> all{
      name_axis<[](const Candidate& one) { return one.model->name; }>(
          Group::name, "model", "model", use_of(has_names(axes.models))),
      name_axis<[](const Candidate& one) { return one.device->name; }>(
          Group::name, "device", "device", use_of(has_names(axes.devices))),
      number_axis<[](const Candidate& one) { return split(one).devices(); }>(
          Group::devices, "devices", "devices",
          use_of(has_splits || varies(axes.tensor) || varies(axes.pipeline) || varies(axes.data))),
      number_axis<[](const Candidate& one) { return split(one).tensor; }>(
          Group::split, "TP", "tensor_parallel_size", use_of(varies(axes.tensor) || has_splits)),
      number_axis<[](const Candidate& one) { return split(one).pipeline; }>(
          Group::split, "PP", "pipeline_parallel_size", use_of(axes.pipeline)),
      number_axis<[](const Candidate& one) { return split(one).data; }>(
          Group::split, "DP", "data_parallel_size", use_of(axes.data)),
      number_axis<[](const Candidate& one) { return split(one).expert; }>(
          Group::split, "EP", "expert_parallel_size", use_of(axes.expert)),
      name_axis<[](const Candidate& one) {
        return predict::weights_name(one.model->architecture, types(one));
      }>(Group::setting, "weights", "weights", type_use(axes, axes.weights)),
      name_axis<[](const Candidate& one) { return name(types(one).activations); }>(
          Group::setting, "activations", "activations", type_use(axes, axes.activations)),
      name_axis<[](const Candidate& one) { return name(types(one).kv_cache); }>(
          Group::setting, "KV cache", "kv_cache_dtype", type_use(axes, axes.kv_cache)),
      number_axis<[](const Candidate& one) { return one.question.max_num_batched_tokens; }>(
          Group::setting, "chunks of", "max_num_batched_tokens",
          use_of(axes.max_num_batched_tokens)),
      number_axis<[](const Candidate& one) { return one.question.input; }>(
          Group::load, "in", "input", use_of(axes.input)),
      number_axis<[](const Candidate& one) { return one.question.output; }>(
          Group::load, "out", "output", use_of(axes.output)),
      number_axis<context_of>(Group::load, "context", "context", context_use(axes)),
      number_axis<[](const Candidate& one) { return one.question.batch; }>(
          Group::load, "batch", "batch", use_of(axes.batch))};
  if (axes.has_speculation()) {
    const auto load = std::find_if(all.begin(), all.end(),
                                   [](const SweepAxis& each) { return each.group == Group::load; });
    all.insert(
        load,
        number_axis<[](const Candidate& one) { return one.question.speculation.proposed; }>(
            Group::setting, "proposed", "num_speculative_tokens", use_of(axes.speculative_tokens)));
  }
  // Behind what they change.
  if (has_what_ifs(axes.devices)) {
    all.insert(all.begin() + 2,
               name_axis<[](const Candidate& one) { return one.device->what_if; }>(
                   Group::name, "device what-if", "device_what_if", SweepAxis::Use::varied));
  }
  if (has_what_ifs(axes.models)) {
    all.insert(all.begin() + 1, name_axis<[](const Candidate& one) { return one.model->what_if; }>(
                                    Group::name, "what-if", "what_if", SweepAxis::Use::varied));
  }
  return all;
}

std::string SweepAxis::place(const Candidate& candidate) const {
  const std::string value = words(candidate);
  return is_number ? fmt::format("{} {}", header, value) : value;
}

std::string place_words(const explore::Space& space, const Candidate& candidate) {
  std::vector<std::string> words;
  for (const SweepAxis& axis : sweep_axes(space.axes())) {
    if (axis.use == SweepAxis::Use::varied) words.push_back(axis.place(candidate));
  }
  return words.empty() ? candidate.model->name : fmt::format("{}", fmt::join(words, ", "));
}

std::string common_words(const explore::Space& space) {
  const explore::Candidate first = space.point(0);
  std::vector<std::string> words;
  for (const SweepAxis& axis : sweep_axes(space.axes())) {
    if (axis.use != SweepAxis::Use::common) continue;
    const std::string_view header = axis.header;
    const std::string value = axis.words(first);
    const bool is_split = axis.group == Group::split || axis.group == Group::devices;
    if (is_split && value == "1") continue;
    words.push_back(axis.group == Group::name           ? value
                    : header == "in" || header == "out" ? fmt::format("{} tokens {}", value, header)
                                                        : fmt::format("{} {}", header, value));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace ridgepoint::report
