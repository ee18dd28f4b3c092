// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/count.hpp"

#include <gtest/gtest.h>

#include "ridgepoint/core/data_type.hpp"

namespace ridgepoint {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

TEST(Count, OfHalfBytesIsExact) {
  // 3 elements of int4: 3 · 1/2 = 3/2 bytes; four of them are 6.
  const Count bytes = 3 * Count(1, 2);
  EXPECT_FALSE(bytes.to_integer());
  EXPECT_EQ((4 * bytes).to_integer(), 6);
}

TEST(Count, OfThreeBitIntegersIsExact) {
  // Eight elements of 3 bits are 24 bits, 3 bytes.
  EXPECT_EQ((8 * Count(3, 8)).to_integer(), 3);
  EXPECT_EQ(byte_size(DataType::int3), (ByteSize{3, 8}));
}

TEST(Count, KeepsGroupScalesAsTheFractionTheyAre) {
  // 4 bits and, for 128 elements, 16 bits of scale and 4 of zero: 1/2 + 20/1024 = 133/256.
  EXPECT_EQ(Count(1, 2) + Count(20, 1024), Count(133, 256));
}

TEST(Count, Above64BitsIsNoIntegerButStillExact) {
  const Count square = Count(kLargest) * kLargest;
  EXPECT_TRUE(square.is_valid());
  EXPECT_FALSE(square.to_integer());
  EXPECT_EQ((square / kLargest).to_integer(), kLargest);
}

TEST(Count, Above128BitsOverflowsAndStaysSo) {
  const Count cube = Count(kLargest) * kLargest * kLargest;
  EXPECT_FALSE(cube.is_valid());
  EXPECT_FALSE((cube / kLargest).is_valid());
  EXPECT_FALSE((cube - cube).is_valid());
}

TEST(Count, DividedByZeroIsAnOverflow) { EXPECT_FALSE((Count(1) / Count(0)).is_valid()); }

TEST(Count, RoundsUpToWhole) {
  EXPECT_EQ(ceil(Count(7, 2)), Count(4));
  EXPECT_EQ(ceil(Count(8, 2)), Count(4));
}

}  // namespace
}  // namespace ridgepoint
