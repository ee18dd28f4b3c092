// SPDX-License-Identifier: Apache-2.0
#include "app/deployment_answer.hpp"
#include "app/deployment_questions.hpp"

namespace ridgepoint::app {
namespace {

Result<Answer> run(const Arguments& arguments) {
  predict::Estimate content;
  return deployment_answer<predict::RequestQuestion, predict::Estimate>(
      {read_request_question, predict::estimate,
       [](const predict::RequestQuestion& question) { return question.input + question.output; }},
      arguments, content);
}

std::vector<Option> options() {
  std::vector<Option> all{kDeviceOption};
  all.insert(all.end(), parallel_options().begin(), parallel_options().end());
  all.insert(
      all.end(),
      {{"-i,--input", "N", "prompt tokens of each request", "1024"},
       {"-o,--output", "N", "answer tokens of each request", "128"},
       {"-b,--batch", "N", "requests at a time (on each replica)", "1"},
       {"-s,--context", "N", "context of the step that TPOT is (default: input + output/2)", ""},
       {"--max-num-batched-tokens", "N", "new tokens of the largest step", "8192"},
       kWeightsOption,
       kActivationsOption,
       kKvCacheOption,
       kExpertImbalanceOption,
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

Verb estimate_verb() {
  return {.name = "estimate",
          .summary = "How fast: TTFT, TPOT, throughput, MFU, energy and cost of a deployment",
          .examples = {"ridgepoint estimate llama-3.3-70b -d h100-sxm -tp 8 -i 2048 -o 512 -b 32",
                       "ridgepoint estimate qwen3-8b -d l40s -b 16 --weights fp8"},
          .positionals = {kModelArgument},
          .options = options(),
          .run = run};
}

}  // namespace ridgepoint::app
