// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/calibration_options.hpp"
#include "app/deployment_options.hpp"
#include "app/deployment_questions.hpp"
#include "app/tabular_answer.hpp"
#include "ridgepoint/core/text.hpp"

namespace ridgepoint::app {
namespace {

using predict::Reading;
using roofline::Bound;

constexpr std::string_view kModes = "floor|bound|expected";
constexpr std::string_view kStepPhases = "decode|prefill";

/// Everything that the words say of a deployment.
struct Asked {
  std::optional<model::Architecture> model;
  std::optional<hardware::Device> device;
  predict::SensitivityQuestion question;
  std::string format;
  report::Terminal terminal;
};

Reading read_mode(const Arguments& arguments, Faults& faults) {
  const std::string mode = read_choice(arguments, "--mode", kModes, faults);
  if (mode == "expected") return Reading::expected;
  return mode == "floor" ? Reading::floor : Reading::bound;
}

Asked read(const Arguments& arguments, Faults& faults) {
  Asked asked;
  asked.format = read_format(arguments, kPageFormats, faults);
  asked.terminal = read_terminal(arguments, faults);
  asked.model = read_model(arguments, faults);
  asked.device = read_device(arguments, faults);
  asked.question.request =
      read_request_question(arguments, asked.model.value_or(model::Architecture{}), faults);
  asked.question.reading = read_mode(arguments, faults);
  auto& execution = asked.question.request.execution;
  if (asked.device) read_calibration_into(arguments, *asked.device, execution, faults);
  const bool is_known = execution.calibration != nullptr;
  if (asked.device && asked.question.reading == Reading::expected && !is_known) {
    faults.add("--mode", fmt::format("no expected times of {} are known", asked.device->name),
               "take --mode bound, or give a --profile of it");
  }
  // Times that are not asked for are not worked out.
  if (asked.question.reading != Reading::expected) execution.calibration = nullptr;
  return asked;
}

/// "attention=compute_bound": an operator, and what is to limit it.
struct OperatorGoal {
  std::string op;
  Bound wanted = Bound::compute_bound;
};
std::optional<OperatorGoal> operator_goal(std::string_view text) {
  const std::size_t at = text.find('=');
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view wanted = trimmed(text.substr(at + 1));
  for (const Bound bound : {Bound::compute_bound, Bound::memory_bound}) {
    if (wanted == name(bound)) return OperatorGoal{std::string(trimmed(text.substr(0, at))), bound};
  }
  return std::nullopt;
}

Result<Answer> solve_operator(const Asked& asked, const OperatorGoal& goal,
                              const Arguments& arguments) {
  const auto phase =
      arguments.value("--phase") == "prefill" ? predict::Phase::prefill : predict::Phase::decode;
  const auto solved = predict::solve_operator(
      *asked.model, *asked.device,
      {asked.question.request, phase, goal.op, goal.wanted, arguments.value("--for")});
  if (!solved) return fail(solved.error());
  Answer answer = tabular_answer(*solved, asked.format, asked.terminal);
  if (!solved->is_met()) answer.exit_code = kNotMet;
  return answer;
}

Result<Answer> solve_metric(const Asked& asked, const explore::Goal& goal,
                            const Arguments& arguments) {
  const auto solved = explore::solve(
      *asked.model, *asked.device,
      {asked.question.request, asked.question.reading, goal, arguments.value("--for")});
  if (!solved) return fail(solved.error());
  Answer answer = tabular_answer(*solved, asked.format, asked.terminal);
  if (solved->met == explore::Met::never) answer.exit_code = kNotMet;
  return answer;
}

void check_solve(const Arguments& arguments, const std::string& format, Faults& faults) {
  if (arguments.has("--phase")) read_choice(arguments, "--phase", kStepPhases, faults);
  if (arguments.has("--solve") && format == "html") {
    faults.add("--format", "there is no page of what --solve answers",
               fmt::format("take one of {}", kTableFormats));
  }
  const bool has_operator = operator_goal(arguments.value("--solve")).has_value();
  if (arguments.has("--phase") && !has_operator) {
    faults.add("--phase", "is asked of an operator alone",
               "leave it out, or say which: --solve attention=compute_bound");
  }
  if (arguments.has("--solve") == arguments.has("--for")) return;
  const bool has_goal = arguments.has("--solve");
  faults.add(has_goal ? "--solve" : "--for",
             has_goal ? "nothing is named to solve for" : "there is nothing to solve",
             has_goal ? "name it: --for memory_bandwidth" : "say what: --solve tpot=10ms");
}

Result<Answer> solve(const Asked& asked, const Arguments& arguments, Faults& faults) {
  const std::string text = arguments.value("--solve");
  if (const auto goal = operator_goal(text)) {
    if (faults) return fail(faults.all());
    return solve_operator(asked, *goal, arguments);
  }
  const auto goal = faults.take(explore::parse_goal(text, "--solve"));
  if (faults) return fail(faults.all());
  return solve_metric(asked, *goal, arguments);
}

Result<Answer> tell(const Asked& asked, bool explains) {
  const auto found = predict::sensitivity(*asked.model, *asked.device, asked.question);
  if (!found) return fail(found.error());
  Answer answer = tabular_answer(*found, asked.format, asked.terminal);
  if (explains && asked.format == "table") {
    answer.document += "\n" + report::to_explanation(*found, asked.terminal);
  }
  return answer;
}

Result<Answer> run(const Arguments& arguments) {
  Faults faults;
  const Asked asked = read(arguments, faults);
  check_solve(arguments, asked.format, faults);
  if (arguments.has("--solve") && arguments.has("--for")) {
    return solve(asked, arguments, faults);
  }
  if (faults) return fail(faults.all());
  auto answer = tell(asked, arguments.has("--explain"));
  const auto& request = asked.question.request;
  if (answer) answer->warnings = context_warnings(*asked.model, request.input + request.output);
  return answer;
}

std::vector<Option> options() {
  return joined_options(
      {{kDeviceOption},
       parallel_options(),
       request_options(),
       {{"--mode", kModes, "which times: exact derivatives, of expected times differences",
         "bound"},
        {"--solve", "GOAL", "tpot=10ms, cost=0.5, or attention=compute_bound", ""},
        {"--for", "PARAMETER", "whose value is to make it so: memory_bandwidth, batch", ""},
        {"--phase", kStepPhases, "of which step the operator of --solve is (default: decode)", ""}},
       precision_options(),
       memory_limit_options(),
       calibration_options(),
       answer_options(kPageFormats)});
}

}  // namespace

Verb sensitivity_verb() {
  return {.name = "sensitivity",
          .summary = "What changes how fast it is: elasticities, and which value meets a goal",
          .examples =
              {"ridgepoint sensitivity llama-3.3-70b -d h100-sxm -tp 8 -i 2048 -o 512 -b 32",
               "ridgepoint sensitivity llama-3.1-8b --solve tpot=5ms --for memory_bandwidth",
               "ridgepoint sensitivity llama-2-13b --solve gate_up_proj=compute_bound --for batch"},
          .positionals = {kModelArgument},
          .options = options(),
          .run = run};
}

}  // namespace ridgepoint::app
