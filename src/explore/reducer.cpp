// SPDX-License-Identifier: Apache-2.0
#include "explore/reducer.hpp"

#include <algorithm>
#include <limits>

#include "ridgepoint/core/block_loop.hpp"
#include "ridgepoint/explore/histogram.hpp"
#include "ridgepoint/predict/request_rate.hpp"

namespace ridgepoint::explore {
namespace {

using predict::RequestTimes;
using predict::RunningCost;
using predict::static_times;

/// One figure of each point; the rest of what static_times works out is dropped by the compiler.
template <double RequestTimes::* kFigure>
struct FigureBody {
  RunningCost cost;
  double replicas;
  double devices;
  const double* batch;
  const double* output;
  const double* ttft_s;
  const double* tpot_s;
  double* value;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    value[i] = static_times(cost, {replicas * batch[i], output[i], devices}, ttft_s[i], tpot_s[i]).*
               kFigure;
  }
};

struct RoomBody {
  const double* batch;
  const double* room;
  double* meets;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const { meets[i] = room[i] >= batch[i] ? 1 : 0; }
};

template <Relation kRelation>
struct LimitBody {
  double limit;
  const double* value;
  double* meets;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    bool holds = value[i] < limit;
    if constexpr (kRelation == Relation::at_most) holds = value[i] <= limit;
    if constexpr (kRelation == Relation::above) holds = value[i] > limit;
    if constexpr (kRelation == Relation::at_least) holds = value[i] >= limit;
    meets[i] = holds ? meets[i] : 0;
  }
};

/// Points that one of the front beats in every number, and does not equal, meet nothing any more.
template <std::size_t kKeys>
struct BeatenBody {
  std::array<double, kKeys> strong;
  std::array<const double*, kKeys> keys;
  double* meets;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    bool is_no_worse = strong[0] <= keys[0][i] && strong[1] <= keys[1][i];
    bool is_better = strong[0] < keys[0][i] || strong[1] < keys[1][i];
    if constexpr (kKeys > 2) {
      is_no_worse &= strong[2] <= keys[2][i];
      is_better |= strong[2] < keys[2][i];
    }
    if constexpr (kKeys > 3) {
      is_no_worse &= strong[3] <= keys[3][i];
      is_better |= strong[3] < keys[3][i];
    }
    meets[i] = (is_no_worse & is_better) ? 0 : meets[i];
  }
};

/// Smaller is better; what does not meet the subject is worst.
struct KeyBody {
  double sign;
  const double* value;
  const double* meets;
  double* key;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    key[i] = meets[i] > 0 ? sign * value[i] : std::numeric_limits<double>::infinity();
  }
};

void apply(const Limit& limit, const double* values, double* meets, std::size_t n,
           InstructionSet set) {
  switch (limit.relation) {
    case Relation::below:
      return for_each_point(LimitBody<Relation::below>{limit.value, values, meets}, n, set);
    case Relation::at_most:
      return for_each_point(LimitBody<Relation::at_most>{limit.value, values, meets}, n, set);
    case Relation::above:
      return for_each_point(LimitBody<Relation::above>{limit.value, values, meets}, n, set);
    case Relation::at_least:
      return for_each_point(LimitBody<Relation::at_least>{limit.value, values, meets}, n, set);
  }
}

double sign_of(const Objective& objective) { return objective.is_max ? -1 : 1; }

std::uint64_t count_of(const double* marks, std::size_t n) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += marks[i] > 0 ? 1 : 0;
  return sum;
}

/// Of nothing there may be no counts at all.
void add_counts(const std::vector<std::uint64_t>& from, std::vector<std::uint64_t>& to) {
  for (std::size_t i = 0; i < from.size(); ++i) to[i] += from[i];
}

bool is_no_worse(const Front::Entry& a, const Front::Entry& b) {
  for (std::size_t i = 0; i < FrontPoint::kMost; ++i) {
    if (a.keys[i] > b.keys[i]) return false;
  }
  return true;
}

}  // namespace

