// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/deployment_options.hpp"
#include "app/deployment_questions.hpp"
#include "app/words.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/units.hpp"
#include "ridgepoint/report/serving_commands.hpp"

namespace ridgepoint::app {
namespace {

using report::Engine;

constexpr std::string_view kFormats = "text|json";
constexpr std::string_view kEngines = "vllm|sglang|tensorrt-llm";
constexpr std::string_view kMostSequences = "256";

Engine read_engine(const Arguments& arguments, Faults& faults) {
  const std::string word = read_choice(arguments, "--engine", kEngines, faults);
  for (const Engine engine : {Engine::sglang, Engine::tensorrt_llm}) {
    if (name(engine) == word) return engine;
  }
  return Engine::vllm;
}

/// What `fit` is asked: where the words are silent, the engine's own choice, the length that
/// input and output make, and as many sequences as the batch.
Arguments fit_arguments(const Arguments& arguments, const model::Architecture& model, Engine engine,
                        Faults& faults) {
  Arguments filled = arguments;
  const auto fill = [&](std::string_view option, const std::string& value) {
    if (!filled.has(option)) filled.add(option, value);
  };
  fill("--block-size", std::to_string(default_block_size(engine)));
  fill("--max-num-seqs",
       arguments.has("--batch") ? arguments.value("--batch") : std::string(kMostSequences));
  if (arguments.has("--input") || arguments.has("--output")) {
    predict::RequestQuestion request;
    const auto tokens = [&](std::string_view option, std::int64_t usual) {
      return arguments.has(option) ? read_size(arguments, option, faults).value_or(usual) : usual;
    };
    request.input = tokens("--input", request.input);
    request.output = tokens("--output", request.output);
    const std::int64_t length = memory_question(model, request).max_model_len;
    fill("--max-model-len", std::to_string(length));
    const auto given = parse_count(filled.value("--max-model-len"), "--max-model-len");
    if (given && *given < length) add_too_short(*given, length, faults);
  }
  add_defaults(fit_verb(), filled);
  return filled;
}

bool is_path(const std::string& text) {
  return text.starts_with('.') || text.starts_with('/') || text.starts_with('~') ||
         text.ends_with('/') || text.ends_with(".json");
}

/// The folder that engines want instead of its config.json.
std::string folder_of(const std::string& path) {
  constexpr std::string_view kFile = "config.json";
  if (!path.ends_with(kFile)) return path;
  const std::string folder = path.substr(0, path.size() - kFile.size());
  return folder.empty() ? "." : folder;
}

/// How an engine finds the model: what was typed if that is its name on the hub, else the first
/// such name that the catalogue knows, else the path.
std::string served_model(const std::string& typed, std::vector<std::string>& remarks) {
  const auto entry = is_path(typed) ? fail("", "") : catalog::find_model_entry(typed);
  if (!entry) return folder_of(typed);
  std::string first;
  for (const std::string& alias : entry->aliases) {
    if (alias.find('/') == std::string::npos) continue;
    if (normalized(alias) == normalized(typed)) return alias;
    if (first.empty()) first = alias;
  }
  if (!first.empty()) return first;
  remarks.push_back(fmt::format("no name on the hub is known of {}", entry->name));
  return entry->name;
}

/// The sequences that each replica is told to take at most: no more than find room at full length.
std::int64_t admitted(const predict::MemoryFit& fit) {
  const std::int64_t asked = fit.question.max_num_seqs;
  if (!fit.has_cache || !fit.fits) return asked;
  const double room =
      std::floor(fit.sequences_at_max_length / static_cast<double>(fit.question.parallelism.data));
  return room < static_cast<double>(asked)
             ? std::max<std::int64_t>(1, static_cast<std::int64_t>(room))
             : asked;
}

/// The fit with as many sequences as it admits.
Result<predict::MemoryFit> settled_fit(const model::Architecture& model,
                                       const hardware::Device& device,
                                       predict::FitQuestion question) {
  auto fit = predict::fit(model, device, question);
  if (!fit) return fit;
  question.max_num_seqs = admitted(*fit);
  return question.max_num_seqs == fit->question.max_num_seqs
             ? fit
             : predict::fit(model, device, question);
}

std::string why_not(const predict::MemoryFit& fit) {
  const std::string change =
      fit.changes.empty()
          ? "no split of up to 1024 such devices would do"
          : fmt::format("to fit: {}  [{}]", fit.changes.front().what, fit.changes.front().options);
  return fmt::format("no line: {} does not fit on {} × {}; {}", fit.architecture.name,
                     fit.question.parallelism.devices(), fit.device.name, change);
}

void add_remarks(const Arguments& arguments, const report::Serving& serving,
                 std::vector<std::string>& remarks) {
  const predict::FitQuestion& question = serving.fit.question;
  if (arguments.has("--set-device")) {
    remarks.emplace_back(
        "--set-device has no place in a line: it runs on the device that is there");
  }
  const std::string asked =
      arguments.value(arguments.has("--max-num-seqs") ? "--max-num-seqs" : "--batch");
  if (!asked.empty() && serving.fit.fits &&
      parse_count(asked, "asked").value_or(0) != question.max_num_seqs) {
    remarks.push_back(fmt::format("{} sequences were asked for; {} of {} tokens find room", asked,
                                  question.max_num_seqs, question.max_model_len));
  }
  if (serving.engine == Engine::vllm && question.parallelism.data > 1 &&
      question.parallelism.expert == 1 && has_experts(serving.fit.architecture)) {
    remarks.emplace_back(
        "vLLM splits experts over the replicas too; counted is a whole set for each "
        "(--enable-expert-parallel shares them)");
  }
}

Result<Answer> run(const Arguments& arguments) {
  Faults faults;
  const std::string format = read_format(arguments, kFormats, faults);
  const Engine engine = read_engine(arguments, faults);
  const auto model = read_model(arguments, faults);
  const auto device = read_device(arguments, faults);
  const Arguments filled =
      fit_arguments(arguments, model.value_or(model::Architecture{}), engine, faults);
  const predict::FitQuestion question =
      read_fit_question(filled, model.value_or(model::Architecture{}), faults);
  if (faults) return fail(faults.all());

  auto fit = settled_fit(*model, *device, question);
  if (!fit) return fail(fit.error());
  Answer answer;
  report::Serving serving{
      engine, served_model(arguments.value("MODEL"), answer.warnings), std::move(*fit), {}};
  for (const std::string& change : arguments.values("--set")) {
    if (const auto one = parse_override(change, "--set")) serving.config_changes.push_back(*one);
  }
  const auto words = serving_arguments(serving);
  if (!words) return fail(words.error());
  const bool fits = serving.fit.fits;
  const std::vector<std::string> arguments_out = fits ? *words : std::vector<std::string>{};
  if (format == "json") {
    answer.document = to_json(serving, arguments_out);
  } else if (fits) {
    answer.document = report::shell_line(arguments_out) + "\n";
  }
  for (std::string& remark : context_warnings(*model, question.max_model_len)) {
    answer.warnings.push_back(std::move(remark));
  }
  add_remarks(arguments, serving, answer.warnings);
  if (!fits) answer.warnings.push_back(why_not(serving.fit));
  answer.exit_code = fits ? kGood : kDoesNotFit;
  return answer;
}

std::vector<Option> options() {
  std::vector<Option> all{{"--engine", kEngines, "whose line", "vllm"}, kDeviceOption};
  all.insert(all.end(), parallel_options().begin(), parallel_options().end());
  all.insert(
      all.end(),
      {{"-i,--input", "N", "prompt tokens of each request (with output: --max-model-len)", ""},
       {"-o,--output", "N", "answer tokens of each request", ""},
       {"-b,--batch", "N", "requests at a time, on each replica: --max-num-seqs", ""},
       {"--max-model-len", "N", "tokens of the longest sequence (default: the model's most)", ""},
       kWeightsOption,
       kActivationsOption,
       kKvCacheOption,
       {"--gpu-memory-utilization", "X", "the share of the memory that may be used", "0.9"},
       {"--block-size", "N", "tokens of a block of the KV cache (default: the engine's)", ""},
       {"--max-num-batched-tokens", "N", "new tokens of the largest step", "8192"},
       {"--max-num-seqs", "N", "sequences of a step (default: what fits, up to 256)", ""},
       {"--overhead", "BYTES", "what the runtime itself takes of each device", "1GiB"},
       kSetOption,
       kSetDeviceOption,
       format_option(kFormats),
       kJsonOption,
       kOutOption});
  return all;
}

}  // namespace

Verb emit_verb() {
  return {.name = "emit",
          .summary = "The vllm, SGLang or TensorRT-LLM line that serves a deployment that fits",
          .examples = {"ridgepoint emit llama-3.3-70b -d h100-sxm -tp 4 -i 2048 -o 512",
                       "ridgepoint emit deepseek-v3 -d h200-sxm -dp 8 --ep 8 --engine sglang"},
          .positionals = {kModelArgument},
          .options = options(),
          .run = run};
}

}  // namespace ridgepoint::app
