// SPDX-License-Identifier: Apache-2.0
#include "app/deployment_answer.hpp"
#include "app/deployment_questions.hpp"
#include "ridgepoint/core/numbers.hpp"
#include "ridgepoint/core/units.hpp"
#include "ridgepoint/predict/speculation.hpp"

namespace ridgepoint::app {
namespace {

constexpr std::string_view kModes = "bound|floor";

predict::SpeculationQuestion read_question(const Arguments& arguments,
                                           const model::Architecture& model, Faults& faults) {
  predict::SpeculationQuestion question;
  static_cast<predict::SpeculativeDecoding&>(question) = read_proposer(arguments, faults);
  constexpr std::string_view kProposed = "--num-speculative-tokens";
  question.proposed =
      faults.take(parse_count(arguments.value(kProposed), kProposed, {1, predict::kMostProposed}))
          .value_or(1);
  if (const auto batches = faults.take(parse_counts(arguments.value("--batch"), "--batch"))) {
    question.batches = *batches;
  }
  question.context = read_size(arguments, "--context", faults).value_or(1);
  question.reading = read_choice(arguments, "--mode", kModes, faults) == "floor"
                         ? predict::Reading::floor
                         : predict::Reading::bound;
  question.execution = {read_precision(arguments, model, faults), 1,
                        read_parallelism(arguments, model, faults)};
  return question;
}

Result<Answer> run(const Arguments& arguments) {
  predict::Speculation content;
  return deployment_answer<predict::SpeculationQuestion, predict::Speculation>(
      {read_question, predict::speculate,
       [](const predict::SpeculationQuestion& question) {
         return question.context + question.proposed;
       }},
      arguments, content);
}

std::vector<Option> options() {
  return joined_options(
      {{kDeviceOption},
       parallel_options(),
       speculation_options(
           {"-k,--num-speculative-tokens", "N", "tokens proposed for each check", "4"}),
       {{"-b,--batch", "LIST", "sequences in a step: 1,64 or 1..256:x2", "1..256:x2"},
        {"-s,--context", "N", "tokens of each sequence", "1024"},
        {"--mode", kModes, "which times are compared", "bound"}},
       precision_options(),
       answer_options(kPageFormats)});
}

}  // namespace

Verb speculate_verb() {
  return {.name = "speculate",
          .summary = "Does speculative decoding pay: expected tokens, cost and speed-up by batch",
          .examples = {"ridgepoint speculate llama-3.3-70b --draft llama-3.2-1b -d h100-sxm -tp 4",
                       "ridgepoint speculate qwen3-8b -k 3 --acceptance 0.7 -b 1,8,64"},
          .positionals = {kModelArgument},
          .options = options(),
          .run = run};
}

}  // namespace ridgepoint::app
