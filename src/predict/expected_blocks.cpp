// SPDX-License-Identifier: Apache-2.0
#include "predict/expected_blocks.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

namespace ridgepoint::predict {
namespace {

/// So many points at once stay in the caches with the times of their calls.
constexpr std::size_t kChunk = 256;

roofline::PointBlock part_of(const roofline::PointBlock& points, std::size_t first,
                             std::size_t size) {
  return {points.batch.subspan(first, size), points.new_tokens.subspan(first, size),
          points.context.subspan(first, size)};
}

}  // namespace

ExpectedBlocks::ExpectedBlocks(const ExpectedStep& step, InstructionSet set)
    : step_(step),
      set_(set),
      keys_are_tokens_(step.phase_ == Phase::prefill),
      rest_has_tokens_(std::any_of(step.operators_.begin(), step.operators_.end(),
                                   [&](const ExpectedOperator& op) {
                                     if (op.call.how == StepCall::How::elsewhere || op.is_of_tokens)
                                       return false;
                                     return !op.timed_call ||
                                            step.calls_[*op.timed_call].size != CallSize::points;
                                   })),
      width_(kSums + 2 * step.shared_.size()),
      places_(kFewestGroups * kWays),
      kept_(places_.size() * width_),
      of_sequences_(step.calls_),
      place_of_point_(roofline::kBlockSize) {
  for (auto* each :
       {&tokens_.seconds, &tokens_.launches, &tokens_.low_squares, &tokens_.high_squares}) {
    each->resize(kStride);
  }
  tokens_.low.resize(kStride * step.shared_.size());
  tokens_.high.resize(kStride * step.shared_.size());
}

void ExpectedBlocks::times(const roofline::PointBlock& points, ExpectedTimes& out) {
  const std::size_t n = points.batch.size();
  assert(n <= roofline::kBlockSize && points.new_tokens.size() == n && points.context.size() == n);
  find(points);
  work_out_new();
  const WholeStep whole = step_.whole(step_.shared_);
  for (std::size_t first = 0; first < n; first += kChunk) {
    const std::size_t size = std::min(kChunk, n - first);
    const roofline::PointBlock part = part_of(points, first, size);
    if (rest_has_tokens_) set_padded(part);
    const std::span<const double> tokens(padded_tokens_);
    const std::span<const double> sequences(padded_sequences_);
    CallTimes times(step_.calls_, {tokens.first(size), sequences.first(size), part}, set_,
                    &of_sequences_);
    StepSums rest(size, set_);
    step_.add_rest(rest, times);
    if (!step_.samples_with_tokens()) step_.add_sampling(rest, times);
    whole.times(tokens_, rest, {place_of_point_.data() + first, size},
                {{out.seconds.data() + first, size},
                 {out.low.data() + first, size},
                 {out.high.data() + first, size}},
                set_);
  }
}

ExpectedBlocks::Key ExpectedBlocks::key_of(double batch, double new_tokens) const {
  return keys_are_tokens_ ? Key{1, batch * new_tokens} : Key{batch, new_tokens};
}

/// Where each point's key is in the lists of the block.
void ExpectedBlocks::find(const roofline::PointBlock& points) {
  ++block_;
  found_ = 0;
  known_.clear();
  new_.clear();
  has_passed_ = blocks_to_pass_ > 0;
  if (has_passed_) {
    --blocks_to_pass_;
    return take_all_for_new(points);
  }
  if (2 * used_ > places_.size() && places_.size() < kMostGroups * kWays) grow();
  const std::size_t n = points.batch.size();
  for (std::size_t i = 0; i < n; ++i) {
    group_of_point_[i] = group_of(key_of(points.batch[i], points.new_tokens[i]));
  }
  for (std::size_t i = 0; i < n; ++i) {
    __builtin_prefetch(&places_[group_of_point_[std::min(i + kAhead, n - 1)]], 1);
    const Key key = key_of(points.batch[i], points.new_tokens[i]);
    place_of_point_[i] = static_cast<double>(find(key, group_of_point_[i]));
  }
  copy_known();
  if ((n - new_.size()) * kRare < n) blocks_to_pass_ = kRare;
}

/// Before anything new is put where they are.
void ExpectedBlocks::copy_known() {
  constexpr std::size_t kLine = 8;  // numbers of a cache line
  for (std::size_t i = 0; i < known_.size(); ++i) {
    const Known& ahead = known_[std::min(i + kAhead, known_.size() - 1)];
    for (std::size_t j = 0; j < width_; j += kLine) {
      __builtin_prefetch(kept_.data() + ahead.number * width_ + j);
    }
    copy_kept(kept_.data() + known_[i].number * width_, known_[i].at);
  }
}

/// Where hardly any tokens come again it takes longer to look them up than it saves.
void ExpectedBlocks::take_all_for_new(const roofline::PointBlock& points) {
  for (; found_ < points.batch.size(); ++found_) {
    place_of_point_[found_] = static_cast<double>(found_);
    new_.push_back({0, found_, key_of(points.batch[found_], points.new_tokens[found_])});
  }
}

/// The first place where it may be.
std::size_t ExpectedBlocks::group_of(const Key& key) const {
  constexpr std::uint64_t kMix = 0x9e3779b97f4a7c15U;
  constexpr std::uint64_t kOther = 0xc2b2ae3d27d4eb4fU;
  constexpr unsigned kHalf = 32;
  // The low half of a whole number's bits is zeros.
  const auto folded = [](double number) {
    const auto bits = std::bit_cast<std::uint64_t>(number);
    return bits ^ (bits >> kHalf);
  };
  const std::uint64_t hash = (folded(key.batch) * kMix + folded(key.new_tokens)) * kOther;
  const std::size_t groups = places_.size() / kWays;
  return ((hash >> kHalf) & (groups - 1)) * kWays;
}

/// The place that has it, or that which was asked for longest ago of its group.
ExpectedBlocks::Place& ExpectedBlocks::place_of(const Key& key, std::size_t group_begin) {
  Place* const group = &places_[group_begin];
  Place* oldest = group;
  for (Place* place = group; place != group + kWays; ++place) {
    if (place->key == key) return *place;
    if (place->block < oldest->block) oldest = place;
  }
  return *oldest;
}

/// Four times the places; what was kept stays.
void ExpectedBlocks::grow() {
  constexpr std::size_t kTimes = 4;
  const std::vector<Place> places =
      std::exchange(places_, std::vector<Place>(places_.size() * kTimes));
  const std::vector<double> kept =
      std::exchange(kept_, std::vector<double>(places_.size() * width_));
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i].block == 0) continue;
    Place& place = place_of(places[i].key, group_of(places[i].key));
    place = places[i];
    std::copy_n(kept.begin() + static_cast<std::ptrdiff_t>(i * width_), width_,
                kept_.begin() + (&place - places_.data()) * static_cast<std::ptrdiff_t>(width_));
  }
}

