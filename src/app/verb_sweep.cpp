// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "app/asked_sweep.hpp"
#include "app/deployment_options.hpp"
#include "app/design_axes.hpp"
#include "app/interrupt.hpp"
#include "app/progress_bar.hpp"
#include "app/row_output.hpp"
#include "app/saved_sweep.hpp"
#include "app/sweep_answer.hpp"
#include "app/sweep_on_ranks.hpp"
#include "ridgepoint/distribute/agreement.hpp"
#include "ridgepoint/distribute/ranks.hpp"

namespace ridgepoint::app {
namespace {

using explore::Space;
using explore::SweepQuestion;
using explore::SweepState;

/// Where Ctrl-C saves what was found, unless the words say.
constexpr const char* kUnnamedState = "ridgepoint-sweep.json";

/// Shows progress and the best so far.
class Progress {
 public:
  Progress(const Space& space, const explore::Objective& objective)
      : space_(space), objective_(objective) {}

  void set_best(const explore::KeyedPoint& best) {
    const bool is_first = !best_;
    best_ = best;
    if (is_first) show(0, space_.points());
  }

  bool operator()(std::uint64_t done, std::uint64_t all) {
    show(done, all);
    return !InterruptAsks::has_asked();
  }

 private:
  void show(std::uint64_t done, std::uint64_t all) {
    if (!bar_.is_shown()) return;
    bar_.show(done, all, best_ ? "best " + report::best_words(space_, objective_, *best_) : "");
  }

