// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/units.hpp"

#include <gmock/gmock.h>

#include "core/faults.hpp"

namespace ridgepoint {
namespace {

using ::testing::AllOf;
using testing::faults_of;
using ::testing::HasSubstr;

TEST(Bandwidth, IsDecimalAndExact) {
  // 3.35 · 10^12 is an integer and below 2^53, so the double must be that integer.
  EXPECT_EQ(parse_bandwidth("3.35 TB/s", "").value().value(), 3'350'000'000'000.0);
  EXPECT_EQ(parse_bandwidth("3.35TB/s", "").value().value(), 3'350'000'000'000.0);
  EXPECT_EQ(parse_bandwidth("1792 GB/s", "").value().value(), 1'792'000'000'000.0);
}

TEST(Bandwidth, WithABinaryPrefixIsBinary) {
  EXPECT_EQ(parse_bandwidth("1 GiB/s", "").value().value(), 1'073'741'824.0);
}

TEST(ComputeRate, ReadsFlopsAndOps) {
  EXPECT_EQ(parse_compute_rate("989.4 TFLOP/s", "").value().value(), 989'400'000'000'000.0);
  EXPECT_EQ(parse_compute_rate("989.4TFLOPS", "").value().value(), 989'400'000'000'000.0);
  EXPECT_EQ(parse_compute_rate("624 TOP/s", "").value().value(), 624e12);
  EXPECT_EQ(parse_compute_rate("14 PFLOP/s", "").value().value(), 14e15);
}

TEST(ByteCount, TellsDecimalFromBinary) {
  EXPECT_EQ(parse_byte_count("80 GB", "").value(), 80'000'000'000);
  EXPECT_EQ(parse_byte_count("80GiB", "").value(), 85'899'345'920);
  EXPECT_EQ(parse_byte_count("143771 MiB", "").value(), 150'754'820'096);  // · 1048576
}

TEST(ByteCount, CutsOffThePartOfAByteThatAPrefixLeaves) {
  // 79.65 · 2^30 = 85523536281.6
  EXPECT_EQ(parse_byte_count("79.65 GiB", "").value(), 85'523'536'281);
  EXPECT_THAT(faults_of(parse_byte_count("1.5 B", "x")), HasSubstr("not a whole number"));
}

TEST(ByteCount, Above64BitsIsAnError) {
  EXPECT_THAT(faults_of(parse_byte_count("9223372036854775808 B", "x")), HasSubstr("2^63 - 1"));
  EXPECT_THAT(faults_of(parse_byte_count("16 EB", "x")), HasSubstr("2^63 - 1"));
}

TEST(Quantity, OfTheOtherKindsHaveTheirUnits) {
  EXPECT_EQ(parse_watts("700 W", "").value(), 700);
  EXPECT_EQ(parse_frequency("1.83 GHz", "").value().value(), 1'830'000'000.0);
  EXPECT_EQ(parse_dollars_per_hour("4.29 $/h", "").value(), 4.29);
  EXPECT_EQ(parse_time("40ms", "").value().value(), 0.04);
  EXPECT_EQ(parse_time("7 µs", "").value().value(), 7e-6);
}

TEST(Quantity, WithoutAUnitSaysWhatIsExpected) {
  EXPECT_EQ(faults_of(parse_bandwidth("3.35", "--set-device")),
            "--set-device | \"3.35\" has no unit | expected a bandwidth, such as 3.35 TB/s\n");
}

TEST(Quantity, OfAnotherDimensionIsNamedAsSuch) {
  EXPECT_EQ(faults_of(parse_bandwidth("3.35 TFLOP/s", "x")),
            "x | \"3.35 TFLOP/s\" is a compute rate | expected a bandwidth, such as 3.35 TB/s\n");
  EXPECT_THAT(faults_of(parse_byte_count("3 TB/s", "x")), HasSubstr("is a bandwidth"));
}

TEST(Quantity, WithAMisspelledUnitGetsTheNearestOne) {
  EXPECT_THAT(faults_of(parse_byte_count("80 gb", "x")), HasSubstr("did you mean GB? (b is bits)"));
  EXPECT_THAT(faults_of(parse_bandwidth("3 tb/s", "x")), HasSubstr("did you mean TB/s?"));
  EXPECT_THAT(faults_of(parse_watts("700 parsec", "x")),
              AllOf(HasSubstr("unknown unit \"parsec\""), HasSubstr("such as 700 W")));
}

TEST(Quantity, MustBePositiveAndFinite) {
  EXPECT_THAT(faults_of(parse_bandwidth("0 TB/s", "x")), HasSubstr("not positive"));
  EXPECT_THAT(faults_of(parse_bandwidth("-1 TB/s", "x")), HasSubstr("not positive"));
  EXPECT_THAT(faults_of(parse_bandwidth("1e999 TB/s", "x")), HasSubstr("out of range"));
  EXPECT_THAT(faults_of(parse_bandwidth("NaN TB/s", "x")), HasSubstr("begin with a number"));
  EXPECT_THAT(faults_of(parse_bandwidth("", "x")), HasSubstr("begin with a number"));
}

TEST(PlainCount, HasDecimalAndBinarySuffixes) {
  EXPECT_EQ(parse_count("8k", "").value(), 8'000);
  EXPECT_EQ(parse_count("8K", "").value(), 8'192);
  EXPECT_EQ(parse_count("2m", "").value(), 2'000'000);
  EXPECT_EQ(parse_count("2M", "").value(), 2'097'152);
  EXPECT_EQ(parse_count("1g", "").value(), 1'000'000'000);
  EXPECT_EQ(parse_count("1G", "").value(), 1'073'741'824);
  EXPECT_EQ(parse_count("0.5k", "").value(), 500);
  EXPECT_EQ(parse_count("1e3", "").value(), 1'000);
  EXPECT_EQ(parse_count(" 4096 ", "").value(), 4'096);
}

TEST(PlainCount, RefusesWhatIsNoSize) {
  EXPECT_EQ(faults_of(parse_count("0", "--batch", {1, 100})),
            "--batch | 0 is out of range | expected a whole number from 1 to 100\n");
  EXPECT_THAT(faults_of(parse_count("-4", "x")), HasSubstr("out of range"));
  EXPECT_THAT(faults_of(parse_count("1.5", "x")), HasSubstr("not a whole number"));
  EXPECT_THAT(faults_of(parse_count("1e30", "x")), HasSubstr("out of range"));
  EXPECT_THAT(faults_of(parse_count("1000000000000000000000000000000", "x")),
              HasSubstr("out of range"));
  EXPECT_THAT(faults_of(parse_count("99999999999999999999", "x")),
              HasSubstr("99999999999999999999 is out of range"));
  EXPECT_THAT(faults_of(parse_count("4.", "x")), HasSubstr("\"4.\" is not a number"));
  EXPECT_THAT(faults_of(parse_count("forty", "x")), HasSubstr("is not a number"));
  EXPECT_THAT(faults_of(parse_count("8kb", "x")), HasSubstr("k = 1000 and K = 1024"));
  EXPECT_THAT(faults_of(parse_count("", "x")), HasSubstr("is not a number"));
}

}  // namespace
}  // namespace ridgepoint