double BestPoints::threshold() const {
  if (most_ == 0) return -std::numeric_limits<double>::infinity();
  return heap_.size() < most_ ? std::numeric_limits<double>::max() : heap_.front().key;
}

void BestPoints::add(const Entry& entry) {
  if (heap_.size() == most_) {
    if (most_ == 0 || !(entry < heap_.front())) return;
    std::pop_heap(heap_.begin(), heap_.end());
    heap_.pop_back();
  }
  heap_.push_back(entry);
  std::push_heap(heap_.begin(), heap_.end());
  if (!best_ || entry < *best_) best_ = entry;
}

void BestPoints::add(const BestPoints& others) {
  for (const Entry& entry : others.heap_) add(entry);
}

std::vector<BestPoints::Entry> BestPoints::sorted() const {
  std::vector<Entry> all = heap_;
  std::sort(all.begin(), all.end());
  return all;
}

/// Whoever beats a point moves to the front, where the next one meets it first.
void Front::add(const Entry& entry) {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (!is_no_worse(entries_[i], entry)) continue;
    if (entries_[i].keys == entry.keys) {
      entries_[i].point = std::min(entries_[i].point, entry.point);
    }
    std::swap(entries_[i], entries_[i / 2]);
    return;
  }
  std::erase_if(entries_, [&](const Entry& known) { return is_no_worse(entry, known); });
  entries_.push_back(entry);
}

void Front::add(const Front& others) {
  for (const Entry& entry : others.entries_) add(entry);
}

std::span<const Front::Entry> Front::strongest() const {
  constexpr std::size_t kFew = 8;
  return std::span(entries_).first(std::min(kFew, entries_.size()));
}

std::vector<Front::Entry> Front::sorted() const {
  std::vector<Entry> all = entries_;
  std::sort(all.begin(), all.end());
  return all;
}

Reducer::Reducer(const Space& space, const SweepQuestion& question)
    : question_(question),
      best_(question.top),
      histogram_(question.histogram ? kBins : 0),
      keys_(question.front.size()) {
  for (const Grid& grid : question.grids) grids_.emplace_back(space, grid);
}

void Reducer::add(const TimedBlock& block, std::vector<KeptPoint>* kept) {
  const std::size_t n = block.size();
  counts_.points += n;
  counts_.evaluated += n;
  mark(block);
  counts_.meeting += count_of(meets_.data(), n);
  read(question_.objective.metric, block, values_.data());
  for_each_point(
      KeyBody{sign_of(question_.objective), values_.data(), meets_.data(), values_.data()}, n,
      question_.set);
  double threshold = best_.threshold();
  for (std::size_t i = 0; i < n; ++i) {
    if (!(values_[i] <= threshold)) continue;
    best_.add({values_[i], block.first + i});
    threshold = best_.threshold();
  }
  for (GridReducer& grid : grids_) {
    grid.add(block.first, {values_.data(), n}, {fits_.data(), n});
  }
  if (!histogram_.empty()) add_histogram(block);
  if (kept != nullptr) keep(block, *kept);
  if (!keys_.empty()) add_front(block);
}

void Reducer::add(const Reducer& others) {
  counts_ += others.counts_;
  best_.add(others.best_);
  front_.add(others.front_);
  for (std::size_t i = 0; i < grids_.size(); ++i) grids_[i].add(others.grids_[i].cells());
  add_counts(others.histogram_, histogram_);
}

void Reducer::add(const SweepState& found) {
  counts_ += found.counts;
  for (const KeyedPoint& each : found.best) best_.add(each);
  for (const FrontPoint& each : found.front) front_.add(each);
  for (std::size_t i = 0; i < found.grids.size(); ++i) grids_[i].add(found.grids[i]);
  add_counts(found.histogram, histogram_);
}

void Reducer::tell(SweepState& state) const {
  state.counts = counts_;
  state.best = best_.sorted();
  state.front = front_.sorted();
  state.grids.clear();
  for (const GridReducer& grid : grids_) state.grids.push_back(grid.cells());
  state.histogram = histogram_;
}

