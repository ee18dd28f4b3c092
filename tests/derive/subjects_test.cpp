// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "derive/h100.hpp"

namespace ridgepoint::derive {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Subjects, FormGroupsInTheOrderOfTheLecture) {
  EXPECT_THAT(groups(),
              ElementsAre("matmul", "mlp", "moe", "attention", "window", "chunked", "sparse",
                          "linear", "mamba2", "prefix", "paged", "transformer"));
}

TEST(Subjects, AreDerivedByNameByGroupAndAllTogether) {
  EXPECT_EQ(derived("attention_gqa").sections.size(), 1U);
  EXPECT_EQ(derived("attention").sections.size(), 4U);
  EXPECT_EQ(derived("all").sections.size(), subjects().size());
  for (const Subject& subject : subjects()) {
    EXPECT_FALSE(subject.summary.empty());
    EXPECT_FALSE(derived(subject.name).sections.empty());
  }
}

TEST(Subjects, ThatAreUnknownGetTheNearestNames) {
  const auto result = derive("matmull", h100());
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().front().what, HasSubstr("matmull"));
  EXPECT_THAT(result.error().front().help, HasSubstr("matmul"));
}

TEST(Subjects, ThatResembleNothingGetTheWholeList) {
  const auto result = derive("zzzzzzzz", h100());
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().front().help, HasSubstr("transformer"));
}

TEST(Deriving, NeedsAPeakOfTheDevice) {
  hardware::Device device = h100();
  device.dense_peaks.clear();
  EXPECT_FALSE(derive("matmul", device));
}

TEST(Deriving, SaysHowPairsAreCounted) {
  EXPECT_THAT(derived("matmul").assumptions[2], HasSubstr("all S*T"));
  EXPECT_THAT(derived("matmul", {.pairs = cost::Pairs::causal}).assumptions[2],
              HasSubstr("causal"));
}

}  // namespace
}  // namespace ridgepoint::derive
