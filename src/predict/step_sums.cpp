// SPDX-License-Identifier: Apache-2.0
#include "predict/step_sums.hpp"

#include <algorithm>
#include <cmath>

#include "ridgepoint/core/block_loop.hpp"
#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::predict {

using efficiency::Expected;
using efficiency::ExpectedSpans;

namespace {

struct AddTimes {
  double count;
  const double* seconds;
  const double* low;
  const double* high;
  double* sum;
  double* below;
  double* above;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const { add(i, count); }
  RIDGEPOINT_INLINE void add(std::size_t i, double times) const {
    sum[i] += times * seconds[i];
    below[i] += times * (seconds[i] - low[i]);
    above[i] += times * (high[i] - seconds[i]);
  }
};

/// With a count for each point.
struct AddEach {
  AddTimes add;
  const double* counts;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const { add.add(i, add.count * counts[i]); }
};

struct AddConstant {
  double value;
  double* sum;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const { sum[i] += value; }
};

struct AddScaled {
  double factor;
  const double* values;
  double* sum;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const { sum[i] += factor * values[i]; }
};

struct AddScaledEach {
  AddScaled add;
  const double* counts;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    add.sum[i] += add.factor * counts[i] * add.values[i];
  }
};

struct AddSquare {
  const double* deviation;
  double* sum;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const { sum[i] += deviation[i] * deviation[i]; }
};

/// Both parts, the host and the server's band: e^-x − 1 and e^x − 1 to second order.
struct JoinParts {
  double launch_s;
  double faster;
  double slower;
  const double* place;
  const double* token_seconds;
  const double* token_launches;
  const double* token_low;
  const double* token_high;
  const double* context_seconds;
  const double* context_launches;
  double* seconds;
  double* low;   ///< squares
  double* high;  ///< likewise
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    const std::int64_t at = as_index(place[i]);
    const double busy = token_seconds[at] + context_seconds[i];
    const double launches = token_launches[at] + context_launches[i];
    const double all = busy + larger(launches * launch_s - busy, 0);
    const double down = all * faster;
    const double up = all * slower;
    seconds[i] = all;
    low[i] = down * down + token_low[at];
    high[i] = up * up + token_high[at];
  }
};

/// A kernel that both parts have.
struct AddShared {
  const double* place;
  const double* tokens;
  const double* context;
  double* sum;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    const double both = tokens[as_index(place[i])] + context[i];
    sum[i] += both * both;
  }
};

struct SetBand {
  const double* seconds;
  double* low;
  double* high;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    low[i] = seconds[i] - smaller(seconds[i], std::sqrt(low[i]));
    high[i] = seconds[i] + std::sqrt(high[i]);
  }
};

struct Lengthen {
  const double* both;
  const double* both_low;
  const double* both_high;
  const double* alone;
  double* seconds;
  double* low;
  double* high;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    const double more = larger(both[i] - alone[i], 0);
    const double share = more / both[i];
    seconds[i] = more;
    low[i] = share * both_low[i];
    high[i] = share * both_high[i];
  }
};

}  // namespace

StepSums::StepSums(std::size_t points, InstructionSet set)
    : set_(set), seconds_(points), unmeasured_(points), launches_(points) {}

StepSums::Deviation& StepSums::deviation(std::size_t kernel) {
  for (Deviation& each : deviations_) {
    if (each.kernel == kernel) return each;
  }
  deviations_.push_back({kernel, std::vector<double>(points()), std::vector<double>(points())});
  return deviations_.back();
}

void StepSums::add(std::size_t kernel, const CallCount& count, const ExpectedSpans& times) {
  Deviation& off = deviation(kernel == kUnmeasured ? kernel : kernel + offset_);
  const AddTimes add{count.all,       times.seconds.data(), times.low.data(), times.high.data(),
                     seconds_.data(), off.low.data(),       off.high.data()};
  if (count.each != nullptr) {
    for_each_point(AddEach{add, count.each}, points(), set_);
  } else {
    for_each_point(add, points(), set_);
  }
  if (kernel != kUnmeasured) return;
  const AddScaled unmeasured{count.all, times.seconds.data(), unmeasured_.data()};
  if (count.each != nullptr) {
    for_each_point(AddScaledEach{unmeasured, count.each}, points(), set_);
  } else {
    for_each_point(unmeasured, points(), set_);
  }
}

