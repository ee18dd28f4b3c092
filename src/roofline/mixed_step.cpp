// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "ridgepoint/roofline/step_time.hpp"

namespace ridgepoint::roofline {
namespace {

cost::Totals<double> totals(const TimedOperator& part, const cost::Shape<double>& shape) {
  auto sum = std::visit([&](const auto& op) { return cost::totals(op, shape); }, part.op);
  sum.multiply(part.count);
  return sum;
}

bool has(const TimedStep& step, const TimedOperator& part) {
  return std::find(step.begin(), step.end(), part) != step.end();
}

/// One operator on the tokens of every part that has it.
cost::Totals<double> totals(const TimedOperator& op, std::span<const StepPart> parts) {
  cost::Totals<double> sum;
  double tokens = 0;
  for (const StepPart& part : parts) {
    if (!has(part.step, op)) continue;
    const cost::Totals<double> one = totals(op, part.shape);
    tokens += part.shape.batch * part.shape.new_tokens;
    sum.flops += one.flops;
    sum.activation_bytes += one.activation_bytes;
    sum.kv_bytes += one.kv_bytes;
    sum.state_bytes += one.state_bytes;
    sum.network_bytes += one.network_bytes;
  }
  // How much of its weights an operator reads depends on nothing but the number of tokens.
  const cost::Totals<double> at_once = totals(op, cost::Shape<double>{tokens, 1, 1});
  sum.weight_bytes = at_once.weight_bytes;
  sum.extra_weight_bytes = at_once.extra_weight_bytes;
  return sum;
}

}  // namespace

StepTime mixed_step_time(std::span<const StepPart> parts) {
  StepTime sum;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (const TimedOperator& op : parts[i].step) {
      const auto before = parts.first(i);
      const bool is_known = std::any_of(before.begin(), before.end(),
                                        [&](const auto& part) { return has(part.step, op); });
      if (is_known) continue;
      const cost::Totals<double> all = totals(op, parts);
      const OperatorTime time = operator_time(all, op.rates);
      sum.bound_s += time.total_s();
      sum.compute_s += time.compute_s;
      sum.network_s += time.network_s;
      sum.compulsory_memory_s += all.compulsory_bytes() * op.rates.seconds_per_byte;
    }
  }
  return sum;
}

}  // namespace ridgepoint::roofline
