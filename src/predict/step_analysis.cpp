// SPDX-License-Identifier: Apache-2.0
#include "predict/step_analysis.hpp"

#include <algorithm>
#include <utility>

#include "predict/crossover.hpp"
#include "ridgepoint/roofline/collectives.hpp"

namespace ridgepoint::predict {

using symbolic::Expr;

namespace {

std::vector<FormulaLine> formula(const cost::StepOperator<Expr>& letters,
                                 const cost::StepOperator<Count>& exact, Phase phase,
                                 const Workload& workload) {
  const auto words = cost::ledger(letters.op, shape(phase, Expr::symbol("B"), Expr::symbol("S")));
  const auto numbers =
      cost::ledger(exact.op, shape(phase, Count(workload.batch), Count(workload.context)));
  std::vector<FormulaLine> lines;
  lines.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    lines.push_back(
        {words[i], words[i].action == cost::Action::compute ? numbers[i].flops : numbers[i].bytes});
  }
  return lines;
}

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
    finish();
    return std::move(answer_);
  }

 private:
  void add_operator(std::size_t i) {
    const cost::StepOperator<Count>& part = step_.exact[i];
    const hardware::PeakInUse peak = *hardware::dense_peak(device_, part.compute_type);
    const auto totals =
        cost::totals(part, shape(phase_, Count(workload_.batch), Count(workload_.context)));

    OperatorAnalysis one;
    one.name = part.name;
    one.phase = phase_;
    one.count = part.count.to_integer().value_or(0);
    one.compute_type = peak.used;
    answer_.compulsory_bytes += totals.compulsory_bytes();
    one.flops = totals.flops;
    one.weight_bytes = totals.weight_bytes;
    one.activation_bytes = totals.activation_bytes;
    one.kv_bytes = totals.kv_bytes;
    one.state_bytes = totals.state_bytes;
    one.network_bytes = totals.network_bytes;
    judge(one, peak);
    if (const auto* exchange = std::get_if<cost::Collective<double>>(&step_.timed[i].op)) {
      one.exchange = roofline::describe(*exchange, device_);
    }
    one.time_s = step_.timed[i].count * operator_time(i).total_s();
    one.crossover = crossover(i, peak);
    one.formula = formula(step_.letters[i], part, phase_, workload_);
    answer_.operators.push_back(std::move(one));
  }

  void judge(OperatorAnalysis& one, const hardware::PeakInUse& peak) const {
    const FlopsPerByte ridge = peak.value / device_.memory_bandwidth.value;
    one.ridge_point = ridge.value();
    if (Count(0) < one.network_bytes) {
      one.bound = roofline::Bound::network_bound;
      return;
    }
    const FlopsPerByte intensity(one.flops.to_double() / one.bytes().to_double());
    one.arithmetic_intensity = intensity.value();
    one.bound = roofline::verdict(intensity, ridge);
    one.utilisation = std::min(1.0, (intensity / ridge).value());
  }

  roofline::OperatorTime operator_time(std::size_t i) const {
    const roofline::TimedOperator& part = step_.timed[i];
    return roofline::operator_time(
        std::visit([&](const auto& op) { return cost::totals(op, point()); }, part.op), part.rates);
  }

  cost::Shape<double> point() const {
    return shape(phase_, static_cast<double>(workload_.batch),
                 static_cast<double>(workload_.context));
  }

  Crossover crossover(std::size_t i, const hardware::PeakInUse& peak) {
    const auto totals =
        cost::totals(step_.sizes[i], shape(phase_, Expr::symbol("B"), Expr(workload_.context)));
    const BytesPerSecond bandwidth = device_.memory_bandwidth.value;
    const BatchFunctions bound = seconds_over_batch(totals, totals.bytes(), peak.value, bandwidth);
    const BatchFunctions floor =
        seconds_over_batch(totals, totals.compulsory_bytes(), peak.value, bandwidth);
    floor_.compute_s += floor.compute_s;
    floor_.memory_s += floor.memory_s;
    const auto& op = step_.timed[i].op;
    if (std::holds_alternative<cost::Collective<double>>(op)) return {};
    if (!std::holds_alternative<cost::ExpertMatmul<double>>(op)) {
      return find_crossover(bound.compute_s, bound.memory_s);
    }
    return find_whole_crossover([&](double batch) {
      const auto at = shape(phase_, batch, static_cast<double>(workload_.context));
      const auto time = roofline::operator_time(
          std::visit([&](const auto& one) { return cost::totals(one, at); }, op),
          step_.timed[i].rates);
      return time.compute_s >= time.memory_s;
    });
  }

  void finish() {
    for (const OperatorAnalysis& one : answer_.operators) {
      answer_.flops += one.flops;
      answer_.bytes += one.bytes();
      answer_.network_bytes += one.network_bytes;
    }
    const roofline::StepTime time = roofline::step_time(step_.timed, point());
    answer_.bound_s = time.bound_s;
    answer_.floor_s = time.floor_s();
    answer_.compute_s = time.compute_s;
    answer_.compulsory_memory_s = time.compulsory_memory_s;
    answer_.network_s = time.network_s;
    answer_.limit = time.limit();
    answer_.tokens_per_s = static_cast<double>(workload_.parallelism.data) * point().batch *
                           point().new_tokens / time.bound_s;
    answer_.crossover = find_crossover(floor_.compute_s, floor_.memory_s);
    for (OperatorAnalysis& one : answer_.operators) one.share = one.time_s / time.bound_s;
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
  auto timed = roofline::on_device(build_step<double>(plan), device);
  if (!timed) return fail(timed.error());
  return StepReadings{plan.phase, build_step<Count>(plan), build_step<Expr>(plan),
                      std::move(letters), std::move(*timed)};
}

StepAnalysis analyse_step(const StepReadings& step, const hardware::Device& device,
                          const Workload& workload) {
  return StepAnalyser(step, device, workload).analyse();
}

}  // namespace ridgepoint::predict
