// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string_view>

#include "app/calibration_options.hpp"
#include "app/deployment_answer.hpp"
#include "app/deployment_questions.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::app {
namespace {

/// "2p4d": digits and a letter, twice; nothing where it is anything else.
std::optional<predict::Disaggregation> parse_disaggregation(std::string_view text) {
  predict::Disaggregation split;
  const char* const end = text.data() + text.size();
  const auto prefill = std::from_chars(text.data(), end, split.prefill_instances);
  if (prefill.ec != std::errc() || prefill.ptr == end) return std::nullopt;
  const auto decode = std::from_chars(prefill.ptr + 1, end, split.decode_instances);
  if (decode.ec != std::errc() || decode.ptr + 1 != end) return std::nullopt;
  const bool has_letters =
      (*prefill.ptr == 'p' || *prefill.ptr == 'P') && (*decode.ptr == 'd' || *decode.ptr == 'D');
  const auto is_count = [](std::int64_t n) { return n >= 1 && n <= predict::kMostInstances; };
  const bool has_counts = is_count(split.prefill_instances) && is_count(split.decode_instances);
  if (!has_letters || !has_counts) return std::nullopt;
  return split;
}

predict::RequestQuestion read_question(const Arguments& arguments, const model::Architecture& model,
                                       Faults& faults) {
  predict::RequestQuestion question = read_request_question(arguments, model, faults);
  question.speculation = read_speculation(arguments, faults);
  if (!arguments.has("--disaggregate")) return question;
  const std::string text = arguments.value("--disaggregate");
  question.disaggregation = parse_disaggregation(text);
  if (!question.disaggregation) {
    faults.add("--disaggregate",
               fmt::format("\"{}\" is not a number of prefill and one of decode instances", text),
               fmt::format("write 2p4d for 2 and 4; 1 to {} of each",
                           format_integer(predict::kMostInstances)));
  }
  return question;
}

Result<Answer> run(const Arguments& arguments) {
  predict::Estimate content;
  return deployment_answer<predict::RequestQuestion, predict::Estimate>(
      {read_question, predict::estimate,
       [](const predict::RequestQuestion& question) { return question.input + question.output; },
       [](const Arguments& words, const hardware::Device& device,
          predict::RequestQuestion& question,
          Faults& faults) { read_calibration_into(words, device, question.execution, faults); }},
      arguments, content);
}

std::vector<Option> options() {
  return joined_options({{kDeviceOption},
                         parallel_options(),
                         request_options(),
                         {{"--disaggregate", "NpMd",
                           "N prefill and M decode instances, each of the devices above", ""}},
                         speculation_options(kProposedOption),
                         precision_options(),
                         memory_limit_options(),
                         calibration_options(),
                         answer_options(kPageFormats)});
}

}  // namespace

Verb estimate_verb() {
  return {.name = "estimate",
          .summary = "How fast: TTFT, TPOT, throughput, MFU, energy and cost of a deployment",
          .examples = {"ridgepoint estimate llama-3.3-70b -d h100-sxm -tp 8 -i 2048 -o 512 -b 32",
                       "ridgepoint estimate qwen3-8b -d l40s -b 16 --weights fp8",
                       "ridgepoint estimate llama-3.3-70b -d h100-sxm -tp 8 -b 64 --disaggregate "
                       "2p4d"},
          .positionals = {kModelArgument},
          .options = options(),
          .run = run};
}

}  // namespace ridgepoint::app
