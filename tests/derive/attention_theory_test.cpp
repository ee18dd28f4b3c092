// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "derive/h100.hpp"

// The formulas here are typed from the lecture notes, independently of the ledgers.
namespace ridgepoint::derive {
namespace {

using symbolic::Verdict;

const symbolic::Expr& crossover(const Section& section) {
  if (section.crossover->solutions.size() != 1) throw std::runtime_error("not one crossover");
  return section.crossover->solutions[0].value;
}

TEST(DeriveAttention, HasTheIntensityOfTheNotes) {
  const Section attention = section("attention");
  EXPECT_EQ(*attention.flops, formula("4*B*S*T*D"));
  EXPECT_EQ(*attention.bytes, formula("4*B*S*D + 4*B*T*D"));
  EXPECT_EQ(to_text(*attention.arithmetic_intensity), "S*T/(S + T)");
  EXPECT_EQ(to_text(*attention.prefill), "S/2");
  EXPECT_EQ(to_text(*attention.decode), "S/(S + 1)");
  EXPECT_EQ(limit(attention, "arithmetic intensity"), formula("T"));
}

TEST(DeriveAttention, NeverDoesOneFlopPerByteInGenerationWhateverTheBatch) {
  const Section attention = section("attention");
  EXPECT_EQ(claim(attention, "S/(S + 1) < 1").verdict, Verdict::proved);
  const Claim& batch = claim(attention, "∂I/∂B = 0");
  EXPECT_EQ(batch.verdict, Verdict::proved);
  EXPECT_TRUE(batch.left.is_zero());
}

TEST(DeriveAttention, CrossesTheRidgeInPrefillAtTwiceItOrFourTimesWhenCausal) {
  EXPECT_EQ(crossover(section("attention")), formula("2*R"));
  const Section causal = section("attention_causal");
  EXPECT_EQ(crossover(causal), formula("4*R - 1"));
  EXPECT_EQ(*causal.prefill, formula("(S + 1)/4"));
  EXPECT_EQ(*causal.decode, formula("S/(S + 1)"));
  EXPECT_EQ(*causal.arithmetic_intensity, formula("(T*(S - T) + T*(T + 1)/2)/(S + T)"));
  // 2·295.343 = 590.687 and 4·295.343 - 1 = 1180.373
  const std::string text = "prompt length from which prefill is compute-limited";
  EXPECT_NEAR(number(section("attention"), text), 590.6866, 1e-3);
  EXPECT_NEAR(number(causal, text), 1180.3731, 1e-3);
}

TEST(DeriveAttention, CountsCausalPairsEverywhereWhenAsked) {
  const Section attention = section("attention", {.pairs = cost::Pairs::causal});
  EXPECT_EQ(crossover(attention), formula("4*R - 1"));
}

TEST(DeriveGroupedQueries, TendToTheQueryHeadsPerKeyValueHead) {
  const Section gqa = section("attention_gqa");
  EXPECT_EQ(*gqa.arithmetic_intensity, formula("N*S*T/(N*T + K*S)"));
  EXPECT_EQ(*gqa.decode, formula("N*S/(N + K*S)"));
  EXPECT_EQ(limit(gqa, "generation"), formula("N/K"));
  EXPECT_EQ(claim(gqa, "∂generation/∂K < 0").verdict, Verdict::proved);
  // Llama 3 8B, N = 32, K = 8, S = 8192: 32·8192/(32 + 8·8192) = 262,144/65,568 = 3.99805.
  EXPECT_NEAR(gqa.verdicts[1].arithmetic_intensity, 3.99805, 5e-6);
}

TEST(DeriveGroupedQueries, ReachTheRidgeWithAFractionOfAHeadUnlessQueriesOutnumberIt) {
  const Section gqa = section("attention_gqa");
  EXPECT_EQ(gqa.crossover->variable, "K");
  EXPECT_EQ(crossover(gqa), formula("N*(S - R)/(R*S)"));
  EXPECT_EQ(gqa.crossover->solutions[0].condition, formula("S - R"));
  EXPECT_EQ(claim(gqa, "K < N/R").verdict, Verdict::proved);
}

TEST(DeriveLatentAttention, TendsToNearlyTwiceItsHeads) {
  const Section latent = section("attention_latent");
  EXPECT_EQ(limit(latent, "generation"), formula("N*(2*C + r)/(C + r)"));
  EXPECT_EQ(*latent.flops, formula("2*B*T*S*N*(2*C + r)"));
  EXPECT_EQ(crossover(latent), formula("R*(C + r)/(2*C + r)"));
  // DeepSeek-V3: 128·(2·512 + 64)/(512 + 64) = 128·1088/576 = 241.78
  EXPECT_NEAR(latent.verdicts[0].arithmetic_intensity, 241.7778, 1e-4);
  EXPECT_EQ(latent.verdicts[0].bound, roofline::Bound::memory_bound);
}

TEST(DerivePrefix, MakesAttentionDependOnTheBatch) {
  const Section prefix = section("prefix");
  EXPECT_EQ(*prefix.arithmetic_intensity, formula("B*T*(P + S)/(B*T + P + B*S)"));
  EXPECT_EQ(limit(prefix, "arithmetic intensity"), formula("T*(P + S)/(T + S)"));
  EXPECT_EQ(prefix.more_limits[0].value.value, formula("B*T"));
  EXPECT_EQ(claim(prefix, "∂I/∂B > 0").verdict, Verdict::proved);
  EXPECT_EQ(crossover(prefix), formula("R*P/(P + S - R*(1 + S))"));
  // B = 64, P = 8192, S = 256: 64·8448/(64 + 8192 + 64·256) = 540,672/24,640 = 21.943; unshared,
  // a step reads 64·(1 + 8448) = 540,736 rows instead of 24,640: 21.945 times as many.
  EXPECT_NEAR(prefix.verdicts[2].arithmetic_intensity, 21.9429, 1e-4);
  EXPECT_NEAR(number(prefix, "generation attention faster, B = 64, P = 8192, S = 256"), 21.9455,
              1e-4);
}

TEST(DerivePrefix, OfNoLengthIsPlainAttention) {
  const symbolic::Expr without = substitute(*section("prefix").arithmetic_intensity, {{"P", 0}});
  EXPECT_EQ(without, *section("attention").arithmetic_intensity);
}

}  // namespace
}  // namespace ridgepoint::derive
