// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/sweep.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "explore/deployment_times.hpp"
#include "explore/reducer.hpp"
#include "ridgepoint/predict/expected_words.hpp"

namespace ridgepoint::explore {
namespace {

/// Metrics that the question judges points by.
std::vector<Metric> metrics_of(const SweepQuestion& question) {
  std::vector<Metric> metrics{question.objective.metric};
  for (const Limit& limit : question.subject.limits) metrics.push_back(limit.metric);
  for (const Objective& objective : question.front) metrics.push_back(objective.metric);
  return metrics;
}

/// A device whose price or power nobody has told cannot be judged by it.
Diagnostics unknown_costs(const SweepQuestion& question, const Candidate& candidate) {
  const auto cost = predict::running_cost(candidate.device->device);
  for (const Metric metric : metrics_of(question)) {
    if (!is_unknown(metric, cost)) continue;
    const bool is_price = metric == Metric::cost;
    return {{candidate.device->name,
             is_price ? "its price is not known" : "its power limit is not known",
             is_price ? "--set-device price=\"2.5 $/h\"" : "--set-device power=\"700 W\""}};
  }
  return {};
}

std::vector<std::string> assumptions_of(const Space& space, const SweepQuestion& question) {
  const Axes& axes = space.axes();
  std::vector<std::string> sentences{
      "each point is a static batch as `estimate` has it: TTFT is the prefill of all its prompts, "
      "in steps of max_num_batched_tokens; TPOT is the step at a context of input + output/2, "
      "unless a context is given; nothing waits in a queue"};
  const auto add = [&](const std::string& sentence) {
    if (std::find(sentences.begin(), sentences.end(), sentence) == sentences.end()) {
      sentences.push_back(sentence);
    }
  };
  if (question.reading == predict::Reading::expected) {
    predict::Execution execution = axes.rest.execution;
    for (const DeviceChoice& each : axes.devices) {
      execution.calibration = each.calibration;
      for (const std::string& sentence : predict::expected_assumptions(each.device, execution)) {
        add(sentence);
      }
    }
  } else {
    add(question.reading == predict::Reading::floor
            ? "times are floors: the compulsory work at full peak, perfectly overlapped"
            : "times are bounds: the sum over operators of max(compute, memory, network)");
  }
  if (question.subject.fits) {
    add("a batch fits where memory holds its sequences at their whole length, input + output");
  }
  add("of points with equal figures the first is kept, in the order of the axes");
  return sentences;
}

/// Reasons by what they say, so that their order hangs on nothing else.
using Reasons = std::map<std::pair<std::string, std::string>, LeftOut>;

void add(Reasons& reasons, const Diagnostic& reason, std::uint64_t deployments) {
  LeftOut& known =
      reasons.try_emplace({reason.where, reason.what}, LeftOut{reason, 0}).first->second;
  known.deployments += deployments;
}

/// All that one thread finds.
struct Found {
  Reducer reducer;
  Reasons left_out;
};

/// The rows of a space in parts that threads take one after the other.
class Parts {
 public:
  explicit Parts(const Space& space)
      : batches_(space.axes().batch.size()),
        rows_(space.loads() / batches_),
        at_once_(std::max<std::uint64_t>(1, kPoints / batches_)),
        of_deployment_((rows_ + at_once_ - 1) / at_once_) {}

  struct Part {
    std::uint64_t deployment;
    std::uint64_t first;  ///< row of it
    std::uint64_t last;
    std::uint64_t points;
  };
  std::uint64_t count(const Space& space) const { return space.deployments() * of_deployment_; }
  Part at(std::uint64_t number) const {
    const std::uint64_t first = number % of_deployment_ * at_once_;
    const std::uint64_t last = std::min(first + at_once_, rows_);
    return {number / of_deployment_, first, last, (last - first) * batches_};
  }

 private:
  /// So many points of one deployment keep a thread busy for about a millisecond.
  static constexpr std::uint64_t kPoints = 65536;

  std::uint64_t batches_;
  std::uint64_t rows_;
  std::uint64_t at_once_;
  std::uint64_t of_deployment_;
};

class Sweeper {
 public:
  Sweeper(const Space& space, const SweepQuestion& question)
      : space_(space), question_(question), parts_(space), all_(parts_.count(space)) {}

  Sweep run() {
    const std::size_t threads =
        static_cast<std::size_t>(std::clamp<std::uint64_t>(question_.threads, 1, all_));
    std::vector<Found> found(threads, Found{Reducer(question_), {}});
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < threads; ++i) {
      others.emplace_back([this, &one = found[i]] { work(one); });
    }
    work(found.front());
    for (std::thread& each : others) each.join();
    return join(found);
  }

 private:
  void work(Found& found) {
    std::uint64_t number = 0;
    std::optional<std::uint64_t> known;
    Result<DeploymentTimes> times = fail("", "");
    while (!is_stopped_ && (number = next_++) < all_) {
      const Parts::Part part = parts_.at(number);
      if (known != part.deployment) {
        times = DeploymentTimes::build(space_, part.deployment, wanted());
        if (times) {
          if (Diagnostics faults = unknown_costs(question_, times->candidate()); !faults.empty()) {
            times = fail(std::move(faults));
          }
        }
        known = part.deployment;
      }
      if (times) {
        const predict::RunningCost cost = times->cost();
        const predict::Parallelism split = times->candidate().question.execution.parallelism;
        times->run(part.first, part.last,
                   [&](const TimedBlock& block) { found.reducer.add(block, cost, split); });
      } else if (part.first == 0) {
        add(found.left_out, times.error().front(), 1);
      }
      report(part.points);
    }
  }

  TimesWanted wanted() const { return {question_.reading, question_.subject.fits, question_.set}; }

  void report(std::uint64_t points) {
    const std::lock_guard lock(mutex_);
    done_ += points;
    if (question_.on_progress && !question_.on_progress(done_, space_.points())) {
      is_stopped_ = true;
    }
  }

  Sweep join(const std::vector<Found>& found) const {
    Reducer all(question_);
    Reasons reasons;
    for (const Found& one : found) {
      all.add(one.reducer);
      for (const auto& [key, left_out] : one.left_out) {
        add(reasons, left_out.reason, left_out.deployments);
      }
    }
    Sweep sweep;
    sweep.question = question_;
    sweep.counts = all.counts();
    sweep.counts.points = done_;
    sweep.is_complete = done_ == space_.points();
    for (const BestPoints::Entry& entry : all.best()) sweep.top.push_back(row(entry.point));
    for (const Front::Entry& entry : all.front()) sweep.front.push_back(row(entry.point));
    for (auto& [key, left_out] : reasons) sweep.left_out.push_back(std::move(left_out));
    sweep.assumptions = assumptions_of(space_, question_);
    return sweep;
  }

  /// REQUIRES: the point was evaluated.
  SweepRow row(std::uint64_t point) const {
    Candidate candidate = space_.point(point);
    auto estimate = predict::estimate_static(candidate.model->architecture,
                                             candidate.device->device, candidate.question);
    return {point, std::move(candidate), std::move(*estimate)};
  }

  const Space& space_;
  const SweepQuestion& question_;
  Parts parts_;
  std::uint64_t all_;
  std::atomic<std::uint64_t> next_ = 0;
  std::atomic<bool> is_stopped_ = false;
  std::mutex mutex_;
  std::uint64_t done_ = 0;
};

}  // namespace

Sweep sweep(const Space& space, const SweepQuestion& question) {
  return Sweeper(space, question).run();
}

}  // namespace ridgepoint::explore
