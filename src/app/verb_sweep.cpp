// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "app/asked_sweep.hpp"
#include "app/deployment_options.hpp"
#include "app/design_axes.hpp"
#include "app/interrupt.hpp"
#include "app/progress_bar.hpp"
#include "app/row_output.hpp"
#include "app/sweep_answer.hpp"
#include "ridgepoint/core/file.hpp"

namespace ridgepoint::app {
namespace {

using explore::Space;
using explore::SweepQuestion;
using explore::SweepState;

/// Where Ctrl-C saves what was found, unless the words say.
constexpr const char* kUnnamedState = "ridgepoint-sweep.json";

/// Shows progress and the best so far no more often than people can see it; the first answer at
/// once.
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
    constexpr std::chrono::milliseconds kPause(100);
    if (std::chrono::steady_clock::now() - shown_ >= kPause) show(done, all);
    return !InterruptAsks::has_asked();
  }

 private:
  void show(std::uint64_t done, std::uint64_t all) {
    if (!bar_.is_shown()) return;
    bar_.show(done, all, best_ ? "best " + report::best_words(space_, objective_, *best_) : "");
    shown_ = std::chrono::steady_clock::now();
  }

  const Space& space_;
  explore::Objective objective_;
  ProgressBar bar_{"point"};
  std::chrono::steady_clock::time_point shown_ = std::chrono::steady_clock::now();
  std::optional<explore::KeyedPoint> best_;
};

/// The state to go on from: that of the file, where it is there.
std::optional<SweepState> read_start(const Arguments& arguments, const AskedSweep& asked,
                                     Faults& faults) {
  SweepState state;
  state.question = asked.fingerprint;
  state.words = asked.words;
  if (arguments.has("--shard")) {
    const auto shard = faults.take(explore::parse_shard(arguments.value("--shard"), "--shard"));
    if (!shard) return std::nullopt;
    state.shard = *shard;
  }
  std::error_code ignored;
  const std::string path = arguments.value("--resume");
  if (path.empty() || !std::filesystem::exists(path, ignored)) return state;
  const auto known = faults.take(read_state_file(path));
  if (!known) return std::nullopt;
  if (known->question != state.question || known->shard != state.shard) {
    faults.add(path, "is the state of another sweep, or of other files or another shard",
               "name another file, or remove this one");
    return std::nullopt;
  }
  return known;
}

Diagnostics save(const SweepState& state, const std::string& path) {
  const auto saved = write_file_atomically(path, write_state(state));
  return saved ? Diagnostics() : saved.error();
}

bool has_failed(const RowOutput* rows) { return rows != nullptr && !rows->faults().empty(); }

/// Works until all is done or Ctrl-C is pressed; what is found is saved now and then.
void work(const Space& space, SweepQuestion question, const Arguments& arguments, RowOutput* rows,
          SweepState& state) {
  constexpr double kBetweenSaves = 5;
  const std::string path = arguments.value("--resume");
  Progress progress(space, question.objective);
  if (!state.best.empty()) progress.set_best(state.best.front());
  question.on_best = [&](const explore::KeyedPoint& best) { progress.set_best(best); };
  if (rows != nullptr) question.rows = rows->stream();
  question.on_progress = [&](std::uint64_t done, std::uint64_t all) { return progress(done, all); };
  while (!is_done(space, state) && !InterruptAsks::has_asked() && !has_failed(rows)) {
    explore::continue_sweep(space, question, state, kBetweenSaves);
    if (!path.empty()) save(state, path);  // a full disk ends no work: the last save tells
  }
}

/// What is said of a sweep that Ctrl-C has ended; `faults`: of its last save.
std::string early_words(const std::string& path, const Diagnostics& faults) {
  if (!faults.empty()) {
    return fmt::format("ended early, and what was found is not saved: {}: {}", faults.front().where,
                       faults.front().what);
  }
  return fmt::format("ended early; saved to {0}: the same words and --resume {0} go on", path);
}

Result<Answer> run(const Arguments& arguments) {
  const InterruptAsks interrupt;
  Faults faults;
  const std::string format = read_format(arguments, kPageFormats, faults);
  const report::Terminal terminal = read_terminal(arguments, faults);
  AskedSweep asked = read_sweep(arguments, faults);
  check_rows(arguments, faults);
  auto state = read_start(arguments, asked, faults);
  if (faults) return fail(faults.distinct());
  const std::vector<std::string> remarks = sweep_warnings(asked.axes);
  const auto space = Space::of(std::move(asked.axes));
  if (!space) return fail(space.error());
  const std::string path = arguments.value("--resume");
  if (Diagnostics strange = faults_of(*state, *space, asked.question, path); !strange.empty())
    return fail(strange);
  // Where nothing can be saved, that is said before the work.
  if (!path.empty()) {
    if (Diagnostics unsaved = save(*state, path); !unsaved.empty()) return fail(unsaved);
  }
  std::unique_ptr<RowOutput> rows;
  if (arguments.has("--rows")) {
    auto output = RowOutput::create(arguments.value("--rows"), *space);
    if (!output) return fail(output.error());
    rows = std::move(*output);
  }
  work(*space, asked.question, arguments, rows.get(), *state);
  if (rows && (is_done(*space, *state) || has_failed(rows.get()))) {
    if (auto finished = rows->finish(); !finished) return fail(finished.error());
  }
  Answer answer = arguments.has("--shard")
                      ? Answer{write_state(*state), {}}
                      : sweep_answer(*space, asked.question, *state, format, terminal);
  answer.warnings = remarks;
  if (!is_done(*space, *state)) {
    const std::string saved = path.empty() ? kUnnamedState : path;
    answer.warnings.push_back(early_words(saved, save(*state, saved)));
    if (rows) answer.warnings.push_back("ended early: no rows are written");
    answer.exit_code = kInterrupted;
  }
  return answer;
}

std::vector<Option> options() {
  return joined_options(
      {design_options(),
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
        {"--shard", "I/N", "only every N-th part of the space, for `merge`", ""},
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
          .run = run};
}

}  // namespace ridgepoint::app
