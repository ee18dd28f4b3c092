// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "app/asked_sweep.hpp"
#include "app/deployment_options.hpp"
#include "app/design_axes.hpp"
#include "app/interrupt.hpp"
#include "app/progress_bar.hpp"
#include "app/tabular_answer.hpp"
#include "app/words.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/core/units.hpp"
#include "ridgepoint/explore/plan.hpp"

namespace ridgepoint::app {
namespace {

using explore::Axes;
using explore::PlanQuestion;

/// What a space is made of where the words say nothing: all splits that engines use, and as many
/// sequences at once as they capture graphs for.
constexpr std::string_view kTensorSizes = "1..64:x2";
constexpr std::string_view kPipelineSizes = "1,2,4,8";
constexpr std::string_view kReplicasOfExperts = "1..64:x2";
constexpr std::string_view kBatches = "1,2,4,8..256:+8,272..512:+16,544..1024:+32";

/// A percentage, as a share.
std::optional<double> read_percentile(const Arguments& arguments, Faults& faults) {
  if (!arguments.has("--percentile")) return std::nullopt;
  const auto percent = faults.take(parse_ratio(arguments.value("--percentile"), "--percentile", 0));
  return percent ? std::optional(percent->to_double() / 100) : std::nullopt;
}

/// Devices whose price nobody has told.
std::vector<std::string> unpriced(const Axes& axes) {
  std::vector<std::string> names;
  for (const auto& each : axes.devices) {
    if (!each.device.price_dollars_per_hour) names.push_back(each.name);
  }
  return names;
}

/// Where all devices have a price, cost is what counts; else their number does.
std::string objective_of(const Arguments& arguments, const Axes& axes) {
  if (arguments.has("--objective")) return arguments.value("--objective");
  return unpriced(axes).empty() ? "min:cost" : "min:devices";
}

std::vector<std::string> remarks_on(const Arguments& arguments, const Axes& axes) {
  std::vector<std::string> remarks = sweep_warnings(axes);
  const std::vector<std::string> names = unpriced(axes);
  if (!arguments.has("--objective") && !names.empty()) {
    remarks.push_back(
        fmt::format("the price of {} is not known: the fewest devices are looked for "
                    "(--objective min:cost leaves it out)",
                    fmt::join(names, ", ")));
  }
  return remarks;
}

PlanQuestion read_question(const Arguments& arguments, const Axes& axes, Faults& faults) {
  PlanQuestion question;
  question.reading = read_mode(arguments, axes, faults);
  if (!arguments.has("--rate")) {
    faults.add("--rate", "a plan needs a load", "requests a second: --rate 20");
  } else if (auto rate = faults.take(parse_request_rate(arguments.value("--rate"), "--rate"))) {
    question.requests_per_s = *rate;
  }
  auto subject = faults.take(explore::parse_subject(arguments.value("--subject"), "--subject"));
  if (subject) question.subject = std::move(*subject);
  const auto objective =
      faults.take(explore::parse_objective(objective_of(arguments, axes), "--objective"));
  if (objective) question.objective = *objective;
  question.max_devices = read_size(arguments, "--max-devices", faults).value_or(1);
  const auto share = faults.take(parse_ratio(arguments.value("--utilization"), "--utilization", 0));
  if (share) question.utilization = share->to_double();
  question.percentile = read_percentile(arguments, faults);
  constexpr std::int64_t kMostShown = 1000;
  const auto shown =
      faults.take(parse_count(arguments.value("--runners-up"), "--runners-up", {0, kMostShown}));
  question.runners_up = static_cast<std::size_t>(shown.value_or(0));
  for (const Diagnostic& each : faults_of(question)) faults.add(each.where, each.what, each.help);
  return question;
}

/// One value where a list makes no sense: a plan is for one load.
template <class T>
void check_single(const std::vector<T>& axis, std::string_view option, Faults& faults) {
  if (axis.size() <= 1) return;
  faults.add(std::string(option), "a plan is for one length of requests",
             "give one, or `sweep` over them");
}

/// Spreads of experts for those who have some.
void add_expert_splits(const Arguments& arguments, Axes& axes) {
  const bool have_experts =
      std::any_of(axes.models.begin(), axes.models.end(),
                  [](const auto& each) { return has_experts(each.architecture); });
  if (!have_experts) return;
  if (!arguments.has("--expert-parallel-size") && !arguments.has("--enable-expert-parallel")) {
    axes.expert = {1, std::nullopt};
  }
  if (!arguments.has("--data-parallel-size")) axes.data = {1, 2, 4, 8, 16, 32, 64};
}

/// As an engine does that is told how many sequences it may work on.
void cap_batches(const Arguments& arguments, Axes& axes, Faults& faults) {
  if (!arguments.has("--max-num-seqs") || axes.batch.empty()) return;
  const std::int64_t most = read_size(arguments, "--max-num-seqs", faults).value_or(1);
  const bool is_capped = axes.batch.back() > most;
  std::erase_if(axes.batch, [&](std::int64_t batch) { return batch >= most; });
  if (is_capped || axes.batch.empty()) axes.batch.push_back(most);
}

Axes read_plan_axes(const Arguments& arguments, Faults& faults) {
  Axes axes = read_axes(arguments, faults);
  check_single(axes.input, "--input", faults);
  check_single(axes.output, "--output", faults);
  check_single(axes.context, "--context", faults);
  std::sort(axes.batch.begin(), axes.batch.end());
  axes.batch.erase(std::unique(axes.batch.begin(), axes.batch.end()), axes.batch.end());
  cap_batches(arguments, axes, faults);
  add_expert_splits(arguments, axes);
  return axes;
}

void check_size(const Axes& axes, Faults& faults) {
  constexpr double kManyPoints = 1e6;
  constexpr double kManyDeployments = 10'000;
  const double points = explore::count_points(axes);
  const double deployments = points / static_cast<double>(axes.batch.size());
  if (points > kManyPoints) {
    faults.add("points", "the axes make " + format_number(points) + " of them",
               "at most a million: shorter lists, or larger steps");
  } else if (deployments > kManyDeployments) {
    faults.add("deployments", "the axes make " + format_number(deployments) + " of them",
               "at most 10,000, each with its batches: shorter lists");
  }
}

Answer answer_of(const explore::Space& space, const explore::Plan& plan, const std::string& format,
                 const report::Terminal& terminal) {
  Answer answer = tabular_answer(report::PlannedSpace{space, plan}, format, terminal);
  const bool is_too_large = plan.counts.legal > 0 && !plan.has_room;
  if (!plan.best) answer.exit_code = is_too_large ? kDoesNotFit : kNotMet;
  const bool is_refuted = plan.verification && !plan.verification->holds();
  if (is_refuted) answer.exit_code = kInternalError;
  return answer;
}

Result<Answer> run(const Arguments& arguments) {
  const InterruptEnds interrupt;
  Faults faults;
  const std::string format = read_format(arguments, kTableFormats, faults);
  const report::Terminal terminal = read_terminal(arguments, faults);
  Axes axes = read_plan_axes(arguments, faults);
  PlanQuestion question = read_question(arguments, axes, faults);
  if (!faults) check_size(axes, faults);
  if (faults) return fail(faults.distinct());
  const std::vector<std::string> remarks = remarks_on(arguments, axes);
  const auto space = explore::Space::of(std::move(axes));
  if (!space) return fail(space.error());
  ProgressBar bar("point");
  question.on_progress = [&](std::uint64_t done, std::uint64_t all) { bar.show(done, all); };
  Answer answer =
      answer_of(*space, plan(*space, question, arguments.has("--verify")), format, terminal);
  answer.warnings = remarks;
  return answer;
}

/// Those of a design space, with the lists of a plan.
std::vector<Option> space_options() {
  const std::map<std::string_view, std::string_view> lists{
      {"--tensor-parallel-size", kTensorSizes},
      {"--pipeline-parallel-size", kPipelineSizes},
      {"--batch", kBatches},
      {"--max-num-seqs", ""}};
  std::vector<Option> options = design_options();
  for (Option& option : options) {
    const auto list = lists.find(option_name(option));
    if (list != lists.end()) option.default_value = list->second;
    if (option_name(option) == "--batch") option.help = "sequences that a replica works on at once";
    if (option_name(option) == "--max-num-seqs") option.help = "the most of --batch that is tried";
  }
  return options;
}

std::vector<Option> options() {
  return joined_options(
      {{{"--rate", "R", "requests a second that come in all", ""},
        {"--subject", "LIMITS", "what requests are promised: 'ttft<1s, tpot<40ms'", "fits"},
        {"--objective", "min:METRIC",
         "cost, devices or energy (default: cost, where all prices are known; else devices)", ""},
        {"--max-devices", "N", "devices of a plan at most", "64"},
        {"--utilization", "X", "share of what replicas can take that they are loaded to", "0.8"},
        {"--percentile", "P", "the percentile of TTFT that counts (default: the mean)", ""},
        {"--mode", kReadings, "which times count (default: expected, where all devices have them)",
         ""},
        {"--runners-up", "N", "how many next best deployments are told", "5"},
        {"--verify", "", "evaluate every point, to see that bounds have excluded none wrongly",
         ""}},
       space_options(),
       {kSetOption, kSetDeviceOption, format_option(kTableFormats), kJsonOption, kOutOption,
        kColorOption}});
}

}  // namespace

Verb plan_verb() {
  return {.name = "plan",
          .summary = "The cheapest deployment that carries a load, proved; and why not another",
          .examples = {"ridgepoint plan llama-3.3-70b --rate 20 -i 4000 -o 500 --subject 'ttft<1s, "
                       "tpot<40ms' -d h100-sxm,h200-sxm,mi300x --max-devices 64",
                       "ridgepoint plan qwen3-8b --rate 5 -i 2k -o 300 --subject 'tpot<20ms' "
                       "--percentile 95 --weights bf16,fp8"},
          .positionals = {{"MODEL", "catalogue names, config.json files, or their folders; a list",
                           true, true}},
          .options = options(),
          .run = run};
}

}  // namespace ridgepoint::app
