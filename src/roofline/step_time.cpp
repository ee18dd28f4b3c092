// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/roofline/step_time.hpp"

#include <algorithm>
#include <cassert>
#include <type_traits>

#include "ridgepoint/core/block_loop.hpp"
#include "ridgepoint/roofline/collectives.hpp"

namespace ridgepoint::roofline {
namespace {

/// The sums at one point, wherever they are kept.
template <class N>
struct Sums {
  N& bound_s;
  N& compute_s;
  N& compulsory_memory_s;
  N& network_s;
};

/// Adds `count` instances of one operator to the times of one point.
template <class Op, class N>
RIDGEPOINT_FORMULA void add_operator(const Op& op, const N& count, const RatesOf<N>& rates,
                                     const cost::Shape<N>& shape, const Sums<N>& sums) {
  using cost::max;
  const cost::Totals<N> totals = cost::totals(op, shape);
  const OperatorTimeOf<N> time = operator_time(totals, rates);
  if constexpr (std::is_same_v<Op, cost::Collective<N>>) {
    sums.bound_s += count * time.network_s;
    sums.network_s += count * time.network_s;
  } else {
    sums.bound_s += count * max(time.compute_s, time.memory_s);
    sums.compute_s += count * time.compute_s;
    sums.compulsory_memory_s += count * (totals.compulsory_bytes() * rates.seconds_per_byte);
  }
}

/// The operator outside, the points inside: the loop that the compiler vectorises.
template <class Op>
RIDGEPOINT_FORMULA void add_block(const Op& op, double count, const Rates& rates,
                                  const PointBlock& points, StepTimes& out) {
  const std::size_t n = points.batch.size();
  for (std::size_t i = 0; i < n; ++i) {
    const cost::Shape<double> shape{points.batch[i], points.new_tokens[i], points.context[i]};
    const Sums<double> sums{out.bound_s[i], out.compute_s[i], out.compulsory_memory_s[i],
                            out.network_s[i]};
    add_operator(op, count, rates, shape, sums);
  }
}

template <class Op>
void kernel_baseline(const Op& op, double count, const Rates& rates, const PointBlock& points,
                     StepTimes& out) {
  add_block(op, count, rates, points, out);
}

#if defined(__x86_64__)
template <class Op>
RIDGEPOINT_TARGET("x86-64-v3")
void kernel_v3(const Op& op, double count, const Rates& rates, const PointBlock& points,
               StepTimes& out) {
  add_block(op, count, rates, points, out);
}

template <class Op>
RIDGEPOINT_TARGET("x86-64-v4")
void kernel_v4(const Op& op, double count, const Rates& rates, const PointBlock& points,
               StepTimes& out) {
  add_block(op, count, rates, points, out);
}
#endif

template <class Op>
void run_kernel(const Op& op, const TimedOperator& part, const PointBlock& points, StepTimes& out,
                InstructionSet set) {
#if defined(__x86_64__)
  if (set == InstructionSet::x86_64_v4) {
    return kernel_v4(op, part.count, part.rates, points, out);
  }
  if (set == InstructionSet::x86_64_v3) {
    return kernel_v3(op, part.count, part.rates, points, out);
  }
#endif
  assert(set == InstructionSet::baseline);
  kernel_baseline(op, part.count, part.rates, points, out);
}

/// Those operators that read their context, or the others.
template <bool kContext>
void add_up(const TimedStep& step, const PointBlock& points, StepTimes& out, InstructionSet set) {
  const std::size_t n = points.batch.size();
  assert(n <= kBlockSize && points.new_tokens.size() == n && points.context.size() == n);
  std::fill_n(out.bound_s.begin(), n, 0.0);
  std::fill_n(out.compute_s.begin(), n, 0.0);
  std::fill_n(out.compulsory_memory_s.begin(), n, 0.0);
  std::fill_n(out.network_s.begin(), n, 0.0);
  for (const TimedOperator& part : step) {
    std::visit(
        [&]<class Op>(const Op& op) {
          if constexpr (cost::reads_context<Op>() == kContext)
            run_kernel(op, part, points, out, set);
        },
        part.op);
  }
}

struct AddTimes {
  const StepTimes& more;
  StepTimes& sum;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    sum.bound_s[i] += more.bound_s[i];
    sum.compute_s[i] += more.compute_s[i];
    sum.compulsory_memory_s[i] += more.compulsory_memory_s[i];
    sum.network_s[i] += more.network_s[i];
  }
};

template <class N>
StepTimeOf<N> time_at(const TimedStepOf<N>& step, const cost::Shape<N>& shape) {
  StepTimeOf<N> tokens;
  StepTimeOf<N> context;
  for (const TimedOperatorOf<N>& part : step) {
    std::visit(
        [&]<class Op>(const Op& op) {
          StepTimeOf<N>& sum = cost::reads_context<Op>() ? context : tokens;
          const Sums<N> sums{sum.bound_s, sum.compute_s, sum.compulsory_memory_s, sum.network_s};
          add_operator(op, part.count, part.rates, shape, sums);
        },
        part.op);
  }
  return {tokens.bound_s + context.bound_s, tokens.compute_s + context.compute_s,
          tokens.compulsory_memory_s + context.compulsory_memory_s,
          tokens.network_s + context.network_s};
}

}  // namespace

Result<TimedStep> on_device(const cost::Step<double>& step, const hardware::Device& device) {
  TimedStep timed;
  Diagnostics faults;
  for (const cost::StepOperator<double>& part : step) {
    Result<Rates> found = rates(device, part.compute_type);
    if (const auto* collective = std::get_if<cost::Collective<double>>(&part.op)) {
      const Result<double> payload = seconds_per_payload_byte(*collective, device);
      if (found && payload) found->seconds_per_payload_byte = *payload;
      if (!payload) found = fail(payload.error());
    }
    if (found) {
      timed.push_back({part.name, part.count, *found, part.op});
    } else if (faults.empty() || faults.back() != found.error().front()) {
      faults.push_back(found.error().front());
    }
  }
  if (!faults.empty()) return fail(faults);
  return timed;
}

StepTime step_time(const TimedStep& step, const cost::Shape<double>& shape) {
  return time_at(step, shape);
}

StepTimeOf<Dual> step_time(const TimedStepOf<Dual>& step, const cost::Shape<Dual>& shape) {
  return time_at(step, shape);
}

void token_times(const TimedStep& step, const PointBlock& points, StepTimes& out,
                 InstructionSet set) {
  add_up<false>(step, points, out, set);
}

void context_times(const TimedStep& step, const PointBlock& points, StepTimes& out,
                   InstructionSet set) {
  add_up<true>(step, points, out, set);
}

void step_times(const TimedStep& step, const PointBlock& points, StepTimes& out,
                InstructionSet set) {
  StepTimes context;
  token_times(step, points, out, set);
  context_times(step, points, context, set);
  for_each_point(AddTimes{context, out}, points.batch.size(), set);
}

void step_times(const TimedStep& step, const PointBlock& points, StepTimes& out) {
  step_times(step, points, out, best_instruction_set());
}

}  // namespace ridgepoint::roofline
