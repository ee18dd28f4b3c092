// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "predict/expected_step.hpp"

namespace ridgepoint::predict {

/// Expected times of a block of points with their bands, field by field; entries past the block's
/// length are not set.
struct ExpectedTimes {
  std::array<double, roofline::kBlockSize> seconds;
  std::array<double, roofline::kBlockSize> low;
  std::array<double, roofline::kBlockSize> high;
};

/// Expected times of one step at block after block of points. Most of a step hangs on its tokens
/// alone, of which sweeps have few: it is worked out once for each number of them, and kept for the
/// blocks that follow. For one thread; the step must outlive it.
class ExpectedBlocks {
 public:
  /// REQUIRES: `set` is available.
  explicit ExpectedBlocks(const ExpectedStep& step, InstructionSet set = best_instruction_set());

  /// Bit-equal to ExpectedStep::time at each point, whatever the set and the blocks before.
  /// REQUIRES: spans of equal length <= kBlockSize.
  void times(const roofline::PointBlock& points, ExpectedTimes& out);

 private:
  // Groups of places with the same hash: powers of two.
  static constexpr std::size_t kFewestGroups = 256;
  static constexpr std::size_t kMostGroups = 32768;
  static constexpr std::size_t kWays = 4;  ///< places of a group
  /// Places that far ahead are asked of memory before they are needed.
  static constexpr std::size_t kAhead = 16;
  /// After a block of which less than one in so many was known, so many are not looked up.
  static constexpr std::size_t kRare = 8;
  /// From one list of TokenSums to the next: lists a power of two apart would crowd out each other
  /// in the caches.
  static constexpr std::size_t kStride = roofline::kBlockSize + 8;
  /// Numbers of a kept place: those of TokenSums.
  static constexpr std::size_t kSums = 4;

  /// Points that have what is kept in common: decodes of one (batch, new tokens), prompts of one
  /// number of tokens together.
  struct Key {
    double batch = std::numeric_limits<double>::quiet_NaN();
    double new_tokens = 0;
    friend bool operator==(const Key&, const Key&) = default;
  };

  /// What is kept of it; one with the same hash replaces the oldest of a group.
  struct Place {
    Key key;                  ///< NaN: none yet
    std::uint64_t block = 0;  ///< the last one that had it, and where in its lists
    std::size_t at = 0;
  };

  /// One that was kept.
  struct Known {
    std::size_t number;  ///< of its place
    std::size_t at;
  };

  /// One that was not kept.
  struct New {
    std::size_t number;  ///< of its place
    std::size_t at;
    Key key;
  };

  void find(const roofline::PointBlock& points);
  void take_all_for_new(const roofline::PointBlock& points);
  Key key_of(double batch, double new_tokens) const;
  std::size_t find(const Key& key, std::size_t group);
  std::size_t group_of(const Key& key) const;
  Place& place_of(const Key& key, std::size_t group_begin);
  void grow();
  void copy_known();
  void copy_kept(const double* from, std::size_t at);
  void work_out_new();
  void keep(const TokenSums& sums, std::size_t first);
  void pass_on(const TokenSums& sums, std::size_t first);
  void set_padded(const roofline::PointBlock& points);

  const ExpectedStep& step_;
  InstructionSet set_;
  bool keys_are_tokens_;
  bool rest_has_tokens_;
  std::size_t width_;  ///< numbers of a place
  std::size_t used_ = 0;
  std::vector<Place> places_;
  std::vector<double> kept_;
  SequenceTimes of_sequences_;
  std::uint64_t block_ = 0;
  // Of the block at hand: its different keys and what they come to.
  std::size_t found_ = 0;
  std::size_t blocks_to_pass_ = 0;  ///< without looking up
  bool has_passed_ = false;         ///< this one
  std::vector<double> place_of_point_;
  std::array<std::size_t, roofline::kBlockSize> group_of_point_{};
  std::vector<Known> known_;
  std::vector<New> new_;
  TokenSums tokens_;
  // Of a chunk.
  std::array<double, roofline::kBlockSize> new_batch_{};
  std::array<double, roofline::kBlockSize> new_new_tokens_{};
  std::array<double, roofline::kBlockSize> padded_tokens_{};
  std::array<double, roofline::kBlockSize> padded_sequences_{};
};

}  // namespace ridgepoint::predict
