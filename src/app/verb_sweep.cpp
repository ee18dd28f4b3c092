// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "app/deployment_options.hpp"
#include "app/design_axes.hpp"
#include "app/interrupt.hpp"
#include "app/progress_bar.hpp"
#include "app/tabular_answer.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/core/units.hpp"
#include "ridgepoint/explore/sweep.hpp"
#include "ridgepoint/report/sweep_report.hpp"

namespace ridgepoint::app {
namespace {

using explore::Axes;
using explore::Space;
using explore::SweepQuestion;
using predict::Reading;

constexpr std::string_view kModes = "floor|bound|expected";

/// Expected times where all devices have them, so that no device is judged by another measure.
Reading read_mode(const Arguments& arguments, const Axes& axes, Faults& faults) {
  const auto unknown = std::find_if(axes.devices.begin(), axes.devices.end(),
                                    [](const auto& each) { return each.calibration == nullptr; });
  const bool are_known = unknown == axes.devices.end();
  if (!arguments.has("--mode")) return are_known ? Reading::expected : Reading::bound;
  const std::string mode = read_choice(arguments, "--mode", kModes, faults);
  if (mode == "floor") return Reading::floor;
  if (mode == "bound") return Reading::bound;
  if (!are_known) {
    faults.add("--mode",
               fmt::format("no times measured on {} or a relative are at hand", unknown->name),
               "take --mode bound, or give a --profile of it");
  }
  return Reading::expected;
}

SweepQuestion read_question(const Arguments& arguments, const Axes& axes, Faults& faults) {
  SweepQuestion question;
  question.reading = read_mode(arguments, axes, faults);
  const auto subject =
      faults.take(explore::parse_subject(arguments.value("--subject"), "--subject"));
  if (subject) question.subject = *subject;
  const auto objective =
      faults.take(explore::parse_objective(arguments.value("--objective"), "--objective"));
  if (objective) question.objective = *objective;
  if (arguments.has("--pareto")) {
    const auto front =
        faults.take(explore::parse_objectives(arguments.value("--pareto"), "--pareto"));
    if (front) question.front = *front;
  }
  constexpr std::int64_t kMostShown = 10'000;
  constexpr std::int64_t kMostThreads = 1024;
  const auto top = faults.take(parse_count(arguments.value("--top"), "--top", {0, kMostShown}));
  question.top = static_cast<std::size_t>(top.value_or(0));
  question.threads = std::max(1U, std::thread::hardware_concurrency());
  if (arguments.has("--threads")) {
    const auto threads =
        faults.take(parse_count(arguments.value("--threads"), "--threads", {1, kMostThreads}));
    question.threads = static_cast<std::size_t>(threads.value_or(1));
  }
  return question;
}

/// A space that takes minutes is asked for twice.
void check_size(const Axes& axes, const SweepQuestion& question, const Arguments& arguments,
                Faults& faults) {
  constexpr double kMany = 1e10;
  constexpr double kExpectedRate = 1e7;  // points a second and core, about
  constexpr double kRate = 5e7;
  constexpr double kDay = 86'400;
  const double points = explore::count_points(axes);
  if (points <= kMany || arguments.has("--yes")) return;
  const double rate = question.reading == Reading::expected ? kExpectedRate : kRate;
  const double seconds = points / rate / static_cast<double>(question.threads);
  faults.add("points",
             fmt::format("the axes make {} of them, about {} of work", format_number(points),
                         seconds < kDay ? format_time(Seconds(seconds), 2)
                                        : format_number(seconds / kDay, 2) + " days"),
             "take larger steps (1..4096:x2), or say --yes");
}

/// One remark for each model whose longest context is exceeded.
std::vector<std::string> warnings(const Axes& axes) {
  std::vector<std::string> all;
  const std::int64_t longest = *std::max_element(axes.input.begin(), axes.input.end()) +
                               *std::max_element(axes.output.begin(), axes.output.end());
  for (const explore::ModelChoice& model : axes.models) {
    for (std::string& remark : context_warnings(model.architecture, longest)) {
      all.push_back(std::move(remark));
    }
  }
  return all;
}

/// Shows progress no more often than people can see it.
class Progress {
 public:
  bool operator()(std::uint64_t done, std::uint64_t all) {
    constexpr std::chrono::milliseconds kPause(100);
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ >= kPause) {
      bar_.show(done, all);
      shown_ = now;
    }
    return !InterruptAsks::has_asked();
  }

 private:
  ProgressBar bar_{"point"};
  std::chrono::steady_clock::time_point shown_ = std::chrono::steady_clock::now();
};

explore::Sweep swept(const Space& space, SweepQuestion question) {
  const InterruptAsks interrupt;
  Progress progress;
  question.on_progress = [&](std::uint64_t done, std::uint64_t all) { return progress(done, all); };
  explore::Sweep found = explore::sweep(space, question);
  found.question.on_progress = nullptr;
  return found;
}

Result<Answer> run(const Arguments& arguments) {
  Faults faults;
  const std::string format = read_format(arguments, kTableFormats, faults);
  const report::Terminal terminal = read_terminal(arguments, faults);
  Axes axes = read_axes(sweep_verb(), arguments, faults);
  const SweepQuestion question = read_question(arguments, axes, faults);
  if (!faults) check_size(axes, question, arguments, faults);
  if (faults) return fail(faults.distinct());
  const std::vector<std::string> remarks = warnings(axes);
  const auto space = Space::of(std::move(axes));
  if (!space) return fail(space.error());
  const explore::Sweep found = swept(*space, question);
  Answer answer = tabular_answer(report::SweptSpace{*space, found}, format, terminal);
  answer.warnings = remarks;
  if (!found.is_complete) {
    answer.exit_code = kInterrupted;
  } else if (found.counts.meeting == 0) {
    answer.exit_code = kNotMet;
  }
  return answer;
}

std::vector<Option> options() {
  return joined_options(
      {design_options(),
       {{"--mode", kModes, "which times count (default: expected, where all devices have them)",
         ""},
        {"--subject", "LIMITS", "what points must keep to: 'fits, tpot<40ms, ttft<1s'; any",
         "fits"},
        {"--objective", "max:METRIC", "or min:METRIC: what is looked for",
         "max:throughput_per_device"},
        {"--top", "N", "how many of the best are told", "20"},
        {"--pareto", "METRICS", "two to four: the points that no other one beats in all", ""},
        {"--threads", "N", "(default: all cores); the answer is the same", ""},
        {"--yes", "", "however many points the axes make", ""}},
       {kSetOption, kSetDeviceOption, format_option(kTableFormats), kJsonOption, kOutOption,
        kColorOption}});
}

}  // namespace

Verb sweep_verb() {
  return {.name = "sweep",
          .summary = "Every point of a design space: the best ones and Pareto fronts",
          .examples = {"ridgepoint sweep llama-3.3-70b -d h100-sxm,h200-sxm -tp 1,2,4,8 --weights "
                       "bf16,fp8 -b 1..1024:x2 -i 2048 -o 256 --subject 'fits, tpot<40ms'",
                       "ridgepoint sweep qwen3-8b -b 1..4096:x2 -i 1k..64k:x2 --objective min:cost "
                       "--pareto tpot,throughput_per_device"},
          .positionals = {{"MODEL", "catalogue names, config.json files, or their folders; a list",
                           true, true}},
          .options = options(),
          .run = run};
}

}  // namespace ridgepoint::app
