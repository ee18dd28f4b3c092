// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ridgepoint::explore {

// Counts of numbers by their size, 20 bins to the decade from 1e-15 to 1e19, whatever the numbers
// are: the same bins on every machine, and in every shard of a sweep.

inline constexpr int kBinsOfDecade = 20;
inline constexpr int kLowestDecade = -15;
inline constexpr int kHighestDecade = 19;
/// With one below all edges, and one above them.
inline constexpr std::size_t kBins = kBinsOfDecade * (kHighestDecade - kLowestDecade) + 2;

/// What numbers of a bin are: from ≤ number < to.
struct BinEdges {
  double from = 0;
  double to = 0;
};
/// From 0 for the first bin; to the largest number for the last. REQUIRES: bin < kBins.
BinEdges edges_of(std::size_t bin);

/// The bin of a number, by comparisons alone. REQUIRES: it is not negative.
std::size_t bin_of(double number);

/// Counts of each bin.
using Histogram = std::vector<std::uint64_t>;

/// The bin that holds the number which so many hundredths of all are below or equal to. REQUIRES: a
/// count above 0; percent from 1 to 100.
std::size_t percentile_bin(std::span<const std::uint64_t> histogram, std::uint64_t percent);

}  // namespace ridgepoint::explore
