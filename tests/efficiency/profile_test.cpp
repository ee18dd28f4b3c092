// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/efficiency/profile.hpp"

#include <gtest/gtest.h>

#include <cmath>

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
  return {"H100", {kernel}};
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
  EXPECT_EQ(fault_with(table), "the step of an axis is not above 0");
  table = good;
  table.axes[0].knots = 0;
  EXPECT_EQ(fault_with(table), "an axis has no number of knots from 1 to 1000");
}

}  // namespace
}  // namespace ridgepoint::efficiency
