// SPDX-License-Identifier: Apache-2.0
// A plan is the best of what going through every point by `estimate` finds, and what it says of
// others holds.
#include "ridgepoint/explore/plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "explore/small_space.hpp"

namespace ridgepoint::explore {
namespace {

using predict::Reading;

Space space_of(const std::vector<std::string>& models, const std::vector<std::string>& devices) {
  Axes axes = test::axes_of(models, devices);
  axes.tensor = {1, 2, 4, 8};
  axes.pipeline = {1, 2};
  axes.weights = {std::nullopt, DataType::fp8};
  axes.input = {2000};
  axes.output = {300};
  axes.batch = {1, 8, 32, 64, 128, 256, 512};
  return Space::of(std::move(axes)).value();
}

PlanQuestion question_of(const std::string& subject, double requests_per_s) {
  PlanQuestion question;
  question.reading = Reading::expected;
  question.subject = parse_subject(subject, "--subject").value();
  question.requests_per_s = requests_per_s;
  return question;
}

/// A point with a number of instances, by the words of ACCOUNTING and nothing of the planner.
struct Option {
  double objective;
  double e2el_s;
  double utilization;
  std::uint64_t point;
  std::int64_t instances;
  auto key() const { return std::tuple(objective, e2el_s, point); }
};

/// What estimate says of a point and so many instances of it; none where they do not carry the
/// load.
std::optional<Option> option_of(const Space& space, std::uint64_t point, std::int64_t instances,
                                const PlanQuestion& question) {
  const Candidate one = space.point(point);
  const auto answer = predict::estimate(one.model->architecture, one.device->device, one.question);
  if (!answer || !answer->fits) return std::nullopt;
  const predict::RequestTimes& loop = answer->steady.expected->times;
  const auto devices =
      static_cast<double>(instances * one.question.execution.parallelism.devices());
  const auto output = static_cast<double>(one.question.output);
  const double each_per_s = loop.throughput_tokens_per_s / output;
  const double utilization =
      question.requests_per_s / (static_cast<double>(instances) * each_per_s);
  if (utilization > question.utilization || devices > static_cast<double>(question.max_devices)) {
    return std::nullopt;
  }
  const auto batch = static_cast<double>(one.question.batch);
  // In the closed loop, from the mean gap between tokens: T = d + P·(C − 1)/(m + F/T).
  const double steps = output - 1;
  const auto full = predict::ContinuousBatching::build(one.model->architecture, one.device->device,
                                                       one.question, question.reading)
                        ->at(batch);
  const double e2el_s = loop.ttft_s + steps * loop.tpot_s;
  const ReplicaLoad replica{question.requests_per_s / static_cast<double>(instances), batch, e2el_s,
                            full.prompt_s, loop.tpot_s};
  const double ttft_s = loop.ttft_s + mean_waiting(replica).total_s();
  for (const Limit& limit : question.subject.limits) {
    const double value = limit.metric == Metric::ttft   ? ttft_s
                         : limit.metric == Metric::tpot ? loop.tpot_s
                                                        : ttft_s + steps * loop.tpot_s;
    if (!limit.holds(value)) return std::nullopt;
  }
  const double price = predict::running_cost(one.device->device).dollars_per_hour;
  return Option{devices * price, ttft_s + steps * loop.tpot_s, utilization, point, instances};
}

/// Every point with every number of instances.
std::vector<Option> all_options(const Space& space, const PlanQuestion& question) {
  std::vector<Option> all;
  for (std::uint64_t point = 0; point < space.points(); ++point) {
    const Candidate one = space.point(point);
    if (!faults_of(one).empty()) continue;
    const std::int64_t most = question.max_devices / one.question.execution.parallelism.devices();
    // Fewer instances are always better: the first that does is the best of the point.
    for (std::int64_t instances = 1; instances <= most; ++instances) {
      if (const auto option = option_of(space, point, instances, question)) {
        all.push_back(*option);
        break;
      }
    }
  }
  std::sort(all.begin(), all.end(),
            [](const Option& a, const Option& b) { return a.key() < b.key(); });
  return all;
}

TEST(Plan, IsTheBestOfAllPointsOneByOne) {
  const Space space = space_of({"llama-3.1-8b"}, {"h100-sxm", "l40s"});
  for (const auto& [subject, rate] :
       {std::pair{"tpot<25ms, ttft<400ms", 12.0}, {"tpot<12ms", 3.0}, {"e2el<4s", 7.0}}) {
    const PlanQuestion question = question_of(subject, rate);
    const std::vector<Option> all = all_options(space, question);
    const Plan found = plan(space, question);
    ASSERT_EQ(found.best.has_value(), !all.empty()) << subject;
    if (all.empty()) continue;
    EXPECT_EQ(found.best->point, all.front().point) << subject;
    EXPECT_EQ(found.best->load.instances, all.front().instances) << subject;
    EXPECT_NEAR(found.best->load.dollars_per_hour, all.front().objective, 1e-9) << subject;
    EXPECT_NEAR(found.best->load.utilization, all.front().utilization, 1e-9) << subject;
    // The best of each other deployment follow in order.
    std::vector<std::uint64_t> others;
    for (const Option& each : all) {
      const std::uint64_t deployment = each.point / space.loads();
      if (std::none_of(others.begin(), others.end(),
                       [&](std::uint64_t point) { return point / space.loads() == deployment; })) {
        others.push_back(each.point);
      }
    }
    ASSERT_EQ(found.runners_up.size(),
              std::min<std::size_t>(question.runners_up, others.size() - 1));
    for (std::size_t i = 0; i < found.runners_up.size(); ++i) {
      EXPECT_EQ(found.runners_up[i].point, others[i + 1]) << subject << ' ' << i;
    }
  }
}

class PlanLaw : public testing::TestWithParam<std::tuple<Reading, const char*>> {
 protected:
  static Plan found(bool verifies) {
    PlanQuestion question = question_of("ttft<2s, tpot<50ms", 4);
    question.reading = std::get<0>(GetParam());
    static const Space space = space_of({"llama-3.1-70b"}, {"h100-sxm", "b200-sxm"});
    static const Space experts = space_of({"mixtral-8x7b"}, {"a100-sxm-80gb", "h200-sxm"});
    const bool is_dense = std::get<1>(GetParam()) == std::string("dense");
    return plan(is_dense ? space : experts, question, verifies);
  }
};

TEST_P(PlanLaw, HoldsWhenEveryPointIsEvaluated) {
  const Plan one = found(true);
  ASSERT_TRUE(one.verification.has_value());
  EXPECT_TRUE(one.verification->holds());
  EXPECT_EQ(one.verification->evaluated, one.counts.legal);
}

TEST_P(PlanLaw, CountsEachPointOnce) {
  const Plan one = found(false);
  EXPECT_EQ(one.counts.legal, one.counts.evaluated + one.counts.excluded());
  EXPECT_LT(one.counts.evaluated, one.counts.legal);
  PlanCounts sum;
  for (const Certificate& each : one.certificates) {
    EXPECT_EQ(each.counts.legal, each.counts.evaluated + each.counts.excluded());
    sum += each.counts;
  }
  EXPECT_EQ(sum.legal, one.counts.legal);
  EXPECT_EQ(sum.evaluated, one.counts.evaluated);
}

TEST_P(PlanLaw, KeepsItsPromises) {
  const Plan one = found(false);
  ASSERT_TRUE(one.best.has_value());
  EXPECT_LT(one.best->load.times.ttft_s, 2);
  EXPECT_LT(one.best->load.times.tpot_s, 0.05);
  EXPECT_LE(one.best->load.utilization, one.question.utilization);
  EXPECT_LE(one.best->load.devices, one.question.max_devices);
  for (const PlanRow& each : one.runners_up) EXPECT_GE(each.objective, one.best->objective);
}

/// Whatever would be cheaper breaks something; whatever meets all is no cheaper.
TEST_P(PlanLaw, TellsOfEveryKindWhyNot) {
  const Plan one = found(false);
  ASSERT_TRUE(one.best.has_value());
  EXPECT_EQ(one.why_not.size(), 4U);  // two devices, two types
  for (const WhyNot& each : one.why_not) {
    if (each.best) {
      EXPECT_GE(each.best->objective, one.best->objective);
    }
    if (!each.cheaper) continue;
    EXPECT_LT(each.cheaper->row.objective, one.best->objective);
    ASSERT_FALSE(each.cheaper->breaches.empty());
    EXPECT_GT(each.cheaper->breaches.front().by, 0);
  }
}

TEST_P(PlanLaw, GainsNothingLessFromLooserLimits) {
  const Plan one = found(false);
  ASSERT_TRUE(one.best.has_value());
  EXPECT_EQ(one.relaxations.size(), 5U);  // two limits, rate, memory, devices
  for (const Relaxation& each : one.relaxations) EXPECT_GE(each.gain, 0);
}

INSTANTIATE_TEST_SUITE_P(Readings, PlanLaw,
                         testing::Combine(testing::Values(Reading::floor, Reading::bound,
                                                          Reading::expected),
                                          testing::Values("dense", "experts")),
                         [](const auto& one) {
                           return std::string(name(std::get<0>(one.param))) + "_" +
                                  std::get<1>(one.param);
                         });

TEST(Plan, TellsWhatForbidsAWish) {
  const Space space = space_of({"llama-3.3-70b"}, {"h100-sxm", "b200-sxm"});
  const Plan found = plan(space, question_of("tpot<0.1ms", 1));
  EXPECT_FALSE(found.best);
  ASSERT_EQ(found.forbidden.size(), 1U);
  // 8 × B200 in fp8: 69.5 GB of weights at 8 × 8 TB/s take 1.09 ms; two stages wait for both.
  EXPECT_EQ(found.forbidden.front().nearest.device->name, "b200-sxm");
  EXPECT_EQ(found.forbidden.front().nearest.question.execution.parallelism.tensor, 8);
  EXPECT_NEAR(found.forbidden.front().least, 1.1e-3, 0.05e-3);
  ASSERT_EQ(found.nearest_misses.size(), 4U);
  for (const Miss& each : found.nearest_misses) ASSERT_FALSE(each.breaches.empty());
}

TEST(Plan, SaysThatNothingHasRoom) {
  Axes axes = space_of({"llama-3.1-405b"}, {"l4"}).axes();
  axes.tensor = {1, 2};
  const Plan found = plan(Space::of(axes).value(), question_of("fits", 1));
  EXPECT_FALSE(found.best);
  EXPECT_FALSE(found.has_room);
  EXPECT_EQ(found.counts.no_room, found.counts.legal);
}

/// A hundred times the load takes up to a hundred times the cost, less where instances were not
/// full.
TEST(Plan, GrowsWithTheRate) {
  const Space space = space_of({"llama-3.1-8b"}, {"h100-sxm"});
  PlanQuestion question = question_of("tpot<20ms", 20);
  question.max_devices = 10'000;
  const Plan small = plan(space, question);
  question.requests_per_s = 2000;
  const Plan large = plan(space, question);
  const double ratio = large.best->load.dollars_per_hour / small.best->load.dollars_per_hour;
  EXPECT_LE(ratio, 100 + 1e-9);
  EXPECT_GT(ratio, 60);
}

/// What more devices would buy is known even where no smaller split will do.
TEST(Plan, KnowsWhatATenthMoreDevicesWouldBuy) {
  const Space space = space_of({"llama-3.3-70b"}, {"h100-sxm"});
  PlanQuestion question = question_of("tpot<12ms", 1);
  question.max_devices = 7;
  const Plan found = plan(space, question, true);
  EXPECT_FALSE(found.best);
  EXPECT_TRUE(found.verification->holds());
  ASSERT_FALSE(found.relaxations.empty());
  EXPECT_EQ(found.relaxations.front().kind, Relaxation::Kind::devices);
  EXPECT_EQ(found.relaxations.front().deployment.question.execution.parallelism.devices(), 8);
}

/// A miss that cannot carry the load is told by what it carries.
TEST(Plan, TellsOfMissesWhatTheyCarry) {
  const Space space = space_of({"llama-3.1-8b"}, {"h100-sxm"});
  PlanQuestion question = question_of("fits", 1000);
  question.max_devices = 2;
  const Plan found = plan(space, question);
  ASSERT_FALSE(found.nearest_misses.empty());
  const Miss& miss = found.nearest_misses.front();
  ASSERT_EQ(miss.breaches.front().kind, Breach::Kind::rate);
  EXPECT_NEAR(miss.row.load.times.throughput_tokens_per_s, miss.breaches.front().value * 300, 1e-6);
  EXPECT_NEAR(miss.row.load.utilization, question.utilization, 1e-12);
}

TEST(Plan, IsTheSameForAPercentileAndLaterForMostRequests) {
  const Space space = space_of({"llama-3.1-8b"}, {"h100-sxm"});
  PlanQuestion question = question_of("tpot<20ms", 20);
  const Plan mean = plan(space, question);
  question.percentile = 0.99;
  const Plan late = plan(space, question);
  EXPECT_EQ(mean.best->point, late.best->point);
  EXPECT_GT(late.best->load.times.ttft_s, mean.best->load.times.ttft_s);
}

TEST(PlanQuestion, SaysAllThatIsWrongWithIt) {
  PlanQuestion question;
  question.objective = {Metric::tpot, false};
  question.requests_per_s = std::nan("");
  question.utilization = 1;
  question.percentile = 0;
  EXPECT_EQ(faults_of(question).size(), 4U);
  EXPECT_TRUE(faults_of(PlanQuestion{}).empty());
}

}  // namespace
}  // namespace ridgepoint::explore
