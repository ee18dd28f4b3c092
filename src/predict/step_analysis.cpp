// SPDX-License-Identifier: Apache-2.0
#include "predict/step_analysis.hpp"

#include <algorithm>
#include <utility>

#include "predict/crossover.hpp"
#include "predict/operator_analysis.hpp"
#include "predict/operator_expectation.hpp"

namespace ridgepoint::predict {

using symbolic::Expr;

namespace {

/// Seconds of compute and of memory as functions of the batch, for the crossover.
struct BatchFunctions {
  Expr compute_s{0};
  Expr memory_s{0};
};

BatchFunctions seconds_over_batch(const cost::Totals<Expr>& totals, const Expr& bytes,
                                  FlopsPerSecond peak, BytesPerSecond bandwidth) {
  return {totals.flops / Expr::from_double(peak.value()),
          bytes / Expr::from_double(bandwidth.value())};
}

/// Analyses the operators of one phase one after the other, and their sum.
class StepAnalyser {
 public:
  StepAnalyser(const StepReadings& step, const hardware::Device& device, const Workload& workload)
      : step_(step), device_(device), workload_(workload), phase_(step.phase) {
    answer_.phase = phase_;
  }

  StepAnalysis analyse() && {
    for (std::size_t i = 0; i < step_.exact.size(); ++i) add_operator(i);
    finish(answer_, roofline::step_time(step_.timed, point()));
    if (step_.expected) {
      answer_.expected = step_.expected->time(point()).no_faster_than(answer_.floor_s);
    }
    add_kernel_totals(answer_);
    const double rate = static_cast<double>(workload_.parallelism.data) * point().batch *
                        point().new_tokens / answer_.bound_s;
    (phase_ == Phase::prefill ? answer_.prompt_tokens_per_s : answer_.tokens_per_s) = rate;
    answer_.crossover = find_crossover(floor_.compute_s, floor_.memory_s);
    return std::move(answer_);
  }

 private:
  void add_operator(std::size_t i) {
    const cost::StepOperator<Count>& part = step_.exact[i];
    const cost::Shape<Count> numbers =
        shape(phase_, Count(workload_.batch), Count(workload_.context));
    const auto totals = cost::totals(part, numbers);
    answer_.compulsory_bytes += totals.compulsory_bytes();
    OperatorAnalysis one = count_operator(part, totals, device_);
    one.phase = one.part = phase_;
    one.exchange = exchange_of(step_.timed[i], device_);
    one.time_s = step_.timed[i].count * operator_time(i).total_s();
    one.crossover = crossover(i);
    if (step_.expected) {
      const ExpectedStep& expected = *step_.expected;
      one.expected =
          expectation_of(expected, i, expected.operator_time(i, expected.point(point())));
    }
    const auto letters = shape(phase_, Expr::symbol("B"), Expr::symbol("S"));
    one.formula = formula(step_.letters[i], part, {{&letters, 1}, {&numbers, 1}});
    answer_.operators.push_back(std::move(one));
  }

  roofline::OperatorTime operator_time(std::size_t i) const {
    const roofline::TimedOperator& part = step_.timed[i];
    return roofline::operator_time(cost::totals(part.op, point()), part.rates);
  }

  cost::Shape<double> point() const {
    return shape(phase_, static_cast<double>(workload_.batch),
                 static_cast<double>(workload_.context));
  }

  Crossover crossover(std::size_t i) {
    const FlopsPerSecond peak = hardware::dense_peak(device_, step_.exact[i].compute_type)->value;
    const auto totals =
        cost::totals(step_.sizes[i], shape(phase_, Expr::symbol("B"), Expr(workload_.context)));
    const BytesPerSecond bandwidth = device_.memory_bandwidth.value;
    const BatchFunctions bound = seconds_over_batch(totals, totals.bytes(), peak, bandwidth);
    const BatchFunctions floor =
        seconds_over_batch(totals, totals.compulsory_bytes(), peak, bandwidth);
    floor_.compute_s += floor.compute_s;
    floor_.memory_s += floor.memory_s;
    const roofline::TimedOperator& part = step_.timed[i];
    if (std::holds_alternative<cost::Collective<double>>(part.op)) return {};
    if (!std::holds_alternative<cost::ExpertMatmul<double>>(part.op)) {
      return find_crossover(bound.compute_s, bound.memory_s);
    }
    return find_whole_crossover([&](double batch) {
      const auto at = shape(phase_, batch, static_cast<double>(workload_.context));
      const auto time = roofline::operator_time(cost::totals(part.op, at), part.rates);
      return time.compute_s >= time.memory_s;
    });
  }

  const StepReadings& step_;
  const hardware::Device& device_;
  const Workload& workload_;
  Phase phase_;
  BatchFunctions floor_;
  StepAnalysis answer_;
};

}  // namespace

Result<StepReadings> read_step(const StepPlan& plan, const hardware::Device& device,
                               cost::Step<Expr> letters) {
  const auto step = build_step<double>(plan);
  auto timed = roofline::on_device(step, device);
  if (!timed) return fail(timed.error());
  StepReadings readings{plan.phase,         build_step<Count>(plan), build_step<Expr>(plan),
                        std::move(letters), std::move(*timed),       std::nullopt};
  if (plan.execution.calibration) {
    auto expected = ExpectedStep::build(plan, step, readings.timed, device);
    if (!expected) return fail(expected.error());
    readings.expected = std::move(*expected);
  }
  return readings;
}

bool asks_for(const Workload& workload, Phase phase) {
  const auto& phases = workload.phases;
  return std::find(phases.begin(), phases.end(), phase) != phases.end();
}

StepAnalysis analyse_step(const StepReadings& step, const hardware::Device& device,
                          const Workload& workload) {
  return StepAnalyser(step, device, workload).analyse();
}

}  // namespace ridgepoint::predict
