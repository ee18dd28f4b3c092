// SPDX-License-Identifier: Apache-2.0
#include "app/design_axes.hpp"

#include <array>
#include <map>

#include "app/calibration_options.hpp"
#include "app/deployment_options.hpp"
#include "app/deployment_questions.hpp"
#include "app/lists.hpp"
#include "app/what_ifs.hpp"
#include "app/words.hpp"

namespace ridgepoint::app {
namespace {

constexpr std::array kListOptions{"--device",
                                  "--devices",
                                  "--tensor-parallel-size",
                                  "--pipeline-parallel-size",
                                  "--data-parallel-size",
                                  "--expert-parallel-size",
                                  "--input",
                                  "--output",
                                  "--batch",
                                  "--context",
                                  "--max-num-batched-tokens",
                                  "--weights",
                                  "--activations",
                                  "--kv-cache-dtype"};

/// The words with one value of an option.
Arguments with(const Arguments& arguments, std::string_view option, const std::string& value) {
  Arguments one = arguments;
  one.set(option, value);
  return one;
}

/// Each model with each combination of its what-ifs.
std::vector<explore::ModelChoice> read_models(const Arguments& arguments, Faults& faults) {
  std::vector<explore::ModelChoice> models;
  const std::vector<WhatIf> what_ifs = read_what_ifs(arguments, "--set", faults);
  for (const std::string& name : read_names(arguments, "MODEL", faults)) {
    for (const WhatIf& what_if : what_ifs) {
      const Arguments one = with(with(arguments, "MODEL", name), "--set", what_if);
      if (auto model = read_model(one, faults)) {
        models.push_back({model->name, std::move(*model), what_if.words});
      }
    }
  }
  return models;
}

std::vector<explore::DeviceChoice> read_devices(const Arguments& arguments, Faults& faults) {
  std::vector<explore::DeviceChoice> devices;
  const std::vector<WhatIf> what_ifs = read_what_ifs(arguments, "--set-device", faults);
  for (const std::string& name : read_names(arguments, "--device", faults)) {
    for (const WhatIf& what_if : what_ifs) {
      const Arguments one = with(with(arguments, "--device", name), "--set-device", what_if);
      if (auto device = read_device(one, faults)) {
        auto calibration = read_calibration(one, *device, faults, ForeignProfiles::allowed);
        devices.push_back(
            {device->name, std::move(*device), std::move(calibration), what_if.words});
      }
    }
  }
  return devices;
}

/// What no axis says: memory, engine, cache hits, imbalance, at what lists are without words.
predict::RequestQuestion read_rest(const Arguments& arguments, Faults& faults) {
  Arguments single = arguments;
  for (const char* option : kListOptions) single.erase(option);
  Verb of_one_deployment;
  of_one_deployment.options = design_options();
  add_defaults(of_one_deployment, single);
  predict::RequestQuestion rest = read_request_question(single, model::Architecture{}, faults);
  rest.execution.engine = read_engine(arguments, faults);
  rest.context.reset();
  return rest;
}

std::vector<std::int64_t> numbers_or(const Arguments& arguments, std::string_view option,
                                     std::int64_t otherwise, Faults& faults) {
  if (!arguments.has(option)) return {otherwise};
  return read_numbers(arguments, option, faults);
}

std::vector<std::optional<std::int64_t>> optional_numbers(const Arguments& arguments,
                                                          std::string_view option,
                                                          std::optional<std::int64_t> otherwise,
                                                          Faults& faults) {
  if (!arguments.has(option)) return {otherwise};
  const auto numbers = read_numbers(arguments, option, faults);
  return {numbers.begin(), numbers.end()};
}

std::vector<std::optional<DataType>> types(const Arguments& arguments, std::string_view option,
                                           Faults& faults) {
  if (!arguments.has(option)) return {std::nullopt};
  std::vector<std::optional<DataType>> all;
  for (const std::string& name : read_names(arguments, option, faults)) {
    all.push_back(type_named(name, option, faults));
  }
  return all;
}

constexpr std::string_view kProposed = "--num-speculative-tokens";

void read_speculation_axis(const Arguments& arguments, explore::Axes& axes, Faults& faults) {
  axes.rest.speculation = read_proposer(arguments, faults);
  axes.speculative_tokens = read_numbers(arguments, kProposed, faults, {0, predict::kMostProposed});
  if (axes.speculative_tokens.empty()) return;
  check_draft(arguments, axes.has_speculation() ? 1 : 0, faults);
}

}  // namespace

const std::vector<Option>& design_options() {
  static const std::vector<Option> options = joined_options(
      {{{"-d,--device", "DEVICE", "names or device files, with commas between", "h100-sxm"}},
       parallel_options(),
       request_options(),
       precision_options(),
       memory_limit_options(),
       calibration_options()});
  return options;
}

explore::Axes read_axes(const Arguments& arguments, Faults& faults) {
  explore::Axes axes;
  axes.models = read_models(arguments, faults);
  axes.devices = read_devices(arguments, faults);
  const bool spreads = arguments.has("--enable-expert-parallel");
  axes.device_counts = optional_numbers(arguments, "--devices", std::nullopt, faults);
  axes.tensor = optional_numbers(arguments, "--tensor-parallel-size", std::nullopt, faults);
  axes.pipeline = numbers_or(arguments, "--pipeline-parallel-size", 1, faults);
  axes.data = numbers_or(arguments, "--data-parallel-size", 1, faults);
  axes.expert = optional_numbers(arguments, "--expert-parallel-size",
                                 spreads ? std::nullopt : std::optional<std::int64_t>(1), faults);
  axes.weights = types(arguments, "--weights", faults);
  axes.activations = types(arguments, "--activations", faults);
  axes.kv_cache = types(arguments, "--kv-cache-dtype", faults);
  axes.max_num_batched_tokens = read_numbers(arguments, "--max-num-batched-tokens", faults);
  axes.input = read_numbers(arguments, "--input", faults);
  axes.output = read_numbers(arguments, "--output", faults);
  axes.batch = read_numbers(arguments, "--batch", faults);
  axes.context = optional_numbers(arguments, "--context", std::nullopt, faults);
  axes.rest = read_rest(arguments, faults);
  if (arguments.has(kProposed)) read_speculation_axis(arguments, axes, faults);
  return axes;
}

}  // namespace ridgepoint::app
