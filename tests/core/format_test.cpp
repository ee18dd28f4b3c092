// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/format.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ridgepoint {
namespace {

TEST(Number, HasThreeSignificantDigits) {
  EXPECT_EQ(format_number(8.020823880597015), "8.02");
  EXPECT_EQ(format_number(0.008020823880597015), "0.00802");
  EXPECT_EQ(format_number(124.6754716082317), "125");
  EXPECT_EQ(format_number(1), "1.00");
  EXPECT_EQ(format_number(0), "0");
  EXPECT_EQ(format_number(-2.5), "-2.50");
}

TEST(Number, RoundsAcrossAPowerOfTen) {
  EXPECT_EQ(format_number(9.996), "10.0");
  EXPECT_EQ(format_number(999.6), "1,000");
  EXPECT_EQ(format_number(0.09996), "0.100");
}

TEST(Number, KeepsTheIntegerPartAndSeparatesThousands) {
  EXPECT_EQ(format_number(13068.16479587760), "13,068");
  EXPECT_EQ(format_number(1234567.8), "1,234,568");
  EXPECT_EQ(format_number(1e21), "1,000,000,000,000,000,000,000");
  EXPECT_EQ(format_number(-1234), "-1,234");
}

TEST(Number, IsNeverScientific) {
  EXPECT_EQ(format_number(1.5e-12), "0.00000000000150");
  EXPECT_EQ(format_number(std::numeric_limits<double>::infinity()), "inf");
  EXPECT_EQ(format_number(std::numeric_limits<double>::quiet_NaN()), "nan");
}

TEST(Integer, SeparatesThousands) {
  EXPECT_EQ(format_integer(13'015'864'320), "13,015,864,320");
  EXPECT_EQ(format_integer(999), "999");
  EXPECT_EQ(format_integer(-1'000), "-1,000");
  EXPECT_EQ(format_integer(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(Bytes, AreBinaryUnits) {
  EXPECT_EQ(format_bytes(512), "512 B");
  EXPECT_EQ(format_bytes(163840), "160 KiB");
  EXPECT_EQ(format_bytes(26'869'760'000.0), "25.0 GiB");  // ÷ 2^30 = 25.024
  EXPECT_EQ(format_bytes(1047.6 * 1024), "1.02 MiB");
}

TEST(Time, ChoosesItsUnitAfterRounding) {
  EXPECT_EQ(format_time(Seconds(0.008020823880597015)), "8.02 ms");
  EXPECT_EQ(format_time(Seconds(0.0000413)), "41.3 µs");
  EXPECT_EQ(format_time(Seconds(0.0000413), 3, Charset::ascii), "41.3 us");
  EXPECT_EQ(format_time(Seconds(0.9999)), "1.00 s");
  EXPECT_EQ(format_time(Seconds(75)), "75.0 s");
  EXPECT_EQ(format_time(Seconds(0)), "0 s");
}

TEST(Rate, IsDecimal) {
  EXPECT_EQ(format_compute_rate(FlopsPerSecond(989.4e12)), "989 TFLOP/s");
  EXPECT_EQ(format_compute_rate(FlopsPerSecond(1978.9e12)), "1,979 TFLOP/s");
  EXPECT_EQ(format_bandwidth(BytesPerSecond(3.35e12)), "3.35 TB/s");
  EXPECT_EQ(format_bandwidth(BytesPerSecond(450e9)), "450 GB/s");
}

TEST(Exact, IsTheShortestThatReadsBack) {
  EXPECT_EQ(format_exact(0.1), "0.1");
  EXPECT_EQ(format_exact(0.008020823880597015), "0.008020823880597015");
  EXPECT_EQ(format_exact(3.35e12), "3350000000000");
  EXPECT_EQ(format_exact(1.25e-5), "0.0000125");
  EXPECT_EQ(format_exact(-1.5e-7), "-0.00000015");
  EXPECT_EQ(format_exact(12345678901234567.0), "12345678901234568");
  EXPECT_EQ(format_exact(0), "0");
}

}  // namespace
}  // namespace ridgepoint
