// SPDX-License-Identifier: Apache-2.0
#include "app/deployment_answer.hpp"
#include "app/deployment_questions.hpp"

namespace ridgepoint::app {
namespace {

Result<Answer> run(const Arguments& arguments) {
  predict::MemoryFit content;
  auto answer = deployment_answer<predict::FitQuestion, predict::MemoryFit>(
      {read_fit_question, predict::fit,
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
