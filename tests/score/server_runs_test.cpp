// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/score/server_runs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "score/made_up.hpp"

namespace ridgepoint::score {
namespace {

using test::kServerColumns;
using test::runs_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kShort = "device,model,isl,osl,tp,batch,tpot_ms\n";

TEST(ServerRuns, AreReadWithWhatTheirTableLeavesOut) {
  const auto runs = runs_of(
      "us,round,8.0,vllm,0.19.0,small,fp8,serving_agg,8.0,1.0,,,4.0,,1023.6,"
      "128,250.5,8,,\n");
  ASSERT_THAT(runs, SizeIs(1));
  EXPECT_EQ(runs[0].where, "servers.csv: line 2");
  EXPECT_EQ(runs[0].framework, "vllm");
  EXPECT_EQ(runs[0].precision, "fp8");
  EXPECT_EQ(runs[0].tensor, 8);
  EXPECT_EQ(runs[0].expert, std::nullopt);
  EXPECT_EQ(runs[0].concurrency, std::nullopt);
  EXPECT_EQ(runs[0].input, 1024);  // a mean over requests, rounded
  EXPECT_EQ(runs[0].ttft_s, 0.2505);
  EXPECT_EQ(runs[0].tpot_s, 0.008);
  EXPECT_EQ(runs[0].e2e_s, std::nullopt);
}

TEST(ServerRuns, HaveEachBadRowNamedAndTheOthersKept) {
  const std::string text = std::string(kShort) +
                           "round,small,16,16,1,1,nan\n"      // line 2
                           "round,small,16,16,1,1,-5\n"       // 3
                           "round,small,16,16,1,1,0\n"        // 4
                           "round,small,16,16,1,1,1e999\n"    // 5
                           "round,small,16,16,1,1,inf\n"      // 6
                           "round,small,16,16,2.5,1,9\n"      // 7
                           "round,small,16,16,1,2000000,9\n"  // 8
                           "round,small,,16,1,1,9\n"          // 9
                           "round,small,16,1e12,1,1,9\n"      // 10
                           "round,small,16,16,1,1,9 ms\n"     // 11
                           "round,small,16,16,1,1,9,\n"       // 12: a field too many
                           "round,small,16,16,1,1,9\n"        // 13: good
                           "round,small,16,1";                // 14: cut short
  const auto table = read_server_runs(text, "t.csv");
  ASSERT_TRUE(table);
  ASSERT_THAT(table->rows, SizeIs(1));
  EXPECT_EQ(table->rows[0].where, "t.csv: line 13");
  std::vector<std::string> places;
  for (const Diagnostic& bad : table->bad_rows) places.push_back(bad.where);
  EXPECT_THAT(places, ::testing::UnorderedElementsAre(
                          "t.csv: line 2", "t.csv: line 3", "t.csv: line 4", "t.csv: line 5",
                          "t.csv: line 6", "t.csv: line 7", "t.csv: line 8", "t.csv: line 9",
                          "t.csv: line 10", "t.csv: line 11", "t.csv: line 12", "t.csv: line 14"));
}

TEST(ServerRuns, NeedTheColumnsThatAskAQuestionAndOneOfTimes) {
  const auto table = read_server_runs("device,model,isl\nround,small,16\n", "t.csv");
  ASSERT_FALSE(table);
  ASSERT_THAT(table.error(), SizeIs(2));
  EXPECT_THAT(table.error()[0].what, HasSubstr("osl"));
  EXPECT_THAT(table.error()[1].what, HasSubstr("times"));
}

TEST(ServerRuns, AreToldFromKernelsByTheColumnsOfTheirTable) {
  EXPECT_TRUE(is_server_table(kServerColumns));
  EXPECT_TRUE(is_server_table("device,model,isl,osl,e2e_ms"));
  EXPECT_FALSE(is_server_table("device,op,dtype,measured_us,m,n,k\n"));
  EXPECT_FALSE(is_server_table("device,op,dtype,measured_us,tpot_ms\n"));
  EXPECT_FALSE(is_server_table(""));
  EXPECT_FALSE(is_server_table("\"tpot_ms"));
}

/// A row of aiconfigurator: devices, tp, ep, dp and requests under way.
std::string row(const std::string& layout, const std::string& tpot_ms,
                const std::string& source = "aiconfigurator/x") {
  return source + ",round," + layout + "," + tpot_ms + ",,\n";
}
std::string layout(const std::string& devices, const std::string& tensor, const std::string& expert,
                   const std::string& data, const std::string& batch,
                   const std::string& concurrency) {
  return devices + ",sglang,1,small-moe,fp8,serving_agg," + tensor + ",1," + expert + "," + data +
         "," + batch + "," + concurrency + ",1024,1024,100";
}

/// devices, tp, ep, dp of the only run that is chosen.
std::vector<std::int64_t> chosen_layout(const std::string& text) {
  const ChosenRuns chosen = choose_runs(runs_of(text), {});
  if (chosen.runs.size() != 1) return {};
  const ServerRun& run = chosen.runs.front();
  return {run.devices.value_or(0), run.tensor.value_or(0), run.expert.value_or(0),
          run.data.value_or(0)};
}

// The layouts that stand twice in its table, the right one beside: (64, 64, 8, 1) = (8, 8, 8, 1),
// (64, 1, 8, 64) = (8, 1, 8, 8), (4, 1, 2, 4) = (2, 1, 2, 2).
TEST(ChosenRuns, HaveLayoutsMendedThatWereMultipliedByTheirExpertParallelSize) {
  EXPECT_THAT(chosen_layout(row(layout("64", "64", "8", "1", "4", "4"), "9")),
              ElementsAre(8, 8, 8, 1));
  EXPECT_THAT(chosen_layout(row(layout("64", "1", "8", "64", "4", "256"), "9")),
              ElementsAre(8, 1, 8, 8));
  EXPECT_THAT(chosen_layout(row(layout("4", "1", "2", "4", "4", "16"), "9")),
              ElementsAre(2, 1, 2, 2));
}

TEST(ChosenRuns, KeepLayoutsThatMayBeMeant) {
  EXPECT_THAT(chosen_layout(row(layout("8", "8", "8", "1", "4", "4"), "9")),
              ElementsAre(8, 8, 8, 1));
  EXPECT_THAT(chosen_layout(row(layout("16", "4", "16", "4", "4", "16"), "9")),
              ElementsAre(16, 4, 16, 4));
  EXPECT_THAT(chosen_layout(row(layout("4", "2", "2", "2", "4", "8"), "9")),
              ElementsAre(4, 2, 2, 2));
  EXPECT_THAT(chosen_layout(row(layout("4", "4", "2", "", "4", ""), "9")), ElementsAre(4, 4, 2, 0));
  EXPECT_THAT(chosen_layout(row(layout("36", "9", "6", "4", "4", "4"), "9")),
              ElementsAre(36, 9, 6, 4));
  EXPECT_THAT(chosen_layout(row(layout("1", "64", "8", "1", "4", "4"), "9")),
              ElementsAre(1, 64, 8, 1));
  EXPECT_THAT(chosen_layout(row(layout("64", "64", "8", "1", "4", "4"), "9", "ours")),
              ElementsAre(64, 64, 8, 1));
}

TEST(ChosenRuns, CountOnceWhatStandsThereUnderTwoLayouts) {
  const auto runs = runs_of(row(layout("64", "64", "8", "1", "4", "4"), "9.25") +
                            row(layout("8", "8", "8", "1", "4", "4"), "9.25") +
                            row(layout("8", "8", "8", "1", "4", "4"), "9.5"));
  const ChosenRuns chosen = choose_runs(runs, {});
  EXPECT_THAT(chosen.runs, SizeIs(2));
  ASSERT_THAT(chosen.set_aside, SizeIs(1));
  EXPECT_EQ(chosen.set_aside[0].rows, 1);
  EXPECT_THAT(chosen.set_aside[0].reason, HasSubstr("repeats"));
  ASSERT_THAT(chosen.assumptions, SizeIs(2));
  EXPECT_THAT(chosen.assumptions[0], HasSubstr("1 rows of aiconfigurator with tp·dp = ep²"));
  EXPECT_THAT(chosen.assumptions[1], HasSubstr("1 rows repeat"));

  const ChosenRuns recorded = choose_runs(runs, {.as_recorded = true});
  EXPECT_THAT(recorded.runs, SizeIs(3));
  EXPECT_EQ(recorded.runs[0].tensor, 64);
  EXPECT_THAT(recorded.set_aside, IsEmpty());
  EXPECT_THAT(recorded.assumptions, IsEmpty());
}

TEST(ChosenRuns, LeaveOutWhatItsTableDoubtsUnlessAskedFor) {
  const auto runs = runs_of(
      "us,round,1,vllm,,small,fp16,static_batch,1,1,,,1,1,16,16,1,1,99,e2e!=ttft+tpot*(osl-1)\n"
      "us,round,1,vllm,,small,fp16,static_batch,1,1,,,1,1,16,16,1,2,31,\n");
  const ChosenRuns chosen = choose_runs(runs, {});
  EXPECT_THAT(chosen.runs, SizeIs(1));
  ASSERT_THAT(chosen.set_aside, SizeIs(1));
  EXPECT_EQ(chosen.set_aside[0].reason, "suspect: e2e!=ttft+tpot*(osl-1)");
  EXPECT_EQ(chosen.set_aside[0].dtype, "fp16");
  EXPECT_THAT(choose_runs(runs, {.with_suspect = true}).runs, SizeIs(2));
}

}  // namespace
}  // namespace ridgepoint::score
