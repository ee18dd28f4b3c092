// SPDX-License-Identifier: Apache-2.0
#include "app/deployment_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace ridgepoint::app {
namespace {

/// The type named by an option; nothing where the option is absent or "auto".
std::optional<DataType> read_type(const Arguments& arguments, std::string_view option,
                                  Faults& faults) {
  const std::string text = arguments.value(option);
  return text.empty() ? std::nullopt : type_named(text, option, faults);
}

/// The value of an option; nothing where it is absent.
std::optional<std::int64_t> read_optional_size(const Arguments& arguments, std::string_view option,
                                               Faults& faults) {
  if (!arguments.has(option)) return std::nullopt;
  return read_size(arguments, option, faults);
}

}  // namespace

const std::vector<Option>& parallel_options() {
  static const std::vector<Option> options{
      {"-n,--devices", "N", "devices (default: as many as the sizes below make)", ""},
      {"--tp,--tensor-parallel-size", "N", "devices that each matrix is split over", ""},
      {"--pp,--pipeline-parallel-size", "N", "stages of consecutive layers", ""},
      {"--dp,--data-parallel-size", "N", "replicas with requests of their own", ""},
      {"--ep,--expert-parallel-size", "N", "devices that share the experts of a layer", ""},
      {"--enable-expert-parallel", "", "spread whole experts over all TP × DP devices", ""},
      {"--sequence-parallel", "", "share out the tokens of norms and sums over the TP devices",
       ""}};
  return options;
}

const std::vector<Option>& request_options() {
  static const std::vector<Option> options{
      {"-i,--input", "N", "prompt tokens of each request", "1024"},
      {"-o,--output", "N", "answer tokens of each request", "128"},
      {"-b,--batch", "N", "requests at a time (on each replica)", "1"},
      {"-s,--context", "N", "context of the step that TPOT is (default: input + output/2)", ""},
      kBatchedTokensOption,
      kHitRateOption,
      kExpertImbalanceOption};
  return options;
}

std::vector<Option> speculation_options(const Option& proposed) {
  return {{"--draft", "MODEL",
           "the model that proposes tokens (default: heads on the model itself)", ""},
          proposed,
          {"--acceptance", "X", "how likely a proposed token is accepted", "0.8"}};
}

const std::vector<Option>& memory_limit_options() {
  static const std::vector<Option> options{
      {"--gpu-memory-utilization", "X", "the share of the memory that may be used", "0.9"},
      {"--block-size", "N", "tokens of a block of the KV cache", "16"},
      {"--max-num-seqs", "N", "sequences of the largest step", "256"},
      {"--overhead", "BYTES", "what the runtime itself takes of each device", "1GiB"}};
  return options;
}

const std::vector<Option>& memory_options() {
  static const std::vector<Option> options = joined_options(
      {memory_limit_options(),
       {{"--shared-prefix", "N", "tokens that all sequences begin with, kept once", ""}}});
  return options;
}

const std::vector<Option>& precision_options() {
  static const std::vector<Option> options{kWeightsOption, kActivationsOption, kKvCacheOption};
  return options;
}

std::optional<DataType> type_named(const std::string& text, std::string_view option,
                                   Faults& faults) {
  if (text == "auto") return std::nullopt;
  if (const auto type = data_type_from_name(text)) return type;
  std::vector<std::string> names{"auto"};
  for (const DataTypeFacts& row : kDataTypes) names.emplace_back(row.name);
  faults.add(std::string(option), fmt::format("\"{}\" is not a data type", text),
             fmt::format("one of {}", fmt::join(names, ", ")));
  return std::nullopt;
}

std::vector<Option> joined_options(std::initializer_list<std::vector<Option>> tables) {
  std::vector<Option> all;
  for (const std::vector<Option>& table : tables) all.insert(all.end(), table.begin(), table.end());
  return all;
}

predict::Precision read_precision(const Arguments& arguments, const model::Architecture& model,
                                  Faults& faults) {
  const predict::Precision native = predict::native_precision(model);
  return {read_type(arguments, "--weights", faults),
          read_type(arguments, "--activations", faults).value_or(native.activations),
          read_type(arguments, "--kv-cache-dtype", faults).value_or(native.kv_cache)};
}

predict::Parallelism read_parallelism(const Arguments& arguments, const model::Architecture& model,
                                      Faults& faults) {
  const auto devices = read_optional_size(arguments, "--devices", faults);
  const auto tensor = read_optional_size(arguments, "--tensor-parallel-size", faults);
  predict::Parallelism split;
  split.pipeline = read_optional_size(arguments, "--pipeline-parallel-size", faults).value_or(1);
  split.data = read_optional_size(arguments, "--data-parallel-size", faults).value_or(1);
  split.tensor = tensor.value_or(1);
  if (devices && !tensor && *devices % (split.pipeline * split.data) == 0) {
    split.tensor = *devices / (split.pipeline * split.data);
  }
  if (devices && !tensor && !model.runs.empty()) {
    const auto legal = predict::legal_tensor_sizes(model, *devices);
    if (std::find(legal.begin(), legal.end(), split.tensor) == legal.end()) {
      faults.add_impossible(
          "--devices",
          fmt::format("{} devices cannot split the matrices of {} between them", split.tensor,
                      model.name),
          fmt::format("legal: {}; or stages: --pipeline-parallel-size", fmt::join(legal, ", ")));
    }
  }
  if (devices && split.devices() != *devices) {
    faults.add_impossible("--devices",
                          fmt::format("{} devices, but TP {} × PP {} × DP {} are {}", *devices,
                                      split.tensor, split.pipeline, split.data, split.devices()),
                          "give -n alone, or sizes whose product it is");
  }
  if (arguments.has("--expert-imbalance") && arguments.value("--expert-imbalance") != "1" &&
      !model.runs.empty() && !has_experts(model)) {
    faults.add("--expert-imbalance", model.name + " has no experts", "leave it out");
  }
  const auto expert = read_optional_size(arguments, "--expert-parallel-size", faults);
  const bool spreads = arguments.has("--enable-expert-parallel") && has_experts(model);
  split.expert = expert.value_or(spreads ? split.tensor * split.data : 1);
  split.sequence = arguments.has("--sequence-parallel");
  return split;
}

}  // namespace ridgepoint::app
