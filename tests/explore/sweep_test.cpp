// SPDX-License-Identifier: Apache-2.0
// A sweep finds what asking `estimate` about every point finds, whoever does the work.
#include "ridgepoint/explore/sweep.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "explore/small_space.hpp"

namespace ridgepoint::explore {
namespace {

using predict::Reading;
using test::axes_of;
using test::every_point;
using test::Known;
using test::parted_space;
using test::small_space;

std::vector<std::uint64_t> points_of(const std::vector<SweepRow>& rows) {
  std::vector<std::uint64_t> points;
  for (const SweepRow& row : rows) points.push_back(row.point);
  return points;
}

class SweepTest : public testing::TestWithParam<Reading> {};

TEST_P(SweepTest, FindsTheBestOfAllPoints) {
  const Space space = small_space();
  std::vector<Known> all = every_point(space, GetParam());
  ASSERT_GT(all.size(), 100U);
  ASSERT_LT(all.size(), space.points());
  SweepQuestion question;
  question.reading = GetParam();
  question.top = 15;
  question.subject = parse_subject("fits, tpot<60ms, ttft<=20s", "--subject").value();
  for (const MetricFacts& metric : kMetrics) {
    if (metric.unit == MetricUnit::count) continue;
    SCOPED_TRACE(metric.name);
    question.objective = {metric.metric, metric.is_better_high};
    std::vector<Known> meeting;
    std::copy_if(all.begin(), all.end(), std::back_inserter(meeting), [&](const Known& one) {
      return one.fits && one.times.tpot_s < 0.06 && one.times.ttft_s <= 20;
    });
    std::stable_sort(meeting.begin(), meeting.end(), [&](const Known& a, const Known& b) {
      const double left = value_of(metric.metric, a.times);
      const double right = value_of(metric.metric, b.times);
      return metric.is_better_high ? left > right : left < right;
    });
    const Sweep found = sweep(space, question);
    EXPECT_EQ(found.counts.points, space.points());
    EXPECT_EQ(found.counts.evaluated, all.size());
    EXPECT_EQ(found.counts.meeting, meeting.size());
    EXPECT_EQ(found.counts.fitting,
              static_cast<std::uint64_t>(
                  std::count_if(all.begin(), all.end(), [](auto& one) { return one.fits; })));
    ASSERT_GT(meeting.size(), question.top);
    meeting.resize(question.top);
    std::vector<std::uint64_t> expected;
    for (const Known& one : meeting) expected.push_back(one.point);
    EXPECT_EQ(points_of(found.top), expected);
  }
}

TEST_P(SweepTest, FindsTheFrontOfAllPoints) {
  const Space space = small_space();
  const std::vector<Known> all = every_point(space, GetParam());
  SweepQuestion question;
  question.reading = GetParam();
  for (const char* metrics : {"tpot,throughput_per_device", "ttft,cost,throughput_per_user",
                              "min:throughput,max:tpot,e2el,energy"}) {
    SCOPED_TRACE(metrics);
    question.front = parse_objectives(metrics, "--pareto").value();
    const auto key = [&](const Known& one, std::size_t i) {
      const double value = value_of(question.front[i].metric, one.times);
      return question.front[i].is_max ? -value : value;
    };
    std::vector<std::uint64_t> expected;
    for (const Known& one : all) {
      const bool is_beaten = std::any_of(all.begin(), all.end(), [&](const Known& other) {
        bool is_better = other.point < one.point;  // of equals the earlier one stays
        for (std::size_t i = 0; i < question.front.size(); ++i) {
          if (key(other, i) > key(one, i)) return false;
          is_better = is_better || key(other, i) < key(one, i);
        }
        return other.fits && is_better;
      });
      if (one.fits && !is_beaten) expected.push_back(one.point);
    }
    const Sweep found = sweep(space, question);
    std::vector<std::uint64_t> points = points_of(found.front);
    for (std::size_t i = 1; i < found.front.size(); ++i) {
      const auto first = [&](std::size_t at) {
        return key({0, times_of(found.front[at].estimate, GetParam()), true}, 0);
      };
      EXPECT_LE(first(i - 1), first(i));
    }
    std::sort(points.begin(), points.end());
    ASSERT_GT(points.size(), 2U);
    EXPECT_EQ(points, expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Readings, SweepTest,
                         testing::Values(Reading::floor, Reading::bound, Reading::expected),
                         [](const auto& one) { return std::string(name(one.param)); });

// With a draft only deployments of one stage.
TEST(Sweep, RanksSpeculationAsEstimateHasIt) {
  Axes axes = axes_of({"llama-3.1-8b"}, {"h100-sxm"});
  axes.tensor = {1, 2, 3};
  axes.pipeline = {1, 2};
  axes.speculative_tokens = {0, 1, 5};
  axes.rest.speculation.draft =
      std::make_shared<const model::Architecture>(catalog::find_model("llama-3.2-1b").value());
  axes.input = {200, 9000};
  axes.batch = {1, 7, 64, 256};
  const Space space = Space::of(std::move(axes)).value();
  for (const Reading reading : {Reading::floor, Reading::bound}) {
    std::vector<Known> all = every_point(space, reading);
    EXPECT_EQ(all.size(), 2U * (3 + 1) * 8);  // TP 1 and 2: all on one stage, none proposed on two
    SweepQuestion question;
    question.reading = reading;
    question.top = all.size();
    question.objective = {Metric::tpot, false};
    question.subject.fits = true;
    std::erase_if(all, [](const Known& one) { return !one.fits; });
    std::stable_sort(all.begin(), all.end(), [](const Known& a, const Known& b) {
      return a.times.tpot_s < b.times.tpot_s;
    });
    std::vector<std::uint64_t> expected;
    for (const Known& one : all) expected.push_back(one.point);
    const Sweep found = sweep(space, question);
    EXPECT_EQ(points_of(found.top), expected);
  }
}

TEST(Sweep, IsTheSameWhoeverDoesTheWork) {
  Axes axes = axes_of({"llama-3.1-8b"}, {"h100-sxm", "l40s"});
  axes.pipeline = {1, 2};
  for (std::int64_t i = 1; i <= 300; ++i) axes.batch.push_back(i);
  for (std::int64_t i = 1; i <= 40; ++i) axes.input.push_back(100 * i);
  axes.output = {1, 10, 100, 1000, 5000, 300, 30, 3};
  const Space space = Space::of(std::move(axes)).value();
  ASSERT_GT(space.loads(), 65536U);  // several parts of one deployment
  SweepQuestion question;
  question.top = 50;
  question.front = parse_objectives("tpot,throughput_per_device,ttft", "--pareto").value();
  for (const Reading reading : {Reading::bound, Reading::expected}) {
    question.reading = reading;
    std::optional<Sweep> first;
    for (const std::size_t threads : {std::size_t{1}, std::size_t{2}, std::size_t{5}}) {
      for (const InstructionSet set : available_instruction_sets()) {
        if (threads == 2 && set != best_instruction_set()) continue;
        question.threads = threads;
        question.set = set;
        const Sweep found = sweep(space, question);
        if (!first) first = found;
        EXPECT_EQ(found.counts, first->counts);
        EXPECT_EQ(points_of(found.top), points_of(first->top));
        EXPECT_EQ(points_of(found.front), points_of(first->front));
      }
    }
  }
}

TEST(Sweep, SaysWhyDeploymentsAreLeftOut) {
  Axes axes = axes_of({"llama-3.1-8b"}, {"h100-sxm", "a40"});
  axes.tensor = {1, 3, 5};
  axes.weights = {std::nullopt, DataType::nvfp4};
  axes.activations = {std::nullopt, DataType::fp8};
  SweepQuestion question;
  question.objective = {Metric::cost, false};
  const Sweep found = sweep(Space::of(std::move(axes)).value(), question);
  std::map<std::string, std::uint64_t> reasons;
  std::uint64_t all = 0;
  for (const LeftOut& each : found.left_out) {
    reasons[each.reason.what] += each.deployments;
    all += each.deployments;
    EXPECT_FALSE(each.reason.help.empty());
  }
  EXPECT_EQ(all + found.counts.evaluated, 24U);
  EXPECT_GE(reasons.size(), 3U);
}

SweepQuestion parted_question() {
  SweepQuestion question;
  question.top = 30;
  question.threads = 2;
  question.front = parse_objectives("tpot,throughput_per_device", "--pareto").value();
  return question;
}

void expect_same(const Sweep& found, const Sweep& whole) {
  EXPECT_EQ(found.counts, whole.counts);
  EXPECT_EQ(points_of(found.top), points_of(whole.top));
  EXPECT_EQ(points_of(found.front), points_of(whole.front));
  EXPECT_EQ(found.left_out, whole.left_out);
  EXPECT_TRUE(found.is_complete);
}

TEST(Sweep, InShardsFindsTheSame) {
  const Space space = parted_space();
  const SweepQuestion question = parted_question();
  const Sweep whole = sweep(space, question);
  for (const std::uint64_t of : {1U, 2U, 3U, 5U, 40U}) {
    SCOPED_TRACE(of);
    std::vector<SweepState> shards;
    for (std::uint64_t number = of; number >= 1; --number) {
      shards.emplace_back().shard = {number, of};
      continue_sweep(space, question, shards.back(), 1000);
      EXPECT_TRUE(is_done(space, shards.back()));
    }
    const auto joined = join_shards(space, question, shards);
    ASSERT_TRUE(joined);
    expect_same(finish_sweep(space, question, *joined), whole);
  }
}

TEST(Sweep, InSeveralRunsFindsTheSame) {
  const Space space = parted_space();
  const SweepQuestion question = parted_question();
  SweepState state;
  state.question = "this one";
  int runs = 0;
  for (; !is_done(space, state); ++runs) {
    const std::uint64_t before = state.parts_done;
    continue_sweep(space, question, state, 0);  // a part or two
    ASSERT_GT(state.parts_done, before);
    state = read_state(write_state(state), "a.json").value();
  }
  EXPECT_GT(runs, 3);
  expect_same(finish_sweep(space, question, state), sweep(space, question));
}

TEST(Sweep, JoinsWholeShardsOfOneSweepAlone) {
  const Space space = parted_space();
  const SweepQuestion question = parted_question();
  std::vector<SweepState> shards(2);
  for (std::uint64_t i = 0; i < 2; ++i) {
    shards[i].shard = {i + 1, 2};
    continue_sweep(space, question, shards[i], 1000);
  }
  const auto says = [&](const std::vector<SweepState>& some) {
    const auto joined = join_shards(space, question, some);
    return joined ? std::string() : joined.error().front().what;
  };
  EXPECT_EQ(says(shards), "");
  EXPECT_EQ(says({shards[0]}), "is missing");
  EXPECT_EQ(says({shards[0], shards[0]}), "is there twice");
  std::vector<SweepState> other = shards;
  other[1].question = "another";
  EXPECT_EQ(says(other), "is of another sweep than shard 1/2");
  other = shards;
  --other[1].parts_done;
  EXPECT_EQ(says(other), "is not done");
  EXPECT_TRUE(faults_of(shards[0], space, question, "a.json").empty());
  other[0].best[0].point = space.points();
  EXPECT_FALSE(faults_of(other[0], space, question, "a.json").empty());
}

// The last one told is the best of all; each is better than those before.
TEST(Sweep, TellsTheBestSoFarWhileItRuns) {
  const Space space = parted_space();
  SweepQuestion question = parted_question();
  for (const std::size_t threads : {std::size_t{1}, std::size_t{3}}) {
    question.threads = threads;
    std::vector<KeyedPoint> told;
    std::uint64_t done_at_first = 0;
    question.on_best = [&](const KeyedPoint& best) {
      if (!told.empty()) {
        EXPECT_LT(best, told.back());
      }
      told.push_back(best);
    };
    question.on_progress = [&](std::uint64_t done, std::uint64_t) {
      if (done_at_first == 0 && !told.empty()) done_at_first = done;
      return true;
    };
    const Sweep found = sweep(space, question);
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.back().point, found.top.front().point);
    EXPECT_LT(done_at_first, space.points() / 2);
  }
}

// Six deployments; of the 222 rows of 701 batches, 93 make a part of at most 65,536 points.
TEST(Sweep, HasPartsOfOneDeploymentEach) { EXPECT_EQ(count_parts(parted_space()), 6U * 3U); }

TEST(Sweep, HasEachPartInOneShardHoweverManyThereAre) {
  Axes axes = axes_of({"llama-3.1-8b"}, {"h100-sxm", "l40s"});
  axes.tensor = {1, 2, 4};
  for (std::int64_t i = 1; i <= 1000; ++i) axes.batch.push_back(i);
  for (std::int64_t i = 1; i <= 7000; ++i) axes.input.push_back(i);
  const Space space = Space::of(std::move(axes)).value();
  const std::uint64_t parts = count_parts(space);
  EXPECT_EQ(parts, 6U * 108U);  // of 65 of the 7001 inputs
  for (const std::uint64_t of : {1U, 2U, 3U, 7U, 16U, 100U, 648U, 1000U}) {
    std::uint64_t sum = 0;
    for (std::uint64_t number = 1; number <= of; ++number) {
      SweepState state;
      state.shard = {number, of};
      while (!is_done(space, state)) ++state.parts_done;
      sum += state.parts_done;
      EXPECT_LE(state.parts_done, parts / of + 8) << number << '/' << of;
    }
    EXPECT_EQ(sum, parts) << of;
  }
}

TEST(Sweep, JoinsInAnyOrderAndGroups) {
  const Space space = parted_space();
  const SweepQuestion question = parted_question();
  std::vector<SweepState> shards(4);
  for (std::uint64_t i = 0; i < 4; ++i) {
    shards[i].shard = {i + 1, 4};
    continue_sweep(space, question, shards[i], i == 3 ? 0 : 1000);  // the last one is not done
  }
  const SweepState all = joined(space, question, shards);
  EXPECT_FALSE(is_done(space, all));
  EXPECT_EQ(all.counts.points, shards[0].counts.points + shards[1].counts.points +
                                   shards[2].counts.points + shards[3].counts.points);
  const SweepState two = joined(space, question, {shards[2], shards[0]});
  EXPECT_EQ(
      joined(space, question, {SweepState(), shards[3], joined(space, question, {two, shards[1]})}),
      all);
}

TEST(Sweep, EndsEarlyWhenAsked) {
  Axes axes = axes_of({"llama-3.1-8b"}, {"h100-sxm"});
  axes.tensor = {1, 2, 4, 8};
  axes.batch = {1, 2, 3};
  const Space space = Space::of(std::move(axes)).value();
  SweepQuestion question;
  std::vector<std::uint64_t> seen;
  question.on_progress = [&](std::uint64_t done, std::uint64_t in_all) {
    EXPECT_EQ(in_all, 12U);
    seen.push_back(done);
    return done < 6;
  };
  const Sweep found = sweep(space, question);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{3, 6}));
  EXPECT_FALSE(found.is_complete);
  EXPECT_EQ(found.counts.points, 6U);
  EXPECT_FALSE(found.top.empty());
}

}  // namespace
}  // namespace ridgepoint::explore
