// SPDX-License-Identifier: Apache-2.0
#include "predict/expected_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "predict/server_band.hpp"
#include "ridgepoint/efficiency/form.hpp"
#include "ridgepoint/roofline/mixed_step.hpp"

namespace ridgepoint::predict {

using efficiency::Expected;
using efficiency::OperatorClass;

CallPoint ExpectedStep::point(const cost::Shape<double>& shape) const {
  const double tokens = shape.batch * shape.new_tokens;
  const bool is_replayed = phase_ == Phase::decode;
  return {is_replayed ? padded_sequences(engine_, tokens) : tokens,
          is_replayed ? padded_sequences(engine_, shape.batch) : shape.batch, shape};
}

/// One kernel that streams the operator's bytes, no faster than its bound; how much slower nobody
/// has measured.
void ExpectedStep::add_unmeasured(StepSums& sums, const ExpectedOperator& op,
                                  const CallCount& count, CallTimes& times) const {
  constexpr double kSlowest = 4;  // attention's bound is off by up to that
  const CallPoints& points = times.points();
  const std::size_t n = points.size();
  std::vector<double> seconds(n);
  std::vector<double> bound(n);
  std::vector<double> slowest(n);
  std::vector<double> rows(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto totals = cost::totals(op.timed.op, points.at(i).shape);
    bound[i] = roofline::operator_time(totals, op.timed.rates).total_s();
    rows[i] = std::max(1.0, totals.bytes() / kStreamed);
  }
  seconds = bound;
  if (stream_) {
    const auto streamed = times.at(*stream_, rows);
    for (std::size_t i = 0; i < n; ++i) seconds[i] = std::max(bound[i], streamed.seconds[i]);
  }
  for (std::size_t i = 0; i < n; ++i) slowest[i] = kSlowest * seconds[i];
  sums.add(StepSums::kUnmeasured, count, {seconds, bound, slowest});
}

Expected ExpectedStep::operator_time(std::size_t i, const CallPoint& at) const {
  StepSums sums(1, InstructionSet::baseline);
  CallTimes times(calls_, CallPoints(at), InstructionSet::baseline);
  add_operator(sums, operators_[i], times);
  add_cache_write(sums, operators_[i], times);
  return total_of(sums);
}

void ExpectedStep::add_operator(StepSums& sums, const ExpectedOperator& op,
                                CallTimes& times) const {
  if (op.call.how == StepCall::How::elsewhere) return;
  const std::vector<double> share = own_share(op, times.points());
  const CallCount count{op.timed.count, share.empty() ? nullptr : share.data()};
  sums.add_launches({op.timed.count * launches(op), count.each});
  if (!op.kernel) {
    add_unmeasured(sums, op, count, times);
  } else if (op.less) {
    const std::size_t n = times.points().size();
    std::vector<double> more(3 * n);
    const std::span<double> all(more);
    const efficiency::ExpectedSpans out{all.first(n), all.subspan(n, n), all.last(n)};
    lengthen(times.of(*op.timed_call), times.of(*op.less), out, times.instruction_set());
    sums.add(*op.kernel, count, out);
  } else {
    sums.add(*op.kernel, count, times.of(*op.timed_call));
  }
}

/// Of a norm's instances those that do not run in the kernel of the all-reduce before; empty: all.
std::vector<double> ExpectedStep::own_share(const ExpectedOperator& op, const CallPoints& points) {
  const auto* norm = std::get_if<cost::Elementwise<double>>(&op.timed.op);
  if (norm == nullptr || !(op.call.share_in_all_reduce > 0)) return {};
  std::vector<double> share(points.size());
  for (std::size_t i = 0; i < share.size(); ++i) {
    const double bytes = points.tokens[i] * norm->elements_written * norm->activation_size;
    share[i] = 1 - (bytes <= op.call.all_reduce_bytes ? op.call.share_in_all_reduce : 0);
  }
  return share;
}

/// New keys and values go to their places by a kernel of their own; that of prompts is among the
/// times of their attention.
void ExpectedStep::add_cache_write(StepSums& sums, const ExpectedOperator& op,
                                   CallTimes& times) const {
  if (!op.cache_write) return;
  sums.add(*streaming_, {op.timed.count}, times.of(*op.cache_write));
  sums.add_launches({op.timed.count});
}

void ExpectedStep::add_sampling(StepSums& sums, CallTimes& times) const {
  if (!sampling_) return;
  sums.add(*streaming_, {}, times.of(*sampling_));
  sums.add_launches({kSamplers});
}

void ExpectedStep::add_tokens(StepSums& sums, CallTimes& times) const {
  for (const ExpectedOperator& op : operators_) {
    if (op.is_of_tokens) add_operator(sums, op, times);
    add_cache_write(sums, op, times);
  }
}

void ExpectedStep::add_rest(StepSums& sums, CallTimes& times) const {
  for (const ExpectedOperator& op : operators_) {
    if (!op.is_of_tokens) add_operator(sums, op, times);
  }
}

/// Kernels of one call, as engines launch them.
double ExpectedStep::launches(const ExpectedOperator& op) const {
  constexpr double kOfExperts = 7;
  const KernelCall& call = op.call.call;
  if (call.is_added_to_norm) return 0;
  return op.call.how == StepCall::How::kernel && call.kind == OperatorClass::experts ? kOfExperts
                                                                                     : 1;
}

/// What a kernel was not measured as; empty where it is the one that the engine runs.
std::string ExpectedStep::substitution(const ExpectedOperator& op) const {
  const efficiency::KernelInUse& in_use = kernels_[*op.kernel].in_use;
  const KernelCall& call = op.call.call;
  std::string words;
  if (in_use.is_other_type) {
    words += "; in place of " + call.compute;
    if (!call.cache.empty() && call.cache != call.compute) words += " on " + call.cache;
  }
  const bool is_of_engine =
      call.kind != OperatorClass::collective && call.kind != OperatorClass::elementwise;
  const std::string_view engine = name(engine_.kind);
  if (is_of_engine && !in_use.kernel.stack.starts_with(engine)) {
    words += fmt::format("; none of {} was measured", engine);
  }
  return words;
}

std::string ExpectedStep::source(std::size_t i) const {
  const ExpectedOperator& op = operators_[i];
  if (op.call.how == StepCall::How::elsewhere) return "";
  if (op.kernel) return kernels_[*op.kernel].in_use.evidence + substitution(op);
  return streaming_ ? "no kernel like it was measured: one that streams its bytes, or its bound"
                    : "no kernel like it was measured: its bound";
}

WholeStep ExpectedStep::whole(std::span<const std::size_t> shared) const {
  return {launch_s_, has_experts_ ? kExpertsServer : kDenseServer, shared};
}

/// All of a step at one point: both parts have their operators.
ExpectedTime ExpectedStep::finish(StepSums tokens, StepSums rest, CallTimes& times,
                                  std::span<const std::size_t> shared) const {
  ExpectedTime time;
  time.kernels_s = tokens.seconds()[0] + rest.seconds()[0];
  add_sampling(samples_with_tokens() ? tokens : rest, times);
  const double busy = tokens.seconds()[0] + rest.seconds()[0];
  time.sampling_s = busy - time.kernels_s;
  time.unmeasured_s = tokens.unmeasured()[0] + rest.unmeasured()[0];
  const double launches = tokens.launches()[0] + rest.launches()[0];
  time.host_s = std::max(0.0, launches * launch_s_ - busy);
  constexpr double kFirst = 0;
  whole(shared).times(TokenSums::of(tokens, shared), rest, {&kFirst, 1},
                      {{&time.whole.seconds, 1}, {&time.whole.low, 1}, {&time.whole.high, 1}},
                      InstructionSet::baseline);
  return time;
}

ExpectedTime ExpectedStep::time(const cost::Shape<double>& shape) const {
  const CallPoint at = point(shape);
  CallTimes times(calls_, CallPoints(at), InstructionSet::baseline);
  StepSums tokens(1, InstructionSet::baseline);
  StepSums rest(1, InstructionSet::baseline);
  add_tokens(tokens, times);
  add_rest(rest, times);
  return finish(std::move(tokens), std::move(rest), times, shared_);
}

/// The parts of a mixed step, joined operator by operator.
class ExpectedStep::Mixed {
 public:
  Mixed(const MixedPart& prompt, const MixedPart& decodes) : parts_{prompt, decodes} {
    std::array<roofline::TimedStep, 2> timed;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      together_.tokens += parts_[i].shape.batch * parts_[i].shape.new_tokens;
      together_.sequences += parts_[i].shape.batch;
      for (const ExpectedOperator& op : parts_[i].step.operators_) timed[i].push_back(op.timed);
    }
    const std::array<const roofline::TimedStep*, 2> both{&timed[0], &timed[1]};
    operators_ = roofline::mixed_operators(both);
  }

