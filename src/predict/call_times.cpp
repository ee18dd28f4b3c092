// SPDX-License-Identifier: Apache-2.0
#include "predict/call_times.hpp"

#include <algorithm>

namespace ridgepoint::predict {

using efficiency::Expected;
using efficiency::ExpectedSpans;
using efficiency::VaryingShapes;

namespace {

struct SizeOf {
  CallSize operator()(const cost::Matmul<double>&) const { return CallSize::tokens; }
  CallSize operator()(const cost::QkvProjection<double>&) const { return CallSize::tokens; }
  CallSize operator()(const cost::CacheProjection<double>&) const { return CallSize::tokens; }
  CallSize operator()(const cost::HeadwiseMatmul<double>&) const { return CallSize::tokens; }
  CallSize operator()(const cost::LmHead<double>&) const { return CallSize::sequences; }
  CallSize operator()(const cost::Embedding<double>&) const { return CallSize::rows; }
  CallSize operator()(const cost::Elementwise<double>&) const { return CallSize::rows; }
  CallSize operator()(const cost::WindowAttention<double>&) const { return CallSize::points; }
  CallSize operator()(const cost::Attention<double>& op) const {
    return op.pairs == cost::Pairs::full ? CallSize::own : CallSize::points;
  }
  template <class Op>
  CallSize operator()(const Op&) const {
    return CallSize::own;
  }
};

/// Without what varies. Those that are not compared are taken for different.
bool are_alike(const efficiency::Shape& a, const efficiency::Shape& b) {
  if (a.index() != b.index()) return false;
  if (const auto* one = std::get_if<efficiency::GemmShape>(&a)) {
    const auto& other = std::get<efficiency::GemmShape>(b);
    return one->n == other.n && one->k == other.k &&
           one->input_is_quantised == other.input_is_quantised &&
           one->weights_stay_cached == other.weights_stay_cached;
  }
  if (const auto* one = std::get_if<efficiency::ElementwiseShape>(&a)) {
    const auto& other = std::get<efficiency::ElementwiseShape>(b);
    return one->width == other.width && one->bytes_per_element == other.bytes_per_element &&
           one->kernels == other.kernels;
  }
  return false;
}

}  // namespace

CallSize call_size(const KernelCall& call) { return std::visit(SizeOf{}, call.op); }

bool PreparedCall::is_at(std::size_t other_kernel, const efficiency::Shape& other,
                         CallSize other_size) const {
  return kernel == other_kernel && size == other_size && size != CallSize::own &&
         are_alike(like, other);
}

SequenceTimes::SequenceTimes(const std::vector<PreparedCall>& calls)
    : calls_(calls), kept_(calls.size()) {}

void SequenceTimes::times(std::size_t call, std::span<const double> sizes, const ExpectedSpans& out,
                          InstructionSet set) {
  std::vector<Expected>& kept = kept_[call];
  if (kept.empty()) kept.resize(kMost);
  places_.clear();
  sizes_.clear();
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const auto whole = sizes[i] < kMost ? static_cast<std::size_t>(sizes[i]) : 0;
    const Expected& time = kept[whole];
    if (static_cast<double>(whole) == sizes[i] && time.seconds > 0) {
      out.seconds[i] = time.seconds;
      out.low[i] = time.low;
      out.high[i] = time.high;
    } else {
      places_.push_back(i);
      sizes_.push_back(sizes[i]);
    }
  }
  if (places_.empty()) return;
  for (std::vector<double>& each : times_) each.resize(places_.size());
  calls_[call].prepared.times({sizes_}, {times_[0], times_[1], times_[2]}, set);
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Expected time{times_[0][i], times_[1][i], times_[2][i]};
    out.seconds[places_[i]] = time.seconds;
    out.low[places_[i]] = time.low;
    out.high[places_[i]] = time.high;
    const auto whole = sizes_[i] < kMost ? static_cast<std::size_t>(sizes_[i]) : 0;
    if (static_cast<double>(whole) == sizes_[i]) kept[whole] = time;
  }
}

CallTimes::CallTimes(const std::vector<PreparedCall>& calls, const CallPoints& points,
                     InstructionSet set, SequenceTimes* kept)
    : calls_(calls), points_(points), set_(set), kept_(kept), times_(calls.size()) {}

ExpectedSpans CallTimes::place(std::size_t call) {
  const std::size_t n = points_.size();
  times_[call].resize(3 * n);
  const std::span<double> all(times_[call]);
  return {all.first(n), all.subspan(n, n), all.last(n)};
}

ExpectedSpans CallTimes::of(std::size_t call) {
  const bool is_new = times_[call].empty();
  const ExpectedSpans out = place(call);
  if (!is_new) return out;
  const CallSize size = calls_[call].size;
  if (kept_ != nullptr && (size == CallSize::sequences || size == CallSize::batch)) {
    kept_->times(call, shapes(calls_[call]).size, out, set_);
  } else {
    calls_[call].prepared.times(shapes(calls_[call]), out, set_);
  }
  return out;
}

ExpectedSpans CallTimes::at(std::size_t call, std::span<const double> sizes) {
  const ExpectedSpans out = place(call);
  calls_[call].prepared.times({sizes}, out, set_);
  return out;
}

VaryingShapes CallTimes::shapes(const PreparedCall& call) {
  switch (call.size) {
    case CallSize::tokens:
      return {points_.tokens};
    case CallSize::rows:
      if (rows_.empty()) {
        rows_.assign(points_.tokens.begin(), points_.tokens.end());
        for (double& rows : rows_) rows = std::max(rows, 1.0);
      }
      return {rows_};
    case CallSize::sequences:
      return {points_.sequences};
    case CallSize::batch:
      return {points_.batch};
    case CallSize::points:
      return {points_.batch, points_.new_tokens, points_.context};
    case CallSize::own:
      break;
  }
  return own_shapes(call.call);
}

VaryingShapes CallTimes::own_shapes(const KernelCall& call) {
  const std::size_t n = points_.size();
  for (std::vector<double>& each : own_) each.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const efficiency::Shape shape = call.shape(points_.at(i));
    own_[0][i] = efficiency::size_of(shape);
    std::visit(
        [&](const auto& one) {
          if constexpr (requires { one.context; }) {
            own_[1][i] = one.new_tokens;
            own_[2][i] = one.context;
          }
        },
        shape);
  }
  return {own_[0], own_[1], own_[2]};
}

}  // namespace ridgepoint::predict
