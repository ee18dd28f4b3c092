// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/numbers.hpp"

#include <gmock/gmock.h>

#include "core/faults.hpp"

namespace ridgepoint {
namespace {

using ::testing::ElementsAre;
using testing::faults_of;
using ::testing::HasSubstr;

std::vector<std::int64_t> counts(std::string_view text) { return parse_counts(text, "x").value(); }

TEST(NumberList, KeepsItsOrder) {
  EXPECT_THAT(counts("1,64,256"), ElementsAre(1, 64, 256));
  EXPECT_THAT(counts("256, 1 ,8k"), ElementsAre(256, 1, 8000));
}

TEST(NumberRange, HoldsEveryInteger) {
  EXPECT_THAT(counts("3..7"), ElementsAre(3, 4, 5, 6, 7));
  EXPECT_THAT(counts("5..5"), ElementsAre(5));
  EXPECT_EQ(counts("1..256").size(), 256u);
}

TEST(NumberRange, GoesBySteps) {
  EXPECT_THAT(counts("16..64:+16"), ElementsAre(16, 32, 48, 64));
  EXPECT_THAT(counts("1..10:+4"), ElementsAre(1, 5, 9));
}

TEST(NumberRange, GoesByFactors) {
  EXPECT_THAT(counts("1..16:x2"), ElementsAre(1, 2, 4, 8, 16));
  EXPECT_THAT(counts("1..1K:x4"), ElementsAre(1, 4, 16, 64, 256, 1024));
  EXPECT_THAT(counts("3..20:x2"), ElementsAre(3, 6, 12));
}

TEST(NumberRange, MixesWithNumbers) { EXPECT_THAT(counts("1,4..6,9"), ElementsAre(1, 4, 5, 6, 9)); }

TEST(NumberRange, NearTheEndOf64BitsDoesNotWrap) {
  const CountBounds all{1, std::numeric_limits<std::int64_t>::max()};
  const auto powers = parse_counts("1..9223372036854775807:x2", "x", all);
  ASSERT_TRUE(powers);
  EXPECT_EQ(powers->size(), 63u);  // 2^0 … 2^62
}

TEST(NumberList, ReportsEveryFaultAtOnce) {
  const std::string faults = faults_of(parse_counts("a,2,b", "--batch"));
  EXPECT_THAT(faults, HasSubstr("--batch | \"a\" is not a number"));
  EXPECT_THAT(faults, HasSubstr("--batch | \"b\" is not a number"));
}

TEST(NumberList, RefusesWhatIsNoRange) {
  EXPECT_THAT(faults_of(parse_counts("", "x")), HasSubstr("the list of numbers is empty"));
  EXPECT_THAT(faults_of(parse_counts("1,", "x")), HasSubstr("\"1,\" lacks a number after a comma"));
  EXPECT_THAT(faults_of(parse_counts("1,,2", "x")), HasSubstr("lacks a number before a comma"));
  EXPECT_THAT(faults_of(parse_counts("..9", "x")), HasSubstr("lacks its first number"));
  EXPECT_THAT(faults_of(parse_counts("1..:x2", "x")), HasSubstr("lacks its last number"));
  EXPECT_THAT(faults_of(parse_counts("9..3", "x")), HasSubstr("ends before it begins"));
  EXPECT_THAT(faults_of(parse_counts("1..9:2", "x")), HasSubstr("is not a step"));
  EXPECT_THAT(faults_of(parse_counts("1..9:", "x")), HasSubstr("is not a step"));
  EXPECT_THAT(faults_of(parse_counts("1..9:x1", "x")), HasSubstr("at least 2"));
  EXPECT_THAT(faults_of(parse_counts("1..9:+0", "x")), HasSubstr("out of range"));
  EXPECT_THAT(faults_of(parse_counts("0..9:x2", "x", {0, 9})), HasSubstr("cannot begin at 0"));
}

TEST(NumberList, OfAMillionIsTheLongest) {
  EXPECT_EQ(counts("1..1000000").size(), 1'000'000u);
  EXPECT_THAT(faults_of(parse_counts("1..1000001", "x")), HasSubstr("more than 1,000,000"));
}

}  // namespace
}  // namespace ridgepoint
