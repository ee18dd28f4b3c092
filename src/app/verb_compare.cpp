// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "app/calibration_options.hpp"
#include "app/comparison_columns.hpp"
#include "app/deployment_options.hpp"
#include "app/deployment_questions.hpp"
#include "app/tabular_answer.hpp"
#include "app/words.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/predict/comparison.hpp"
#include "ridgepoint/report/comparison_report.hpp"

namespace ridgepoint::app {
namespace {

/// Memory is asked about for sequences as long as the requests, unless the words say otherwise.
predict::FitQuestion read_memory_question(const predict::RequestQuestion& request,
                                          const Arguments& arguments,
                                          const model::Architecture& model, Faults& faults) {
  const std::int64_t length = memory_question(model, request).max_model_len;
  Arguments all = arguments;
  if (!all.has("--max-model-len")) all.set("--max-model-len", std::to_string(length));
  predict::FitQuestion question = read_fit_question(all, model, faults);
  if (question.max_model_len < length) {
    add_too_short(question.max_model_len, length, faults);
  }
  if (!all.has("--mean-length")) question.mean_length = question.max_model_len;
  question.source_tokens = request.input;
  // What the cache has of a prompt is shared: `estimate` says the same.
  question.shared_prefix = std::max(question.shared_prefix, request.cached_input());
  question.prefix_hit_rate = 0;
  return question;
}

std::optional<predict::Candidate> read_candidate(const ComparisonColumn& column, Faults& faults) {
  auto model = read_model(column.arguments, faults);
  auto device = read_device(column.arguments, faults);
  const model::Architecture known = model.value_or(model::Architecture{});
  auto request = read_request_question(column.arguments, known, faults);
  auto memory = read_memory_question(request, column.arguments, known, faults);
  if (!model || !device) return std::nullopt;
  read_calibration_into(column.arguments, *device, request.execution, faults,
                        ForeignProfiles::allowed);
  return predict::Candidate{column.name, std::move(*model), std::move(*device), std::move(memory),
                            std::move(request)};
}

/// Whether a change left every byte and every time as it was.
bool changes_nothing(const predict::Candidate& base, const predict::Candidate& changed) {
  const auto memory = [](const predict::Candidate& one) {
    return predict::fit(one.architecture, one.device, one.memory);
  };
  const auto before = memory(base);
  const auto after = memory(changed);
  if (!before || !after) return false;
  for (const auto bytes :
       {&predict::StageMemory::weight_bytes, &predict::StageMemory::activation_bytes,
        &predict::StageMemory::sequence_bytes}) {
    if (before->stage().*bytes != after->stage().*bytes) return false;
  }
  const auto times = [](const predict::Candidate& one) {
    return predict::estimate(one.architecture, one.device, one.request);
  };
  const auto slow = times(base);
  const auto fast = times(changed);
  const auto are_same = [](const predict::RequestTimes& a, const predict::RequestTimes& b) {
    return a.ttft_s == b.ttft_s && a.tpot_s == b.tpot_s && a.e2el_s == b.e2el_s;
  };
  return slow && fast && are_same(slow->floor, fast->floor) && are_same(slow->bound, fast->bound);
}

/// Options of compare itself, and not of a deployment.
bool is_about_answer(const std::string& option) {
  if (option == "--variant" || option == "--shortcuts") return true;
  if (option == "--set" || option == "--set-device") return false;
  const std::vector<Option> all = answer_options(kPageFormats);
  return std::any_of(all.begin(), all.end(),
                     [&](const Option& one) { return option_name(one) == option; });
}

/// The words of a --variant, which are all about a deployment; nothing where they are not.
std::optional<Variation> read_variant(const Verb& verb, const std::string& text, Faults& faults) {
  constexpr const char* kOption = "--variant";
  auto words = faults.take(split_words(text, kOption));
  if (!words) return std::nullopt;
  if (words->empty()) {
    faults.add(kOption, "says nothing", "write options of a deployment: --variant '-tp 8'");
    return std::nullopt;
  }
  if (std::find(words->begin(), words->end(), "--") != words->end()) {
    faults.add(kOption, fmt::format("\"{}\" holds a line behind --", shown(text)),
               "write its options: --variant '-tp 8 --kv-cache-dtype fp8'");
    return std::nullopt;
  }
  const auto said = faults.take(read_more_words(verb, Arguments(), *words));
  if (!said) return std::nullopt;
  for (const Option& option : verb.options) {
    const std::string name = option_name(option);
    if (!said->has(name) || !is_about_answer(name)) continue;
    faults.add(kOption, fmt::format("{} says nothing about a deployment", name),
               "give it to compare itself, outside of the variant");
    return std::nullopt;
  }
  return Variation{text, std::move(*words)};
}

/// The deployments that the words ask for, and those of their variations that mean nothing.
class CandidateReader {
 public:
  CandidateReader(const Arguments& arguments, Faults& faults)
      : verb_(compare_verb()), arguments_(arguments), faults_(faults) {
    for (const std::string& text : arguments.values("--variant")) {
      if (auto variant = read_variant(verb_, text, faults)) variants_.push_back(*variant);
    }
  }

