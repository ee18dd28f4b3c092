// SPDX-License-Identifier: Apache-2.0
#include "app/deployment_answer.hpp"
#include "ridgepoint/core/units.hpp"
#include "ridgepoint/predict/memory_fit.hpp"

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

predict::FitQuestion read_question(const Arguments& arguments, const model::Architecture& model,
                                   Faults& faults) {
  predict::FitQuestion question;
  question.parallelism = read_parallelism(arguments, model, faults);
  question.precision = read_precision(arguments, model, faults);
  question.max_model_len = read_size_or(
      arguments, "--max-model-len", model.max_position_embeddings.value_or(kUnknownLength), faults);
  const auto size = [&](std::string_view option) {
    return read_size(arguments, option, faults).value_or(1);
  };
  question.block_size = size("--block-size");
  question.max_num_batched_tokens = size("--max-num-batched-tokens");
  question.max_num_seqs = size("--max-num-seqs");
  question.memory_utilization = read_utilization(arguments, faults);
  const std::string overhead = arguments.value("--overhead");
  question.overhead_bytes =
      overhead == "0" ? 0 : faults.take(parse_byte_count(overhead, "--overhead")).value_or(0);
  if (arguments.has("--shared-prefix")) question.shared_prefix = size("--shared-prefix");
  // Half way between the shortest, which is the prefix, and the longest.
  const std::int64_t middle = (question.shared_prefix + question.max_model_len + 1) / 2;
  question.mean_length = read_size_or(arguments, "--mean-length", middle, faults);
  return question;
}

Result<Answer> run(const Arguments& arguments) {
  predict::MemoryFit content;
  auto answer = deployment_answer<predict::FitQuestion, predict::MemoryFit>(
      {read_question, predict::fit,
       [](const predict::FitQuestion& question) { return question.max_model_len; }},
      arguments, content);
  if (answer && !content.fits) answer->exit_code = kDoesNotFit;
  return answer;
}

std::vector<Option> options() {
  std::vector<Option> all{kDeviceOption};
  all.insert(all.end(), parallel_options().begin(), parallel_options().end());
  all.insert(
      all.end(),
      {{"--max-model-len", "N", "tokens of the longest sequence (default: the model's most)", ""},
       {"--mean-length", "N", "tokens of an average sequence (default: half the longest)", ""},
       kWeightsOption,
       kActivationsOption,
       kKvCacheOption,
       {"--gpu-memory-utilization", "X", "the share of the memory that may be used", "0.9"},
       {"--block-size", "N", "tokens of a block of the KV cache", "16"},
       {"--max-num-batched-tokens", "N", "new tokens of the largest step", "8192"},
       {"--max-num-seqs", "N", "sequences of the largest step", "256"},
       {"--overhead", "BYTES", "what the runtime itself takes of each device", "1GiB"},
       {"--shared-prefix", "N", "tokens that all sequences begin with, kept once", ""},
       kSetOption,
       kSetDeviceOption,
       kExplainOption,
       format_option(kTableFormats),
       kJsonOption,
       kOutOption,
       kColorOption});
  return all;
}

}  // namespace

Verb fit_verb() {
  return {.name = "fit",
          .summary = "Does it fit, and how many users: weights, activations and KV cache",
          .examples = {"ridgepoint fit llama-3.3-70b -d h200-sxm --weights fp8 --kv-cache-dtype "
                       "fp8 --max-model-len 8192",
                       "ridgepoint fit deepseek-v3 -d h200-sxm -tp 8 --max-model-len 32k"},
          .positionals = {kModelArgument},
          .options = options(),
          .run = run};
}

}  // namespace ridgepoint::app
