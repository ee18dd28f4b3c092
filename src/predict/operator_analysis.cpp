// SPDX-License-Identifier: Apache-2.0
#include "predict/operator_analysis.hpp"

#include <algorithm>

#include "ridgepoint/cost/mixed.hpp"
#include "ridgepoint/roofline/collectives.hpp"

namespace ridgepoint::predict {
namespace {

void judge(OperatorAnalysis& one, const hardware::PeakInUse& peak, const hardware::Device& device) {
  const FlopsPerByte ridge = peak.value / device.memory_bandwidth.value;
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

}  // namespace

OperatorAnalysis count_operator(const cost::StepOperator<Count>& part,
                                const cost::Totals<Count>& totals, const hardware::Device& device) {
  const hardware::PeakInUse peak = *hardware::dense_peak(device, part.compute_type);
  OperatorAnalysis one;
  one.name = part.name;
  one.count = part.count.to_integer().value_or(0);
  one.compute_type = peak.used;
  one.flops = totals.flops;
  one.weight_bytes = totals.weight_bytes;
  one.activation_bytes = totals.activation_bytes;
  one.kv_bytes = totals.kv_bytes;
  one.state_bytes = totals.state_bytes;
  one.network_bytes = totals.network_bytes;
  judge(one, peak, device);
  return one;
}

std::vector<FormulaLine> formula(const cost::StepOperator<symbolic::Expr>& letters,
                                 const cost::StepOperator<Count>& exact,
                                 const LetteredShapes& shapes) {
  const auto words = cost::ledger(letters.op, shapes.letters);
  const auto numbers = cost::ledger(exact.op, shapes.numbers);
  std::vector<FormulaLine> lines;
  lines.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    lines.push_back(
        {words[i], words[i].action == cost::Action::compute ? numbers[i].flops : numbers[i].bytes});
  }
  return lines;
}

std::string exchange_of(const roofline::TimedOperator& op, const hardware::Device& device) {
  const auto* exchange = std::get_if<cost::Collective<double>>(&op.op);
  return exchange == nullptr ? "" : roofline::describe(*exchange, device);
}

void finish(StepAnalysis& step, const roofline::StepTime& time) {
  for (const OperatorAnalysis& one : step.operators) {
    step.flops += one.flops;
    step.bytes += one.bytes();
    step.network_bytes += one.network_bytes;
  }
  step.bound_s = time.bound_s;
  step.floor_s = time.floor_s();
  step.compute_s = time.compute_s;
  step.compulsory_memory_s = time.compulsory_memory_s;
  step.network_s = time.network_s;
  step.limit = time.limit();
  for (OperatorAnalysis& one : step.operators) one.share = one.time_s / time.bound_s;
}

}  // namespace ridgepoint::predict