  const Space& space_;
  explore::Objective objective_;
  ProgressBar bar_{"point"};
  std::optional<explore::KeyedPoint> best_;
};

/// A sweep whose words are understood, and that can begin.
struct Job {
  std::string format;
  report::Terminal terminal;
  std::vector<std::string> remarks;
  Space space;
  SweepQuestion question;
  SweepState state;  ///< to go on from
  std::string path;  ///< where it is saved; empty: nowhere
  bool is_shard;
  std::string rows;  ///< the file of all points; empty: none is asked for
};

/// Ranks cut the space themselves, and the first one reads for all what was saved.
SweepState read_start(const Arguments& arguments, const AskedSweep& asked, Faults& faults) {
  SweepState state;
  state.question = asked.fingerprint;
  state.words = asked.words;
  if (arguments.has("--shard")) {
    const auto shard = faults.take(explore::parse_shard(arguments.value("--shard"), "--shard"));
    if (shard) state.shard = *shard;
  }
  for (const char* option : {"--shard", "--rows"}) {
    if (!arguments.has(option) || !distribute::is_launched()) continue;
    faults.add(option, "ranks share the space themselves",
               "leave it out, or start each shard without a launcher");
  }
  if (faults || distribute::rank() != 0) return state;
  return faults.take(saved_state(arguments.value("--resume"), state)).value_or(SweepState{});
}

Result<Job> read_job(const Arguments& arguments) {
  Faults faults;
  const std::string format = read_format(arguments, kPageFormats, faults);
  const report::Terminal terminal = read_terminal(arguments, faults);
  AskedSweep asked = read_sweep(arguments, faults);
  check_rows(arguments, faults);
  SweepState state = read_start(arguments, asked, faults);
  if (faults) return fail(faults.distinct());
  std::vector<std::string> remarks = sweep_warnings(asked.axes);
  auto space = Space::of(std::move(asked.axes));
  if (!space) return fail(space.error());
  const std::string path = arguments.value("--resume");
  faults.add(faults_of(state, *space, asked.question, path));
  if (!faults && distribute::is_launched() && distribute::rank() == 0) {
    faults.add(faults_of_saved(*space, asked.question, state, path));
  }
  if (faults) return fail(faults.distinct());
  return Job{format,
             terminal,
             std::move(remarks),
             std::move(*space),
             asked.question,
             std::move(state),
             path,
             arguments.has("--shard"),
             arguments.value("--rows")};
}

/// What is wrong before the work begins, the same at all ranks. Where nothing can be saved, that is
/// said now.
Diagnostics faults_of_start(const Result<Job>& job) {
  if (Diagnostics faults =
          job ? distribute::agreed({}, job->state.question) : distribute::agreed(job.error());
      !faults.empty()) {
    return faults;
  }
  const bool is_saved = distribute::rank() == 0 && !job->path.empty();
  return distribute::agreed(is_saved ? save(job->state, job->path) : Diagnostics());
}

/// What is said of a sweep that Ctrl-C has ended; `faults`: of its last save.
std::string early_words(const std::string& path, const Diagnostics& faults) {
  if (!faults.empty()) {
    return fmt::format("ended early, and what was found is not saved: {}: {}", faults.front().where,
                       faults.front().what);
  }
  return fmt::format("ended early; saved to {0}: the same words and --resume {0} go on", path);
}

/// Works off the job of one process, or of this shard; what is to be said of it. Errors: those of
/// the file of all points.
Result<std::vector<std::string>> work_alone(Job& job) {
  std::unique_ptr<RowOutput> rows;
  if (!job.rows.empty()) {
    auto output = RowOutput::create(job.rows, job.space);
    if (!output) return fail(output.error());
    rows = std::move(*output);
    job.question.rows = rows->stream();
  }
  const auto has_failed = [&] { return rows && !rows->faults().empty(); };
  Progress progress(job.space, job.question.objective);
  if (!job.state.best.empty()) progress.set_best(job.state.best.front());
  job.question.on_best = [&](const explore::KeyedPoint& best) { progress.set_best(best); };
  job.question.on_progress = [&](std::uint64_t done, std::uint64_t all) {
    return progress(done, all);
  };
  work(job.space, job.question, job.path, job.state, has_failed);
  const bool is_whole = is_done(job.space, job.state);
  if (rows && (is_whole || has_failed())) {
    if (auto finished = rows->finish(); !finished) return fail(finished.error());
  }
  if (is_whole) return std::vector<std::string>();
  const std::string saved = job.path.empty() ? kUnnamedState : job.path;
  std::vector<std::string> words{early_words(saved, save(job.state, saved))};
  if (rows) words.emplace_back("ended early: no rows are written");
  return words;
}

Result<std::vector<std::string>> work_together(Job& job) {
  const Diagnostics unsaved = work_on_ranks(job.space, job.question, job.path, job.state);
  if (is_done(job.space, job.state)) return std::vector<std::string>();
  return std::vector<std::string>{job.path.empty()
                                      ? "ended early, and nothing is saved: --resume FILE does so"
                                      : early_words(job.path, unsaved)};
}

Result<Answer> run(const Arguments& arguments) {
  const InterruptAsks interrupt;
  auto job = read_job(arguments);
  if (Diagnostics faults = faults_of_start(job); !faults.empty()) return fail(std::move(faults));
  const auto words = distribute::is_launched() ? work_together(*job) : work_alone(*job);
  if (!words) return fail(words.error());
  if (distribute::rank() != 0) return Answer{};
  Answer answer = job->is_shard ? Answer{write_state(job->state), {}}
                                : sweep_answer(job->space, job->question, job->state, job->format,
                                               job->terminal);
  answer.warnings = job->remarks;
  answer.warnings.insert(answer.warnings.end(), words->begin(), words->end());
  if (!is_done(job->space, job->state)) {
    answer.exit_code = kInterrupted;
    // A launcher that ends cuts off what is printed.
    if (distribute::is_launched() && !arguments.has("--out")) answer.document.clear();
  }
  return answer;
}

std::vector<Option> options() {
  return joined_options(
      {design_options(),
       speculation_options(kProposedOption),
       {{"--mode", kReadings, "which times count (default: expected, where all devices have them)",
         ""},
        {"--subject", "LIMITS", "what points must keep to: 'fits, tpot<40ms, ttft<1s'; any",
         "fits"},
        {"--objective", "max:METRIC", "or min:METRIC: what is looked for",
         "max:throughput_per_device"},
        {"--top", "N", "how many of the best are told", "20"},
        {"--pareto", "METRICS", "two to four: the points that no other one beats in all", ""},
        {"--group", "AXIS", "the best for each value of an axis; may be repeated", "", true},
        {"--heatmap", "X,Y", "the best for each pair of values of two axes, and what limits it",
         ""},
        {"--histogram", "METRIC", "how many points that keep to the subject have how much of it",
         ""},
        {"--rows", "FILE", "all points that keep to the subject: FILE.csv, or FILE.rpc, columns",
         ""},
        {"--threads", "N", "(default: all cores); the answer is the same", ""},
        {"--shard", "I/N", "only this one of N shares of the space, for `merge`", ""},
        {"--resume", "FILE", "go on from FILE, where it is there; what is found is saved to it",
         ""},
        {"--yes", "", "however many points the axes make", ""}},
       {{"--set", "KEY=VALUES", "what if the model's config said this; a list is an axis", "",
         true},
        {"--set-device", "KEY=VALUES", "what if the device had this figure; a list is an axis", "",
         true},
        format_option(kPageFormats),
        kJsonOption,
        kOutOption,
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
          .run = run,
          .is_for_ranks = true};
}

}  // namespace ridgepoint::app
