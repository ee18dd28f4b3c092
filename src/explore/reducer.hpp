// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "explore/deployment_times.hpp"
#include "explore/grid_reducer.hpp"
#include "ridgepoint/explore/sweep.hpp"

namespace ridgepoint::explore {

/// The best points by one number, the smaller the better; of equals the earlier one.
class BestPoints {
 public:
  using Entry = KeyedPoint;

  explicit BestPoints(std::size_t most) : most_(most) {}

  /// No entry with a larger key will be taken.
  double threshold() const;
  void add(const Entry& entry);
  void add(const BestPoints& others);
  std::vector<Entry> sorted() const;
  const std::optional<Entry>& best() const { return best_; }

 private:
  std::size_t most_;
  std::vector<Entry> heap_;  ///< the worst one first
  std::optional<Entry> best_;
};

/// Points that no other one beats or equals in every number, the smaller the better; of equals the
/// earlier one.
class Front {
 public:
  using Entry = FrontPoint;

  void add(const Entry& entry);
  void add(const Front& others);
  std::vector<Entry> sorted() const;

  /// Those that beat the most points so far, a few.
  std::span<const Entry> strongest() const;

 private:
  std::vector<Entry> entries_;
};

/// What is kept of all points that one thread has seen.
class Reducer {
 public:
  Reducer(const Space& space, const SweepQuestion& question);

  /// Appends those points that keep to the subject to `kept`, where it is not null.
  void add(const TimedBlock& block, std::vector<KeptPoint>* kept = nullptr);
  /// Points of a deployment that no engine runs.
  void pass_over(std::uint64_t points);
  void add(const Reducer& others);
  void add(const SweepState& found);
  /// None as long as nothing keeps to the subject, or no best points are asked for.
  const std::optional<KeyedPoint>& best() const { return best_.best(); }
  /// Puts what was found into a state.
  void tell(SweepState& state) const;

 private:
  using Numbers = std::array<double, roofline::kBlockSize>;

  void read(Metric metric, const TimedBlock& block, double* values) const;
  void mark(const TimedBlock& block);
  void add_front(const TimedBlock& block);
  void add_histogram(const TimedBlock& block);
  void keep(const TimedBlock& block, std::vector<KeptPoint>& kept) const;
  template <std::size_t kKeys>
  void drop_beaten(std::size_t n);

  const SweepQuestion& question_;
  SweepCounts counts_;
  BestPoints best_;
  Front front_;
  std::vector<GridReducer> grids_;
  std::vector<std::uint64_t> histogram_;  ///< empty: not asked for
  // Of the block at hand.
  Numbers fits_{};   ///< 1 or 0; 0 where it is not asked for
  Numbers meets_{};  ///< 1 or 0
  Numbers values_{};
  std::vector<Numbers> keys_;  ///< of the front
};

}  // namespace ridgepoint::explore
