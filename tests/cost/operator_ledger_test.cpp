// SPDX-License-Identifier: Apache-2.0
// Published sizes, worked by hand above each expectation.
#include <gtest/gtest.h>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/cost/step.hpp"

namespace ridgepoint::cost {
namespace {

std::int64_t integer(const Count& count) { return count.to_integer().value(); }

TEST(LatentLedger, OfDeepSeekV3InDecode) {
  // config.json of DeepSeek-V3: D = 7168, 128 heads, q_lora 1536, C = 512, nope 128, rope 64, v
  // 128. One token on S = 1000, bf16. kv_a: 7168·576 weights, 2·7168·576 = 8,257,536 FLOPs, 576
  // elements written to the cache. Absorbing q: 128 heads of 128×512: 2·128·128·512 = 16,777,216
  // FLOPs.
  const Shape<Count> shape{1, 1, 1000};
  const auto kv_a = totals(CacheProjection<Count>{7168, 576, 2, 2, 2}, shape);
  EXPECT_EQ(integer(kv_a.flops), 8'257'536);
  EXPECT_EQ(integer(kv_a.weight_bytes), 8'257'536);
  EXPECT_EQ(integer(kv_a.kv_bytes), 1152);
  const auto absorb = totals(HeadwiseMatmul<Count>{128, 128, 512, 2, 2}, shape);
  EXPECT_EQ(integer(absorb.flops), 16'777'216);
  EXPECT_EQ(integer(absorb.weight_bytes), 16'777'216);
  // 128 heads of 128 + 512 features, 2 bytes each.
  EXPECT_EQ(integer(absorb.activation_bytes), 163'840);
  // The cache: 1000·576·2 bytes for all heads; scores 2·128·576, values 2·128·512 FLOPs per key.
  const auto attention = totals(LatentAttention<Count>{128, 512, 64, 2, 2, Pairs::causal}, shape);
  EXPECT_EQ(integer(attention.kv_bytes), 1'152'000);
  EXPECT_EQ(integer(attention.flops), 278'528'000);
}

TEST(LatentLedger, AbsorbedAndExpandedReadTheSameWeights) {
  // W_UK and W_UV, 128 heads of 128×512 each, are kv_b: 512·128·(128 + 128) elements.
  const Shape<Count> shape{3, 1, 10};
  const auto q = totals(HeadwiseMatmul<Count>{128, 128, 512, 2, 2}, shape);
  const auto v = totals(HeadwiseMatmul<Count>{128, 512, 128, 2, 2}, shape);
  const auto kv_b = totals(LatentUpProjection<Count>{128, 512, 128, 128, 2, 2, 2}, shape);
  EXPECT_EQ(q.weight_bytes + v.weight_bytes, kv_b.weight_bytes);
  EXPECT_EQ(integer(kv_b.weight_bytes), 33'554'432);
}

TEST(LatentLedger, OfTheExpandedFormHasFewerFlopsPerPair) {
  // Per causal pair and head: 2·(128 + 64) + 2·128 = 640 FLOPs, absorbed 2·576 + 2·512 = 2176.
  // A prompt of 4 tokens has 10 pairs: 10·128·640 and 10·128·2176.
  const Shape<Count> shape{1, 4, 4};
  const auto expanded = totals(ExpandedLatentAttention<Count>{128, 128, 64, 128, 2, 2}, shape);
  EXPECT_EQ(integer(expanded.flops), 819'200);
  const auto absorbed = totals(LatentAttention<Count>{128, 512, 64, 2, 2, Pairs::causal}, shape);
  EXPECT_EQ(integer(absorbed.flops), 2'785'280);
  // Only the rotary key comes from the cache: 4·64·2 bytes.
  EXPECT_EQ(integer(expanded.kv_bytes), 512);
}

TEST(SparseLedger, OfDeepSeekV32InDecode) {
  // index_n_heads 64, index_head_dim 128, index_topk 2048; one token on S = 100,000, fp8 keys.
  // Scores 2·64·128·100,000 FLOPs on 100,000·128 bytes; then attention on 2048 keys of 576 bf16.
  const Shape<Count> shape{1, 1, 100'000};
  const auto indexer = totals(SparseIndexer<Count>{64, 128, 2048, 2, 1, 4}, shape);
  EXPECT_EQ(integer(indexer.flops), 1'638'400'000);
  EXPECT_EQ(integer(indexer.kv_bytes), 12'800'000);
  // q and w: 64·129·2 bytes; 2048 positions of 4 bytes.
  EXPECT_EQ(integer(indexer.activation_bytes), 16'512 + 8192);
  const auto attention = totals(SparseLatentAttention<Count>{128, 512, 64, 2048, 2, 2}, shape);
  EXPECT_EQ(integer(attention.kv_bytes), 2'359'296);
  EXPECT_EQ(integer(attention.flops), std::int64_t{2048} * 128 * 2176);
}

TEST(SparseLedger, OfAShortContextIsLatentAttention) {
  const Shape<Count> shape{2, 5, 9};
  const auto sparse = totals(SparseLatentAttention<Count>{4, 8, 2, 2048, 2, 2}, shape);
  const auto full = totals(LatentAttention<Count>{4, 8, 2, 2, 2, Pairs::causal}, shape);
  EXPECT_EQ(sparse.flops, full.flops);
  EXPECT_EQ(sparse.bytes(), full.bytes());
}

TEST(CrossLedger, OfFlanT5XxlReadsTheEncodersKeysInEveryStep) {
  // 64 heads of width 64, D = 4096. 500 source tokens: 2·500·4096·2 bytes whatever the decoder's S;
  // made once by 4·500·4096·4096 FLOPs.
  const CrossAttention<Count> op{64, 64, 64, 2, 2, 500};
  EXPECT_EQ(integer(totals(op, Shape<Count>{1, 1, 7}).kv_bytes), 8'192'000);
  EXPECT_EQ(totals(op, Shape<Count>{1, 1, 7}).bytes(), totals(op, Shape<Count>{1, 1, 90}).bytes());
  const auto made =
      totals(CrossKvProjection<Count>{4096, 64, 64, 500, 2, 2, 2}, Shape<Count>{1, 1, 1});
  EXPECT_EQ(integer(made.flops), 33'554'432'000);
  EXPECT_EQ(integer(made.kv_bytes), 8'192'000);
}

TEST(EncoderLedger, OfBertBaseCachesNothing) {
  // 12 heads of width 64, 512 tokens: 4·512²·768 FLOPs; Q, K, V, Y of 512·768 bf16 elements.
  const auto sum = totals(EncoderAttention<Count>{12, 12, 64, 2}, Shape<Count>{1, 512, 512});
  EXPECT_EQ(integer(sum.flops), 805'306'368);
  EXPECT_EQ(integer(sum.activation_bytes), 3'145'728);
  EXPECT_EQ(integer(sum.kv_bytes), 0);
}

TEST(ChunkedLedger, OfLlama4StartsAgainEvery8192Tokens) {
  // Scout: 40 heads, 8 key/value heads, width 128. The token at position 8193 sees itself only:
  // 2·1·8·128·2 bytes; the one before, 8192 keys.
  const ChunkedAttention<Count> op{40, 8, 128, 2, 2, 8192};
  EXPECT_EQ(integer(totals(op, Shape<Count>{1, 1, 8193}).kv_bytes), 4096);
  EXPECT_EQ(integer(totals(op, Shape<Count>{1, 1, 8192}).kv_bytes), 33'554'432);
}

/// Mamba-2 layer of Nemotron 3 Nano 30B-A3B: 64 heads of width 64, 8 groups, 128 states.
LinearAttention<Count> nemotron_layer() { return {64, 8, 128, 64, 64, 192, 4, 2, 4, 128}; }

TEST(RecurrentLedger, OfNemotronsMamba2HoldsTwoMebibytes) {
  // fp32 state 64·64·128·4 = 2,097,152 bytes, read and written; 4·64·64·128 FLOPs for one token.
  const auto ssd = totals(nemotron_layer(), Shape<Count>{1, 1, 5000});
  EXPECT_EQ(integer(ssd.state_bytes), 4'194'304);
  EXPECT_EQ(integer(ssd.flops), 2'097'152);
  // Convolved channels 64·64 + 2·8·128 = 6144, 3 past columns in bf16: 36,864 bytes.
  const auto conv = totals(CausalConv<Count>{6144, 4, 2, 2, 2, 6144}, Shape<Count>{1, 1, 5000});
  EXPECT_EQ(integer(conv.state_bytes), 73'728);
  // 23 such layers: the model's 49,082,368 bytes of state per sequence.
  EXPECT_EQ(23 * integer((ssd.state_bytes + conv.state_bytes) / 2), 49'082'368);
}

TEST(RecurrentLedger, OfQwen3NextsGatedDeltaNetHoldsTwoMebibytes) {
  // 32 value heads, 16 key heads, 128×128 each, fp32: 32·128·128·4 = 2,097,152 bytes.
  const DeltaNet<Count> op{32, 16, 128, 128, 64, 64, 4, 2, 4, 64};
  const auto delta = totals(op, Shape<Count>{1, 1, 5000});
  EXPECT_EQ(integer(delta.state_bytes), 4'194'304);
  // 6·32·128·128 FLOPs per token.
  EXPECT_EQ(integer(delta.flops), 3'145'728);
  // Convolved channels 2·16·128 + 32·128 = 8192: 8192·3·2 = 49,152 bytes. 36 such layers:
  const auto conv = totals(CausalConv<Count>{8192, 4, 2, 2, 2}, Shape<Count>{1, 1, 5000});
  EXPECT_EQ(36 * integer((delta.state_bytes + conv.state_bytes) / 2), 77'266'944);
}

TEST(RecurrentLedger, OfMamba1AtTheSizesOfMamba28b) {
  // 5120 channels, 16 states, fp32: 327,680 bytes; 4·5120·16 FLOPs; conv 5120·3·2 = 30,720 bytes;
  // 64 layers hold 22,937,600 bytes.
  const auto scan = totals(SelectiveScan<Count>{5120, 16, 4, 2, 4}, Shape<Count>{1, 1, 9});
  EXPECT_EQ(integer(scan.flops), 327'680);
  const auto conv = totals(CausalConv<Count>{5120, 4, 2, 2, 2, 5120}, Shape<Count>{1, 1, 9});
  EXPECT_EQ(64 * integer((scan.state_bytes + conv.state_bytes) / 2), 22'937'600);
  // A and D: 5120·17·4 bytes; x, Δ, y of 5120 and B, C of 16 bf16 elements.
  EXPECT_EQ(integer(scan.weight_bytes), 348'160);
  EXPECT_EQ(integer(scan.activation_bytes), 30'784);
}

TEST(RecurrentLedger, CountsTheStateAsCompulsory) {
  const auto sum = totals(nemotron_layer(), Shape<Count>{1, 1, 5});
  EXPECT_EQ(sum.compulsory_bytes(), sum.weight_bytes + sum.state_bytes);
  EXPECT_EQ(sum.bytes(), sum.compulsory_bytes() + sum.activation_bytes);
}

TEST(ExpertLedger, OfMixtralReadsTwoExpertsForOneTokenAndAllForSixtyFour) {
  // 8 experts, 2 per token, gate_up 4096×28672 in bf16: 234,881,024 bytes per expert.
  const ExpertMatmul<Count> gate_up{8, 2, 4096, 28672, 1, 2, 2};
  const auto one = totals(gate_up, Shape<Count>{1, 1, 1});
  EXPECT_EQ(integer(one.weight_bytes), 469'762'048);
  EXPECT_EQ(integer(one.extra_weight_bytes), 0);
  // 2·2·4096·28672 FLOPs; X once, 2 rows of Y: (4096 + 2·28672)·2 bytes.
  EXPECT_EQ(integer(one.flops), 469'762'048);
  EXPECT_EQ(integer(one.activation_bytes), 122'880);
  // Two tokens: 8·(1 − (6/8)²) = 3.5 experts.
  EXPECT_EQ(integer(totals(gate_up, Shape<Count>{2, 1, 1}).weight_bytes), 822'083'584);
  // 64 tokens: 8·(1 − 0.75^64) = 7.99999992 experts; 2 of them are compulsory.
  const auto many = totals(gate_up, Shape<Count>{64, 1, 1});
  EXPECT_NEAR(many.weight_bytes.to_double() / 234'881'024, 7.99999992, 1e-6);
  EXPECT_EQ(integer(many.compulsory_bytes()), 469'762'048);
}

TEST(ExpertLedger, OfABusierShareGrowsWithTheImbalance) {
  ExpertMatmul<Count> op{8, 2, 16, 32, 1, 2, 2};
  const auto even = totals(op, Shape<Count>{4, 1, 1});
  op.imbalance = Count(3, 2);
  const auto busy = totals(op, Shape<Count>{4, 1, 1});
  EXPECT_EQ(busy.flops * 2, even.flops * 3);
  EXPECT_EQ(busy.activation_bytes * 2, even.activation_bytes * 3);
  EXPECT_EQ(busy.weight_bytes, even.weight_bytes);
}

TEST(SamplingLedger, ReadsTheLogitsOfOnePosition) {
  // 3 sequences of 100 tokens, V = 32000 in fp32: 3·32000·4 + 3·4 bytes.
  const auto sum = totals(Sampling<Count>{32000, 4, 4}, Shape<Count>{3, 100, 100});
  EXPECT_EQ(integer(sum.bytes()), 384'012);
  EXPECT_EQ(integer(sum.flops), 0);
}

}  // namespace
}  // namespace ridgepoint::cost
