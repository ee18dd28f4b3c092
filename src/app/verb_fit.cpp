// SPDX-License-Identifier: Apache-2.0
#include "app/calibration_options.hpp"
#include "app/deployment_answer.hpp"
#include "app/deployment_questions.hpp"

namespace ridgepoint::app {
namespace {

Result<Answer> run(const Arguments& arguments) {
  predict::MemoryFit content;
  auto answer = deployment_answer<predict::FitQuestion, predict::MemoryFit>(
      {read_fit_question, predict::fit,
       [](const predict::FitQuestion& question) { return question.max_model_len; },
       [](const Arguments& words, const hardware::Device& device, predict::FitQuestion& question,
          Faults& faults) {
         question.engine = read_engine(words, faults);
         question.calibration = read_calibration(words, device, faults);
       }},
      arguments, content);
  if (answer && !content.fits) answer->exit_code = kDoesNotFit;
  return answer;
}

std::vector<Option> options() {
  return joined_options(
      {{kDeviceOption},
       parallel_options(),
       {{"--max-model-len", "N", "tokens of the longest sequence (default: the model's most)", ""},
        {"--mean-length", "N", "tokens of an average sequence (default: half the longest)", ""},
        kBatchedTokensOption,
        kHitRateOption},
       precision_options(),
       memory_options(),
       calibration_options(),
       answer_options(kPageFormats)});
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
