// SPDX-License-Identifier: Apache-2.0
// Latent attention, mixtures of experts and quantised weights, worked out by hand from the sizes
// and the checkpoint totals that papers and model cards publish.
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "predict/worked_step.hpp"
#include "ridgepoint/cost/experts.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/parameters.hpp"
#include "ridgepoint/roofline/step_time.hpp"

namespace ridgepoint::predict {
namespace {

using testing::catalogued;
using testing::whole;
using testing::WorkedStep;

double intensity(const cost::Totals<Count>& totals) {
  return totals.flops.to_double() / totals.bytes().to_double();
}

// DeepSeek-V3, arXiv:2412.19437, section 4.2: 61 layers of 7168, 128 heads, latent of 512, query
// latent of 1536, 128 + 64 per head in keys, 128 in values; 3 dense layers of 18,432, then 256
// experts of 2048 of which 8 are chosen, and a shared one; 129,280 tokens.
constexpr std::int64_t kLayers = 61;

// At 4096 tokens each of 128 heads multiplies a query of 512 + 64 with every cached vector, and
// sums 512 of its elements: 2·128·(576 + 512)·4096 FLOPs. The cache of 576 bf16 is read once for
// all heads: 4096·1152 bytes. The ratio is 128·1088/576 = 241.8; queries and outputs, (576 +
// 512)·128·2 bytes, bring it down to 228.3. FlashMLA's "new kernel deep dive" (DeepSeek, 2025)
// derives the same h_q·(d_k + d_v)/d_k.
TEST(DecodeOfDeepSeekV3, Attends242FlopsForEachByteOfItsCache) {
  const WorkedStep step(catalogued("deepseek-v3"), Phase::decode, 1, 4096);
  const auto attention = step.of("attention");
  EXPECT_EQ(whole(step.count("attention")), kLayers);
  EXPECT_EQ(whole(attention.flops), kLayers * 1'140'850'688);
  EXPECT_EQ(whole(attention.kv_bytes), kLayers * 4'718'592);
  EXPECT_EQ(whole(attention.activation_bytes), kLayers * 278'528);
  EXPECT_NEAR(attention.flops.to_double() / attention.kv_bytes.to_double(), 241.8, 0.05);
  EXPECT_NEAR(intensity(attention), 228.3, 0.05);
  // The longer the context, the nearer: 1,140,850,688·32 FLOPs ÷ (4,718,592·32 + 278,528) bytes.
  const WorkedStep longer(catalogued("deepseek-v3"), Phase::decode, 1, 131'072);
  EXPECT_NEAR(intensity(longer.of("attention")), 241.33, 0.005);
}

// The two halves of kv_b, 128 heads · 128 · 512, work on the query and on the output instead of the
// cache: 2·8,388,608 FLOPs a token each, and each half is read once, at 4097/4096 bytes a weight.
TEST(DecodeOfDeepSeekV3, AbsorbsTheUpProjectionIntoQueriesAndOutputs) {
  const WorkedStep step(catalogued("deepseek-v3"), Phase::decode, 1, 4096);
  for (const char* name : {"q_absorb_proj", "v_up_proj"}) {
    EXPECT_EQ(whole(step.of(name).flops), kLayers * 16'777'216) << name;
    EXPECT_EQ(whole(step.of(name).weight_bytes), kLayers * (8'388'608 + 2048)) << name;
  }
  // The new token's latent is the only write to the cache.
  EXPECT_EQ(whole(step.of("kv_a_proj_with_mqa").kv_bytes), kLayers * 1152);
}

// Prefill makes keys and values of every head: 2·4096·512·128·(128 + 128) FLOPs, and attends to
// 4096·4097/2 = 8,390,656 pairs at 2·128·(192 + 128) FLOPs.
TEST(PrefillOfDeepSeekV3, ExpandsLatentsToKeysAndValuesOfEveryHead) {
  const WorkedStep step(catalogued("deepseek-v3"), Phase::prefill, 1, 4096);
  EXPECT_EQ(whole(step.of("kv_b_proj").flops), kLayers * 137'438'953'472);
  EXPECT_EQ(whole(step.of("attention").flops), kLayers * 8'390'656LL * 81'920);
  // Of the cache it reads the latents once, then the rotary keys.
  EXPECT_EQ(whole(step.of("kv_b_proj").kv_bytes), kLayers * 4096 * 512 * 2);
  EXPECT_EQ(whole(step.of("attention").kv_bytes), kLayers * 4096 * 64 * 2);
}

// Matrices that the checkpoint keeps in fp8, by the sizes above:
//   attention of a layer  7168·1536 + 1536·24576 + 7168·576 + 512·32768 + 16384·7168 = 187,105,280
//   an expert             3·7168·2048 = 44,040,192
//   a dense MLP           3·7168·18432 = 396,361,728
// and in bf16:
//   norms of a layer      2·7168 + 1536 + 512 = 16,384
//   a router              256·7168 = 1,835,008
//   embedding, head       129,280·7168 = 926,679,040
constexpr std::int64_t kAttention = 187'105'280;
constexpr std::int64_t kExpert = 44'040'192;
constexpr std::int64_t kDense = 396'361'728;
constexpr std::int64_t kTable = 926'679'040;
/// Every block of 128×128 has an fp32 scale. 576 rows of kv_a are 4½ blocks: its 5·56 blocks have
/// 28 scales more than 576·7168/128² = 252.
constexpr std::int64_t scales_of(std::int64_t weights) { return weights / (128 * 128); }
constexpr std::int64_t kPartialBlocks = 28 * kLayers;
constexpr std::int64_t kCorrectionBiases = 58 * 256;

// The hub counts, with the layer for multi-token prediction: F8_E4M3 680,571,043,840, BF16
// 3,918,786,560, F32 41,555,600 elements. That layer is attention, 257 experts, a router, norms,
// embedding and head of its own, three further norms and a projection from 2·7168 to 7168.
TEST(CheckpointOfDeepSeekV3, HasThePublishedElementsAtTheirTypes) {
  constexpr std::int64_t kFp8 = 61 * kAttention + 58 * 257 * kExpert + 3 * kDense;
  constexpr std::int64_t kBf16 = 61 * 16'384 + 7168 + 58 * 1'835'008 + 2 * kTable;
  constexpr std::int64_t kFp32 = scales_of(kFp8) + kPartialBlocks + kCorrectionBiases;
  constexpr std::int64_t kMtpFp8 = kAttention + 257 * kExpert;
  static_assert(kFp8 + kMtpFp8 == 680'571'043'840);
  static_assert(kBf16 + 16'384 + 1'835'008 + 2 * kTable + 3 * 7168 + 2 * 7168 * 7168 ==
                3'918'786'560);
  static_assert(kFp32 + scales_of(kMtpFp8) + 28 + 256 == 41'555'600);
  // Correction biases are fp32 there; here they count at the model's bf16.
  EXPECT_EQ(whole(model::weight_bytes(catalogued("deepseek-v3"))),
            kFp8 + 2 * kBf16 + 4 * kFp32 - 2 * kCorrectionBiases);
}

// One token at 4096 of context reads attention, the dense layers, 8 + 1 experts of 58 layers, the
// routers, norms and the head, but not the embedding: 37,552,297,472 − 926,679,040 parameters
// (the paper's 37B), mostly in fp8; and 4097 tokens of cache, one of them written.
// 37.67 GB + 0.29 GB at 4.8 TB/s.
TEST(FloorOfDeepSeekV3, IsItsActiveWeightsAndCacheOverTheBandwidth) {
  const model::Architecture deepseek = catalogued("deepseek-v3");
  constexpr std::int64_t kFp8 = 61 * kAttention + 58 * 9 * kExpert + 3 * kDense;
  constexpr std::int64_t kBf16 = 61 * 16'384 + 7168 + 58 * 1'835'008 + kCorrectionBiases + kTable;
  static_assert(kFp8 + kBf16 + kTable == 37'552'297'472);
  constexpr std::int64_t kWeights = kFp8 + 4 * (scales_of(kFp8) + kPartialBlocks) + 2 * kBf16;
  constexpr std::int64_t kCache = 4097 * 70'272;
  static_assert(kWeights == 37'668'445'536 && kCache == 287'904'384);
  EXPECT_EQ(whole(model::active_parameters(deepseek).value()), 37'552'297'472);

  const WorkedStep step(deepseek, Phase::decode, 1, 4096);
  EXPECT_EQ(whole(step.all().compulsory_bytes()), kWeights + kCache);
  const auto timed = roofline::on_device(
      build_step<double>(deepseek, {native_precision(deepseek), 1}, Phase::decode),
      catalog::find_device("h200-sxm").value());
  EXPECT_NEAR(roofline::step_time(*timed, {1, 1, 4096}).floor_s(), 7.9076e-3, 5e-8);
}

// 576 rows are four whole blocks and a half one: 5·56 scales on 576·7168 weights. Others divide.
TEST(BlocksOfFp8, AddFourBytesForEachBegunBlock) {
  const WorkedStep step(catalogued("deepseek-v3"), Phase::decode, 1, 1);
  EXPECT_EQ(whole(step.of("o_proj").weight_bytes), kLayers * 117'440'512 / 4096 * 4097);
  EXPECT_EQ(whole(step.of("kv_a_proj_with_mqa").weight_bytes), kLayers * (4'128'768 + 4 * 280));
  EXPECT_EQ(step.compute_type("o_proj"), DataType::fp8);
  EXPECT_EQ(step.compute_type("router"), DataType::bf16);
  EXPECT_EQ(step.compute_type("lm_head"), DataType::bf16);
}

// DeepSeek-V3.2, arXiv:2512.02556: 64 index heads of 128 score every token, attention reads the
// best 2048: 2048·1152 bytes and 2·128·1088·2048 FLOPs, however long the context.
TEST(SparseAttentionOfDeepSeekV32, ReadsNoMoreThan2048Tokens) {
  const model::Architecture model = catalogued("deepseek-v3.2");
  for (const std::int64_t context : {1000, 2048, 20'000, 131'072}) {
    const std::int64_t read = std::min<std::int64_t>(context, 2048);
    const WorkedStep step(model, Phase::decode, 1, context);
    EXPECT_EQ(whole(step.of("sparse_attention").kv_bytes), kLayers * 1152 * read) << context;
    EXPECT_EQ(whole(step.of("sparse_attention").flops), kLayers * 278'528 * read) << context;
    EXPECT_EQ(whole(step.of("indexer").flops), kLayers * 2 * 64 * 128 * context) << context;
    EXPECT_EQ(whole(step.of("indexer").kv_bytes), kLayers * 2 * 128 * context) << context;
  }
}

// Jiang et al., "Mixtral of Experts", arXiv:2401.04088, table 1 (13B active; 12.9B in the Jamba
// papers). A layer: q and o 2·4096², k and v 2·4096·1024, router 4096·8, two of eight experts of
// 3·4096·14336 = 176,160,768, norms 2·4096; 32 of them, two tables of 32,000·4096, a last norm.
constexpr std::int64_t kMixtralExpert = 176'160'768;
constexpr std::int64_t kMixtralActive =
    32 * (41'943'040 + 32'768 + 2 * kMixtralExpert + 8192) + 2 * 131'072'000 + 4096;

TEST(Mixtral8x7B, Uses12Point88BillionParametersForAToken) {
  static_assert(kMixtralActive == 12'879'925'248);
  EXPECT_EQ(whole(model::active_parameters(catalogued("mixtral-8x7b")).value()), kMixtralActive);
}

// 8·(1 − (3/4)^n): 8/4; 8·7/16; 8·(1 − 6561/65536); (3/4)^64 = 1.00907e-8.
TEST(Mixtral8x7B, ReadsEveryExpertBeforeABatchOf64) {
  EXPECT_EQ(cost::distinct_experts(Count(8), Count(2), Count(1)), Count(2));
  EXPECT_EQ(cost::distinct_experts(Count(8), Count(2), Count(2)), Count(7, 2));
  EXPECT_NEAR(cost::distinct_experts(8.0, 2.0, 8.0), 7.19910, 5e-6);
  EXPECT_NEAR(cost::distinct_experts(8.0, 2.0, 64.0), 8 * (1 - 1.00907e-8), 1e-12);

  // bf16; the table of the embedding is not read, nor are experts that no token chose.
  const model::Architecture mixtral = catalogued("mixtral-8x7b");
  const auto read = [&](std::int64_t batch) {
    return WorkedStep(mixtral, Phase::decode, batch, 100).all();
  };
  constexpr std::int64_t kOne = 2 * (kMixtralActive - 131'072'000);
  EXPECT_EQ(whole(read(1).weight_bytes), kOne);
  EXPECT_EQ(whole(read(2).weight_bytes), kOne + 3 * 32 * kMixtralExpert);  // 1.5 experts, 2 bytes
  const std::int64_t all = kOne + 2 * 6 * 32 * kMixtralExpert;
  EXPECT_NEAR(read(64).weight_bytes.to_double(), static_cast<double>(all), 1e-6 * kMixtralExpert);
  // The floor counts what one token needs, whatever the batch.
  EXPECT_EQ(whole(read(64).weight_bytes - read(64).extra_weight_bytes), kOne);
}

// gpt-oss, arXiv:2508.10925, table 1: checkpoints of 12.8 and 60.8 GiB; the hub's index files give
// 13,761,264,768 and 65,248,815,744 bytes. An expert is 5760·2880 + 2880·2880 = 24,883,200 weights
// of 17/32 bytes (32 weights of 4 bits share an 8-bit scale) and 5760 + 2880 biases in bf16. The
// rest of a layer in bf16: q and o 2·2880·4096, k and v 2·2880·512, biases 4096 + 2·512 + 2880, 64
// sinks, a router of E·2880 with E biases, two norms; two tables of 201,088·2880, a last norm.
constexpr std::int64_t kOssExpertWeights = 24'883'200;
constexpr std::int64_t kOssExpertBytes = kOssExpertWeights / 32 * 17 + 2 * 8640;

constexpr std::int64_t gpt_oss_bytes(std::int64_t layers, std::int64_t experts) {
  const std::int64_t rest =
      2 * 2880 * 4096 + 2 * 2880 * 512 + 4096 + 2 * 512 + 2880 + 64 + experts * 2881 + 2 * 2880;
  return layers * (experts * kOssExpertBytes + 2 * rest) + 2 * (2 * 201'088 * 2880LL + 2880);
}

TEST(CheckpointOfGptOss, HasThePublishedBytes) {
  static_assert(gpt_oss_bytes(24, 32) == 13'761'264'768);
  static_assert(gpt_oss_bytes(36, 128) == 65'248'815'744);
  EXPECT_EQ(whole(model::weight_bytes(catalogued("gpt-oss-20b"))), 13'761'264'768);
  EXPECT_EQ(whole(model::weight_bytes(catalogued("gpt-oss-120b"))), 65'248'815'744);
}

// The card's 3.61B and 5.13B active parameters leave the embedding of 579,133,440 out.
TEST(ActiveParametersOfGptOss, AreThoseOfTheModelCard) {
  const auto active = [](const char* name) {
    return static_cast<double>(model::active_parameters(catalogued(name)).value() - 579'133'440);
  };
  EXPECT_NEAR(active("gpt-oss-20b"), 3.61e9, 0.005e9);
  EXPECT_NEAR(active("gpt-oss-120b"), 5.13e9, 0.005e9);
}

// A token reads 4 experts of each layer; with as many tokens as you like, all of them.
TEST(DecodeOfGptOss, ReadsExpertsAt17BytesFor32Weights) {
  const auto experts = [](std::int64_t batch) {
    const WorkedStep step(catalogued("gpt-oss-20b"), Phase::decode, batch, 8192);
    return step.of("experts_gate_up_proj").weight_bytes + step.of("experts_down_proj").weight_bytes;
  };
  EXPECT_EQ(whole(experts(1)), 24 * 4 * kOssExpertBytes);
  EXPECT_NEAR(experts(1000).to_double(), 24 * 32.0 * kOssExpertBytes, 1);
  // Weight-only: expanded to bf16 before they multiply.
  const WorkedStep step(catalogued("gpt-oss-20b"), Phase::decode, 1, 8192);
  EXPECT_EQ(step.compute_type("experts_gate_up_proj"), DataType::bf16);
}

struct Quantised {
  Count bytes;  ///< of 32 weights
  DataType weights;
  DataType on_h100;
  DataType on_b200;
};

// Llama 3.1 8B: 32 layers of 4096·6144 in qkv (32 + 2·8 heads of 128), 4096² in o, 4096·28672 in
// gate and up, 14336·4096 in down. fp8 is W8A8, int4 and mxfp4 are expanded to bf16, nvfp4 is W4A4
// where there is an fp4 peak and runs at the next wider one, fp8, on an H100.
TEST(Llama31With, QuantisedWeightsKeepsTheirBytesAndComputesAtTheRulesPeak) {
  const Quantised rows[] = {
      {Count(32), DataType::fp8, DataType::fp8, DataType::fp8},
      {Count(16), DataType::int4, DataType::bf16, DataType::bf16},
      {Count(18), DataType::nvfp4, DataType::fp8, DataType::fp4},
      {Count(17), DataType::mxfp4, DataType::bf16, DataType::bf16},
  };
  const std::pair<const char*, std::int64_t> matrices[] = {
      {"qkv_proj", 4096LL * 6144},
      {"o_proj", 4096LL * 4096},
      {"gate_up_proj", 4096LL * 28'672},
      {"down_proj", 14'336LL * 4096},
  };
  const model::Architecture llama = catalogued("llama-3.1-8b");
  const auto used = [](const char* device, DataType type) {
    return hardware::dense_peak(catalog::find_device(device).value(), type)->used;
  };
  for (const Quantised& row : rows) {
    const WorkedStep step(llama, Phase::decode, 1, 1024, {row.weights});
    for (const auto& [matrix, weights] : matrices) {
      EXPECT_EQ(step.of(matrix).weight_bytes, weights * row.bytes)  // 32 layers, bytes of 32
          << name(row.weights) << " " << matrix;
      EXPECT_EQ(used("h100-sxm", step.compute_type(matrix)), row.on_h100) << name(row.weights);
      EXPECT_EQ(used("b200-sxm", step.compute_type(matrix)), row.on_b200) << name(row.weights);
    }
    // 128,256·4096 weights in bf16, norms of 4096, a row of the embedding read and written.
    EXPECT_EQ(whole(step.of("lm_head").weight_bytes), 1'050'673'152) << name(row.weights);
    EXPECT_EQ(step.compute_type("lm_head"), DataType::bf16) << name(row.weights);
    EXPECT_EQ(whole(step.of("input_layernorm").weight_bytes), 32 * 8192) << name(row.weights);
    EXPECT_EQ(whole(step.of("embed_tokens").activation_bytes), 2 * 8192) << name(row.weights);
  }
}

// Its router decides, so it stays: 32·4096·8 weights in bf16, while the experts go to 4 bits.
TEST(Mixtral8x7B, KeepsItsRouterWhenItsExpertsAreQuantised) {
  const WorkedStep step(catalogued("mixtral-8x7b"), Phase::decode, 1, 1024, {DataType::int4});
  EXPECT_EQ(whole(step.of("router").weight_bytes), 32 * 4096 * 8 * 2);
  EXPECT_EQ(step.compute_type("router"), DataType::bf16);
  EXPECT_EQ(whole(step.of("experts_down_proj").weight_bytes), 32 * 2 * (kMixtralExpert / 3) / 2);
}

}  // namespace
}  // namespace ridgepoint::predict
