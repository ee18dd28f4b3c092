// SPDX-License-Identifier: Apache-2.0
#include "app/deployment_answer.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/core/numbers.hpp"
#include "ridgepoint/core/units.hpp"
#include "ridgepoint/predict/speculation.hpp"

namespace ridgepoint::app {
namespace {

constexpr std::string_view kModes = "bound|floor";

double read_acceptance(const Arguments& arguments, Faults& faults) {
  constexpr std::string_view kOption = "--acceptance";
  const auto ratio = faults.take(parse_ratio(arguments.value(kOption), kOption, 0));
  if (ratio && Count(1) < *ratio) {
    faults.add(std::string(kOption), arguments.value(kOption) + " is no probability",
               "expected a number from 0 to 1");
  }
  return ratio ? ratio->to_double() : 0;
}

predict::SpeculationQuestion read_question(const Arguments& arguments,
                                           const model::Architecture& model, Faults& faults) {
  constexpr std::int64_t kMostProposed = 64;
  predict::SpeculationQuestion question;
  const auto proposed = faults.take(parse_count(arguments.value("--num-speculative-tokens"),
                                                "--num-speculative-tokens", {1, kMostProposed}));
  question.proposed = proposed.value_or(1);
  question.acceptance = read_acceptance(arguments, faults);
  if (const auto batches = faults.take(parse_counts(arguments.value("--batch"), "--batch"))) {
    question.batches = *batches;
  }
  question.context = read_size(arguments, "--context", faults).value_or(1);
  question.reading = read_choice(arguments, "--mode", kModes, faults) == "floor"
                         ? predict::Reading::floor
                         : predict::Reading::bound;
  question.execution = {read_precision(arguments, model, faults), 1,
                        read_parallelism(arguments, model, faults)};
  if (arguments.has("--draft")) {
    question.draft = faults.take(catalog::find_model(arguments.value("--draft"), {}, "--draft"));
  }
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
       {{"--draft", "MODEL", "the model that proposes tokens (default: heads on the model itself)",
         ""},
        {"-k,--num-speculative-tokens", "N", "tokens proposed for each check", "4"},
        {"--acceptance", "X", "how likely a proposed token is accepted", "0.8"},
        {"-b,--batch", "LIST", "sequences in a step: 1,64 or 1..256:x2", "1..256:x2"},
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
