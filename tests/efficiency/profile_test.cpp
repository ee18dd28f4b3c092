// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/efficiency/profile.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>
#include <utility>

#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {
namespace {

/// Decode with two tables: one on the first feature, one on the fourth and second.
Profile profile() {
  KernelProfile kernel;
  kernel.kind = OperatorClass::decode_attention;
  kernel.stack = "vllm-0.24.0";
  kernel.kernel = "vllm_flash_attn_fa3";
  kernel.compute = "bf16";
  kernel.cache = "fp8";
  for (const CoefficientFacts& facts : form(kernel.kind).coefficients) {
    kernel.coefficients.push_back(facts.start);
    kernel.spread.push_back(0.125);
  }
  kernel.corrections = {
      {.features = {0}, .axes = {{10, 1, 2}}, .values = {0.25, 0.5}},
      {.features = {3, 1}, .axes = {{6, 1, 2}, {0, 3, 2}}, .values = {0, 0.125, 0.25, 0.5}}};
  kernel.band.classes = {{.below_s = 1e-5, .low = -0.25, .high = 0.25},
                         {.below_s = 0, .low = -0.125, .high = 0.125}};
  kernel.evidence = {{"somebody"}, 100, 10, 3.5, ""};
  return {"H100", {kernel}, {{"somebody", "a table; MIT; Copyright Somebody", 100}}};
}

DeviceFacts device() {
  DeviceFacts facts;
  facts.flops_per_s = 1e15;
  facts.bytes_per_s = 3e12;
  facts.compute_units = 132;
  facts.cache_bytes = 5e7;
  facts.clock_hz = 1.83e9;
  return facts;
}

// 2048 tokens: the second knot, 0.5. Head dim 128 = 2^7, the second; 8 · 1 kv heads = 2^3, the
// second: 0.5. Together e^1.
TEST(Profile, AddsUpTheTablesOfAKernel) {
  KernelProfile kernel = profile().kernels.front();
  const AttentionShape shape{8, 1, 2048, 8, 1, 128, 0};
  const double with_both = expected_time(kernel, device(), shape).seconds;
  kernel.corrections.pop_back();
  const double with_one = expected_time(kernel, device(), shape).seconds;
  kernel.corrections.clear();
  const double by_form = expected_time(kernel, device(), shape).seconds;
  EXPECT_NEAR(with_one / by_form, std::exp(0.5), 1e-12);
  EXPECT_NEAR(with_both / by_form, std::exp(1.0), 1e-12);
}

TEST(Profile, IsReadAsItWasWritten) {
  const std::string text = write_profile(profile());
  const auto again = read_profile(text, "h100.json");
  ASSERT_TRUE(again);
  EXPECT_EQ(write_profile(*again), text);
  ASSERT_EQ(again->kernels.size(), 1U);
  const KernelProfile& kernel = again->kernels.front();
  ASSERT_EQ(kernel.corrections.size(), 2U);
  EXPECT_EQ(kernel.corrections[1].features, (std::vector<std::size_t>{3, 1}));
  EXPECT_EQ(kernel.corrections[1].values, (std::vector{0.0, 0.125, 0.25, 0.5}));
  EXPECT_EQ(kernel.coefficients, profile().kernels.front().coefficients);
}

TEST(Profile, KeepsWhatItSaysOfItsSources) {
  const auto again = read_profile(write_profile(profile()), "h100.json");
  ASSERT_TRUE(again);
  ASSERT_EQ(again->sources.size(), 1U);
  EXPECT_EQ(again->sources.front().name, "somebody");
  EXPECT_EQ(again->sources.front().about, "a table; MIT; Copyright Somebody");
  EXPECT_EQ(again->sources.front().rows, 100);
}

TEST(Profile, IsWrittenInLinesThatPeopleCanRead) {
  Profile written = profile();
  written.kernels.front().corrections.front() = {
      .features = {0}, .axes = {{10, 1, 60}}, .values = std::vector<double>(60, -0.0625)};
  std::istringstream lines(write_profile(written));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_LE(line.size(), 100U) << line;
  EXPECT_LT(count, 60U) << "numbers fill their lines";
}

/// A table of matmuls that is multiplied by the form's second factor.
TEST(Profile, KeepsTheFactorThatATableIsMultipliedBy) {
  Profile of_matmuls = profile();
  KernelProfile& kernel = of_matmuls.kernels.front();
  kernel.kind = OperatorClass::gemm;
  kernel.cache = "";
  kernel.coefficients.clear();
  for (const CoefficientFacts& facts : form(kernel.kind).coefficients) {
    kernel.coefficients.push_back(facts.start);
  }
  kernel.spread = kernel.coefficients;
  kernel.corrections = {{.features = {0}, .axes = {{4, 1, 2}}, .values = {0.25, 0.5}, .factor = 1}};
  const auto again = read_profile(write_profile(of_matmuls), "h100.json");
  ASSERT_TRUE(again) << again.error().front().where << ": " << again.error().front().what;
  ASSERT_TRUE(again->kernels.front().corrections.front().factor);
  EXPECT_EQ(*again->kernels.front().corrections.front().factor, 1U);
  const GemmShape shape{32, 1000, 4096};  // 2^5 rows: the second knot
  const double with = expected_time(again->kernels.front(), device(), shape).seconds;
  const auto factors =
      form(OperatorClass::gemm).factors(kernel.coefficients, device(), kernel.types(), shape);
  kernel.corrections.clear();
  const double without = expected_time(kernel, device(), shape).seconds;
  EXPECT_NE(factors[1], 0);
  EXPECT_NEAR(with / without, std::exp(0.5 * factors[1]), 1e-9);
}

std::string fault_with(const Correction& table) {
  Profile broken = profile();
  broken.kernels.front().corrections = {table};
  const auto read = read_profile(write_profile(broken), "h100.json");
  return read ? "" : read.error().front().what;
}

TEST(Profile, WithATableThatDoesNotFitItsClassIsRefused) {
  const Correction good{.features = {0}, .axes = {{10, 1, 2}}, .values = {0.25, 0.5}};
  EXPECT_EQ(fault_with(good), "");
  Correction table = good;
  table.features = {6};
  EXPECT_EQ(fault_with(table), "feature 6 of 6");
  table = good;
  table.features = {0, 1};
  EXPECT_EQ(fault_with(table), "2 features for 1 axes");
  table = good;
  table.values.push_back(0);
  EXPECT_EQ(fault_with(table), "3 values for 2 knots");
  table = good;
  table.axes[0].step = 0;
  EXPECT_EQ(fault_with(table), "is not above 0");
  table = good;
  table.axes[0].knots = 0;
  EXPECT_EQ(fault_with(table), "must be at least 1, got 0");
  table = good;
  table.axes.clear();
  EXPECT_EQ(fault_with(table), "0 axes, not 1 to 3");
  table = good;
  table.factor = 0;
  EXPECT_EQ(fault_with(table), "factor 0 of 0") << "attention has none";
  table = good;
  table.values[0] = 25;
  EXPECT_EQ(fault_with(table), "25.0 is no logarithm of a ratio of times");
  table = good;
  table.algorithms = {0, 5};
  EXPECT_EQ(fault_with(table), "2 values for 4 knots");
  table = good;
  table.algorithms = {-1};
  EXPECT_EQ(fault_with(table), "expected a whole number from 0 to 1000, got -1");
}

/// The faults of the profile above with one piece of its text replaced by another.
Diagnostics faults_with(const std::string& piece, const std::string& other) {
  std::string text = write_profile(profile());
  const std::size_t at = text.find(piece);
  if (at == std::string::npos) ADD_FAILURE() << "no " << piece << " in\n" << text;
  const auto read = read_profile(text.replace(at, piece.size(), other), "h100.json");
  if (!read) return read.error();
  ADD_FAILURE() << "was read with " << other;
  return {{"", "", ""}};
}

TEST(Profile, OfAnotherVersionIsRefused) {
  const Diagnostic fault = faults_with("profile/1", "profile/2").front();
  EXPECT_EQ(fault.where, "h100.json: /schema");
  EXPECT_EQ(fault.what, "\"ridgepoint/profile/2\" is another version");
  EXPECT_EQ(fault.help, "this program reads ridgepoint/profile/1: fit the profile again");
}

TEST(Profile, WithAKernelOfNoKnownClassIsRefused) {
  Diagnostics faults = faults_with("\"class\": \"attention_decode\",", "");
  ASSERT_EQ(faults.size(), 1U) << faults[1].where;
  EXPECT_EQ(faults.front().where, "h100.json: /kernels/0/class");
  EXPECT_EQ(faults.front().what, "is missing");
  faults = faults_with("attention_decode", "convolution");
  ASSERT_EQ(faults.size(), 1U) << faults[1].where;
  EXPECT_EQ(faults.front().what, "\"convolution\" is no class");
  EXPECT_EQ(faults.front().help.find("one of gemm attention_prefill"), 0U);
}

TEST(Profile, WithACoefficientOutOfItsBoundsIsRefused) {
  const Diagnostic fault = faults_with("\"start_us\": 8.0", "\"start_us\": 61.0").front();
  EXPECT_EQ(fault.where, "h100.json: /kernels/0/coefficients/start_us");
  EXPECT_EQ(fault.what, "61 is out of its bounds");
  EXPECT_EQ(fault.help, "from 1 to 60");
}

TEST(Profile, WithACoefficientThatIsNoNumberIsRefused) {
  for (const char* number : {"NaN", "Infinity", "null", "\"8\""}) {
    const Diagnostics faults =
        faults_with("\"start_us\": 8.0", "\"start_us\": " + std::string(number));
    ASSERT_EQ(faults.size(), 1U) << number;
    EXPECT_EQ(faults.front().where, "h100.json: /kernels/0/coefficients/start_us") << number;
  }
}

TEST(Profile, WithTooFewOrTooManyCoefficientsIsRefused) {
  EXPECT_EQ(faults_with("\"start_us\": 8.0, ", "").front().what, "is missing");
  EXPECT_EQ(faults_with("\"start_us\": 8.0", "\"start_us\": 8.0, \"luck\": 7").front().where,
            "h100.json: /kernels/0/coefficients/luck");
}

TEST(Profile, WhoseBandDoesNotHoldTheExpectedTimeIsRefused) {
  EXPECT_EQ(faults_with("\"low\": -0.25", "\"low\": 0.01").front().what,
            "is above the expected time");
  EXPECT_EQ(faults_with("\"high\": 0.125", "\"high\": -0.01").front().what,
            "is below the expected time");
  EXPECT_EQ(faults_with(", \"high\": 0.125", "").front().what, "is missing");
}

TEST(Profile, WithAKernelTwiceOrWithNoneIsRefused) {
  Profile twice = profile();
  twice.kernels.push_back(twice.kernels.front());
  auto read = read_profile(write_profile(twice), "h100.json");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().front().where, "h100.json: /kernels/1");
  EXPECT_EQ(read.error().front().what, "stands there twice");
  read = read_profile(write_profile({.device = "H100", .kernels = {}}), "h100.json");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().front().where, "h100.json: /kernels");
}

TEST(Profile, WithSeveralFaultsNamesThemAll) {
  std::string text = write_profile(profile());
  for (const auto& [piece, other] : {std::pair("\"start_us\": 8.0", "\"start_us\": 61.0"),
                                     std::pair("\"low\": -0.25", "\"low\": 1"),
                                     std::pair("\"compute\": \"bf16\"", "\"compute\": 16")}) {
    text.replace(text.find(piece), std::string_view(piece).size(), other);
  }
  const auto read = read_profile(text, "h100.json");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().size(), 3U);
}

}  // namespace
}  // namespace ridgepoint::efficiency
