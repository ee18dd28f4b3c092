// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/histogram.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ridgepoint::explore {
namespace {

TEST(Histogram, HasTwentyBinsToTheDecade) {
  // Bin 0 is below 1e-15, the next 300 lead to 1.
  EXPECT_EQ(bin_of(1), 301U);
  EXPECT_EQ(bin_of(10), 321U);
  EXPECT_EQ(bin_of(1e-15), 1U);
  EXPECT_EQ(bin_of(1e19), kBins - 1);
  EXPECT_DOUBLE_EQ(edges_of(301).from, 1);
  EXPECT_NEAR(edges_of(301).to, 1.1220184543019633, 1e-15);
  EXPECT_DOUBLE_EQ(edges_of(316).from, std::pow(10, 0.75));
  EXPECT_DOUBLE_EQ(edges_of(281).from, 0.1);
}

TEST(Histogram, HoldsEachEdgeInTheBinAboveIt) {
  for (std::size_t bin = 1; bin < kBins; ++bin) {
    const double edge = edges_of(bin).from;
    EXPECT_EQ(edge, edges_of(bin - 1).to);
    EXPECT_EQ(bin_of(edge), bin);
    EXPECT_EQ(bin_of(std::nextafter(edge, 0)), bin - 1);
    const double exponent = static_cast<double>(bin - 1) / 20 + kLowestDecade;
    EXPECT_NEAR(edge / std::pow(10, exponent), 1, 1e-14);
  }
}

TEST(Histogram, TakesNumbersOfAnySize) {
  EXPECT_EQ(bin_of(0), 0U);
  EXPECT_EQ(bin_of(1e-300), 0U);
  EXPECT_EQ(bin_of(std::numeric_limits<double>::denorm_min()), 0U);
  EXPECT_EQ(bin_of(std::numeric_limits<double>::max()), kBins - 1);
}

TEST(Histogram, FindsPercentilesByRank) {
  Histogram counts(kBins);
  counts[10] = 5;
  counts[20] = 4;
  counts[30] = 1;
  // Of ten numbers the fifth is the median, the ninth is the 90th percentile, the tenth the 91st.
  EXPECT_EQ(percentile_bin(counts, 50), 10U);
  EXPECT_EQ(percentile_bin(counts, 51), 20U);
  EXPECT_EQ(percentile_bin(counts, 90), 20U);
  EXPECT_EQ(percentile_bin(counts, 91), 30U);
  EXPECT_EQ(percentile_bin(counts, 1), 10U);
  EXPECT_EQ(percentile_bin(counts, 100), 30U);
}

}  // namespace
}  // namespace ridgepoint::explore
