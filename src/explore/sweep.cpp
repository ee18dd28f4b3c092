// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "explore/deployment_times.hpp"
#include "explore/reasons.hpp"
#include "explore/reducer.hpp"

namespace ridgepoint::explore {
namespace {

/// Metrics that the question judges points by.
std::vector<Metric> metrics_of(const SweepQuestion& question) {
  std::vector<Metric> metrics{question.objective.metric};
  for (const Limit& limit : question.subject.limits) metrics.push_back(limit.metric);
  for (const Objective& objective : question.front) metrics.push_back(objective.metric);
  return metrics;
}

std::vector<std::string> assumptions_of(const Space& space, const SweepQuestion& question) {
  std::vector<std::string> sentences{
      "each point is a static batch as `estimate` has it: TTFT is the prefill of all its prompts, "
      "in steps of max_num_batched_tokens; TPOT is the step at a context of input + output/2, "
      "unless a context is given; nothing waits in a queue"};
  for (std::string& sentence : reading_assumptions(space.axes(), question.reading)) {
    sentences.push_back(std::move(sentence));
  }
  if (question.subject.fits) {
    sentences.emplace_back(
        "a batch fits where memory holds its sequences at their whole length, input + output");
  }
  sentences.emplace_back(
      "of points with equal figures the first is kept, in the order of the axes");
  return sentences;
}

/// All that one thread finds.
struct Found {
  Reducer reducer;
  Reasons left_out;
};

/// The rows of a shard in parts that threads take one after the other.
class Parts {
 public:
  Parts(const Space& space, const Shard& shard)
      : shard_(shard),
        batches_(space.axes().batch.size()),
        rows_(space.loads() / batches_),
        at_once_(std::max<std::uint64_t>(1, kPoints / batches_)),
        of_deployment_((rows_ + at_once_ - 1) / at_once_) {
    const std::uint64_t all = space.deployments() * of_deployment_;
    run_ = std::clamp<std::uint64_t>(all / shard.of / kLeastRuns, 1, kLongestRun);
    const std::uint64_t runs = all / run_;
    count_ = (runs + shard.of - shard.number) / shard.of * run_;
    if (runs % shard.of == shard.number - 1) count_ += all % run_;
  }

  struct Part {
    std::uint64_t deployment;
    std::uint64_t first;  ///< row of it
    std::uint64_t last;
    std::uint64_t points;
  };
  std::uint64_t count() const { return count_; }
  Part at(std::uint64_t number) const {
    const std::uint64_t run = number / run_ * shard_.of + (shard_.number - 1);
    const std::uint64_t in_all = run * run_ + number % run_;
    const std::uint64_t first = in_all % of_deployment_ * at_once_;
    const std::uint64_t last = std::min(first + at_once_, rows_);
    return {in_all / of_deployment_, first, last, (last - first) * batches_};
  }

 private:
  /// So many points of one deployment keep a thread busy for about a millisecond.
  static constexpr std::uint64_t kPoints = 65536;
  // Shards take turns, so that each has its share of what is easy; but some parts in a run, because
  // to begin with another deployment takes a good part of the time of one.
  static constexpr std::uint64_t kLeastRuns = 4;
  static constexpr std::uint64_t kLongestRun = 8;

  Shard shard_;
  std::uint64_t batches_;
  std::uint64_t rows_;
  std::uint64_t at_once_;
  std::uint64_t of_deployment_;
  std::uint64_t run_;
  std::uint64_t count_;
};

/// Goes on from a state.
class Sweeper {
 public:
  using Clock = std::chrono::steady_clock;

  Sweeper(const Space& space, const SweepQuestion& question, SweepState& state)
      : space_(space),
        question_(question),
        state_(state),
        parts_(space, state.shard),
        next_(state.parts_done),
        done_points_(state.counts.points) {}

  void run(Clock::time_point deadline) {
    deadline_ = deadline;
    const std::uint64_t left = parts_.count() - std::min(parts_.count(), state_.parts_done);
    if (left == 0) return;
    const auto threads =
        static_cast<std::size_t>(std::clamp<std::uint64_t>(question_.threads, 1, left));
    std::vector<Found> found(threads, Found{Reducer(question_), {}});
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < threads; ++i) {
      others.emplace_back([this, &one = found[i]] { work(one); });
    }
    work(found.front());
    for (std::thread& each : others) each.join();
    add_to_state(found);
  }

 private:
  /// A part that was taken is worked off: those done have no gaps.
  void work(Found& found) {
    std::optional<std::uint64_t> known;
    Result<DeploymentTimes> times = fail("", "");
    while (!is_stopped_) {
      const std::uint64_t number = next_++;
      if (number >= parts_.count()) return;
      const Parts::Part part = parts_.at(number);
      if (known != part.deployment) {
        times = build(part.deployment);
        known = part.deployment;
      }
      if (times) {
        times->run(part.first, part.last,
                   [&](const TimedBlock& block) { found.reducer.add(block); });
      } else {
        found.reducer.pass_over(part.points);
        if (part.first == 0) add(found.left_out, {times.error().front(), 1});
      }
      report(part.points);
    }
  }

  Result<DeploymentTimes> build(std::uint64_t deployment) const {
    auto times = DeploymentTimes::build(space_, deployment,
                                        {question_.reading, question_.subject.fits, question_.set});
    if (!times) return times;
    Diagnostics faults = unknown_costs(metrics_of(question_), *times->candidate().device);
    if (!faults.empty()) return fail(std::move(faults));
    return times;
  }

