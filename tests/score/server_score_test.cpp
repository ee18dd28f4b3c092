// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "ridgepoint/predict/request.hpp"
#include "score/made_up.hpp"

namespace ridgepoint::score {
namespace {

using test::question;
using test::round_device;
using test::runs_of;
using test::small_model;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string run_row(const std::string& model, const std::string& kind, const std::string& layout,
                    const std::string& requests, const std::string& times) {
  return "us,round," + layout + "," + model + ",bf16," + kind + "," + requests + "," + times +
         ",\n";
}

/// One device, 100 tokens in and out, one sequence.
std::string plain_row(const std::string& times) {
  return "us,round,1,vllm,,small,bf16,static_batch,1,1,,,1,1,100,100," + times + ",\n";
}

Score score_of(const std::vector<ServerRun>& runs, const ScoreQuestion& asked) {
  return score({{}, runs}, asked);
}

const ScoreGroup* group(const Score& score, const std::string& op) {
  for (const ScoreGroup& each : score.groups) {
    if (each.key.op == op) return &each;
  }
  return nullptr;
}

// A layer has 4·256² + 3·256·512 + 2·256 = 655,872 weights; two layers, the head's 256·1000 and the
// last norm's 256 are 1,568,000, in bf16 3.136 MB. The cache at 100 + 100/2 tokens is
// 150·2·2·256·2 B = 0.307 MB, and 2 kB are written. At 1 TB/s the step's floor is 3.445 µs: half of
// 6.890 µs.
TEST(ServerScore, HoldsTheFloorOfAStepAgainstMeasuredTimePerToken) {
  const Score result = score_of(runs_of(plain_row(",0.006890,")), question(Reading::floor));
  ASSERT_THAT(result.groups, SizeIs(1));
  const auto& [key, errors] = result.groups.front();
  EXPECT_EQ(key.device, "round");
  EXPECT_EQ(key.op, "tpot");
  EXPECT_EQ(key.dtype, "bf16");
  EXPECT_EQ(errors.rows, 1);
  EXPECT_NEAR(errors.bias, -50, 0.05);
  EXPECT_EQ(errors.coverage80, 0);
  EXPECT_EQ(result.rows, 1);
}

// TTFT, TPOT and latency are three groups; a TPOT that is not given is (99.1 − 0.1) ms ÷ 99 = 1 ms.
TEST(ServerScore, DerivesTimePerTokenFromTheWholeWhereItIsNotGiven) {
  const Score result = score_of(runs_of(plain_row("0.1,,99.1")), question(Reading::floor));
  ASSERT_THAT(result.groups, SizeIs(3));
  ASSERT_NE(group(result, "tpot"), nullptr);
  EXPECT_NEAR(group(result, "tpot")->errors.bias, 100 * (3.445e-3 - 1), 1e-3);
  EXPECT_EQ(result.rows, 1);
  EXPECT_THAT(result.assumptions, Contains("1 rows give no TPOT: it is (e2e − ttft) ÷ (osl − 1)"));
}

// With the predicted TTFT in it, what is left over is off as much as the whole is: of a latency
// that is TTFT + 99 · 2 · floor exactly, TPOT is predicted at half.
TEST(ServerScore, TakesThePredictedFirstTokenOutOfALatencyThatStandsAlone) {
  predict::RequestQuestion asked;
  asked.input = 100;
  asked.output = 100;
  const auto estimate = predict::estimate(small_model(), round_device(), asked);
  ASSERT_TRUE(estimate);
  const double e2e_s = estimate->floor.ttft_s + 99 * 2 * estimate->floor.tpot_s;
  const Score result =
      score_of(runs_of(plain_row(",," + std::to_string(1e3 * e2e_s))), question(Reading::floor));
  ASSERT_NE(group(result, "tpot"), nullptr);
  EXPECT_NEAR(group(result, "tpot")->errors.bias, -50, 0.01);
  EXPECT_THAT(result.assumptions, Contains(HasSubstr("(e2e − predicted TTFT)")));
}

TEST(ServerScore, SaysWhereALatencyIsShorterThanItsPredictedFirstToken) {
  const Score result = score_of(runs_of(plain_row(",,0.000001")), question(Reading::bound));
  ASSERT_THAT(result.groups, SizeIs(1));
  EXPECT_EQ(result.groups[0].key.op, "e2e");
  EXPECT_THAT(result.assumptions, Contains(HasSubstr("1 rows have no TPOT")));
}

// 32 requests under way on two replicas are 16 on each, in steps that hold prompts too.
TEST(ServerScore, AsksForContinuousBatchingWhereRequestsFollowEachOther) {
  predict::RequestQuestion asked;
  asked.input = 512;
  asked.output = 64;
  asked.batch = 16;
  asked.execution.parallelism.data = 2;
  const auto estimate = predict::estimate(small_model(), round_device(), asked);
  ASSERT_TRUE(estimate);
  const auto runs =
      runs_of(run_row("small", "serving_agg", "2,vllm,1", "1,1,1,2,16,32,512,64", ",1,"));
  const Score result = score_of(runs, question(Reading::bound));
  ASSERT_THAT(result.groups, SizeIs(1));
  EXPECT_NEAR(1e-3 * (1 + result.groups[0].errors.bias / 100), estimate->steady.bound.tpot_s,
              1e-12);
  EXPECT_GT(estimate->steady.bound.tpot_s, estimate->bound.tpot_s);
}

TEST(ServerScore, CountsEachRunOnceWithTheReasonWhereItHasNoPrediction) {
  std::string rows = plain_row("1,1,1");                                             // predicted
  rows += "us,round,1,vllm,,unheard-of,bf16,static_batch,1,1,,,1,1,9,9,1,1,9,\n";    // model
  rows += "us,round,1,vllm,,unheard-of,bf16,static_batch,1,1,,,2,2,9,9,1,1,9,\n";    // the same
  rows += "us,nowhere,1,vllm,,small,bf16,static_batch,1,1,,,1,1,9,9,1,1,9,\n";       // device
  rows += "us,round,1,vllm,,small,fp7,static_batch,1,1,,,1,1,9,9,1,1,9,\n";          // precision
  rows += "us,round,1,vllm,,small,bf16,open_loop,1,1,,,1,1,9,9,1,1,9,\n";            // kind
  rows += "us,round,1,vllm,,small,bf16,,1,1,,,1,1,9,9,1,1,9,\n";                     // no kind
  rows += "us,round,8,vllm,,small,bf16,static_batch,2,1,,,1,1,9,9,1,1,9,\n";         // devices
  rows += "us,round,,vllm,,small,bf16,static_batch,,1,,,1,1,9,9,1,1,9,\n";           // none
  rows += "us,round,3,vllm,,small,bf16,static_batch,3,1,,,1,1,9,9,1,1,9,\n";         // split
  rows += "us,round,1,vllm,,small,bf16,static_batch,1,1,,,,,9,9,1,1,9,\n";           // batch
  rows += "us,round,1,vllm,,small,bf16,static_batch,1,1,,,1,1,9,9,,,,\n";            // no time
  rows += "us,round,1,vllm,,small,bf16,static_batch,1,1,,,1,1,9,9,1,1,9,doubted\n";  // suspect
  const auto runs = runs_of(rows);
  const Score result = score_of(runs, question(Reading::bound));
  EXPECT_EQ(result.rows, 1);
  std::int64_t unpredicted = 0;
  std::string reasons;
  for (const Unpredicted& each : result.unpredicted) {
    EXPECT_EQ(each.key.op, "run");
    unpredicted += each.rows;
    reasons += each.reason + "\n";
  }
  EXPECT_EQ(unpredicted, 11);
  ASSERT_THAT(result.set_aside, SizeIs(1));
  EXPECT_EQ(result.rows + unpredicted + result.set_aside[0].rows,
            static_cast<std::int64_t>(runs.size()));
  for (const char* word :
       {"unknown model \"unheard-of\"", "unknown device \"nowhere\"", "\"fp7\" is no precision",
        "kind \"open_loop\"", "its kind is not given", "n_gpu is 8", "neither n_gpu nor tp",
        "neither batch nor concurrency", "no time is measured"}) {
    EXPECT_THAT(reasons, HasSubstr(word));
  }
}

TEST(ServerScore, OfExpectedTimesWithoutAProfileSaysSo) {
  const Score result = score_of(runs_of(plain_row("1,1,1")), question(Reading::expected));
  EXPECT_EQ(result.rows, 0);
  ASSERT_THAT(result.unpredicted, SizeIs(1));
  EXPECT_THAT(result.unpredicted[0].reason, HasSubstr("no profile of round"));
}

TEST(ServerScore, TakesAnUnknownPrecisionForTheCheckpointsAndKeepsItApart) {
  const Score result =
      score_of(runs_of("us,round,1,vllm,,small,,static_batch,1,1,,,1,1,100,100,,0.00689,,\n" +
                       plain_row(",0.00689,")),
               question(Reading::floor));
  ASSERT_THAT(result.groups, SizeIs(2));
  EXPECT_EQ(result.groups[0].key.dtype, "");
  EXPECT_EQ(result.groups[0].errors.bias, result.groups[1].errors.bias);
  EXPECT_THAT(result.assumptions, Contains(HasSubstr("does not say the precision")));
}

TEST(ServerScore, IsTheSameOnAnyNumberOfThreadsAndTellsHowFarItIs) {
  std::string rows;
  for (int batch = 1; batch <= 40; ++batch) {
    const std::string sequences = std::to_string(batch);
    rows += "us,round,1,vllm,,small-moe,bf16,serving_agg,1,1,,," + sequences + "," + sequences +
            ",64,64,1,1,,\n";
  }
  const auto runs = runs_of(rows);
  std::vector<std::vector<double>> biases;
  for (const std::size_t threads : {1U, 3U, 100U}) {
    ScoreQuestion asked = question(Reading::bound);
    asked.threads = threads;
    std::vector<std::size_t> seen;
    asked.progress = [&](std::size_t done, std::size_t all) {
      EXPECT_EQ(all, 40U);
      seen.push_back(done);
    };
    const Score result = score_of(runs, asked);
    ASSERT_THAT(result.groups, SizeIs(2));
    biases.push_back({result.groups[0].errors.mape, result.groups[1].errors.mape});
    ASSERT_THAT(seen, SizeIs(40));
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
    EXPECT_EQ(seen.back(), 40U);
  }
  EXPECT_EQ(biases[0], biases[1]);
  EXPECT_EQ(biases[0], biases[2]);
}

TEST(ServerScore, ShowsWhatTheWorstRunsAreMadeOf) {
  ScoreQuestion asked = question(Reading::bound);
  asked.worst = 1;
  const Score result = score_of(
      runs_of(plain_row(",0.0036,") + "us,round,2,vllm,0.5,small,bf16,serving_agg,2,1,,,16,16,512,"
                                      "64,,90,,\n"),
      asked);
  ASSERT_THAT(result.worst, SizeIs(1));
  const WorstRow& worst = result.worst[0];
  EXPECT_EQ(worst.where, "servers.csv: line 3");
  EXPECT_EQ(worst.key.op, "tpot");
  EXPECT_EQ(worst.kernel, "vllm 0.5");
  EXPECT_EQ(worst.shape, "small bf16, TP 2, batch 16, isl 512, osl 64, serving_agg");
  ASSERT_THAT(worst.why, SizeIs(2));
  EXPECT_THAT(worst.why[0], HasSubstr("its decode step waits for "));
  EXPECT_THAT(worst.why[1], HasSubstr("16 decodes and 128 prompt tokens"));
}

TEST(ServerScore, StandsBesideThatOfKernelsInOneCall) {
  calibrate::Measurement gemm;
  gemm.device = "round";
  gemm.op = "gemm";
  gemm.compute = "bf16";
  gemm.shape = efficiency::GemmShape{1, 2000, 3000};
  gemm.seconds = 1e-3;
  const std::vector<calibrate::Measurement> kernels{gemm};
  const auto runs = runs_of(plain_row("1,1,1"));
  const Score result = score({kernels, runs}, question(Reading::bound));
  std::vector<std::string> ops;
  for (const ScoreGroup& each : result.groups) ops.push_back(each.key.op);
  EXPECT_THAT(ops, ElementsAre("e2e", "gemm", "tpot", "ttft"));
  EXPECT_EQ(result.rows, 2);
  EXPECT_THAT(result.unpredicted, IsEmpty());
}

}  // namespace
}  // namespace ridgepoint::score