  const std::vector<roofline::MixedOperator>& operators() const { return operators_; }
  double sequences() const { return together_.sequences; }

  void add(StepSums& sums, const roofline::MixedOperator& op) const {
    const std::size_t first = op.owner();
    const ExpectedStep& owner = parts_[first].step;
    const bool is_one_call =
        op.is_common() && !owner.operators_[*op.places[first]].call.call.is_of_sequences();
    for (std::size_t i = first; i < parts_.size(); ++i) {
      if (!op.places[i] || (is_one_call && i > first)) continue;
      const cost::Shape<double>& own = parts_[i].shape;
      const CallPoint apart{own.batch * own.new_tokens, own.batch, own};
      // Kernels of the parts are numbered apart: common ones belong to the first.
      sums.set_offset(i * parts_[0].step.kernels_.size());
      const ExpectedStep& step = parts_[i].step;
      const ExpectedOperator& own_op = step.operators_[*op.places[i]];
      const CallPoint& at = is_one_call ? together_ : apart;
      CallTimes times(step.calls_, CallPoints(at), InstructionSet::baseline);
      step.add_operator(sums, own_op, times);
      step.add_cache_write(sums, own_op, times);
    }
  }

 private:
  std::array<MixedPart, 2> parts_;
  CallPoint together_{0, 0, parts_[0].shape};
  std::vector<roofline::MixedOperator> operators_;
};

ExpectedTime ExpectedStep::mixed_time(const MixedPart& prompt, const MixedPart& decodes) {
  const Mixed mixed(prompt, decodes);
  StepSums sums(1, InstructionSet::baseline);
  for (const roofline::MixedOperator& op : mixed.operators()) mixed.add(sums, op);
  // Nothing but the choice of the next tokens is timed at this point.
  const CallPoint all{mixed.sequences(), mixed.sequences(), {mixed.sequences(), 1, 1}};
  CallTimes times(decodes.step.calls_, CallPoints(all), InstructionSet::baseline);
  return decodes.step.finish(std::move(sums), StepSums(1, InstructionSet::baseline), times, {});
}

std::vector<Expected> ExpectedStep::mixed_operator_times(const MixedPart& prompt,
                                                         const MixedPart& decodes) {
  const Mixed mixed(prompt, decodes);
  std::vector<Expected> times;
  times.reserve(mixed.operators().size());
  for (const roofline::MixedOperator& op : mixed.operators()) {
    StepSums sum(1, InstructionSet::baseline);
    mixed.add(sum, op);
    times.push_back(total_of(sum));
  }
  return times;
}

}  // namespace ridgepoint::predict
