// SPDX-License-Identifier: Apache-2.0
#include "report/sweep_axes.hpp"

#include <fmt/format.h>

#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using explore::Candidate;

const predict::Parallelism& split(const Candidate& one) {
  return one.question.execution.parallelism;
}
const predict::Precision& types(const Candidate& one) { return one.question.execution.precision; }

/// An axis of whole numbers.
template <auto kNumber>
SweepAxis number_axis(const char* header, const char* key, bool is_varied) {
  return {header,
          key,
          is_varied,
          true,
          [](const Candidate& one) { return format_integer(kNumber(one)); },
          [](const Candidate& one) { return Json(kNumber(one)); }};
}

/// An axis of names.
template <auto kName>
SweepAxis name_axis(const char* header, const char* key, bool is_varied) {
  return {header,
          key,
          is_varied,
          false,
          [](const Candidate& one) { return std::string(kName(one)); },
          [](const Candidate& one) { return Json(std::string(kName(one))); }};
}

template <class T>
bool varies(const std::vector<T>& axis) {
  return axis.size() > 1;
}

std::int64_t context_of(const Candidate& one) {
  return predict::decode_context(one.model->architecture, one.question);
}

}  // namespace

std::vector<SweepAxis> sweep_axes(const explore::Axes& axes) {
  const bool has_splits = varies(axes.device_counts);
  return {name_axis<[](const Candidate& one) { return one.model->name; }>("model", "model",
                                                                          varies(axes.models)),
          name_axis<[](const Candidate& one) { return one.device->name; }>("device", "device",
                                                                           varies(axes.devices)),
          number_axis<[](const Candidate& one) { return split(one).devices(); }>(
              "devices", "devices",
              has_splits || varies(axes.tensor) || varies(axes.pipeline) || varies(axes.data)),
          number_axis<[](const Candidate& one) { return split(one).tensor; }>(
              "TP", "tensor_parallel_size", varies(axes.tensor) || has_splits),
          number_axis<[](const Candidate& one) { return split(one).pipeline; }>(
              "PP", "pipeline_parallel_size", varies(axes.pipeline)),
          number_axis<[](const Candidate& one) { return split(one).data; }>(
              "DP", "data_parallel_size", varies(axes.data)),
          number_axis<[](const Candidate& one) { return split(one).expert; }>(
              "EP", "expert_parallel_size", varies(axes.expert)),
          name_axis<[](const Candidate& one) {
            return predict::weights_name(one.model->architecture, types(one));
          }>("weights", "weights", varies(axes.weights)),
          name_axis<[](const Candidate& one) { return name(types(one).activations); }>(
              "activations", "activations", varies(axes.activations)),
          name_axis<[](const Candidate& one) { return name(types(one).kv_cache); }>(
              "KV cache", "kv_cache_dtype", varies(axes.kv_cache)),
          number_axis<[](const Candidate& one) { return one.question.max_num_batched_tokens; }>(
              "chunks of", "max_num_batched_tokens", varies(axes.max_num_batched_tokens)),
          number_axis<[](const Candidate& one) { return one.question.input; }>("in", "input",
                                                                               varies(axes.input)),
          number_axis<[](const Candidate& one) { return one.question.output; }>(
              "out", "output", varies(axes.output)),
          number_axis<context_of>("context", "context", varies(axes.context)),
          number_axis<[](const Candidate& one) { return one.question.batch; }>("batch", "batch",
                                                                               varies(axes.batch))};
}

std::string common_words(const explore::Space& space) {
  const explore::Candidate first = space.point(0);
  std::vector<std::string> words;
  for (const SweepAxis& axis : sweep_axes(space.axes())) {
    if (axis.is_varied) continue;
    const std::string_view header = axis.header;
    const std::string value = axis.words(first);
    const bool is_one_device = header == "TP" || header == "PP" || header == "DP" || header == "EP";
    if (is_one_device && value == "1") continue;
    if (header == "devices" && split(first).devices() == 1) continue;
    words.push_back(header == "model" || header == "device" ? value
                    : header == "in" || header == "out" ? fmt::format("{} tokens {}", value, header)
                                                        : fmt::format("{} {}", header, value));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace ridgepoint::report
