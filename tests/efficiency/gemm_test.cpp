// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <map>
#include <string_view>

#include "efficiency/forms.hpp"
#include "efficiency/gemm_parts.hpp"
#include "efficiency/gemm_tiles.hpp"
#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::efficiency {
namespace {

constexpr KernelTypes kBf16{.compute = "bf16", .cache = ""};
constexpr KernelTypes kFp8{.compute = "fp8", .cache = ""};

/// One unit, so that a tile is a wave.
DeviceFacts one_unit() {
  DeviceFacts device;
  device.flops_per_s = 1e14;
  device.bytes_per_s = 1e12;
  device.compute_units = 1;
  device.cache_bytes = 1 << 20;
  return device;
}

/// Half of each peak, and round numbers.
std::vector<double> round_coefficients() {
  const std::map<std::string_view, double> values{{"start_us", 2},
                                                  {"serial_us", 1},
                                                  {"serial_power", 1},
                                                  {"compute", 0.5},
                                                  {"memory", 0.5},
                                                  {"fill_k", 1024},
                                                  {"sharpness", 2},
                                                  {"idle_units", 0.1},
                                                  {"throttle", 0.5},
                                                  {"narrow", 1},
                                                  {"tile_128x128", 0.1},
                                                  {"tile_128x256", 0.1},
                                                  {"tile_256x128", 0.1},
                                                  {"rows_16", 0.05},
                                                  {"rows_64", 0.05},
                                                  {"columns_256", 0.1},
                                                  {"copies", 4},
                                                  {"cache_speed", 2},
                                                  {"quantise_us", 1},
                                                  {"quantise_row_us", .01},
                                                  {"quantise_block_us", 0.01},
                                                  {"quantise_memory", .5},
                                                  {"uneven_us", 2},
                                                  {"uneven_memory", 0.5}};
  std::vector<double> x;
  for (const CoefficientFacts& facts : gemm_coefficients()) x.push_back(values.at(facts.name));
  return x;
}

TEST(GemmTiles, CountPaddingAndTheRestOfAFullGridsLastWave) {
  // 200 × 300 on 128 × 128: 2 · 3 tiles of 16384 elements for 60000.
  EXPECT_NEAR(log2_quantisation({200, 300, 64}, 100, {128, 128}), std::log2(98304.0 / 60000),
              1e-12);
  // On 4 units those 6 take two waves: as long as 8.
  EXPECT_NEAR(log2_quantisation({200, 300, 64}, 4, {128, 128}), std::log2(131072.0 / 60000), 1e-12);
  EXPECT_NEAR(log2_padding(65, 64), std::log2(128.0 / 65), 1e-12);
  EXPECT_NEAR(log2_padding(128, 64), 0, 1e-12);
  EXPECT_NEAR(tiles_per_unit({256, 512, 64}, 4), 2, 1e-12);
}

// m = n = 128, k = 1024. Start: 2 + 1 · 1024/1024 = 3 µs.
// Compute: 2 · 128 · 128 · (1024 + 1024) = 67108864 FLOP at 0.5 · 1e14 are 1.34217728 µs. Of a
// 128 × 256 tile, a 256 × 128 tile and 256 columns half is padding, and (1 + 1/1) is 2: an excess
// of 2^(0.1 + 0.1 + 0.1 + 0.1) = 1.31950791, 1.77101354 µs; throttled by 0.5
// · 1.77101354/1001.77101354: 1.77257901 µs. Memory: 2 · (128 · 1024 · 2 + 128 · 128) = 557056
// bytes, 2 · 128 more for one unit: 1.114624 µs. √(1.77257901² + 1.114624²)
// = 2.09390139; 5.09390139 in all.
TEST(Gemm, TakesTheTimeThatWasWorkedByHand) {
  const GemmShape shape{128, 128, 1024};
  const GemmParts parts = gemm_parts(round_coefficients(), one_unit(), kBf16, shape);
  EXPECT_NEAR(parts.start * 1e6, 3, 1e-9);
  EXPECT_NEAR(parts.compute * 1e6, 1.77257901, 1e-7);
  EXPECT_NEAR(parts.memory * 1e6, 1.114624, 1e-9);
  EXPECT_NEAR(parts.total() * 1e6, 5.09390139, 1e-7);
  EXPECT_EQ(parts.quantise, 0);
}

// A row: 0.01 + 0.01 · ⌈1024/2048⌉ µs, 128 of them on one unit: 2.56. Bytes: 128 · 1024 · (2 + 1)
// at 0.5 · 1e12: 0.786432. 2.56 · (1 + 0.3072⁴)^¼ = 2.56568093; and 1 to launch.
TEST(Gemm, QuantisesActivationsInAKernelOfItsOwn) {
  const auto x = round_coefficients();
  EXPECT_NEAR(gemm_parts(x, one_unit(), kFp8, {128, 128, 1024}).quantise * 1e6, 3.56568093, 1e-7);
  // 127 rows are copied besides: 2 µs and 127 · 1024 · 2 bytes at 0.5 · 1e12, 0.520192 µs; their
  // own kernel takes 127/128 of the above.
  EXPECT_NEAR(gemm_parts(x, one_unit(), kFp8, {127, 128, 1024}).quantise * 1e6,
              1 + 2.56568093 * 127 / 128 + 2.520192, 1e-7);
  // A single row is not: 0.02 µs, against 0.006144 of memory.
  EXPECT_NEAR(gemm_parts(x, one_unit(), kFp8, {1, 128, 1024}).quantise * 1e6,
              1 + 0.02 * std::pow(1 + std::pow(0.3072, 4), 0.25), 1e-7);
}

// 4 copies of 128 · 1024 · 2 bytes are the cache's 2^20: half of (1 − 1/2) is spared of 557056
// bytes.
TEST(Gemm, SparesTrafficOfWeightsThatABenchmarkKeepsInTheCacheAndOfNoOther) {
  const auto x = round_coefficients();
  GemmShape shape{128, 128, 1024};
  shape.weights_stay_cached = true;
  const double kept = gemm_parts(x, one_unit(), kBf16, shape).memory;
  EXPECT_NEAR(kept * 1e6, (557056 * 0.75 + 256) / 0.5e6, 1e-9);
  shape.weights_stay_cached = false;
  EXPECT_NEAR(gemm_parts(x, one_unit(), kBf16, shape).memory * 1e6, 1.114624, 1e-9);
}

KernelProfile profile_with(double correction) {
  KernelProfile profile;
  profile.compute = "bf16";
  profile.coefficients = round_coefficients();
  profile.corrections = {{.axes = {{.first = 0, .step = 1, .knots = 1}}, .values = {correction}}};
  profile.band.classes = {{.below_s = 0, .low = -0.1, .high = 0.1}};
  return profile;
}

TEST(Gemm, IsNeverExpectedBelowItsFloorUnlessItsWeightsAreCached) {
  // Weights: 4096 · 4096 · 2 bytes at 1e12 a second, 33.554432 µs; arithmetic 2 · 4096² / 1e14,
  // 0.33554432 µs.
  GemmShape shape{1, 4096, 4096};
  EXPECT_NEAR(gemm_floor(one_unit(), kBf16, shape) * 1e6, 33.554432, 1e-9);
  const Expected expected = expected_time(profile_with(-20), one_unit(), shape);
  EXPECT_NEAR(expected.seconds * 1e6, 33.554432, 1e-9);
  EXPECT_NEAR(expected.low * 1e6, 33.554432, 1e-9);
  EXPECT_NEAR(expected.high * 1e6, 33.554432 * std::exp(0.1), 1e-6);
  shape.weights_stay_cached = true;
  EXPECT_NEAR(expected_time(profile_with(-20), one_unit(), shape).seconds * 1e6, 0.33554432, 1e-9);
  // Far above the floor, a correction is just that.
  const double by_form = gemm_parts(round_coefficients(), one_unit(), kBf16, shape).total();
  EXPECT_NEAR(expected_time(profile_with(2), one_unit(), shape).seconds, by_form * std::exp(2.0),
              1e-12);
}

TEST(Gemm, HasAFactorForEachTableThatIsRead) {
  const Form& form = gemm_form();
  const auto factors =
      form.factors(round_coefficients(), one_unit(), kBf16, GemmShape{128, 130, 1024});
  ASSERT_EQ(factors.size(), form.factor_count);
  // The last two: 130 columns padded to 256, whichever way.
  EXPECT_NEAR(factors[7], std::log2(256.0 / 130), 1e-12);
  EXPECT_NEAR(factors[8], std::log2(256.0 / 130), 1e-12);
  KernelProfile profile = profile_with(0);
  const double plain = expected_time(profile, one_unit(), GemmShape{128, 130, 1024}).seconds;
  Correction padded{.axes = {{.first = 0, .step = 1, .knots = 1}}, .values = {0.5}, .factor = 8};
  profile.corrections.push_back(padded);
  EXPECT_NEAR(expected_time(profile, one_unit(), GemmShape{128, 130, 1024}).seconds,
              plain * std::exp(0.5 * std::log2(256.0 / 130)), 1e-12);
}

// Laws, whatever the shape, the device and the coefficients inside their bounds.

constexpr double kRounding = 1 + 1e-9;

double share() { return static_cast<double>(*rc::gen::inRange(0, 1001)) / 1000; }

/// 1 … 2^octaves, as many in each octave.
double size_in_octaves(double octaves) { return std::floor(std::exp2(octaves * share())); }

DeviceFacts any_device() {
  DeviceFacts device;
  device.flops_per_s = 1e13 * std::exp2(10 * share());
  device.bytes_per_s = 1e11 * std::exp2(7 * share());
  device.compute_units = 1 + size_in_octaves(8);
  device.cache_bytes = *rc::gen::inRange(0, 2) == 0 ? 0 : 1e6 * std::exp2(8 * share());
  return device;
}

std::vector<double> any_coefficients() {
  std::vector<double> values;
  for (const CoefficientFacts& facts : gemm_coefficients()) {
    values.push_back(facts.least * std::pow(facts.most / facts.least, share()));
  }
  return values;
}

KernelTypes any_types() {
  return *rc::gen::element(kBf16, kFp8, KernelTypes{.compute = "fp8_block", .cache = ""},
                           KernelTypes{.compute = "nvfp4", .cache = ""},
                           KernelTypes{.compute = "int4_wo", .cache = ""});
}

/// Rows in fours, so that none are copied: the documented exception to "more rows are not faster".
GemmShape any_shape() {
  GemmShape shape{4 * size_in_octaves(14), size_in_octaves(17), size_in_octaves(17)};
  shape.weights_stay_cached = *rc::gen::inRange(0, 2) == 1;
  return shape;
}

struct Law {
  std::vector<double> x = any_coefficients();
  DeviceFacts device = any_device();
  KernelTypes types = any_types();
  GemmShape shape = any_shape();

