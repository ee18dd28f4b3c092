// SPDX-License-Identifier: Apache-2.0
// Numbers worked by hand, each written out above its expectation.
#include <gtest/gtest.h>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/cost/mlp.hpp"
#include "ridgepoint/cost/step.hpp"
#include "ridgepoint/cost/transformer.hpp"

namespace ridgepoint::cost {
namespace {

std::int64_t integer(const Count& count) { return count.to_integer().value(); }

TEST(Ledger, OfAMatmulCountsEveryTensorOnce) {
  // X(64×4096)·W(4096×11008) in bf16: 2·64·4096·11008 FLOPs,
  // 2·64·4096 + 2·64·11008 activation bytes, 2·4096·11008 weight bytes.
  const auto sum = totals(Matmul<Count>{4096, 11008, 2, 2}, Shape<Count>{64, 1, 1});
  EXPECT_EQ(integer(sum.flops), 5'771'362'304);
  EXPECT_EQ(integer(sum.weight_bytes), 90'177'536);
  EXPECT_EQ(integer(sum.activation_bytes), 524'288 + 1'409'024);
  EXPECT_EQ(integer(sum.kv_bytes), 0);
}

TEST(Ledger, OfAGatedMlpIsTheLecturesSum) {
  // B=2, T=3, D=5, F=7: 6·B·T·D·F = 1260 FLOPs;
  // 6·D·F + 4·B·T·D + 4·B·T·F = 210 + 120 + 168 bytes.
  const auto sum = totals(GatedMlp<Count>{5, 7, 2, 2}, Shape<Count>{2, 3, 3});
  EXPECT_EQ(integer(sum.flops), 1260);
  EXPECT_EQ(integer(sum.bytes()), 498);
}

TEST(Ledger, OfAPlainMlpHasTwoMatrices) {
  // B=2, T=3, D=5, F=7: 4·B·T·D·F = 840 FLOPs; 4·D·F weight bytes = 140;
  // X and Y 2·2·6·5 = 120, U written 2·6·7 = 84.
  const auto sum = totals(PlainMlp<Count>{5, 7, 2, 2}, Shape<Count>{2, 3, 3});
  EXPECT_EQ(integer(sum.flops), 840);
  EXPECT_EQ(integer(sum.weight_bytes), 140);
  EXPECT_EQ(integer(sum.activation_bytes), 204);
}

TEST(Ledger, EnginesMoveMoreBytesThanTheFusedMlpOfTheLecture) {
  // As engines run it: gate_up (X read once, 2F written), activation (2F read, F written),
  // down (F read, D written): B·T·(2D + 6F) elements against B·T·(2D + 2F). With B·T = 6, F = 7
  // in bf16 that is 6·4·7·2 = 336 bytes more; the FLOPs are the same.
  const Shape<Count> shape{2, 3, 3};
  const Sizes<Count> sizes{2, 2};
  const auto fused = totals(GatedMlp<Count>{5, 7, 2, 2}, shape);
  const auto gate_up = totals(Matmul<Count>{5, 14, 2, 2}, shape);
  const auto activation = totals(gated_activation(Count(7), sizes), shape);
  const auto down = totals(Matmul<Count>{7, 5, 2, 2}, shape);
  EXPECT_EQ(gate_up.flops + activation.flops + down.flops, fused.flops);
  EXPECT_EQ(integer(gate_up.bytes() + activation.bytes() + down.bytes() - fused.bytes()), 336);
}

TEST(Ledger, OfDecodeAttentionReadsEachKeyOncePerKeyValueHead) {
  // Llama 3 8B, one sequence at S=1000: 32 query heads, 8 KV heads, width 128.
  // K and V: 2·1000·8·128·2 bytes; Q and Y: 2·32·128·2 bytes; 4·128·32·1000 FLOPs.
  const auto sum = totals(Attention<Count>{32, 8, 128, 2, 2}, Shape<Count>{1, 1, 1000});
  EXPECT_EQ(integer(sum.kv_bytes), 4'096'000);
  EXPECT_EQ(integer(sum.activation_bytes), 16'384);
  EXPECT_EQ(integer(sum.flops), 16'384'000);
}

TEST(Ledger, OfQkvProjectionWritesKeysAndValuesToTheCache) {
  // D=8, N=4, K=2, H=2, B·T=3, bf16: weights 8·(4+4)·2·2 = 256, cache 2·3·2·2·2 = 48,
  // activations 3·8·2 + 3·8·2 = 96, FLOPs 2·3·8·16 = 768.
  const auto sum = totals(QkvProjection<Count>{8, 4, 2, 2, 2, 2, 2}, Shape<Count>{3, 1, 9});
  EXPECT_EQ(integer(sum.weight_bytes), 256);
  EXPECT_EQ(integer(sum.kv_bytes), 48);
  EXPECT_EQ(integer(sum.activation_bytes), 96);
  EXPECT_EQ(integer(sum.flops), 768);
}

// Values of 3 elements beside keys of 2, and a gate of N·3 = 12 with the queries: n = 4·2 + 12 +
// 2·2
// + 2·3 = 30. Weights 8·30·2 = 480, cache 3·(2·2 + 2·3)·2 = 60, activations 3·8·2 + 3·20·2 = 168,
// FLOPs 2·3·8·30 = 1440. Where the keys are the values, 6 columns fewer and the same cache.
TEST(Ledger, OfQkvProjectionCountsTheOutputGateAndNarrowerOrSharedValues) {
  const Shape<Count> shape{3, 1, 9};
  const auto gated = totals(QkvProjection<Count>{8, 4, 2, 2, 2, 2, 2, 0, 3, 12}, shape);
  EXPECT_EQ(integer(gated.weight_bytes), 480);
  EXPECT_EQ(integer(gated.kv_bytes), 60);
  EXPECT_EQ(integer(gated.activation_bytes), 168);
  EXPECT_EQ(integer(gated.flops), 1440);
  const auto shared = totals(QkvProjection<Count>{8, 4, 2, 2, 2, 2, 2, 0, 3, 12, false}, shape);
  EXPECT_EQ(integer(shared.weight_bytes), 480 - 8 * 6 * 2);
  EXPECT_EQ(integer(shared.kv_bytes), 60);
}

// N = 4, K = 2, H = 3, H_v = 5, B = 2, T = 1, S = 10: 20 pairs, 80 with the heads; FLOPs 80·2·3 +
// 80·2·5 = 1280, cache 2·10·2·(3 + 5)·2 = 640, activations 2·4·(3 + 5)·2 = 128.
TEST(Ledger, OfAttentionCountsKeysAndValuesOfTheirOwnWidth) {
  const auto sum =
      totals(Attention<Count>{4, 2, 3, 2, 2, Pairs::causal, 5}, Shape<Count>{2, 1, 10});
  EXPECT_EQ(integer(sum.flops), 1280);
  EXPECT_EQ(integer(sum.kv_bytes), 640);
  EXPECT_EQ(integer(sum.activation_bytes), 128);
}

// w = 6, B·T = 2·3: x and two gates read, h written as activations of 2 B: 6·6·4·2 = 288; the state
// of 4 B read and written once per sequence: 2·2·6·4 = 96; 2·6·6 = 72 FLOPs; 6 decays of 4 B.
TEST(Ledger, OfAGatedRecurrence) {
  const auto sum = totals(GatedRecurrence<Count>{6, 6, 4, 2, 4}, Shape<Count>{2, 3, 9});
  EXPECT_EQ(integer(sum.activation_bytes), 288);
  EXPECT_EQ(integer(sum.state_bytes), 96);
  EXPECT_EQ(integer(sum.flops), 72);
  EXPECT_EQ(integer(sum.weight_bytes), 24);
}

TEST(Ledger, OfQkvProjectionIsThreeMatmulsThatShareTheirInput) {
  const Shape<Count> shape{3, 5, 5};
  const auto fused = totals(QkvProjection<Count>{8, 4, 2, 2, 2, 2, 2}, shape);
  const auto q = totals(Matmul<Count>{8, 8, 2, 2}, shape);
  const auto kv = totals(Matmul<Count>{8, 4, 2, 2}, shape);
  EXPECT_EQ(q.flops + kv.flops * 2, fused.flops);
  EXPECT_EQ(q.weight_bytes + kv.weight_bytes * 2, fused.weight_bytes);
  // 3·5·8 elements of X are read once, not three times: 2·120 elements of 2 bytes less.
  EXPECT_EQ(integer(q.bytes() + kv.bytes() * 2 - fused.bytes()), 480);
}

TEST(Ledger, OfLmHeadTakesTheLastPositionOnly) {
  // B=3 prompts of 100 tokens, D=8, V=50: 2·3·8·50 FLOPs.
  EXPECT_EQ(integer(totals(LmHead<Count>{8, 50, 2, 2}, Shape<Count>{3, 100, 100}).flops), 2400);
}

TEST(Ledger, OfAnEmbeddingIsALookupOfRows) {
  // 3·100 rows of 8 bf16 elements read and written.
  const auto sum = totals(Embedding<Count>{8, 2, 2}, Shape<Count>{3, 100, 100});
  EXPECT_EQ(integer(sum.activation_bytes), 4800 + 4800);
  EXPECT_EQ(integer(sum.weight_bytes), 0);
  EXPECT_EQ(integer(sum.flops), 0);
}

TEST(Ledger, OfElementwiseOperatorsHasBytesAndNoFlops) {
  // 6 tokens, D=5, F=7, N=4, K=2, H=2 in bf16.
  const Shape<Count> shape{2, 3, 3};
  const Sizes<Count> sizes{2, 2};
  // RMSNorm: 6·5 read, 6·5 written, 5 weights.
  EXPECT_EQ(integer(totals(norm(Count(5), Count(5), sizes), shape).bytes()), 130);
  // Rotary on (4 + 2)·2 = 12 elements: 6·12 read and written.
  EXPECT_EQ(integer(totals(rotary(Count(4), Count(2), Count(2), sizes), shape).bytes()), 288);
  // Gated activation: 6·14 read, 6·7 written. Plain: 6·7 and 6·7.
  EXPECT_EQ(integer(totals(gated_activation(Count(7), sizes), shape).bytes()), 252);
  EXPECT_EQ(integer(totals(plain_activation(Count(7), sizes), shape).bytes()), 168);
  // Residual: 6·10 read, 6·5 written.
  EXPECT_EQ(integer(totals(residual(Count(5), sizes), shape).bytes()), 180);
  EXPECT_EQ(integer(totals(residual(Count(5), sizes), shape).flops), 0);
}

TEST(Ledger, OfKvAppendReadsAndWritesTheNewTokens) {
  // 2·B·T·K·H = 2·2·3·2·4 = 96 elements: bf16 in, fp8 out.
  const auto sum = totals(KvAppend<Count>{2, 4, 2, 1}, Shape<Count>{2, 3, 9});
  EXPECT_EQ(integer(sum.activation_bytes), 192);
  EXPECT_EQ(integer(sum.kv_bytes), 96);
}

TEST(Ledger, OfASharedPrefixReadsItOnceForTheBatch) {
  // P=100, S=10, B=4, T=1, K·H = 8: 2·(100 + 40)·8·2 bytes of cache instead of 2·4·110·8·2.
  const Shape<Count> shape{4, 1, 10};
  const auto shared = totals(PrefixAttention<Count>{2, 2, 4, 2, 2, 100}, shape);
  EXPECT_EQ(integer(shared.kv_bytes), 4480);
  const Attention<Count> unshared{2, 2, 4, 2, 2, Pairs::full};
  EXPECT_EQ(shared.flops, totals(unshared, Shape<Count>{4, 1, 110}).flops);
}

TEST(Ledger, OfLatentAttentionAtDeepSeeksSizes) {
  // 128 heads, latent 512, rope 64, one token on S=1000: scores 2·1000·128·576, values
  // 2·1000·128·512 FLOPs; the cache 1000·576·2 bytes is read once for all heads.
  const auto sum = totals(LatentAttention<Count>{128, 512, 64, 2, 2}, Shape<Count>{1, 1, 1000});
  EXPECT_EQ(integer(sum.flops), 147'456'000 + 131'072'000);
  EXPECT_EQ(integer(sum.kv_bytes), 1'152'000);
}

TEST(Ledger, KeepsTheOrderAndTheWordsOfTheAudit) {
  const auto entries = ledger(Matmul<Count>{4, 5, 2, 2}, Shape<Count>{3, 1, 1});
  std::vector<std::string_view> words;
  for (const auto& entry : entries) words.push_back(entry.what);
  EXPECT_EQ(words, (std::vector<std::string_view>{"X", "W", "b", "Y = X·W", "Y"}));
  EXPECT_EQ(entries.front().shape, (std::vector<Count>{3, 1, 4}));
}

TEST(Ledger, OfInt4WeightsHasHalfABytePerElement) {
  const auto half = scalar<Count>(byte_size(DataType::int4));
  const auto sum = totals(Matmul<Count>{3, 5, half, 2}, Shape<Count>{1, 1, 1});
  EXPECT_EQ(sum.weight_bytes, Count(15, 2));
}

TEST(Transformer, HasTheParametersOfTheLecturesLlama2) {
  // 2·32000·5120 + 3·5120·13824·40 + (2·5120·40·128 + 2·5120·40·128)·40 = 13,015,449,600
  const Transformer<Count> llama{32000, 5120, 13824, 40, 40, 40, 128, 2};
  EXPECT_EQ(integer(llama.parameters()), 13'015'449'600);
  // 1024·40·128·40·2·2 bytes
  EXPECT_EQ(integer(llama.kv_bytes_per_sequence(1024)), 838'860'800);
}

TEST(Count, OverflowsInsteadOfWrapping) {
  const auto sum = totals(Matmul<Count>{std::int64_t{1} << 40, std::int64_t{1} << 40, 2, 2},
                          Shape<Count>{std::int64_t{1} << 40, 1, 1});
  EXPECT_FALSE(sum.flops.to_integer().has_value());
}

}  // namespace
}  // namespace ridgepoint::cost
