// SPDX-License-Identifier: Apache-2.0
#include "calibrate/fit_plan.hpp"

namespace ridgepoint::calibrate {
namespace {

/// Of element-wise kernels these two alone were better with a table, on groups left out.
bool wants_table(std::string_view kernel) {
  return kernel == "rmsnorm" || kernel == "gated_activation";
}

/// "vLLM_custom_eager" runs the kernels of "vLLM_custom_graph".
std::string in_graph(std::string kernel) {
  constexpr std::string_view kEager = "eager";
  const std::size_t at = kernel.find(kEager);
  return at == std::string::npos ? kernel : kernel.replace(at, kEager.size(), "graph");
}

}  // namespace

const FitPlan& plan_of(efficiency::OperatorClass kind, std::string_view kernel) {
  static const FitPlan gemm{.steps = {1, 1.5, 1.5}};
  // Knots at 2 and 8 ranks, which is what there is.
  static const FitPlan collective{
      .loss_scale = 0.08, .steps = {1, 2}, .bending = 0.05, .size = 0.15};
  static const FitPlan elementwise{.loss_scale = 0.08};
  static const FitPlan elementwise_table{
      .loss_scale = 0.08, .steps = {1, 1.5}, .bending = 1, .size = 0.5, .clip = 0.4};
  static const FitPlan other{};
  if (kind == efficiency::OperatorClass::collective) return collective;
  if (kind == efficiency::OperatorClass::elementwise) {
    return wants_table(kernel) ? elementwise_table : elementwise;
  }
  return kind == efficiency::OperatorClass::gemm ? gemm : other;
}

bool share_coefficients(const Measurement& row, const Measurement& other) {
  if (row.kind != efficiency::OperatorClass::collective || other.kind != row.kind ||
      other.source != row.source) {
    return false;
  }
  if (row.kernel.starts_with("nccl_")) {
    return other.kernel == row.kernel && other.stack == row.stack;
  }
  return other.kernel == "nccl_all_reduce" ||
         (other.kernel == in_graph(row.kernel) && other.stack == row.stack);
}

}  // namespace ridgepoint::calibrate