  void report(std::uint64_t points) {
    const std::lock_guard lock(mutex_);
    done_points_ += points;
    ++done_parts_;
    const bool goes_on = !question_.on_progress ||
                         question_.on_progress(done_points_, space_.points() / state_.shard.of);
    if (!goes_on || Clock::now() >= deadline_) is_stopped_ = true;
  }

  void add_to_state(const std::vector<Found>& found) {
    Reducer all(question_);
    Reasons reasons;
    all.add(state_);
    for (const LeftOut& each : state_.left_out) add(reasons, each);
    for (const Found& one : found) {
      all.add(one.reducer);
      for (const auto& [key, left_out] : one.left_out) add(reasons, left_out);
    }
    all.tell(state_);
    state_.parts_done += done_parts_;
    state_.left_out = listed(std::move(reasons));
  }

  const Space& space_;
  const SweepQuestion& question_;
  SweepState& state_;
  Parts parts_;
  Clock::time_point deadline_;
  std::atomic<std::uint64_t> next_;
  std::atomic<bool> is_stopped_ = false;
  std::mutex mutex_;
  std::uint64_t done_points_;
  std::uint64_t done_parts_ = 0;
};

/// REQUIRES: the point was evaluated.
SweepRow row_of(const Space& space, std::uint64_t point) {
  Candidate candidate = space.point(point);
  auto estimate = predict::estimate_static(candidate.model->architecture, candidate.device->device,
                                           candidate.question);
  return {point, std::move(candidate), std::move(*estimate)};
}

std::string shard_words(const Shard& shard) { return fmt::format("{}/{}", shard.number, shard.of); }

}  // namespace

std::uint64_t count_parts(const Space& space) { return Parts(space, {}).count(); }

void continue_sweep(const Space& space, const SweepQuestion& question, SweepState& state,
                    double seconds) {
  using Seconds = std::chrono::duration<double>;
  const auto limit = std::chrono::duration_cast<Sweeper::Clock::duration>(Seconds(seconds));
  Sweeper(space, question, state).run(Sweeper::Clock::now() + limit);
}

bool is_done(const Space& space, const SweepState& state) {
  return state.parts_done >= Parts(space, state.shard).count();
}

Diagnostics faults_of(const SweepState& state, const Space& space, const std::string& where) {
  const auto is_beyond = [&](const auto& each) { return each.point >= space.points(); };
  const bool has_strangers = std::any_of(state.best.begin(), state.best.end(), is_beyond) ||
                             std::any_of(state.front.begin(), state.front.end(), is_beyond);
  if (!has_strangers && state.parts_done <= Parts(space, state.shard).count()) return {};
  return {{where, "has points that this space has not", "sweep again, into another file"}};
}

Result<SweepState> join_shards(const Space& space, const SweepQuestion& question,
                               const std::vector<SweepState>& shards) {
  Diagnostics faults;
  const SweepState& first = shards.front();
  std::map<std::uint64_t, std::uint64_t> seen;
  for (const SweepState& each : shards) {
    const std::string where = "shard " + shard_words(each.shard);
    if (each.question != first.question || each.shard.of != first.shard.of) {
      faults.push_back({where, "is of another sweep than shard " + shard_words(first.shard),
                        "merge the shards of one sweep"});
    } else if (++seen[each.shard.number] > 1) {
      faults.push_back({where, "is there twice", "give each shard once"});
    } else if (!is_done(space, each)) {
      faults.push_back({where, "is not done", "go on with it: --resume"});
    }
  }
  for (std::uint64_t number = 1; number <= first.shard.of && faults.empty(); ++number) {
    if (seen.count(number) > 0) continue;
    faults.push_back({"shard " + shard_words({number, first.shard.of}), "is missing",
                      "sweep it: --shard " + shard_words({number, first.shard.of})});
  }
  if (!faults.empty()) return fail(std::move(faults));
  return joined(question, shards);
}

SweepState joined(const SweepQuestion& question, const std::vector<SweepState>& shards) {
  Reducer all(question);
  Reasons reasons;
  const SweepState& first = shards.front();
  SweepState whole{first.question, first.words, {}, 0, {}, {}, {}, {}};
  for (const SweepState& each : shards) {
    all.add(each);
    whole.parts_done += each.parts_done;
    for (const LeftOut& left_out : each.left_out) add(reasons, left_out);
  }
  all.tell(whole);
  whole.left_out = listed(std::move(reasons));
  return whole;
}

Sweep finish_sweep(const Space& space, const SweepQuestion& question, const SweepState& state) {
  Sweep sweep;
  sweep.question = question;
  sweep.counts = state.counts;
  sweep.is_complete = is_done(space, state);
  for (const KeyedPoint& each : state.best) sweep.top.push_back(row_of(space, each.point));
  for (const FrontPoint& each : state.front) sweep.front.push_back(row_of(space, each.point));
  sweep.left_out = state.left_out;
  sweep.assumptions = assumptions_of(space, question);
  return sweep;
}

Sweep sweep(const Space& space, const SweepQuestion& question) {
  constexpr double kAnyTime = 1e9;
  SweepState state;
  continue_sweep(space, question, state, kAnyTime);
  return finish_sweep(space, question, state);
}

}  // namespace ridgepoint::explore
