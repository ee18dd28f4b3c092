// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "derive/h100.hpp"
#include "ridgepoint/cost/attention_kinds.hpp"

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

TEST(DeriveChunked, ReadsHalfAChunkOnAverage) {
  const Section chunked = section("chunked");
  EXPECT_EQ(*chunked.arithmetic_intensity, formula("N*x/(N + K*x)"));
  // c tokens: 4·N·H·(1 + … + c) FLOPs on 4·N·H·c + 4·K·H·(1 + … + c) bytes.
  EXPECT_EQ(named(chunked, "mean over a chunk"), formula("N*(c + 1)/(2*N + K*(c + 1))"));
  EXPECT_EQ(limit(chunked, "generation"), formula("N/K"));
  EXPECT_EQ(named(chunked, "fewer keys read than by full attention, times"),
            formula("2*S/(c + 1)"));
  // Llama 4: 40·1/(40 + 8) for the first token, 40·8193/(80 + 8·8193) = 327,720/65,624 on average.
  EXPECT_NEAR(chunked.verdicts[0].arithmetic_intensity, 0.833333, 1e-6);
  EXPECT_NEAR(chunked.verdicts[1].arithmetic_intensity, 4.993905, 1e-6);
}

TEST(DeriveChunked, PrefillsAChunkWithCausalPairs) {
  const Section chunked = section("chunked");
  // 4·N·H·c·(c + 1)/2 FLOPs on 4·(N + K)·H·c bytes; 2·(989.4/3.35)·48/40 − 1 tokens at the ridge.
  EXPECT_EQ(named(chunked, "prefill of a chunk"), formula("N*(c + 1)/(2*(N + K))"));
  EXPECT_EQ(chunked.crossover->solutions.at(0).value, formula("2*R*(N + K)/N - 1"));
  EXPECT_NEAR(number(chunked, "chunk whose prefill reaches the ridge, Llama 4"), 707.8239, 1e-4);
}

/// The place of the last token of a context in its chunk, counted token by token.
int place_in_chunk(int context, int chunk) {
  int place = 0;
  for (int token = 1; token <= context; ++token) place = place == chunk ? 1 : place + 1;
  return place;
}

TEST(DeriveChunked, HoldsInEveryChunkOfAContext) {
  const Section chunked = section("chunked");
  for (const int chunk : {1, 2, 5, 8}) {
    for (int context = 1; context <= 20; ++context) {
      const cost::ChunkedAttention<double> op{6, 2, 4, 2, 2, static_cast<double>(chunk)};
      const auto totals = cost::totals(op, cost::Shape<double>{3, 1, static_cast<double>(context)});
      const symbolic::Substitution numbers{
          {"B", 3}, {"N", 6}, {"K", 2}, {"H", 4}, {"x", place_in_chunk(context, chunk)}};
      EXPECT_EQ(substitute(*chunked.flops, numbers).to_double(), totals.flops) << context;
      EXPECT_EQ(substitute(*chunked.bytes, numbers).to_double(), totals.bytes()) << context;
    }
  }
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

TEST(DeriveStates, MoveFewerBytesThanACacheFromTheirRowsOn) {
  const auto saving = [](const char* subject) {
    return named(section(subject), "fewer bytes than a KV cache of N heads, times");
  };
  EXPECT_EQ(saving("linear"), formula("S/H"));  // 2·S·H elements a head against 2·H²
  EXPECT_EQ(saving("linear_delta"), formula("S/H"));
  EXPECT_EQ(saving("mamba2"), formula("S/n"));
  EXPECT_THAT(section("linear").notes[1], ::testing::HasSubstr("from S = H on"));
}

TEST(EveryKind, OpensWithItsReason) {
  const auto reason = [](const char* subject) { return section(subject).notes.front(); };
  using ::testing::EndsWith;
  EXPECT_THAT(reason("attention_gqa"), EndsWith(": N/K FLOP/byte, 8 for Llama 3 70B."));
  // 128·(2·512 + 64)/(512 + 64) = 241.8
  EXPECT_THAT(reason("attention_latent"),
              EndsWith(": N*(2*C + r)/(C + r) FLOP/byte, 242 for DeepSeek-V3."));
  EXPECT_THAT(reason("window"), EndsWith(": N/K FLOP/byte, 4 for Mistral 7B."));
  EXPECT_THAT(reason("chunked"), EndsWith(": N/K FLOP/byte, 5 for Llama 4."));
  EXPECT_THAT(reason("sparse"), EndsWith(": h FLOP/byte, 64 for DeepSeek-V3.2."));
  EXPECT_THAT(reason("linear"), EndsWith("for 4 FLOPs per element: 1 FLOP/byte."));
  EXPECT_THAT(reason("linear_delta"), EndsWith("for 6 FLOPs per element: 3/2 FLOP/byte."));
  EXPECT_THAT(reason("mamba2"), EndsWith("for 4 FLOPs per element: 1 FLOP/byte."));
  // 8/2 and 256/8
  EXPECT_THAT(reason("moe"), EndsWith("4 times for Mixtral 8x7B, 32 for DeepSeek-V3."));
}

TEST(ShortNames, MeanTheSectionsOfAttention) {
  EXPECT_EQ(derived("gqa").sections.at(0).subject, "attention_gqa");
  EXPECT_EQ(derived("mla").sections.at(0).subject, "attention_latent");
}

}  // namespace
}  // namespace ridgepoint::derive