void StepSums::add_launches(const CallCount& count) {
  if (count.each != nullptr) {
    for_each_point(AddScaled{count.all, count.each, launches_.data()}, points(), set_);
  } else if (count.all != 0) {
    for_each_point(AddConstant{count.all, launches_.data()}, points(), set_);
  }
}

TokenSums TokenSums::of(const StepSums& sums, std::span<const std::size_t> shared) {
  const std::size_t n = sums.points();
  TokenSums out{sums.seconds(),
                sums.launches(),
                std::vector<double>(n),
                std::vector<double>(n),
                std::vector<double>(n * shared.size()),
                std::vector<double>(n * shared.size())};
  for (const StepSums::Deviation& each : sums.deviations()) {
    const auto known = std::find(shared.begin(), shared.end(), each.kernel);
    if (known == shared.end()) {
      for_each_point(AddSquare{each.low.data(), out.low_squares.data()}, n,
                     InstructionSet::baseline);
      for_each_point(AddSquare{each.high.data(), out.high_squares.data()}, n,
                     InstructionSet::baseline);
      continue;
    }
    const auto first = (known - shared.begin()) * static_cast<std::ptrdiff_t>(n);
    std::copy(each.low.begin(), each.low.end(), out.low.begin() + first);
    std::copy(each.high.begin(), each.high.end(), out.high.begin() + first);
  }
  return out;
}

void WholeStep::times(const TokenSums& tokens, const StepSums& context,
                      std::span<const double> place, const ExpectedSpans& out,
                      InstructionSet set) const {
  const std::size_t n = context.points();
  for_each_point(
      JoinParts{launch_s_, band_.faster * (1 - band_.faster / 2),
                band_.slower * (1 + band_.slower / 2), place.data(), tokens.seconds.data(),
                tokens.launches.data(), tokens.low_squares.data(), tokens.high_squares.data(),
                context.seconds().data(), context.launches().data(), out.seconds.data(),
                out.low.data(), out.high.data()},
      n, set);
  for (const StepSums::Deviation& each : context.deviations()) {
    const auto known = std::find(shared_.begin(), shared_.end(), each.kernel);
    if (known == shared_.end()) {
      for_each_point(AddSquare{each.low.data(), out.low.data()}, n, set);
      for_each_point(AddSquare{each.high.data(), out.high.data()}, n, set);
      continue;
    }
    const std::size_t first =
        static_cast<std::size_t>(known - shared_.begin()) * tokens.seconds.size();
    for_each_point(
        AddShared{place.data(), tokens.low.data() + first, each.low.data(), out.low.data()}, n,
        set);
    for_each_point(
        AddShared{place.data(), tokens.high.data() + first, each.high.data(), out.high.data()}, n,
        set);
  }
  for_each_point(SetBand{out.seconds.data(), out.low.data(), out.high.data()}, n, set);
}

void lengthen(const ExpectedSpans& both, const ExpectedSpans& alone, const ExpectedSpans& out,
              InstructionSet set) {
  for_each_point(
      Lengthen{both.seconds.data(), both.low.data(), both.high.data(), alone.seconds.data(),
               out.seconds.data(), out.low.data(), out.high.data()},
      both.seconds.size(), set);
}

Expected total_of(const StepSums& sums) {
  double low = 0;
  double high = 0;
  for (const StepSums::Deviation& each : sums.deviations()) {
    low += each.low[0] * each.low[0];
    high += each.high[0] * each.high[0];
  }
  const double seconds = sums.seconds()[0];
  return {seconds, seconds - std::min(seconds, std::sqrt(low)), seconds + std::sqrt(high)};
}

}  // namespace ridgepoint::predict
