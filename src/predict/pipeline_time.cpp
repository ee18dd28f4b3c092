// SPDX-License-Identifier: Apache-2.0
#include "predict/pipeline_time.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "predict/step_plan.hpp"

namespace ridgepoint::predict {
namespace {

StageTimes times_of(const PipelineSteps& steps, const cost::Shape<double>& shape) {
  StageTimes times;
  for (std::size_t i = 0; i < steps.stages(); ++i) {
    const double share = 1 / static_cast<double>(steps.stages());
    const roofline::StepTime time = roofline::step_time(steps.stage(i), shape);
    times.add(time, share);
    times.busy.parts += roofline::time_parts(steps.stage(i), shape).scaled(share);
    if (const ExpectedStep* step = steps.expected(i)) {
      times.add(step->time(shape).no_faster_than(time.floor_s()));
    }
  }
  return times;
}

void add_busy(SpanTime& span, const SpanTime& busy, double times) {
  span.compute_s += times * busy.compute_s;
  span.compulsory_memory_s += times * busy.compulsory_memory_s;
  span.network_s += times * busy.network_s;
  span.parts += busy.parts.scaled(times);
}

}  // namespace

roofline::TimeParts SpanTime::bound_parts() const {
  const double sum = parts.total_s();
  return sum > 0 ? parts.scaled(bound_s / sum) : parts;
}

SpanTime& SpanTime::operator+=(const SpanTime& other) {
  floor_s += other.floor_s;
  bound_s += other.bound_s;
  expected += other.expected;
  add_busy(*this, other, 1);
  return *this;
}

SpanTime SpanTime::scaled(double factor) const {
  return {factor * floor_s,       factor * bound_s,
          factor * compute_s,     factor * compulsory_memory_s,
          factor * network_s,     parts.scaled(factor),
          expected.scaled(factor)};
}

void StageTimes::add(const roofline::StepTime& time, double share) {
  floor_sum_s += time.floor_s();
  floor_most_s = std::max(floor_most_s, time.floor_s());
  bound_sum_s += time.bound_s;
  bound_most_s = std::max(bound_most_s, time.bound_s);
  busy.compute_s += share * time.compute_s;
  busy.compulsory_memory_s += share * time.compulsory_memory_s;
  busy.network_s += share * time.network_s;
}

void StageTimes::add(const ExpectedTime& time) {
  expected_sum += time;
  if (expected_most.whole.seconds < time.whole.seconds) expected_most = time;
}

SpanTime StageTimes::round(double parts) const {
  SpanTime span;
  const ExpectedTime turns = expected_most.scaled(parts);
  span.expected = turns.whole.seconds > expected_sum.whole.seconds ? turns : expected_sum;
  span.floor_s = std::max(floor_sum_s, parts * floor_most_s);
  span.bound_s = std::max(bound_sum_s, parts * bound_most_s);
  add_busy(span, busy, parts);
  return span;
}

Result<PipelineSteps> PipelineSteps::build(const model::Architecture& architecture,
                                           const hardware::Device& device,
                                           const Execution& execution, Phase phase) {
  PipelineSteps steps;
  for (DeviceShare& share : device_shares(architecture, execution.parallelism)) {
    const StepPlan plan = plan_step(std::move(share), execution, phase);
    const auto step = build_step<double>(plan);
    auto timed = roofline::on_device(step, device);
    if (!timed) return fail(timed.error());
    if (execution.calibration) {
      auto expected = ExpectedStep::build(plan, step, *timed, device);
      if (!expected) return fail(expected.error());
      steps.expected_.push_back(std::move(*expected));
    }
    steps.stages_.push_back(std::move(*timed));
  }
  return steps;
}

Result<PipelineSteps> PipelineSteps::build(const cost::Step<double>& step,
                                           const hardware::Device& device) {
  auto timed = roofline::on_device(step, device);
  if (!timed) return fail(timed.error());
  PipelineSteps steps;
  steps.stages_.push_back(std::move(*timed));
  return steps;
}

SpanTime PipelineSteps::through(const std::vector<Chunks>& chunks) const {
  SpanTime span = pace(chunks);
  if (stages() == 1) return span;
  const StageTimes last = times_of(*this, chunks.back().shape);
  span.floor_s += last.floor_sum_s - last.floor_most_s;
  span.bound_s += last.bound_sum_s - last.bound_most_s;
  ExpectedTime way = last.expected_sum;
  way += last.expected_most.scaled(-1);
  span.expected += way;
  return span;
}

SpanTime PipelineSteps::pace(const std::vector<Chunks>& chunks) const {
  SpanTime span;
  for (const Chunks& each : chunks) {
    const StageTimes times = times_of(*this, each.shape);
    span.floor_s += each.count * times.floor_most_s;
    span.bound_s += each.count * times.bound_most_s;
    span.expected += times.expected_most.scaled(each.count);
    add_busy(span, times.busy, each.count);
  }
  return span;
}

SpanTime PipelineSteps::round(double batch, double context) const {
  const double parts = std::min(batch, static_cast<double>(stages()));
  return times_of(*this, {std::ceil(batch / parts), 1, context}).round(parts);
}

SpanTime PipelineSteps::once(const cost::Shape<double>& shape) const {
  return times_of(*this, shape).round(1);
}

}  // namespace ridgepoint::predict
