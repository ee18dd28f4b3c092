// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "efficiency/attention_kernels.hpp"
#include "efficiency/coefficients.hpp"
#include "efficiency/forms.hpp"
#include "efficiency/prefill_attention.hpp"
#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::efficiency {
namespace {

constexpr double kMicros = 1e6;

/// 132 units at the reference clock, no cache, so that nothing is spared.
DeviceFacts plain_device() {
  DeviceFacts device;
  device.flops_per_s = 1e12;
  device.fp8_flops_per_s = 2e12;
  device.bytes_per_s = 1e9;
  device.compute_units = 132;
  device.clock_hz = 1.83e9;
  return device;
}

KernelTypes named(std::string_view kernel, std::string_view cache = "bf16") {
  return {.compute = "bf16", .cache = cache, .stack = "vllm-0.24.0", .kernel = kernel};
}

/// Halves of each peak, sums instead of maxima.
std::vector<double> round_prefill() {
  return coefficients(prefill_attention_form(), {{"start_us", 2},
                                                 {"compute", 0.5},
                                                 {"softmax", 64},
                                                 {"padded_rows", 0.5},
                                                 {"padded_keys", 0.5},
                                                 {"tile_us", 1},
                                                 {"packing", 1},
                                                 {"longest", 0.5},
                                                 {"memory", 0.5},
                                                 {"kv_reads", 2},
                                                 {"sharpness", 1},
                                                 {"throttle", 0.5},
                                                 {"window_keys", 0.1},
                                                 {"tile_dim", 0.5},
                                                 {"write_token_ns", 3},
                                                 {"ungrouped_tile", 2},
                                                 {"write_memory", 0.5},
                                                 {"merge_ns", 1}});
}

std::vector<double> round_decode() {
  return coefficients(decode_attention_form(), {{"start_us", 2},
                                                {"split_us", 3},
                                                {"split_power", 0.5},
                                                {"memory", 0.5},
                                                {"serial_us", 20},
                                                {"serial_dim", 1},
                                                {"compute", 0.5},
                                                {"sharpness", 1},
                                                {"unpacked", 1},
                                                {"past_window_us", 0.5},
                                                {"queries", 1},
                                                {"window_keys", 0.25},
                                                {"unsplit", 0.5}});
}

TEST(AttentionPairs, AreTheTriangleAboveACachedPrefixCutByTheWindow) {
  // 4²/2; a prefix of 4 and two more tokens: 6²/2 − 4²/2.
  EXPECT_DOUBLE_EQ(causal_pairs({.new_tokens = 4, .context = 4}), 8);
  EXPECT_DOUBLE_EQ(causal_pairs({.new_tokens = 2, .context = 6}), 10);
  // A window of 3: 3²/2 and three tokens with 3 each; the last two have 3 each.
  EXPECT_DOUBLE_EQ(causal_pairs({.new_tokens = 6, .context = 6, .window = 3}), 13.5);
  EXPECT_DOUBLE_EQ(causal_pairs({.new_tokens = 2, .context = 6, .window = 3}), 6);
}

// Groups of 4 heads share tiles of 128 rows: 160 rows of a sequence are 2 tiles, of 2 sequences and
// 2 groups 8. A head has 40 rows and, padded, 256/4 = 64: half of the padding is paid for, 52. Its
// keys: (100² − 60²)/2 ÷ 40 = 80 and 0.5 · 64. Bytes: 4 · 2 · 40 · 8 · 64 of queries and outputs
// and 2 · 2 · 2 · 64 · 100 twice.
TEST(PrefillAttention, CountsTilesPaddingAndBytes) {
  const PrefillWork work = prefill_work(round_prefill(), {2, 40, 100, 8, 2, 64, 0});
  EXPECT_DOUBLE_EQ(work.row_tiles, 2);
  EXPECT_NEAR(work.tiles, 8, 1e-12);
  EXPECT_NEAR(work.rows, 52, 1e-12);
  EXPECT_NEAR(work.keys, 112, 1e-12);
  EXPECT_NEAR(work.bytes, 163840 + 102400, 1e-9);
}

// The same: 4 · 2 · 8 · 52 · 112 · (64 + 64) FLOP at 0.5 · 1e12 are 95.420416 µs, throttled by
// 0.5 · 95.420416/1095.420416: 99.576380. The longest tile: 4 · 128 · 100 · 128 at 0.5 · 1e12/132,
// 1730.1504. Memory: 266240 bytes at 0.5 · 1e9, 532.48. Tiles: 8/132 · (1 + 0.5 · 0.5),
// 0.075757576. The write: 80 tokens of 128 elements, 80 · 3 ns · 128/512 = 0.06 µs and
// 2 · (2 + 2) · 128 · 80 bytes, 163.84 µs: √(0.06² + 163.84²) = 163.840011. 2 to start.
TEST(PrefillAttention, TakesTheTimeThatWasWorkedByHand) {
  const double seconds = prefill_attention_form().seconds(
      round_prefill(), plain_device(), named("fa2"), AttentionShape{2, 40, 100, 8, 2, 64, 0});
  EXPECT_NEAR(seconds * kMicros, 2528.1225486, 1e-6);
}

TEST(PrefillAttention, OnAnFp8CacheMultipliesInFp8WhereTheKernelDoes) {
  const AttentionShape shape{1, 4096, 4096, 32, 8, 128, 0};
  const auto seconds = [&](std::string_view kernel, std::string_view cache) {
    return prefill_attention_form().seconds(round_prefill(), plain_device(), named(kernel, cache),
                                            shape);
  };
  EXPECT_LT(seconds("vllm_flash_attn_fa3", "fp8"), 0.7 * seconds("vllm_flash_attn_fa3", "bf16"));
  EXPECT_LT(seconds("vllm_flashinfer_trtllmprefill", "fp8"),
            0.7 * seconds("vllm_flashinfer_trtllmprefill", "bf16"));
  // Others gain the smaller write alone.
  EXPECT_GT(seconds("vllm_triton_attn", "fp8"), 0.9 * seconds("vllm_triton_attn", "bf16"));
  EXPECT_DOUBLE_EQ(seconds("vllm_triton_attn", "bf16"), seconds("vllm_flash_attn_fa3", "bf16"));
}

// 33 sequences of 4 groups, a tile each, fill 132 units; 1 ns for each of 33 · 32 rows and 8 heads.
TEST(PrefillAttention, OfFlashInferMergesWhileTilesDoNotFillTheUnits) {
  const auto merging = [&](double batch) {
    const AttentionShape shape{batch, 32, 256, 8, 4, 64, 0};
    const Form& form = prefill_attention_form();
    return form.seconds(round_prefill(), plain_device(), named("vllm_flashinfer_fiprefill"),
                        shape) -
           form.seconds(round_prefill(), plain_device(), named("vllm_flash_attn_fa2"), shape);
  };
  EXPECT_NEAR(merging(33) * kMicros, 33 * 32 * 8 * 1e-3, 1e-9);
  EXPECT_EQ(merging(34), 0);
}

// Keys and values: 2 · 2 · 2 · 1024 · 128 · 2 bytes, queries and outputs 4 · 2 · 8 · 128: 4210.688
// µs at 0.5 · 1e9. Four blocks of 4 heads, padded to 16 rows: 4 · 4 · 16 · 1024 · 128 FLOP,
// 67.108864 µs. 2 to start, 3 for the split loop at 1024 keys.
TEST(DecodeAttention, TakesTheTimeThatWasWorkedByHand) {
  const double seconds =
      decode_attention_form().seconds(round_decode(), plain_device(), named("vllm_flash_attn_fa2"),
                                      AttentionShape{2, 1, 1024, 8, 2, 128, 0});
  EXPECT_NEAR(seconds * kMicros, 4282.796864, 1e-6);
}

// A window of 512 and 0.25 · 128 keys beyond it: 544. Bytes 2 · 2 · 2 · 544 · 128 · 2 and 8192:
// 2244.608 µs. 16 blocks of one head: 4 · 16 · 16 · 544 · 128 FLOP, 142.606336. One block walks it
// all: 20 · (544 − 128)/1024 = 8.125; half of 3 · √(544/1024) = 2.186607 is spared. 2 to start, 0.5
// past the window.
TEST(DecodeAttention, OfFlashAttention2WalksAWindowInOneBlock) {
  const double seconds =
      decode_attention_form().seconds(round_decode(), plain_device(), named("vllm_flash_attn_fa2"),
                                      AttentionShape{2, 1, 1024, 8, 2, 128, 512});
  EXPECT_NEAR(seconds * kMicros, 2398.9326395, 1e-6);
}

TEST(AttentionKernels, AreToldApartByTheirNames) {
  const auto share = [](std::string_view kernel, const AttentionShape& shape) {
    return share_of_one_block(attention_kernel(kernel), shape);
  };
  const AttentionShape grouped{.batch = 64, .query_heads = 8, .kv_heads = 2};
  const AttentionShape ungrouped{.batch = 64, .query_heads = 2, .kv_heads = 2};
  EXPECT_EQ(share("vllm_flash_attn_fa2", grouped), 0);
  EXPECT_EQ(share("vllm_flash_attn_fa2", ungrouped), 1);
  EXPECT_EQ(share("vllm_flash_attn", ungrouped), 1);
  EXPECT_EQ(share("vllm_flash_attn_fa3", ungrouped), 0);
  EXPECT_EQ(share("vllm_flashinfer_trtllmdecode", ungrouped), 0);
  EXPECT_EQ(share("of nobody", ungrouped), 0);
  // 128 sequences and kv heads are still split into 16 parts.
  EXPECT_EQ(share("vllm_triton_attn", grouped), 1.0 / 16);
  EXPECT_EQ(share("vllm_triton_attn", {.batch = 65, .query_heads = 8, .kv_heads = 2}), 1);
}

// Latents: 2 · 1024 · 576 · 2 bytes, queries and outputs 2 · 2 · 16 · 1088: 4857.856 µs. 16 heads
// half padded to 64 are 40: 2 · 1088 · 2 · 40 · 1024 FLOP, 356.51584. Serial: 4 · 960/1024 = 3.75.
// 32 blocks on 132 units fill 2 · log2(1 + 32/132) = 0.6263158; 2 to start, 3 for the split loop.
TEST(LatentDecode, TakesTheTimeThatWasWorkedByHand) {
  const Form& form = latent_decode_form();
  const auto x = coefficients(form, {{"start_us", 2},
                                     {"split_us", 3},
                                     {"memory", 0.5},
                                     {"serial_us", 4},
                                     {"padded_heads", 0.5},
                                     {"compute", 0.5},
                                     {"head_blocks", 1},
                                     {"sharpness", 1},
                                     {"queries", 1},
                                     {"fill_us", 2}});
  const LatentAttentionShape shape{2, 1, 1024, 16};
  EXPECT_NEAR(form.seconds(x, plain_device(), named("trtllm_mla"), shape) * kMicros, 5223.7481558,
              1e-6);
  // Half the latents in fp8, at twice the peak: 2359296/2 bytes and 178.25792 µs less.
  EXPECT_NEAR(form.seconds(x, plain_device(), named("trtllm_mla", "fp8"), shape) * kMicros,
              5223.7481558 - 2359.296 - 178.25792, 1e-6);
}

TEST(LatentPrefill, IsAPromptWhoseHeadsAllHaveKeysOf192AndValuesOf128) {
  const auto x = round_prefill();
  const double seconds = latent_prefill_form().seconds(x, plain_device(), named("default"),
                                                       LatentAttentionShape{2, 512, 768, 16});
  const PrefillRules rules{.multiplies_in_fp8 = false, .merges = false, .element_bytes = 2};
  EXPECT_DOUBLE_EQ(seconds, prefill_seconds(x, plain_device(), rules,
                                            {2, 512, 768, 16, 16, (192 + 128) / 2, 0}, 576 / 2));
}

// Laws, whatever the shape, the device and the coefficients inside their bounds.

constexpr double kRounding = 1 + 1e-9;

DeviceFacts any_device() {
  DeviceFacts device;
  device.flops_per_s = between(1e13, 1e16);
  device.fp8_flops_per_s = device.flops_per_s * between(1, 2);
  device.bytes_per_s = between(1e11, 1e13);
  device.compute_units = std::ceil(between(1, 300));
  device.cache_bytes = *rc::gen::inRange(0, 4) == 0 ? 0 : between(1e6, 2e8);
  device.clock_hz = *rc::gen::inRange(0, 4) == 0 ? 0 : between(1e9, 3e9);
  return device;
}

double whole_between(double least, double most) { return std::floor(between(least, most)); }

/// A kernel's call without what only one of the classes has.
struct Law {
  const Form& form;
  std::vector<double> x;
  DeviceFacts device = any_device();
  KernelTypes types =
      named(*rc::gen::element<std::string_view>(
                "vllm_flash_attn_fa2", "vllm_flash_attn_fa3", "vllm_flashinfer_trtllmprefill",
                "vllm_flashinfer_fiprefill", "vllm_triton_attn", "default"),
            *rc::gen::element<std::string_view>("bf16", "fp8", ""));
  AttentionShape shape;

