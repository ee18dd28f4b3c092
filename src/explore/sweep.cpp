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
#include "explore/ordered_rows.hpp"
#include "explore/reasons.hpp"
#include "explore/reducer.hpp"

namespace ridgepoint::explore {
namespace {

/// Metrics that the question judges points by.
std::vector<Metric> metrics_of(const SweepQuestion& question) {
  std::vector<Metric> metrics{question.objective.metric};
  for (const Limit& limit : question.subject.limits) metrics.push_back(limit.metric);
  for (const Objective& objective : question.front) metrics.push_back(objective.metric);
  if (question.histogram) metrics.push_back(*question.histogram);
  return metrics;
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
        rows_(question.rows, state.parts_done, kAhead * question.threads),
        done_points_(state.counts.points) {
    if (!state.best.empty()) best_ = state.best.front();
    has_best_ = best_.has_value();
  }

  void run(Clock::time_point deadline) {
    deadline_ = deadline;
    const std::uint64_t left = parts_.count() - std::min(parts_.count(), state_.parts_done);
    if (left == 0) return;
    const auto threads =
        static_cast<std::size_t>(std::clamp<std::uint64_t>(question_.threads, 1, left));
    std::vector<Found> found(threads, Found{Reducer(space_, question_), {}});
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < threads; ++i) {
      others.emplace_back([this, &one = found[i]] { work(one); });
    }
    work(found.front());
    for (std::thread& each : others) each.join();
    add_to_state(found);
  }

 private:
  /// Parts of rows for each thread that may wait for an earlier one.
  static constexpr std::uint64_t kAhead = 4;

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
      std::vector<KeptPoint> kept;
      if (times) {
        times->run(part.first, part.last, [&](const TimedBlock& block) {
          found.reducer.add(block, question_.rows ? &kept : nullptr);
          if (!has_best_) tell_first(found.reducer.best());
        });
      } else {
        found.reducer.pass_over(part.points);
        if (part.first == 0) add(found.left_out, {times.error().front(), 1});
      }
      if (question_.rows && !hand_on(number, kept)) is_stopped_ = true;
      report(part.points, found.reducer.best());
    }
  }

  /// Blocks of many batches are not in the order of points.
  bool hand_on(std::uint64_t part, std::vector<KeptPoint>& kept) {
    std::sort(kept.begin(), kept.end(),
              [](const KeptPoint& a, const KeptPoint& b) { return a.point < b.point; });
    return rows_.add(part, kept.empty() ? std::string() : question_.rows.encode(kept));
  }

  Result<DeploymentTimes> build(std::uint64_t deployment) const {
    const bool has_room = question_.subject.fits || question_.rows;
    auto times =
        DeploymentTimes::build(space_, deployment, {question_.reading, has_room, question_.set});
    if (!times) return times;
    Diagnostics faults = unknown_costs(metrics_of(question_), *times->candidate().device);
    if (!faults.empty()) return fail(std::move(faults));
    return times;
  }

  /// The first answer waits for no part to be done.
  void tell_first(const std::optional<KeyedPoint>& best) {
    if (!best) return;
    const std::lock_guard lock(mutex_);
    tell(best);
  }

  /// REQUIRES: the mutex is held.
  void tell(const std::optional<KeyedPoint>& best) {
    if (!best || (best_ && !(*best < *best_))) return;
    best_ = best;
    has_best_ = true;
    if (question_.on_best) question_.on_best(*best_);
  }

  void report(std::uint64_t points, const std::optional<KeyedPoint>& best) {
    const std::lock_guard lock(mutex_);
    tell(best);
    done_points_ += points;
    ++done_parts_;
    const bool goes_on = !question_.on_progress ||
                         question_.on_progress(done_points_, space_.points() / state_.shard.of);
    if (!goes_on || Clock::now() >= deadline_) is_stopped_ = true;
  }

  void add_to_state(const std::vector<Found>& found) {
    Reducer all(space_, question_);
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
  OrderedRows rows_;
  std::atomic<bool> is_stopped_ = false;
  std::mutex mutex_;
  std::optional<KeyedPoint> best_;  ///< that was told
  std::atomic<bool> has_best_ = false;
  std::uint64_t done_points_;
  std::uint64_t done_parts_ = 0;
};

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

Diagnostics faults_of(const SweepState& state, const Space& space, const SweepQuestion& question,
                      const std::string& where) {
  const auto is_beyond = [&](const auto& each) { return each.point >= space.points(); };
  const auto is_strange = [&](const GridCell& cell) {
    return cell.meeting > 0 && is_beyond(cell.best);
  };
  bool is_other = std::any_of(state.best.begin(), state.best.end(), is_beyond) ||
                  std::any_of(state.front.begin(), state.front.end(), is_beyond) ||
                  state.parts_done > Parts(space, state.shard).count() ||
                  (!state.histogram.empty() && !question.histogram) ||
                  state.grids.size() > question.grids.size();
  for (std::size_t i = 0; i < state.grids.size() && !is_other; ++i) {
    const std::vector<GridCell>& cells = state.grids[i];
    is_other = cells.size() != Cells(space, question.grids[i]).count() ||
               std::any_of(cells.begin(), cells.end(), is_strange);
  }
  if (!is_other) return {};
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
  return joined(space, question, shards);
}

SweepState joined(const Space& space, const SweepQuestion& question,
                  const std::vector<SweepState>& shards) {
  Reducer all(space, question);
  Reasons reasons;
  const SweepState& first = shards.front();
  SweepState whole{first.question, first.words, {}, 0, {}, {}, {}, {}, {}, {}};
  for (const SweepState& each : shards) {
    all.add(each);
    whole.parts_done += each.parts_done;
    for (const LeftOut& left_out : each.left_out) add(reasons, left_out);
  }
  all.tell(whole);
  whole.left_out = listed(std::move(reasons));
  return whole;
}

Sweep sweep(const Space& space, const SweepQuestion& question) {
  constexpr double kAnyTime = 1e9;
  SweepState state;
  continue_sweep(space, question, state, kAnyTime);
  return finish_sweep(space, question, state);
}

}  // namespace ridgepoint::explore