  void read() {
    for (ComparisonColumn& column : comparison_columns(verb_, arguments_, faults_)) {
      const auto candidate = take(column);
      for (const Variation& variation : variants_) {
        if (const auto changed = faults_.take(varied(verb_, column, variation))) take(*changed);
      }
      if (candidate && arguments_.has("--shortcuts")) add_shortcuts(column, *candidate);
    }
  }

  std::vector<predict::Candidate> candidates;
  std::vector<predict::LeftOut> left_out;

 private:
  bool is_varied() const { return !variants_.empty() || arguments_.has("--shortcuts"); }

  std::optional<predict::Candidate> take(ComparisonColumn column) {
    if (column.name.empty()) {
      column.name = column.arguments.value("MODEL") + (is_varied() ? " as it is" : "");
    }
    Faults own;
    auto candidate = read_candidate(column, own);
    if (own && own.are_all_impossible()) {
      left_out.push_back({column.name, own.distinct()});
      return std::nullopt;
    }
    faults_.add(own.all());
    if (candidate) candidates.push_back(*candidate);
    return candidate;
  }

  /// A shortcut that this model cannot take is no fault of the user's.
  void add_shortcuts(const ComparisonColumn& column, const predict::Candidate& base) {
    for (const Variation& shortcut : shortcuts(base.architecture)) {
      const std::string name = varied_name(column, shortcut);
      if (!shortcut.not_applicable.empty()) {
        left_out.push_back({name, {{name, shortcut.not_applicable}}});
        continue;
      }
      const auto changed = varied(verb_, column, shortcut);
      Faults own;
      auto candidate = changed ? read_candidate(*changed, own) : std::nullopt;
      if (candidate && !own && changes_nothing(base, *candidate)) {
        left_out.push_back({name, {{name, "it changes nothing for this model"}}});
      } else if (candidate && !own) {
        candidates.push_back(std::move(*candidate));
      } else {
        left_out.push_back({name, changed ? own.distinct() : changed.error()});
      }
    }
  }

  Verb verb_;
  const Arguments& arguments_;
  Faults& faults_;
  std::vector<Variation> variants_;
};

/// One remark for each model whose longest context is exceeded.
std::vector<std::string> warnings(const std::vector<predict::Candidate>& candidates) {
  std::vector<std::string> all;
  for (const predict::Candidate& one : candidates) {
    for (std::string& remark :
         context_warnings(one.architecture, one.request.input + one.request.output)) {
      if (std::find(all.begin(), all.end(), remark) == all.end()) all.push_back(std::move(remark));
    }
  }
  return all;
}

Result<Answer> run(const Arguments& arguments) {
  Faults faults;
  const std::string format = read_format(arguments, kPageFormats, faults);
  const report::Terminal terminal = read_terminal(arguments, faults);
  CandidateReader reader(arguments, faults);
  reader.read();
  if (faults) return fail(faults.distinct());
  const auto comparison = predict::compare(reader.candidates, reader.left_out);
  if (!comparison) return fail(comparison.error());
  Answer answer = tabular_answer(*comparison, format, terminal);
  answer.warnings = warnings(reader.candidates);
  if (arguments.has("--explain") && format == "table") {
    answer.document += "\n" + report::to_explanation(*comparison, terminal);
  }
  return answer;
}

std::vector<Option> options() {
  return joined_options(
      {{{"-d,--device", "DEVICE", "names or device files, with commas between", "h100-sxm"}},
       parallel_options(),
       request_options(),
       precision_options(),
       {{"--max-model-len", "N", "tokens of the longest sequence (default: input + output)", ""},
        {"--mean-length", "N", "tokens of an average sequence (default: the longest)", ""}},
       memory_options(),
       calibration_options(),
       {{"--variant", "OPTIONS", "beside each deployment one with these options; may be repeated",
         "", true},
        {"--shortcuts", "", "beside each one the usual ways of making the model cheaper", ""}},
       answer_options(kPageFormats)});
}

}  // namespace

Verb compare_verb() {
  return {.name = "compare",
          .summary = "Deployments side by side: lists of models, devices, types and sizes",
          .examples = {"ridgepoint compare llama-3.3-70b -d h100-sxm,h200-sxm,mi300x -tp 4,8",
                       "ridgepoint compare llama-2-13b -d h100-sxm -b 16 --shortcuts",
                       "ridgepoint compare qwen3-8b --variant '--kv-cache-dtype fp8' --variant "
                       "'--set num_key_value_heads=4'"},
          .positionals = {{"MODEL", "catalogue names, config.json files, or their folders; a list",
                           true, true}},
          .options = options(),
          .run = run};
}

}  // namespace ridgepoint::app