std::size_t ExpectedBlocks::find(const Key& key, std::size_t group) {
  Place& place = place_of(key, group);
  const auto number = static_cast<std::size_t>(&place - places_.data());
  const bool is_kept = place.key == key;
  if (is_kept && place.block == block_) return place.at;
  if (is_kept) {
    known_.push_back({number, found_});
  } else {
    if (place.block == 0) ++used_;
    new_.push_back({number, found_, key});
  }
  place = {key, block_, found_};
  return found_++;
}

void ExpectedBlocks::copy_kept(const double* from, std::size_t at) {
  tokens_.seconds[at] = from[0];
  tokens_.launches[at] = from[1];
  tokens_.low_squares[at] = from[2];
  tokens_.high_squares[at] = from[3];
  for (std::size_t i = 0; i < step_.shared_.size(); ++i) {
    tokens_.low[i * kStride + at] = from[kSums + 2 * i];
    tokens_.high[i * kStride + at] = from[kSums + 2 * i + 1];
  }
}

void ExpectedBlocks::work_out_new() {
  for (std::size_t first = 0; first < new_.size(); first += kChunk) {
    const std::size_t size = std::min(kChunk, new_.size() - first);
    for (std::size_t i = 0; i < size; ++i) {
      new_batch_[i] = new_[first + i].key.batch;
      new_new_tokens_[i] = new_[first + i].key.new_tokens;
    }
    // Nothing here reads a context; the new tokens are one.
    const std::span<const double> new_tokens(new_new_tokens_.data(), size);
    const roofline::PointBlock part{{new_batch_.data(), size}, new_tokens, new_tokens};
    set_padded(part);
    const std::span<const double> tokens(padded_tokens_);
    const std::span<const double> sequences(padded_sequences_);
    CallTimes times(step_.calls_, {tokens.first(size), sequences.first(size), part}, set_,
                    &of_sequences_);
    StepSums sums(size, set_);
    step_.add_tokens(sums, times);
    if (step_.samples_with_tokens()) step_.add_sampling(sums, times);
    const TokenSums made = TokenSums::of(sums, step_.shared_);
    has_passed_ ? pass_on(made, first) : keep(made, first);
  }
}

/// For this block alone, whose points have all been taken for new, one after the other.
void ExpectedBlocks::pass_on(const TokenSums& sums, std::size_t first) {
  const auto n = static_cast<std::ptrdiff_t>(sums.seconds.size());
  const auto to = static_cast<std::ptrdiff_t>(first);
  std::copy_n(sums.seconds.begin(), n, tokens_.seconds.begin() + to);
  std::copy_n(sums.launches.begin(), n, tokens_.launches.begin() + to);
  std::copy_n(sums.low_squares.begin(), n, tokens_.low_squares.begin() + to);
  std::copy_n(sums.high_squares.begin(), n, tokens_.high_squares.begin() + to);
  constexpr auto kNext = static_cast<std::ptrdiff_t>(kStride);
  for (std::ptrdiff_t i = 0; i < std::ssize(step_.shared_); ++i) {
    std::copy_n(sums.low.begin() + i * n, n, tokens_.low.begin() + i * kNext + to);
    std::copy_n(sums.high.begin() + i * n, n, tokens_.high.begin() + i * kNext + to);
  }
}

/// For the blocks that follow, and for this one.
void ExpectedBlocks::keep(const TokenSums& sums, std::size_t first) {
  const std::size_t n = sums.seconds.size();
  for (std::size_t i = 0; i < n; ++i) {
    const New& made = new_[first + i];
    double* to = kept_.data() + made.number * width_;
    to[0] = sums.seconds[i];
    to[1] = sums.launches[i];
    to[2] = sums.low_squares[i];
    to[3] = sums.high_squares[i];
    for (std::size_t j = 0; j < step_.shared_.size(); ++j) {
      to[kSums + 2 * j] = sums.low[j * n + i];
      to[kSums + 2 * j + 1] = sums.high[j * n + i];
    }
    copy_kept(to, made.at);
  }
}

void ExpectedBlocks::set_padded(const roofline::PointBlock& points) {
  for (std::size_t i = 0; i < points.batch.size(); ++i) {
    const CallPoint at = step_.point({points.batch[i], points.new_tokens[i], points.context[i]});
    padded_tokens_[i] = at.tokens;
    padded_sequences_[i] = at.sequences;
  }
}

}  // namespace ridgepoint::predict
