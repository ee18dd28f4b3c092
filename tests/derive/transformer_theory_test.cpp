// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "derive/h100.hpp"

// The formulas here are typed from the lecture notes, independently of the ledgers.
namespace ridgepoint::derive {
namespace {

using symbolic::Verdict;

const std::string kParameters = "(2*V*D + 3*D*F*L + (2*D*N*H + 2*D*K*H)*L)";
const std::string kMemory = "(2*" + kParameters + " + B*4*S*K*H*L)";

TEST(DeriveTransformer, HasTheFormulasOfTheNotes) {
  const Section model = section("transformer");
  EXPECT_EQ(named(model, "parameters"), formula(kParameters));
  EXPECT_EQ(named(model, "KV cache per sequence"), formula("S*K*H*L*2*2"));
  EXPECT_EQ(named(model, "memory"), formula(kMemory));
  EXPECT_EQ(named(model, "latency"), formula(kMemory + "/bandwidth"));
  EXPECT_EQ(named(model, "throughput"), formula("B*bandwidth/" + kMemory));
  EXPECT_EQ(limit(model, "throughput"), formula("bandwidth/(4*S*K*H*L)"));
}

TEST(DeriveTransformer, GivesTheTableOfTheNotesForLlama) {
  const Section model = section("transformer");
  EXPECT_EQ(number(model, "parameters, Llama 2 13B, K = 40"), 13'015'449'600);
  EXPECT_EQ(number(model, "parameters, Llama 2 13B, K = 8"), 11'337'728'000);
  EXPECT_EQ(number(model, "memory, K = 40, B = 1"), 26'869'760'000);
  EXPECT_DOUBLE_EQ(number(model, "latency, K = 40, B = 1"), 0.008020823880597015);
  EXPECT_DOUBLE_EQ(number(model, "throughput, K = 40, B = 64"), 2689.480742354489);
  EXPECT_EQ(number(model, "memory, K = 40, B = 256"), 240'779'264'000);
  EXPECT_DOUBLE_EQ(number(model, "latency, K = 8, B = 64"), 0.00997399231044776);
  EXPECT_DOUBLE_EQ(number(model, "throughput, K = 8, B = 256"), 13068.16479587760);
}

TEST(DeriveTransformer, NeverBecomesComputeLimitedForLlama) {
  // B without limit: (2·(parameters - V·D) + 4·S·N·H·L)/(4·S·K·H·L)
  //   = (2·12,851,609,600 + 4·1024·5120·40)/838,860,800 = 26,542,080,000/838,860,800 = 31.640625
  EXPECT_NEAR(section("transformer").verdicts[3].arithmetic_intensity, 31.640625, 1e-12);
}

TEST(DeriveTransformer, ReadsTheSameBytesInAStepOfEverySectionAboutOne) {
  const Section model = section("transformer");
  EXPECT_EQ(*model.bytes, formula(kMemory));
  for (const char* subject :
       {"transformer_batch", "transformer_kv_heads", "transformer_elasticities", "paged"}) {
    const Section other = section(subject);
    EXPECT_EQ(other.totals_from, "transformer") << subject;
    EXPECT_EQ(*other.flops, *model.flops) << subject;
    EXPECT_EQ(*other.bytes, *model.bytes) << subject;
    EXPECT_EQ(*other.arithmetic_intensity, *model.arithmetic_intensity) << subject;
  }
}

TEST(DeriveTransformer, PrefillsSTokensOnTheBytesOfOneStep) {
  // 2 FLOPs per weight and token, the output embedding for the last token only, and S·S pairs of
  // queries and keys at 4·H FLOPs for each of N heads and L layers.
  EXPECT_EQ(
      *section("transformer").prefill,
      formula("(2*B*S*(3*D*F*L + (2*D*N*H + 2*D*K*H)*L) + 2*B*D*V + 4*B*S^2*N*H*L)/" + kMemory));
}

TEST(DeriveTransformerBatch, TradesLatencyForThroughputWithDiminishingReturns) {
  const Section batch = section("transformer_batch");
  for (const char* text : {"∂latency/∂B > 0", "∂throughput/∂B > 0", "∂²throughput/∂B² < 0"}) {
    EXPECT_EQ(claim(batch, text).verdict, Verdict::proved) << text;
  }
  ASSERT_EQ(batch.crossover->solutions.size(), 1U);
  EXPECT_EQ(batch.crossover->solutions[0].value, formula("2*" + kParameters + "/(4*S*K*H*L)"));
  // 26,030,899,200/838,860,800 = 31.03125
  EXPECT_DOUBLE_EQ(number(batch, "batch at half of the throughput's limit, Llama 2 13B, S = 1024"),
                   31.03125);
}

TEST(DeriveTransformerKvHeads, ShrinkTheCacheByKOverN) {
  const Section heads = section("transformer_kv_heads");
  const Claim& shrink = claim(heads, "KV cache / KV cache at K = N = K/N");
  EXPECT_EQ(shrink.left, formula("K/N"));
  EXPECT_EQ(claim(heads, "∂latency/∂K > 0").verdict, Verdict::proved);
  EXPECT_EQ(claim(heads, "∂throughput/∂K < 0").verdict, Verdict::proved);
  // (80e9 - 26,030,899,200)/838,860,800 = 64.33
  EXPECT_EQ(heads.limit->value.value, formula("N/K"));
  EXPECT_EQ(number(heads, "largest batch, Llama 2 13B, S = 1024, K = 40"), 64);
}

TEST(DeriveTransformerCopies, MultiplyThroughputAtTheSameLatency) {
  const Section copies = section("transformer_copies");
  EXPECT_EQ(named(copies, "latency of M copies"), formula(kMemory + "/bandwidth"));
  EXPECT_EQ(named(copies, "throughput of M copies"), formula("M*B*bandwidth/" + kMemory));
  EXPECT_EQ(*copies.bytes, formula("M*" + kMemory));
  EXPECT_EQ(copies.limit->value.value, formula("4*B*S*K*H*L/bandwidth"));
}

TEST(DeriveElasticities, OfLatencyAreMinusOneInBandwidthAndTheCachesShareInTheBatch) {
  const Section section_of = section("transformer_elasticities");
  EXPECT_EQ(claim(section_of, "∂ln latency/∂ln bandwidth = -1").left, formula("-1"));
  EXPECT_EQ(claim(section_of, "∂ln throughput/∂ln bandwidth = 1").left, formula("1"));
  EXPECT_EQ(claim(section_of, "∂ln latency/∂ln B = B * KV cache / memory").left,
            formula("B*4*S*K*H*L/" + kMemory));
  EXPECT_EQ(section_of.limit->value.value, formula("1"));
}

/// Every product of a step over t tokens, from the notes: 2 FLOPs per weight and token, the output
/// embedding for the last one only.
const std::string kWeights = "(3*D*F*L + (2*D*N*H + 2*D*K*H)*L)";

TEST(DeriveKvCache, TurnsACubeIntoASquare) {
  // Σt = T(T+1)/2, Σt² = T(T+1)(2T+1)/6
  const Section without = section("no_kv_cache");
  EXPECT_EQ(*without.flops, formula("2*B*" + kWeights +
                                    "*T*(T+1)/2 + 2*B*D*V*T + "
                                    "4*B*N*H*L*T*(T+1)*(2*T+1)/6"));
  EXPECT_EQ(without.limit->value.value, formula("4*B*N*H*L/3"));
  const Section with = section("kv_cache");
  EXPECT_EQ(*with.flops, formula("2*B*" + kWeights + "*T + 2*B*D*V*T + 4*B*N*H*L*T*(T+1)/2"));
  EXPECT_EQ(with.limit->value.value, formula("2*B*N*H*L"));
  // Weights in each of T steps, and 4·K·H·L bytes of keys and values for each of t tokens.
  const symbolic::Expr bytes = formula("T*2*" + kParameters + " + B*4*K*H*L*T*(T+1)/2");
  EXPECT_EQ(*without.bytes, bytes);
  EXPECT_EQ(*with.bytes, bytes);
  EXPECT_EQ(claim(with, "FLOPs without a cache > FLOPs with one").verdict, Verdict::proved);
}

TEST(DeriveKvCache, AgreesWithAddingUpTheSteps) {
  const symbolic::Substitution small{{"B", 2}, {"D", 8}, {"F", 12}, {"N", 2},
                                     {"K", 1}, {"H", 4}, {"L", 3},  {"V", 10}};
  const Section without = section("no_kv_cache");
  symbolic::Expr added;
  for (int t = 1; t <= 5; ++t) {
    symbolic::Substitution step = small;
    step["t"] = t;
    added += substitute(named(without, "FLOPs of step t"), step);
  }
  symbolic::Substitution all = small;
  all["T"] = 5;
  EXPECT_EQ(substitute(*without.flops, all), added);
}

TEST(DerivePaged, WastesAtMostABlockLessOneAndHalfOfThatOnAverage) {
  const Section paged = section("paged");
  EXPECT_EQ(named(paged, "waste in blocks, on average"), formula("(b - 1)/2"));
  EXPECT_EQ(named(paged, "waste in blocks"), formula("b*ceil(S/b) - S"));
  EXPECT_EQ(claim(paged, "waste in blocks <= b - 1").verdict, Verdict::proved);
  EXPECT_EQ(claim(paged, "throughput in blocks > throughput reserving").verdict, Verdict::proved);
  EXPECT_EQ(named(paged, "batch gained, times"), formula("maximum/(S + (b - 1)/2)"));
  // (80e9 - 26,030,899,200)/819,200 = 65,880.25 tokens: 16.08 of 4096, 63.87 of 1031.5.
  EXPECT_EQ(number(paged, "batch that fits reserving"), 16);
  EXPECT_EQ(number(paged, "batch that fits in blocks"), 63);
}

TEST(DerivePaged, WastesWhatCountingSlotsGives) {
  const symbolic::Expr waste = named(section("paged"), "waste in blocks");
  int total = 0;
  for (int length = 1; length <= 16; ++length) {
    int blocks = 0;
    while (blocks * 16 < length) ++blocks;
    EXPECT_EQ(substitute(waste, {{"S", length}, {"b", 16}}), symbolic::Expr(blocks * 16 - length));
    total += blocks * 16 - length;
  }
  EXPECT_EQ(total, 120);  // 16 · (16 - 1)/2
}

}  // namespace
}  // namespace ridgepoint::derive
