// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "derive/h100.hpp"

// The formulas here are typed from the lecture notes, independently of the ledgers.
namespace ridgepoint::derive {
namespace {

using symbolic::Verdict;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> step_texts(const Section& section) {
  std::vector<std::string> texts;
  for (const Step& step : section.steps) texts.push_back(step.text);
  return texts;
}

TEST(DeriveMatmul, ReadsAsALecturerSaysIt) {
  EXPECT_THAT(step_texts(section("matmul")),
              ElementsAre("Read X (B×D) from HBM", "Read W (D×F) from HBM",
                          "Compute Y = X (B×D) @ W (D×F)", "Write Y (B×F) to HBM"));
}

TEST(DeriveMatmul, HasTheIntensityOfTheNotes) {
  const Section matmul = section("matmul");
  EXPECT_EQ(*matmul.flops, formula("2*B*D*F"));
  EXPECT_EQ(*matmul.bytes, formula("2*B*D + 2*D*F + 2*B*F"));
  EXPECT_EQ(to_text(*matmul.arithmetic_intensity), "B*D*F/(B*D + B*F + D*F)");
}

TEST(DeriveMatmul, TendsToTheNumberOfRowsAndToOneForASingleRow) {
  const Section matmul = section("matmul");
  EXPECT_EQ(limit(matmul, "arithmetic intensity"), formula("B"));
  EXPECT_THAT(matmul.limit->assumption, HasSubstr("D and F far larger than B"));
  EXPECT_EQ(limit(matmul, "intensity at B = 1"), formula("1"));
  EXPECT_EQ(named(matmul, "intensity at B = 1"), formula("D*F/(D + F + D*F)"));
  EXPECT_EQ(claim(matmul, "B*D*F/(B*D + B*F + D*F) < B").verdict, Verdict::proved);
}

TEST(DeriveMatmul, CrossesOverAtAFiniteBatchOrNever) {
  const Section matmul = section("matmul");
  ASSERT_EQ(matmul.crossover->solutions.size(), 1U);
  EXPECT_EQ(matmul.crossover->variable, "B");
  EXPECT_EQ(matmul.crossover->solutions[0].value, formula("R*D*F/(D*F - R*(D + F))"));
  EXPECT_EQ(matmul.crossover->solutions[0].condition, formula("D*F - R*(D + F)"));
  EXPECT_EQ(named(matmul, "crossover batch in the limit"), formula("R"));
  EXPECT_EQ(claim(matmul, "crossover > R").verdict, Verdict::proved);
}

TEST(DeriveMatmul, NamesTheRidgeOfTheDatasheetAndOfTheNotes) {
  // 989.4 / 3.35 = 295.343…, 989 / 3.35 = 295.223…
  EXPECT_THAT(section("matmul").notes[1],
              HasSubstr("989.4 TFLOP/s ÷ 3.35 TB/s = 295.3 FLOP/byte; with the peak rounded to 989 "
                        "TFLOP/s it is 295.2"));
}

TEST(DeriveMatmul, PutsTheNumbersOfLlamaIn) {
  const Section matmul = section("matmul");
  // R = 295.34328, D·F = 5120·13824 = 70,778,880, R·(D + F) = 295.34328·18944 = 5,594,983.2:
  // B = 295.34328·70,778,880/(70,778,880 - 5,594,983.2) = 320.6937.
  EXPECT_NEAR(number(matmul, "crossover batch, D = 5120, F = 13824 (Llama 2 13B)"), 320.6937, 5e-4);
  // B = 64: 64·70,778,880/(64·18944 + 70,778,880) = 4,529,848,320/71,991,296 = 62.9222.
  EXPECT_NEAR(matmul.verdicts[1].arithmetic_intensity, 62.9222, 5e-5);
  EXPECT_EQ(matmul.verdicts[1].bound, roofline::Bound::memory_bound);
  EXPECT_NEAR(matmul.verdicts[1].utilisation, 62.9222 / 295.3433, 1e-6);
  EXPECT_EQ(matmul.verdicts[3].bound, roofline::Bound::compute_bound);  // B = 1024
}

TEST(DeriveMatmul, UsesTheComputeUnitsAsFarAsTheIntensityReaches) {
  EXPECT_EQ(named(section("matmul"), "utilisation in the limit"), formula("min(1, B/R)"));
  EXPECT_EQ(named(section("mlp"), "utilisation in the limit"), formula("min(1, B*T/R)"));
  EXPECT_EQ(named(section("attention"), "utilisation of the compute units in generation"),
            formula("min(1, S/(S + 1)/R)"));
}

TEST(DeriveMlp, HasTheLedgerOfTheNotes) {
  const Section mlp = section("mlp");
  EXPECT_EQ(*mlp.flops, formula("6*B*T*D*F"));
  EXPECT_EQ(*mlp.bytes, formula("6*D*F + 4*B*T*D + 4*B*T*F"));
  EXPECT_EQ(limit(mlp, "arithmetic intensity"), formula("B*T"));
  EXPECT_EQ(limit(mlp, "prefill"), formula("B*S"));
  EXPECT_EQ(limit(mlp, "generation"), formula("B"));
  EXPECT_EQ(*mlp.prefill, formula("6*B*S*D*F/(6*D*F + 4*B*S*D + 4*B*S*F)"));
  EXPECT_EQ(*mlp.decode, formula("6*B*D*F/(6*D*F + 4*B*D + 4*B*F)"));
}

TEST(DeriveMlp, CrossesOverAtAFiniteBatchOrNever) {
  const Section mlp = section("mlp");
  ASSERT_EQ(mlp.crossover->solutions.size(), 1U);
  EXPECT_EQ(mlp.crossover->solutions[0].value, formula("3*R*D*F/(3*D*F - 2*R*(D + F))"));
  EXPECT_EQ(mlp.crossover->solutions[0].condition, formula("3*D*F - 2*R*(D + F)"));
}

TEST(DeriveMlp, OfTwoMatricesHasAThirdFewerWeights) {
  const Section plain = section("mlp_plain");
  EXPECT_EQ(*plain.flops, formula("4*B*T*D*F"));
  EXPECT_EQ(*plain.bytes, formula("4*D*F + 4*B*T*D + 2*B*T*F"));
  EXPECT_EQ(limit(plain, "arithmetic intensity"), formula("B*T"));
}

}  // namespace
}  // namespace ridgepoint::derive
