// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/roofline/operator_time.hpp"

#include <gtest/gtest.h>

#include "ridgepoint/cost/step.hpp"
#include "ridgepoint/roofline/step_time.hpp"
#include "roofline/devices.hpp"

namespace ridgepoint::roofline {
namespace {

TEST(OperatorTime, IsTheLargerOfComputeAndMemory) {
  // 989e9 FLOPs take 1 ms, 6.7e9 bytes take 2 ms.
  const cost::Totals<double> totals{989e9, 6e9, 0.5e9, 0.2e9};
  const OperatorTime time = operator_time(totals, *rates(testing::lecture_h100(), DataType::bf16));
  EXPECT_DOUBLE_EQ(time.compute_s, 1e-3);
  EXPECT_DOUBLE_EQ(time.memory_s, 2e-3);
  EXPECT_DOUBLE_EQ(time.total_s(), 2e-3);
}

TEST(Verdict, CountsTheRidgeAsComputeBound) {
  const FlopsPerByte ridge(295);
  EXPECT_EQ(verdict(FlopsPerByte(294.9), ridge), Bound::memory_bound);
  EXPECT_EQ(verdict(FlopsPerByte(295), ridge), Bound::compute_bound);
  EXPECT_EQ(verdict(FlopsPerByte(0), ridge), Bound::memory_bound);
}

TEST(OnDevice, NamesEachComputeTypeThatTheDeviceHasNoPeakFor) {
  const cost::Step<double> step{
      {"a", 1, DataType::fp64, cost::Matmul<double>{8, 8, 8, 8}},
      {"b", 1, DataType::fp64, cost::Matmul<double>{8, 8, 8, 8}},
      {"c", 1, DataType::bf16, cost::Matmul<double>{8, 8, 2, 2}},
  };
  const auto timed = on_device(step, testing::lecture_h100());
  ASSERT_FALSE(timed.has_value());
  ASSERT_EQ(timed.error().size(), 1u);
  EXPECT_NE(timed.error()[0].what.find("fp64"), std::string::npos) << timed.error()[0].what;
}

}  // namespace
}  // namespace ridgepoint::roofline
