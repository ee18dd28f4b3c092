// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "derive/h100.hpp"

// The formulas here are worked by hand from the layers' definitions, independently of the ledgers.
namespace ridgepoint::derive {
namespace {

TEST(DeriveWindow, IsGroupedQueryAttentionOnWKeys) {
  const Section window = section("window");
  EXPECT_EQ(*window.arithmetic_intensity, formula("N*W/(N + K*W)"));
  EXPECT_EQ(limit(window, "generation"), formula("N/K"));
  // gpt-oss: 64·128/(64 + 8·128) = 8192/1088
  EXPECT_NEAR(window.verdicts[2].arithmetic_intensity, 7.52941, 1e-5);
}

TEST(DeriveSparse, TendsToTheIndexHeads) {
  const Section sparse = section("sparse");
  EXPECT_EQ(limit(sparse, "generation"), formula("h"));
  EXPECT_EQ(limit(sparse, "fewer cache bytes, times"), formula("(C + r)/d"));
  // S = 131072: 131072·576/(131072·128 + 2048·576) = 75,497,472/17,956,864
  EXPECT_NEAR(number(sparse, "fewer cache bytes, DeepSeek-V3.2, S = 131072"), 4.204379, 1e-6);
}

TEST(DeriveMoe, MovesTheRidgeByExpertsPerChosenExpert) {
  const Section moe = section("moe");
  EXPECT_EQ(*moe.arithmetic_intensity, formula("B*T*D*F*k/(B*T*D + A*D*F + B*T*F*k)"));
  EXPECT_EQ(limit(moe, "arithmetic intensity"), formula("B*T*k/A"));
  EXPECT_EQ(moe.crossover->solutions.at(0).value, formula("R*E/(T*k)"));
  // 295.343·8/2 and 295.343·256/8 tokens; 8·(1 − 0.75⁴) experts.
  EXPECT_NEAR(number(moe, "batch that reaches the ridge, Mixtral 8x7B"), 1181.373, 1e-3);
  EXPECT_NEAR(number(moe, "batch that reaches the ridge, DeepSeek-V3"), 9450.985, 1e-3);
  EXPECT_NEAR(number(moe, "expected distinct experts, Mixtral 8x7B, B = 4"), 5.46875, 1e-12);
}

TEST(DeriveLinear, DoesOneFlopPerByteInGenerationWhateverTheContext) {
  const Section linear = section("linear");
  EXPECT_EQ(*linear.arithmetic_intensity, formula("H*T/(2*T + H)"));
  EXPECT_EQ(*linear.decode, formula("H/(H + 2)"));
  EXPECT_EQ(limit(linear, "generation"), formula("1"));
}

TEST(DeriveDelta, DoesHalfAsMuchAgain) {
  // 6·H² FLOPs on 2·(4·H + 2) + 4·H² bytes per head.
  const Section delta = section("linear_delta");
  EXPECT_EQ(*delta.decode, formula("3*H^2/(2*H^2 + 4*H + 2)"));
  EXPECT_EQ(limit(delta, "generation"), formula("3/2"));
}

TEST(DeriveMamba2, IsLinearAttentionWithSharedKeys) {
  const Section mamba = section("mamba2");
  EXPECT_EQ(*mamba.decode, formula("4*N*H*n/(2*(2*K*n + 2*N*H + N + 2*N*H*n))"));
  EXPECT_EQ(limit(mamba, "generation"), formula("1"));
}

TEST(ShortNames, MeanTheSectionsOfAttention) {
  EXPECT_EQ(derived("gqa").sections.at(0).subject, "attention_gqa");
  EXPECT_EQ(derived("mla").sections.at(0).subject, "attention_latent");
}

}  // namespace
}  // namespace ridgepoint::derive