  double seconds() const { return gemm_parts(x, device, types, shape).total(); }
};

RC_GTEST_PROP(GemmLaw, TimesAreFiniteAndAboveTheStart, ()) {
  Law law;
  law.shape.m = size_in_octaves(16);
  const double seconds = law.seconds();
  RC_ASSERT(std::isfinite(seconds));
  RC_ASSERT(seconds > law.x.front() * 1e-6);
  for (const double factor : gemm_form().factors(law.x, law.device, law.types, law.shape)) {
    RC_ASSERT(std::isfinite(factor) && factor >= -1e-12);
  }
}

RC_GTEST_PROP(GemmLaw, MoreBandwidthOrAHigherPeakIsNeverSlower, ()) {
  Law law;
  const double before = law.seconds();
  law.device.bytes_per_s *= 1 + share();
  const double with_bandwidth = law.seconds();
  RC_ASSERT(with_bandwidth <= before * kRounding);
  law.device.flops_per_s *= 1 + share();
  RC_ASSERT(law.seconds() <= with_bandwidth * kRounding);
}

RC_GTEST_PROP(GemmLaw, MoreRowsColumnsOrDepthAreNeverFaster, ()) {
  Law law;
  double before = law.seconds();
  for (double GemmShape::* size : {&GemmShape::m, &GemmShape::n, &GemmShape::k}) {
    const double more = size_in_octaves(8);
    law.shape.*size += size == &GemmShape::m ? 4 * more : more;
    const double after = law.seconds();
    RC_ASSERT(after * kRounding >= before);
    before = after;
  }
}

RC_GTEST_PROP(GemmLaw, RowsOfWhatIsNotQuantisedNeedNoMultipleOfFour, ()) {
  Law law;
  law.types = kBf16;
  law.shape.m = size_in_octaves(14);
  const double before = law.seconds();
  law.shape.m += 1;
  RC_ASSERT(law.seconds() * kRounding >= before);
}

}  // namespace
}  // namespace ridgepoint::efficiency
