// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/dual.hpp"
#include "ridgepoint/core/instruction_set.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/cost/step.hpp"
#include "ridgepoint/roofline/operator_time.hpp"

namespace ridgepoint::roofline {

/// An operator of a step with what the device makes of it.
template <class N>
struct TimedOperatorOf {
  std::string name;  ///< equal operators of another name have weights of their own
  N count;
  RatesOf<N> rates;
  cost::Operator<N> op;

  friend bool operator==(const TimedOperatorOf&, const TimedOperatorOf&) = default;
};
using TimedOperator = TimedOperatorOf<double>;
template <class N>
using TimedStepOf = std::vector<TimedOperatorOf<N>>;
using TimedStep = TimedStepOf<double>;

/// A step on a device and its links; an error names each compute type for which the device has no
/// peak, and what is missing of the links.
Result<TimedStep> on_device(const cost::Step<double>& step, const hardware::Device& device);

/// The times of one step, in seconds.
template <class N>
struct StepTimeOf {
  N bound_s{0};              ///< Σ over operators of max(compute, memory, network)
  N compute_s{0};            ///< Σ over operators of FLOPs ÷ peak
  N compulsory_memory_s{0};  ///< weights and KV cache ÷ bandwidth
  N network_s{0};            ///< Σ over collectives, each by its fastest algorithm

  /// The largest of compute, compulsory memory and network: nothing runs faster.
  N floor_s() const {
    using cost::max;
    return max(max(compute_s, compulsory_memory_s), network_s);
  }
  /// Which of the three that is; compute, then memory where they are equal.
  Bound limit() const {
    if (compute_s == floor_s()) return Bound::compute_bound;
    return compulsory_memory_s == floor_s() ? Bound::memory_bound : Bound::network_bound;
  }
};
using StepTime = StepTimeOf<double>;

/// The times at one point; read with Dual, just beside it.
StepTime step_time(const TimedStep& step, const cost::Shape<double>& shape);
StepTimeOf<Dual> step_time(const TimedStepOf<Dual>& step, const cost::Shape<Dual>& shape);

/// What one part of a mixed step does: a chunk of a prompt, or the decodes beside it.
struct StepPart {
  const TimedStep& step;
  cost::Shape<double> shape;
};

/// The times of a step that works on several parts at once. Operators that parts have in common run
/// once: they read their weights once (experts: the distinct ones of all tokens together), and
/// their FLOPs, activations, KV cache and state are the sums over the parts. What only one part
/// has (latent attention in its two forms) runs beside them. Never below the slowest part alone,
/// never above the sum of all.
StepTime mixed_step_time(std::span<const StepPart> parts);

/// Points per block: three inputs and four results of it stay in the first-level caches.
inline constexpr std::size_t kBlockSize = 1024;

/// Up to kBlockSize points; the spans have equal lengths.
struct PointBlock {
  std::span<const double> batch;
  std::span<const double> new_tokens;
  std::span<const double> context;
};

/// The times of a block of points, field by field; entries past the block's length are not set.
struct StepTimes {
  std::array<double, kBlockSize> bound_s;
  std::array<double, kBlockSize> compute_s;
  std::array<double, kBlockSize> compulsory_memory_s;
  std::array<double, kBlockSize> network_s;
};

/// What no context changes of the times at every point of a block, and what reads its context: the
/// sums of both, field by field, are the times. REQUIRES: as step_times.
void token_times(const TimedStep& step, const PointBlock& points, StepTimes& out,
                 InstructionSet set);
void context_times(const TimedStep& step, const PointBlock& points, StepTimes& out,
                   InstructionSet set);

/// The times at every point of a block: bit-equal to step_time at each of them.
/// REQUIRES: spans of equal length <= kBlockSize; `set` is available.
void step_times(const TimedStep& step, const PointBlock& points, StepTimes& out,
                InstructionSet set);
/// With the best instruction set of this machine.
void step_times(const TimedStep& step, const PointBlock& points, StepTimes& out);

}  // namespace ridgepoint::roofline
