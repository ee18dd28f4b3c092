// SPDX-License-Identifier: Apache-2.0
// Cells and histograms of a sweep hold what asking `estimate` about every point finds.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "explore/small_space.hpp"
#include "ridgepoint/explore/histogram.hpp"

namespace ridgepoint::explore {
namespace {

using predict::Reading;
using test::every_point;
using test::Known;
using test::parted_space;
using test::small_space;

constexpr double kTpotLimit = 0.06;

SweepQuestion question_of(Reading reading, std::vector<Grid> grids) {
  SweepQuestion question;
  question.reading = reading;
  question.subject = parse_subject("fits, tpot<60ms", "--subject").value();
  question.grids = std::move(grids);
  return question;
}

/// Cells by brute force, by the throughput of a device.
std::vector<GridCell> known_cells(const Space& space, const std::vector<Known>& all,
                                  const Grid& grid) {
  const std::uint64_t width = space.size(grid.axes[0]);
  std::vector<GridCell> cells(width * (grid.is_map() ? space.size(grid.axes[1]) : 1));
  for (const Known& one : all) {
    const auto digit = [&](Axis axis) { return one.point / space.stride(axis) % space.size(axis); };
    GridCell& cell = cells[digit(grid.axes[0]) + (grid.is_map() ? width * digit(grid.axes[1]) : 0)];
    ++cell.evaluated;
    if (one.fits) ++cell.fitting;
    if (!one.fits || one.times.tpot_s >= kTpotLimit) continue;
    ++cell.meeting;
    const double key = -one.times.per_device_tokens_per_s;
    if (key < cell.best.key) cell.best = {key, one.point};
  }
  return cells;
}

class SweepGridTest : public testing::TestWithParam<Reading> {};

TEST_P(SweepGridTest, HoldsTheBestOfEachCell) {
  const Space space = small_space();
  const std::vector<Known> all = every_point(space, GetParam());
  const std::vector<Grid> grids{{{Axis::batch, Axis::tensor}},
                                {{Axis::model, Axis::input}},
                                {{Axis::output, Axis::batch}},
                                {{Axis::device}},
                                {{Axis::weights}},
                                {{Axis::context, Axis::batch}},
                                {{Axis::pipeline}}};
  const Sweep found = sweep(space, question_of(GetParam(), grids));
  ASSERT_EQ(found.grids.size(), grids.size());
  for (std::size_t i = 0; i < grids.size(); ++i) {
    SCOPED_TRACE(i);
    const std::vector<GridCell> known = known_cells(space, all, grids[i]);
    ASSERT_EQ(found.grids[i].cells.size(), known.size());
    for (std::size_t cell = 0; cell < known.size(); ++cell) {
      EXPECT_EQ(found.grids[i].cells[cell].found, known[cell]) << cell;
      EXPECT_EQ(found.grids[i].cells[cell].best.has_value(), known[cell].meeting > 0);
    }
  }
}

TEST_P(SweepGridTest, CountsPointsByTheSizeOfAnyMetric) {
  const Space space = small_space();
  const std::vector<Known> all = every_point(space, GetParam());
  SweepQuestion question = question_of(GetParam(), {});
  for (const MetricFacts& metric : kMetrics) {
    if (metric.unit == MetricUnit::count) continue;
    SCOPED_TRACE(metric.name);
    question.histogram = metric.metric;
    std::vector<std::uint64_t> known(kBins);
    for (const Known& one : all) {
      if (one.fits && one.times.tpot_s < kTpotLimit) {
        ++known[bin_of(value_of(metric.metric, one.times))];
      }
    }
    const Sweep found = sweep(space, question);
    EXPECT_EQ(found.histogram, known);
    EXPECT_EQ(std::accumulate(known.begin(), known.end(), std::uint64_t{0}), found.counts.meeting);
  }
}

INSTANTIATE_TEST_SUITE_P(Readings, SweepGridTest,
                         testing::Values(Reading::floor, Reading::bound, Reading::expected),
                         [](const auto& one) { return std::string(name(one.param)); });

TEST(SweepGrid, TellsWhatACellComesUpAgainst) {
  Axes axes = test::axes_of({"llama-3.1-70b"}, {"h100-sxm"});
  axes.tensor = {1, 3, 4};
  axes.batch = {1, 300, 100'000};
  SweepQuestion question;
  question.subject = parse_subject("fits, tpot<15ms", "--subject").value();
  question.grids = {{{Axis::tensor, Axis::batch}}};
  const Sweep found = sweep(Space::of(std::move(axes)).value(), question);
  std::vector<Region> regions;
  for (const SweepCell& cell : found.grids[0].cells) regions.push_back(cell.region);
  // 141 GB of weights do not fit on one; three do not divide the heads; four read them in 10.5 ms,
  // and the 102 GB of keys and values of 300 sequences in another 7.6 ms.
  const std::vector<Region> expected{Region::capacity, Region::empty, Region::memory_bound,
                                     Region::capacity, Region::empty, Region::subject,
                                     Region::capacity, Region::empty, Region::capacity};
  EXPECT_EQ(regions, expected);
}

// A prompt of 8,192 tokens does thousands of FLOPs for each byte of weights, a decode step two. Of
// a request of two tokens the prompt is nearly all.
TEST(SweepGrid, TellsTheLimitOfWhatIsLookedFor) {
  Axes axes = test::axes_of({"llama-3.1-8b"}, {"h100-sxm"});
  axes.input = {8192};
  SweepQuestion question;
  question.grids = {{{Axis::batch}}};
  const Space space = Space::of(std::move(axes)).value();
  EXPECT_EQ(sweep(space, question).grids[0].cells[0].region, Region::memory_bound);
  question.objective = {Metric::ttft, false};
  EXPECT_EQ(sweep(space, question).grids[0].cells[0].region, Region::compute_bound);
  Axes of_two = space.axes();
  of_two.output = {2};
  const Space short_answers = Space::of(std::move(of_two)).value();
  question.objective = {Metric::throughput, true};
  EXPECT_EQ(sweep(short_answers, question).grids[0].cells[0].region, Region::compute_bound);
  question.objective = {Metric::tpot, false};
  EXPECT_EQ(sweep(short_answers, question).grids[0].cells[0].region, Region::memory_bound);
}

// Blocks of more batches than one holds are not visited in the order of points: all points are
// equal here, the first that keeps to the limit is in the second block of its row.
TEST(SweepGrid, KeepsTheFirstOfEquals) {
  Axes axes = test::axes_of({"llama-3.1-8b"}, {"h100-sxm"});
  axes.batch.clear();
  for (std::int64_t i = 1; i <= 1100; ++i) axes.batch.push_back(i);
  axes.input = {100};
  axes.output = {10, 1000};
  const Space space = Space::of(std::move(axes)).value();
  const auto e2el_s = [&](std::uint64_t point) {
    const Candidate one = space.point(point);
    return predict::estimate(one.model->architecture, one.device->device, one.question)
        ->bound.e2el_s;
  };
  constexpr std::uint64_t kFirst = 1049;
  ASSERT_LT(e2el_s(kFirst - 1), e2el_s(kFirst));
  ASSERT_LT(e2el_s(kFirst), e2el_s(1100));  // batch 1 of the second row
  SweepQuestion question;
  question.subject = {false, {{Metric::e2el, Relation::at_least, e2el_s(kFirst), ""}}};
  question.objective = {Metric::devices, false};
  question.grids = {{{Axis::input}}};
  EXPECT_EQ(sweep(space, question).grids[0].cells[0].found.best.point, kFirst);
}

SweepQuestion parted_question() {
  SweepQuestion question;
  question.top = 1;
  question.threads = 2;
  question.histogram = Metric::throughput;
  question.grids = {{{Axis::batch}}, {{Axis::input, Axis::tensor}}, {{Axis::device, Axis::output}}};
  return question;
}

void expect_same(const Sweep& found, const Sweep& whole) {
  EXPECT_EQ(found.histogram, whole.histogram);
  ASSERT_EQ(found.grids.size(), whole.grids.size());
  for (std::size_t i = 0; i < whole.grids.size(); ++i) {
    for (std::size_t cell = 0; cell < whole.grids[i].cells.size(); ++cell) {
      ASSERT_EQ(found.grids[i].cells[cell].found, whole.grids[i].cells[cell].found);
      ASSERT_EQ(found.grids[i].cells[cell].region, whole.grids[i].cells[cell].region);
    }
  }
}

TEST(SweepGrid, IsTheSameWhoeverDoesTheWork) {
  const Space space = parted_space();
  SweepQuestion question = parted_question();
  const Sweep whole = sweep(space, question);
  for (const std::size_t threads : {std::size_t{1}, std::size_t{5}}) {
    for (const InstructionSet set : available_instruction_sets()) {
      question.threads = threads;
      question.set = set;
      expect_same(sweep(space, question), whole);
    }
  }
  std::vector<SweepState> shards;
  for (std::uint64_t number = 1; number <= 5; ++number) {
    shards.emplace_back().shard = {number, 5};
    continue_sweep(space, question, shards.back(), 1000);
  }
  expect_same(finish_sweep(space, question, join_shards(space, question, shards).value()), whole);
  SweepState state;
  state.question = "this one";
  while (!is_done(space, state)) {
    continue_sweep(space, question, state, 0);
    const auto read = read_state(write_state(state), "a.json");
    ASSERT_TRUE(read) << read.error().front().where << read.error().front().what;
    state = *read;
    EXPECT_TRUE(faults_of(state, space, question, "a.json").empty());
  }
  expect_same(finish_sweep(space, question, state), whole);
}

TEST(SweepGrid, AddsUpToTheWholeSpace) {
  const Space space = parted_space();
  const Sweep found = sweep(space, parted_question());
  for (const SweepGrid& grid : found.grids) {
    GridCell sum;
    for (const SweepCell& cell : grid.cells) sum += cell.found;
    EXPECT_EQ(sum.evaluated, found.counts.evaluated);
    EXPECT_EQ(sum.fitting, found.counts.fitting);
    EXPECT_EQ(sum.meeting, found.counts.meeting);
    EXPECT_EQ(sum.best.point, found.top.front().point);
  }
}

TEST(SweepGrid, OfAnAxisWithOneValueIsAGroup) {
  const Space space = small_space();
  const Sweep found = sweep(space, question_of(Reading::bound, {{{Axis::batch}},
                                                                {{Axis::batch, Axis::pipeline}},
                                                                {{Axis::pipeline, Axis::batch}}}));
  for (std::size_t i = 0; i < found.grids[0].cells.size(); ++i) {
    EXPECT_EQ(found.grids[1].cells[i].found, found.grids[0].cells[i].found);
    EXPECT_EQ(found.grids[2].cells[i].found, found.grids[0].cells[i].found);
  }
}

TEST(SweepGrid, OfAnotherQuestionIsRefused) {
  const Space space = small_space();
  const SweepQuestion question = question_of(Reading::bound, {{{Axis::batch}}});
  SweepState state;
  continue_sweep(space, question, state, 1000);
  EXPECT_TRUE(faults_of(state, space, question, "a.json").empty());
  EXPECT_FALSE(faults_of(state, space, question_of(Reading::bound, {}), "a.json").empty());
  EXPECT_FALSE(
      faults_of(state, space, question_of(Reading::bound, {{{Axis::tensor}}}), "a.json").empty());
  state.grids[0][0].best.point = space.points();
  EXPECT_FALSE(faults_of(state, space, question, "a.json").empty());
}

}  // namespace
}  // namespace ridgepoint::explore
