// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "efficiency/coefficients.hpp"
#include "efficiency/forms.hpp"

namespace ridgepoint::efficiency {
namespace {

constexpr double kMicro = 1e-6;
constexpr KernelTypes kNorm{"bf16", "", "vllm-0.24.0", "rmsnorm"};
constexpr KernelTypes kPyTorch{"bf16", "", "pytorch", "layernorm"};

/// 2 TB/s, 100 units at 1.41 GHz, no cache.
DeviceFacts toy() {
  DeviceFacts device;
  device.bytes_per_s = 2e12;
  device.compute_units = 100;
  device.clock_hz = 1.41e9;
  return device;
}

std::map<std::string, double, std::less<>> simple(double sharpness) {
  return {{"start_us", 2}, {"row_us", 0.5}, {"memory", 0.5},
          {"cores", 10},   {"hot", 0.5},    {"sharpness", sharpness}};
}

double seconds(const DeviceFacts& device, const KernelTypes& types, const ElementwiseShape& shape,
               double sharpness = 1) {
  const Form& form = elementwise_form();
  return form.seconds(coefficients(form, simple(sharpness)), device, types, shape);
}

constexpr ElementwiseShape kRows{ElementwiseKind::norm, 1000, 2048};

// A row 2048/1024·0.5 = 1 µs; 8.192·10⁶ bytes at 10¹² a second 8.192 µs; 2.048·10⁶ elements through
// 10·100·1.41·10⁹ a second 1.45248 µs. With a sharpness of 1 they add up, after 2 µs to start.
TEST(Elementwise, IsAStartAndTheMaximumOfRowMemoryAndCores) {
  EXPECT_NEAR(seconds(toy(), kNorm, kRows), (2 + 1 + 8.192 + 2048 / 1410.0) * kMicro, 1e-14);
  EXPECT_NEAR(seconds(toy(), kNorm, kRows, 12), (2 + 8.192) * kMicro, 1e-12);
}

// Half of a cache of 16.384 MB is all that is moved, and half of that stays.
TEST(Elementwise, KeepsAShareOfItsBytesInTheCache) {
  DeviceFacts device = toy();
  device.cache_bytes = 16.384e6;
  EXPECT_NEAR(seconds(device, kNorm, kRows), (2 + 1 + 4.096 + 2048 / 1410.0) * kMicro, 1e-14);
}

// X + Y: 6 bytes an element. Two kernels in place of one start twice.
TEST(Elementwise, CountsBytesAndKernels) {
  ElementwiseShape sum = kRows;
  sum.kind = ElementwiseKind::residual;
  sum.bytes_per_element = 6;
  EXPECT_NEAR(seconds(toy(), kNorm, sum), (2 + 1 + 12.288 + 2048 / 1410.0) * kMicro, 1e-14);
  sum.kernels = 2;
  EXPECT_NEAR(seconds(toy(), kNorm, sum), (4 + 1 + 12.288 + 2048 / 1410.0) * kMicro, 1e-14);
}

TEST(Elementwise, HidesPyTorchsHostBehindTheDevice) {
  EXPECT_NEAR(seconds(toy(), kPyTorch, kRows, 12), 8.192 * kMicro, 1e-11);
  const ElementwiseShape small{ElementwiseKind::norm, 1, 128};
  EXPECT_NEAR(seconds(toy(), kPyTorch, small, 12), 2 * kMicro, 1e-11);
}

// Without a clock in the device file that of the A100 is taken.
TEST(Elementwise, DoesWithoutAClock) {
  DeviceFacts device = toy();
  device.clock_hz = 0;
  EXPECT_EQ(seconds(device, kNorm, kRows), seconds(toy(), kNorm, kRows));
}

DeviceFacts any_device() {
  DeviceFacts device;
  device.bytes_per_s = between(1e10, 2e13);
  device.compute_units = *rc::gen::inRange(1, 400);
  device.clock_hz = *rc::gen::arbitrary<bool>() ? 0 : between(1e8, 4e9);
  device.cache_bytes = *rc::gen::arbitrary<bool>() ? 0 : between(1e5, 1e9);
  return device;
}
ElementwiseShape any_shape() {
  return {ElementwiseKind::norm, between(1, 1e6), between(1, 1e6), between(0.5, 16),
          *rc::gen::inRange(1, 4) * 1.0};
}

RC_GTEST_PROP(ElementwiseLaw, TimesArePositiveAndFinite, ()) {
  const Form& form = elementwise_form();
  const double time = form.seconds(any_coefficients(form), any_device(),
                                   *rc::gen::element(kNorm, kPyTorch), any_shape());
  RC_ASSERT(std::isfinite(time) && time > 0);
}

RC_GTEST_PROP(ElementwiseLaw, MoreRowsAndWiderOnesAreNeverFaster, ()) {
  const Form& form = elementwise_form();
  const auto x = any_coefficients(form);
  const DeviceFacts device = any_device();
  const KernelTypes kernel = *rc::gen::element(kNorm, kPyTorch);
  ElementwiseShape shape = any_shape();
  const double less = form.seconds(x, device, kernel, shape);
  shape.rows *= between(1, 10);
  shape.width *= between(1, 10);
  RC_ASSERT(form.seconds(x, device, kernel, shape) >= less * (1 - 1e-12));
}

RC_GTEST_PROP(ElementwiseLaw, MoreBandwidthIsNeverSlower, ()) {
  const Form& form = elementwise_form();
  const auto x = any_coefficients(form);
  DeviceFacts device = any_device();
  const ElementwiseShape shape = any_shape();
  const double before = form.seconds(x, device, kNorm, shape);
  device.bytes_per_s *= between(1, 10);
  RC_ASSERT(form.seconds(x, device, kNorm, shape) <= before * (1 + 1e-12));
}

}  // namespace
}  // namespace ridgepoint::efficiency
