// SPDX-License-Identifier: Apache-2.0
// The documents of `score` on rows that are made up.
#include <gtest/gtest.h>

#include "report/golden.hpp"
#include "ridgepoint/report/score_report.hpp"
#include "score/made_up.hpp"

namespace ridgepoint::score {
namespace {

calibrate::Measurement gemm(int m, double seconds, const std::string& type) {
  calibrate::Measurement out;
  out.where = "kernels.csv: line " + std::to_string(m + 1);
  out.device = "round";
  out.stack = "engine-1.0";
  out.kernel = "linear";
  out.op = "gemm";
  out.compute = type;
  out.shape = efficiency::GemmShape{static_cast<double>(m), 2000, 3000};
  out.seconds = seconds;
  return out;
}

report::ScoreSheet sheet(Reading mode) {
  const std::vector<calibrate::Measurement> kernels{gemm(1, 20e-6, "bf16"), gemm(2, 25e-6, "bf16"),
                                                    gemm(3, 90e-6, "bf16"), gemm(4, 1e-6, "fp7")};
  const auto runs = test::runs_of(
      "us,round,1,vllm,0.5,small,bf16,static_batch,1,1,,,4,4,100,100,0.1,0.01,1.2,\n"
      "us,round,1,vllm,0.5,small,bf16,static_batch,1,1,,,8,8,100,100,,,2.5,\n"
      "us,round,2,sglang,1,small,,serving_agg,2,1,,,16,16,512,64,2,0.5,,\n"
      "us,round,1,vllm,0.5,unheard-of,bf16,static_batch,1,1,,,4,4,100,100,1,1,,\n"
      "us,round,1,vllm,0.5,small,bf16,serving_agg,1,1,,,4,4,100,100,9,9,,saturated\n"
      "aiconfigurator/x,round,4,sglang,1,small-moe,fp8,serving_agg,4,1,2,1,8,8,64,64,1,0.3,,\n"
      "aiconfigurator/x,round,2,sglang,1,small-moe,fp8,serving_agg,2,1,2,1,8,8,64,64,1,0.3,,\n");
  ScoreQuestion asked = test::question(mode);
  asked.worst = 3;
  return {score({kernels, runs}, asked), {"kernels.csv", "servers.csv"}, {}};
}

TEST(ScoreGolden, OfTheBoundAsText) {
  report::test::expect_golden("bound.txt", report::to_text(sheet(Reading::bound)));
}
TEST(ScoreGolden, OfTheBoundAsJson) {
  report::test::expect_golden("bound.json", report::to_json(sheet(Reading::bound)));
}
TEST(ScoreGolden, OfTheFloorAsCsv) {
  report::test::expect_golden("floor.csv", report::to_csv(sheet(Reading::floor)));
}
TEST(ScoreGolden, OfTheFloorAsMarkdown) {
  report::test::expect_golden("floor.md", report::to_markdown(sheet(Reading::floor)));
}

// What a golden cannot say: no floor is slower than its bound, and all rows are told of.
TEST(ScoreGolden, HasFloorsNoSlowerThanBoundsAndLosesNoRow) {
  const Score floor = sheet(Reading::floor).score;
  const Score bound = sheet(Reading::bound).score;
  ASSERT_EQ(floor.groups.size(), bound.groups.size());
  for (std::size_t i = 0; i < floor.groups.size(); ++i) {
    if (floor.groups[i].key.op == "tpot" && floor.groups[i].key.dtype == "bf16") continue;
    EXPECT_LE(floor.groups[i].errors.bias, bound.groups[i].errors.bias);
  }
  std::int64_t rows = bound.rows;
  for (const Unpredicted& each : bound.unpredicted) rows += each.rows;
  for (const SetAside& each : bound.set_aside) rows += each.rows;
  EXPECT_EQ(rows, 4 + 7);
}

}  // namespace
}  // namespace ridgepoint::score
