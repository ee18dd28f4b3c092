// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/histogram.hpp"

#include <bit>
#include <limits>
#include <numeric>

namespace ridgepoint::explore {
namespace {

/// 10^(i/20), each the nearest double.
constexpr std::array<double, kBinsOfDecade> kMantissas{1.0,
                                                       1.1220184543019633,
                                                       1.2589254117941673,
                                                       1.4125375446227544,
                                                       1.5848931924611134,
                                                       1.7782794100389228,
                                                       1.9952623149688795,
                                                       2.2387211385683394,
                                                       2.51188643150958,
                                                       2.8183829312644537,
                                                       3.1622776601683795,
                                                       3.5481338923357546,
                                                       3.9810717055349727,
                                                       4.466835921509631,
                                                       5.011872336272723,
                                                       5.623413251903491,
                                                       6.3095734448019325,
                                                       7.0794578438413795,
                                                       7.943282347242815,
                                                       8.912509381337456};

/// Exact to 1e22.
constexpr double power_of_ten(int exponent) {
  double power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

/// Between bins i and i + 1.
constexpr std::size_t kEdges = kBins - 1;
constexpr std::array<double, kEdges> kEdge = [] {
  std::array<double, kEdges> edges{};
  for (std::size_t i = 0; i < kEdges; ++i) {
    const int decade = kLowestDecade + static_cast<int>(i / kBinsOfDecade);
    const double mantissa = kMantissas[i % kBinsOfDecade];
    edges[i] = decade < 0 ? mantissa / power_of_ten(-decade) : mantissa * power_of_ten(decade);
  }
  return edges;
}();

// The first bits of a double are its exponent and then its mantissa: numbers that share 4 bits of
// the latter are less than a bin apart, so that one comparison is left.
constexpr int kShift = 52 - 4;
constexpr std::uint64_t slot_of(double number) {
  return std::bit_cast<std::uint64_t>(number) >> kShift;
}
constexpr std::uint64_t kFirstSlot = slot_of(kEdge.front());
constexpr std::size_t kSlots = slot_of(kEdge.back()) - kFirstSlot + 1;

/// The bin in which a slot begins.
constexpr std::array<std::uint16_t, kSlots> kBinOfSlot = [] {
  std::array<std::uint16_t, kSlots> bins{};
  std::uint16_t bin = 0;
  for (std::size_t i = 0; i < kSlots; ++i) {
    const auto first = std::bit_cast<double>((kFirstSlot + i) << kShift);
    while (bin < kEdges && kEdge[bin] <= first) ++bin;
    bins[i] = bin;
  }
  return bins;
}();

constexpr bool has_one_edge_a_slot() {
  for (std::size_t i = 1; i < kSlots; ++i) {
    if (kBinOfSlot[i] > kBinOfSlot[i - 1] + 1) return false;
  }
  return true;
}
static_assert(has_one_edge_a_slot());

}  // namespace

BinEdges edges_of(std::size_t bin) {
  return {bin == 0 ? 0 : kEdge[bin - 1],
          bin == kEdges ? std::numeric_limits<double>::max() : kEdge[bin]};
}

std::size_t bin_of(double number) {
  if (!(number >= kEdge.front())) return 0;
  if (number >= kEdge.back()) return kEdges;
  const std::size_t bin = kBinOfSlot[slot_of(number) - kFirstSlot];
  return number >= kEdge[bin] ? bin + 1 : bin;
}

std::size_t percentile_bin(std::span<const std::uint64_t> histogram, std::uint64_t percent) {
  constexpr std::uint64_t kWhole = 100;
  const std::uint64_t all = std::accumulate(histogram.begin(), histogram.end(), std::uint64_t{0});
  // ⌈all · percent / 100⌉ without a product that could wrap.
  const std::uint64_t rank =
      all / kWhole * percent + (all % kWhole * percent + kWhole - 1) / kWhole;
  std::uint64_t below = 0;
  for (std::size_t bin = 0; bin < histogram.size(); ++bin) {
    below += histogram[bin];
    if (below >= rank) return bin;
  }
  return histogram.size() - 1;
}

}  // namespace ridgepoint::explore
