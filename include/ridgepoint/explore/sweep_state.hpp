// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/result.hpp"

namespace ridgepoint::explore {

/// One of `of` shards that take parts of a space in turns, a few at a time.
struct Shard {
  std::uint64_t number = 1;  ///< from 1
  std::uint64_t of = 1;

  friend bool operator==(const Shard&, const Shard&) = default;
};
/// "2/8". Errors: not that, 0, a number above the second one.
Result<Shard> parse_shard(std::string_view text, std::string_view where);

/// How many points came how far.
struct SweepCounts {
  std::uint64_t points = 0;     ///< of the axes' product that were looked at
  std::uint64_t evaluated = 0;  ///< of deployments that an engine can run
  std::uint64_t fitting = 0;    ///< whose batch finds room; 0 where that is not asked for
  std::uint64_t meeting = 0;    ///< that keep to the subject

  SweepCounts& operator+=(const SweepCounts& other);
  friend bool operator==(const SweepCounts&, const SweepCounts&) = default;
};

/// Deployments that were left out for one reason.
struct LeftOut {
  Diagnostic reason;
  std::uint64_t deployments = 0;

  friend bool operator==(const LeftOut&, const LeftOut&) = default;
};

/// A point by a number of which the smaller is the better.
struct KeyedPoint {
  double key = 0;
  std::uint64_t point = 0;
  friend auto operator<=>(const KeyedPoint&, const KeyedPoint&) = default;
};

/// A point of a front by its numbers, the smaller the better; those that are not asked for are 0.
struct FrontPoint {
  static constexpr std::size_t kMost = 4;
  std::array<double, kMost> keys{};
  std::uint64_t point = 0;
  friend auto operator<=>(const FrontPoint&, const FrontPoint&) = default;
};

/// What is known of a cell of a grid.
struct GridCell {
  std::uint64_t evaluated = 0;
  std::uint64_t fitting = 0;  ///< 0 where that is not asked for
  std::uint64_t meeting = 0;
  /// By the objective; of points that keep to the subject, which there need not be.
  KeyedPoint best = {std::numeric_limits<double>::infinity(),
                     std::numeric_limits<std::uint64_t>::max()};

  GridCell& operator+=(const GridCell& other);
  friend bool operator==(const GridCell&, const GridCell&) = default;
};

/// All that a sweep has found so far: enough to go on, and to be joined with other shards'.
struct SweepState {
  std::string question;            ///< what tells it from sweeps of other spaces
  std::vector<std::string> words;  ///< that ask it, of a command line
  Shard shard;
  std::uint64_t parts_done = 0;  ///< of the shard, from its first one on
  SweepCounts counts;
  std::vector<KeyedPoint> best;                   ///< the best first
  std::vector<FrontPoint> front;                  ///< in their order
  std::vector<std::vector<GridCell>> grids = {};  ///< in the order of the question
  std::vector<std::uint64_t> histogram = {};      ///< of each bin; empty: not asked for
  std::vector<LeftOut> left_out;

  friend bool operator==(const SweepState&, const SweepState&) = default;
};

/// As JSON, the same bytes for the same state.
std::string write_state(const SweepState& state);
/// Errors: all that is wrong with the text, another version's state among it.
Result<SweepState> read_state(std::string_view text, std::string_view source_name);

}  // namespace ridgepoint::explore
