// SPDX-License-Identifier: Apache-2.0
#include "predict/operator_expectation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ridgepoint::predict {
namespace {

constexpr std::string_view kWithin = "in ";
constexpr std::string_view kWithNorm = "with the next norm";

std::string kernel_words(const ExpectedStep& step, const ExpectedOperator& op) {
  const StepCall& call = op.call;
  if (call.how == StepCall::How::elsewhere) {
    return std::string(kWithin) + (call.within.empty() ? "another kernel" : call.within);
  }
  if (!op.kernel) return "not measured";
  if (call.call.is_added_to_norm) return std::string(kWithNorm);
  const efficiency::KernelProfile& kernel = step.kernels()[*op.kernel].in_use.kernel;
  const std::string_view work = efficiency::work_of(kernel.kind, kernel.kernel);
  return fmt::format("{} {}", work.empty() ? name(kernel.kind) : work, kernel.compute);
}

}  // namespace

OperatorExpectation expectation_of(const ExpectedStep& step, std::size_t i,
                                   const efficiency::Expected& time) {
  const bool is_reduced = step.operators()[i].call.share_in_all_reduce > 0;
  if (is_reduced && time.seconds == 0) return {time, "in the all-reduce before", "", 0, 0};
  return {time, kernel_words(step, step.operators()[i]), step.source(i), 0, 0};
}

void add_kernel_totals(StepAnalysis& step) {
  for (const OperatorAnalysis& one : step.operators) {
    if (!one.expected) return;
    const std::string& kernel = one.expected->kernel;
    if (kernel == kWithNorm) continue;
    const std::string host = kernel.starts_with(kWithin) ? kernel.substr(kWithin.size()) : one.name;
    const auto runs =
        std::find_if(step.operators.begin(), step.operators.end(), [&](const auto& other) {
          // In a mixed step the name may end in a phase.
          return other.name == host || other.name.starts_with(host + " (");
        });
    if (runs == step.operators.end() || !runs->expected) continue;
    runs->expected->bound_s += one.time_s;
    runs->expected->flops += one.flops.to_double();
  }
}

}  // namespace ridgepoint::predict