  explicit Law(OperatorClass kind) : form(efficiency::form(kind)), x(any_coefficients(form)) {
    const double kv_heads = whole_between(1, 65);
    shape = {.batch = whole_between(1, 1025),
             .new_tokens = is_prompt() ? whole_between(1, 16385) : 1,
             .context = 0,
             .query_heads = kv_heads * whole_between(1, 17),
             .kv_heads = kv_heads,
             .head_dim = *rc::gen::element(64.0, 128.0, 192.0, 256.0),
             .window = *rc::gen::inRange(0, 2) == 0 ? 0 : whole_between(1, 8193)};
    shape.context = shape.new_tokens + whole_between(1, 100'000) - 1;
  }

  bool is_prompt() const {
    return form.kind == OperatorClass::prefill_attention ||
           form.kind == OperatorClass::latent_prefill;
  }
  bool is_latent() const {
    return form.kind == OperatorClass::latent_prefill || form.kind == OperatorClass::latent_decode;
  }
  Shape whole_shape() const {
    if (!is_latent()) return shape;
    return LatentAttentionShape{shape.batch, shape.new_tokens, shape.context, shape.query_heads};
  }
  double seconds() const { return form.seconds(x, device, types, whole_shape()); }
  /// Of kernels whose grid alone decides how the context is split: more work may take less time.
  bool switches_with_grid() const {
    return form.kind == OperatorClass::decode_attention
               ? attention_kernel(types.kernel).walk == ContextWalk::triton
               : is_prompt() && attention_kernel(types.kernel).merges;
  }
};

Law any_law() {
  return Law(*rc::gen::element(OperatorClass::prefill_attention, OperatorClass::decode_attention,
                               OperatorClass::latent_prefill, OperatorClass::latent_decode));
}

RC_GTEST_PROP(AttentionLaw, TimesAndFeaturesAreFiniteAndTimesAboveTheStart, ()) {
  const Law law = any_law();
  const double seconds = law.seconds();
  RC_ASSERT(std::isfinite(seconds));
  const double cycle = law.device.clock_hz > 0 ? 1.83e9 / law.device.clock_hz : 1;
  RC_ASSERT(seconds > law.x.front() * cycle / kMicros);
  for (const double feature : law.form.features(law.whole_shape())) {
    RC_ASSERT(std::isfinite(feature));
  }
}

RC_GTEST_PROP(AttentionLaw, WhatIsDoneOnceLeavesTheTimeAsItIs, ()) {
  const Law law = any_law();
  if (law.form.work == nullptr) return;
  const auto work = law.form.work(law.types, law.whole_shape());
  RC_ASSERT(law.form.seconds_of_work(law.x, law.device, law.types, law.whole_shape(), work) ==
            law.seconds());
}

RC_GTEST_PROP(AttentionLaw, MoreBandwidthOrAHigherPeakIsNeverSlower, ()) {
  Law law = any_law();
  const double before = law.seconds();
  law.device.bytes_per_s *= between(1, 2);
  const double with_bandwidth = law.seconds();
  RC_ASSERT(with_bandwidth <= before * kRounding);
  law.device.flops_per_s *= between(1, 2);
  law.device.fp8_flops_per_s = law.device.flops_per_s * 2;
  RC_ASSERT(law.seconds() <= with_bandwidth * kRounding);
}

RC_GTEST_PROP(AttentionLaw, MoreSequencesAreNeverFaster, ()) {
  Law law = any_law();
  if (law.switches_with_grid()) law.types.kernel = "default";
  const double before = law.seconds();
  law.shape.batch += whole_between(1, 257);
  RC_ASSERT(law.seconds() * kRounding >= before);
}

RC_GTEST_PROP(AttentionLaw, ALongerContextIsNeverFaster, ()) {
  Law law = any_law();
  const double before = law.seconds();
  law.shape.context += whole_between(1, 10'000);
  // A merge begins where the context outgrows a tile, and costs.
  RC_ASSERT(law.seconds() * kRounding >= before);
}

RC_GTEST_PROP(AttentionLaw, MoreNewTokensOnTheSamePrefixAreNeverFaster, ()) {
  Law law(*rc::gen::element(OperatorClass::prefill_attention, OperatorClass::latent_prefill));
  if (law.switches_with_grid()) law.types.kernel = "default";
  const double before = law.seconds();
  const double more = whole_between(1, 1000);
  law.shape.new_tokens += more;
  law.shape.context += more;
  RC_ASSERT(law.seconds() * kRounding >= before);
}

// 2 · 4 sequences · 8 heads · 128 · 2 bytes · 1000 keys over 1 GB/s: 16.384 ms.
TEST(DecodeAttention, OfAServerIsNoFasterThanItsKeysAndValuesComeFromMemory) {
  KernelProfile kernel;
  kernel.kind = OperatorClass::decode_attention;
  kernel.kernel = "vllm_flash_attn_fa3";
  kernel.compute = kernel.cache = "bf16";
  kernel.coefficients = coefficients(decode_attention_form(), {{"memory", 1.2}, {"sharpness", 8}});
  kernel.band.classes = {{0, -0.1, 0.1}};
  DeviceFacts device = plain_device();
  device.flops_per_s = 1e15;
  const AttentionShape shape{4, 1, 1000, 32, 8, 128};
  const double in_benchmark = expected_time(kernel, device, shape).seconds;
  EXPECT_LT(in_benchmark, 0.016384) << "what a call before left in the cache may come faster";
  device.reads_cold = true;
  const Expected on_server = expected_time(kernel, device, shape);
  EXPECT_DOUBLE_EQ(on_server.seconds, 0.016384);
  EXPECT_DOUBLE_EQ(on_server.low, 0.016384);
  AttentionShape windowed = shape;
  windowed.window = 500;
  EXPECT_GE(expected_time(kernel, device, windowed).seconds, 0.016384 / 2);
}

}  // namespace
}  // namespace ridgepoint::efficiency
