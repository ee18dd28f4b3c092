// SPDX-License-Identifier: Apache-2.0
#include "app/deployment_questions.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "app/deployment_options.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/core/units.hpp"

namespace ridgepoint::app {
namespace {

constexpr std::int64_t kUnknownLength = 8192;

std::int64_t read_size_or(const Arguments& arguments, std::string_view option,
                          std::int64_t fallback, Faults& faults) {
  if (!arguments.has(option)) return fallback;
  return read_size(arguments, option, faults).value_or(fallback);
}

/// 0.9, as a share of the memory.
Count read_utilization(const Arguments& arguments, Faults& faults) {
  constexpr std::string_view kOption = "--gpu-memory-utilization";
  const auto share = faults.take(parse_ratio(arguments.value(kOption), kOption, 0));
  if (!share) return 1;
  if (*share < Count(1, 100) || Count(1) < *share) {
    faults.add(std::string(kOption), arguments.value(kOption) + " is not a share of the memory",
               "expected a number from 0.01 to 1");
  }
  return *share;
}

/// 0.5, as a share of the tokens; below 1.
Count read_hit_rate(const Arguments& arguments, Faults& faults) {
  constexpr std::string_view kOption = "--prefix-cache-hit-rate";
  if (!arguments.has(kOption)) return 0;
  const std::string text = arguments.value(kOption);
  const auto rate = faults.take(parse_ratio(text, kOption, 0));
  if (rate && *rate < Count(1)) return *rate;
  if (rate) {
    faults.add(std::string(kOption), text + " leaves a sequence no tokens of its own",
               "expected a number from 0 to below 1");
  }
  return 0;
}

predict::MemoryLimits read_memory_limits(const Arguments& arguments, Faults& faults) {
  predict::MemoryLimits limits;
  limits.block_size = read_size(arguments, "--block-size", faults).value_or(1);
  limits.max_num_seqs = read_size(arguments, "--max-num-seqs", faults).value_or(1);
  limits.memory_utilization = read_utilization(arguments, faults);
  const std::string overhead = arguments.value("--overhead");
  limits.overhead_bytes =
      overhead == "0" ? 0 : faults.take(parse_byte_count(overhead, "--overhead")).value_or(0);
  return limits;
}

}  // namespace

predict::FitQuestion read_fit_question(const Arguments& arguments, const model::Architecture& model,
                                       Faults& faults) {
  predict::FitQuestion question;
  static_cast<predict::MemoryLimits&>(question) = read_memory_limits(arguments, faults);
  question.parallelism = read_parallelism(arguments, model, faults);
  question.precision = read_precision(arguments, model, faults);
  question.max_model_len = read_size_or(
      arguments, "--max-model-len", model.max_position_embeddings.value_or(kUnknownLength), faults);
  const auto size = [&](std::string_view option) {
    return read_size(arguments, option, faults).value_or(1);
  };
  question.max_num_batched_tokens = size("--max-num-batched-tokens");
  if (arguments.has("--shared-prefix")) question.shared_prefix = size("--shared-prefix");
  question.prefix_hit_rate = read_hit_rate(arguments, faults);
  // Half way between the shortest, which is the prefix, and the longest.
  const std::int64_t middle = (question.shared_prefix + question.max_model_len + 1) / 2;
  question.mean_length = read_size_or(arguments, "--mean-length", middle, faults);
  return question;
}

predict::RequestQuestion read_request_question(const Arguments& arguments,
                                               const model::Architecture& model, Faults& faults) {
  const auto size = [&](std::string_view option) {
    return read_size(arguments, option, faults).value_or(1);
  };
  predict::RequestQuestion question;
  question.input = size("--input");
  question.output = size("--output");
  question.batch = size("--batch");
  question.max_num_batched_tokens = size("--max-num-batched-tokens");
  question.prefix_hit_rate = read_hit_rate(arguments, faults);
  if (arguments.has("--context")) question.context = size("--context");
  const auto imbalance =
      faults.take(parse_ratio(arguments.value("--expert-imbalance"), "--expert-imbalance", 1));
  question.execution = {read_precision(arguments, model, faults), imbalance.value_or(1),
                        read_parallelism(arguments, model, faults)};
  question.memory = read_memory_limits(arguments, faults);
  return question;
}

predict::SpeculativeDecoding read_proposer(const Arguments& arguments, Faults& faults) {
  constexpr std::string_view kOption = "--acceptance";
  predict::SpeculativeDecoding decoding;
  const auto ratio = faults.take(parse_ratio(arguments.value(kOption), kOption, 0));
  if (ratio && Count(1) < *ratio) {
    faults.add(std::string(kOption), arguments.value(kOption) + " is no probability",
               "expected a number from 0 to 1");
  }
  decoding.acceptance = ratio ? ratio->to_double() : 0;
  if (!arguments.has("--draft")) return decoding;
  auto draft = faults.take(catalog::find_model(arguments.value("--draft"), {}, "--draft"));
  if (draft) decoding.draft = std::make_shared<const model::Architecture>(std::move(*draft));
  return decoding;
}

predict::SpeculativeDecoding read_speculation(const Arguments& arguments, Faults& faults) {
  constexpr std::string_view kOption = "--num-speculative-tokens";
  predict::SpeculativeDecoding decoding = read_proposer(arguments, faults);
  const auto proposed =
      faults.take(parse_count(arguments.value(kOption), kOption, {0, predict::kMostProposed}));
  decoding.proposed = proposed.value_or(0);
  if (proposed) check_draft(arguments, *proposed, faults);
  return decoding;
}

void check_draft(const Arguments& arguments, std::int64_t most_proposed, Faults& faults) {
  if (most_proposed > 0 || !arguments.has("--draft")) return;
  faults.add("--draft", "proposes no tokens", "say how many: --num-speculative-tokens 4");
}

void add_too_short(std::int64_t given, std::int64_t needed, Faults& faults) {
  faults.add("--max-model-len",
             fmt::format("{} is shorter than input and output, {} tokens", format_integer(given),
                         format_integer(needed)),
             "raise it, or lower --input and --output");
}

}  // namespace ridgepoint::app