void Reducer::pass_over(std::uint64_t points) { counts_.points += points; }

/// Which points keep to the subject.
void Reducer::mark(const TimedBlock& block) {
  const std::size_t n = block.size();
  std::fill_n(meets_.begin(), n, 1.0);
  if (question_.subject.fits) {
    for_each_point(RoomBody{block.batch.data(), block.room.data(), meets_.data()}, n,
                   question_.set);
    counts_.fitting += count_of(meets_.data(), n);
    if (!grids_.empty()) std::copy_n(meets_.begin(), n, fits_.begin());
  }
  for (const Limit& limit : question_.subject.limits) {
    read(limit.metric, block, values_.data());
    apply(limit, values_.data(), meets_.data(), n, question_.set);
  }
}

void Reducer::add_histogram(const TimedBlock& block) {
  read(*question_.histogram, block, values_.data());
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (meets_[i] > 0) ++histogram_[bin_of(values_[i])];
  }
}

void Reducer::keep(const TimedBlock& block, std::vector<KeptPoint>& kept) const {
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (!(meets_[i] > 0)) continue;
    kept.push_back(
        {block.first + i, block.room.empty() ? 0 : block.room[i],
         static_times(block.cost, {block.replicas * block.batch[i], block.output[i], block.devices},
                      block.ttft_s[i], block.tpot_s[i])});
  }
}

void Reducer::add_front(const TimedBlock& block) {
  const std::size_t n = block.size();
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const Objective& objective = question_.front[i];
    read(objective.metric, block, keys_[i].data());
    for_each_point(KeyBody{sign_of(objective), keys_[i].data(), meets_.data(), keys_[i].data()}, n,
                   question_.set);
  }
  if (keys_.size() == 2) drop_beaten<2>(n);
  if (keys_.size() == 3) drop_beaten<3>(n);
  if (keys_.size() == 4) drop_beaten<4>(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (!(meets_[i] > 0)) continue;
    Front::Entry entry{{}, block.first + i};
    for (std::size_t j = 0; j < keys_.size(); ++j) entry.keys[j] = keys_[j][i];
    front_.add(entry);
  }
}

template <std::size_t kKeys>
void Reducer::drop_beaten(std::size_t n) {
  for (const Front::Entry& entry : front_.strongest()) {
    BeatenBody<kKeys> body{{}, {}, meets_.data()};
    for (std::size_t j = 0; j < kKeys; ++j) {
      body.strong[j] = entry.keys[j];
      body.keys[j] = keys_[j].data();
    }
    for_each_point(body, n, question_.set);
  }
}

void Reducer::read(Metric metric, const TimedBlock& block, double* values) const {
  const std::size_t n = block.size();
  const auto figure = [&]<double RequestTimes::* kFigure>() {
    for_each_point(
        FigureBody<kFigure>{block.cost, block.replicas, block.devices, block.batch.data(),
                            block.output.data(), block.ttft_s.data(), block.tpot_s.data(), values},
        n, question_.set);
  };
  switch (metric) {
    case Metric::ttft:
      std::copy_n(block.ttft_s.begin(), n, values);
      return;
    case Metric::tpot:
      std::copy_n(block.tpot_s.begin(), n, values);
      return;
    case Metric::e2el:
      return figure.template operator()<&RequestTimes::e2el_s>();
    case Metric::throughput:
      return figure.template operator()<&RequestTimes::throughput_tokens_per_s>();
    case Metric::throughput_per_device:
      return figure.template operator()<&RequestTimes::per_device_tokens_per_s>();
    case Metric::throughput_per_user:
      return figure.template operator()<&RequestTimes::per_user_tokens_per_s>();
    case Metric::cost:
      return figure.template operator()<&RequestTimes::cost_per_million_tokens>();
    case Metric::energy:
      return figure.template operator()<&RequestTimes::energy_j_per_token>();
    case Metric::devices:
      std::fill_n(values, n, block.devices);
      return;
    case Metric::batch:
      std::copy_n(block.batch.begin(), n, values);
      return;
  }
}

}  // namespace ridgepoint::explore
