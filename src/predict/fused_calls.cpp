// SPDX-License-Identifier: Apache-2.0
#include "predict/fused_calls.hpp"

#include <algorithm>
#include <cmath>

namespace ridgepoint::predict {

using cost::KernelRole;

namespace {

/// The second matrix of the experts runs within the kernel of the first, which learns from it how
/// many matrices go up.
void join_experts(const cost::Step<double>& step, std::vector<StepCall>& calls) {
  StepCall* first = nullptr;
  std::string name;
  double outputs = 0;
  for (std::size_t i = 0; i < step.size(); ++i) {
    const auto* matmul = std::get_if<cost::ExpertMatmul<double>>(&step[i].op);
    if (matmul == nullptr) continue;
    if (first == nullptr) {
      first = &calls[i];
      name = step[i].name;
      outputs = matmul->n;
      continue;
    }
    first->call.matrices_up = std::max(1.0, std::round(outputs / matmul->k));
    calls[i] = {StepCall::How::elsewhere, {}, name};
    first = nullptr;
  }
}

/// The choice of experts, their activation and the sum of their outputs run in the same kernels.
void name_experts(const cost::Step<double>& step, std::vector<StepCall>& calls) {
  const auto experts = std::find_if(step.begin(), step.end(), [](const auto& part) {
    return std::holds_alternative<cost::ExpertMatmul<double>>(part.op);
  });
  if (experts == step.end()) return;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i].role == KernelRole::experts) calls[i].within = experts->name;
  }
}

/// Engines project to the latents of queries and of keys and values in one matmul.
void join_latents(const cost::Step<double>& step, std::vector<StepCall>& calls) {
  for (std::size_t i = 0; i < step.size(); ++i) {
    const auto* latent = std::get_if<cost::CacheProjection<double>>(&step[i].op);
    if (latent == nullptr) continue;
    for (std::size_t j = 0; j < i; ++j) {
      const auto* query = std::get_if<cost::Matmul<double>>(&step[j].op);
      const bool is_beside = query != nullptr && step[j].name.ends_with("q_a_proj") &&
                             step[j].count == step[i].count && query->k == latent->hidden &&
                             calls[j].call.more_columns == 0 &&
                             calls[j].call.compute == calls[i].call.compute;
      if (!is_beside || !step[i].name.ends_with("kv_a_proj_with_mqa")) continue;
      calls[j].call.more_columns = latent->width;
      calls[i] = {StepCall::How::elsewhere, {}, step[j].name};
      break;
    }
  }
}

bool is_normed(const cost::StepOperator<double>& part, double hidden) {
  if (part.role != KernelRole::norm && part.role != KernelRole::into_norm) return false;
  const auto* op = std::get_if<cost::Elementwise<double>>(&part.op);
  return op != nullptr && op->elements_written == hidden;
}

/// Each all-reduce of the residual stream takes the sum and the norm behind it along.
void join_norms(const cost::Step<double>& step, const StepPlan& plan,
                const hardware::Device& device, std::vector<StepCall>& calls) {
  const auto hidden = static_cast<double>(plan.architecture().hidden_size);
  const auto ranks = static_cast<double>(plan.parallelism().tensor);
  const auto facts = efficiency::device_facts(device, DataType::bf16);
  const double generation = facts ? facts->link_generation : 0;
  const double limit = fused_norm_bytes(plan.execution.engine, generation, ranks);
  double reduced = 0;
  double norms = 0;
  for (const cost::StepOperator<double>& part : step) {
    const auto* sum = std::get_if<cost::Collective<double>>(&part.op);
    const bool is_reduced =
        sum != nullptr && sum->kind == cost::CollectiveKind::all_reduce && sum->width == hidden;
    if (is_reduced) reduced += part.count;
    if (is_normed(part, hidden) && part.role == KernelRole::norm) norms += part.count;
  }
  if (!(limit > 0) || !(reduced > 0)) return;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (!is_normed(step[i], hidden)) continue;
    calls[i].share_in_all_reduce = std::min(1.0, reduced / std::max(norms, 1.0));
    calls[i].all_reduce_bytes = limit;
  }
}

/// A matmul behind a norm or an activation function finds its input quantised.
void find_quantised(const cost::Step<double>& step, const Engine& engine,
                    std::vector<StepCall>& calls) {
  if (!quantises_early(engine)) return;
  for (std::size_t i = 1; i < step.size(); ++i) {
    const KernelRole before = step[i - 1].role;
    calls[i].call.input_is_quantised =
        before == KernelRole::norm || before == KernelRole::activation;
  }
}

}  // namespace

void fuse_calls(const cost::Step<double>& step, const StepPlan& plan,
                const hardware::Device& device, std::vector<StepCall>& calls) {
  join_experts(step, calls);
  name_experts(step, calls);
  join_latents(step, calls);
  join_norms(step, plan, device, calls);
  find_quantised(step, plan.execution.engine, calls);
}

}  // namespace ridgepoint::predict
