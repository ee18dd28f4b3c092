// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "predict/step_builder.hpp"

/// The operators of dense and sparse feed-forward parts.
namespace ridgepoint::predict {

/// Where the matrices of an MLP stand in the checkpoint.
struct MlpPaths {
  std::string_view gate;
  std::string_view up;
  std::string_view down;
};

/// An MLP between `width` features. `prefix` goes before the names of its operators.
template <class N>
void add_mlp(StepBuilder<N>& step, const model::Mlp& mlp, const N& intermediate,
             const MlpPaths& paths, const std::string& prefix = "") {
  const N inner = mlp.gated ? N(2 * intermediate) : intermediate;
  step.add_linear(prefix + (mlp.gated ? "gate_up_proj" : "up_proj"), {paths.gate, paths.up},
                  step.hidden(), inner, mlp.has_bias);
  step.add(prefix + "act_fn",
           mlp.gated ? cost::gated_activation(intermediate, step.sizes())
                     : cost::plain_activation(intermediate, step.sizes()),
           cost::KernelRole::activation);
  step.add_linear(prefix + "down_proj", {paths.down}, intermediate, step.hidden(), mlp.has_bias);
}

template <class N>
void add_feed_forward(StepBuilder<N>& step, const model::Mlp& mlp) {
  add_mlp(step, mlp, step.size("F", mlp.intermediate_size, "intermediate_size"),
          {"mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"});
}

/// The sizes of a mixture of experts.
template <class N>
struct ExpertSizes {
  N experts;       ///< E
  N per_token;     ///< k
  N intermediate;  ///< F_e
  N width;         ///< of their input and output
  N devices;       ///< that share them
  N replicas;      ///< whose tokens they take

  ExpertSizes(const StepBuilder<N>& step, const model::MixtureOfExperts& moe)
      : experts(step.size("E", moe.scored_experts(), "experts")),
        per_token(step.size("k", moe.experts_per_token, "experts per token")),
        intermediate(step.size("F_e", moe.expert.intermediate_size, "width of an expert")),
        width(moe.latent_size > 0 ? step.size("D_e", moe.latent_size, "moe_latent_size")
                                  : step.hidden()),
        devices(
            own_or_letter(step, "G", step.parallelism().expert, "devices that share the experts")),
        replicas(own_or_letter(step, "R", replicas_of_experts(step.parallelism()),
                               "replicas that share the experts")) {}

 private:
  /// One device is no letter.
  static N own_or_letter(const StepBuilder<N>& step, const char* letter, std::int64_t value,
                         const char* meaning) {
    return value == 1 ? N(1) : step.size(letter, value, meaning);
  }
};

/// Where experts are shared by more devices than split a matrix, tokens travel to them and back:
/// to every device that has at least one of a token's k experts.
template <class N>
void add_token_exchange(StepBuilder<N>& step, const ExpertSizes<N>& sizes, const char* name) {
  using cost::distinct_experts;
  const Parallelism& split = step.parallelism();
  if (split.expert <= split.tensor) return;
  const N targets = distinct_experts(sizes.devices, N(1), sizes.per_token);
  step.add_collective(name, cost::CollectiveKind::all_to_all, split.expert,
                      targets * sizes.width / N(split.tensor));
}

/// Scores every expert for every token and keeps the best k.
template <class N>
void add_router(StepBuilder<N>& step, const model::MixtureOfExperts& moe,
                const ExpertSizes<N>& sizes) {
  step.add_linear("router", {"mlp.router"}, step.hidden(), sizes.experts, moe.router_bias);
  step.add_elementwise("topk", sizes.experts, sizes.per_token,
                       moe.has_correction_bias ? sizes.experts : N(0), cost::KernelRole::experts);
}

template <class N>
void add_routed_experts(StepBuilder<N>& step, const model::MixtureOfExperts& moe,
                        const ExpertSizes<N>& sizes) {
  const auto matmul = [&](const char* name, typename StepBuilder<N>::Paths paths, const N& from,
                          const N& to, const N& input_rows) {
    step.add_matmul(name, paths, [&](const N& weight) {
      return cost::ExpertMatmul<N>{.experts = sizes.experts,
                                   .per_token = sizes.per_token,
                                   .k = from,
                                   .n = to,
                                   .input_rows = input_rows,
                                   .weight_size = weight,
                                   .activation_size = step.activation(),
                                   .bias = moe.expert.has_bias ? to : N(0),
                                   .imbalance = step.expert_imbalance(),
                                   .bias_size = step.stored(),
                                   .devices = sizes.devices,
                                   .replicas = sizes.replicas};
    });
  };
  const N inner = moe.expert.gated ? N(2 * sizes.intermediate) : sizes.intermediate;
  const N here = sizes.per_token * sizes.replicas / sizes.devices;
  const N rows = here * step.expert_imbalance();
  matmul(moe.expert.gated ? "experts_gate_up_proj" : "experts_up_proj",
         {"mlp.experts.0.gate_proj", "mlp.experts.0.up_proj"}, sizes.width, inner, N(1));
  const auto part = cost::KernelRole::experts;
  step.add_elementwise("experts_act_fn", rows * inner, rows * sizes.intermediate, N(0), part);
  matmul("experts_down_proj", {"mlp.experts.0.down_proj"}, sizes.intermediate, sizes.width,
         sizes.per_token);
  step.add_elementwise("experts_sum", here * sizes.width, sizes.width, N(0), part);
}

template <class N>
void add_feed_forward(StepBuilder<N>& step, const model::MixtureOfExperts& moe) {
  const ExpertSizes<N> sizes(step, moe);
  const N& d = step.hidden();
  add_router(step, moe, sizes);
  if (moe.latent_size > 0) {
    step.add_linear("fc1_latent_proj", {"mlp.fc1_latent_proj"}, d, sizes.width);
  }
  add_token_exchange(step, sizes, "experts_dispatch");
  add_routed_experts(step, moe, sizes);
  add_token_exchange(step, sizes, "experts_combine");
  if (moe.latent_size > 0) {
    step.add_linear("fc2_latent_proj", {"mlp.fc2_latent_proj"}, sizes.width, d);
  }
  if (moe.shared) {
    add_mlp(step, *moe.shared,
            step.size("F_s", moe.shared->intermediate_size, "width of the shared experts"),
            {"mlp.shared_experts.gate_proj", "mlp.shared_experts.up_proj",
             "mlp.shared_experts.down_proj"},
            "shared_");
    if (moe.has_shared_gate) {
      step.add_linear("shared_expert_gate", {"mlp.shared_experts.shared_expert_gate"}, d, N(1));
    }
    step.add("shared_sum", cost::residual(d, step.sizes()));
  }
  if (moe.dense) {
    add_mlp(step, *moe.dense,
            step.size("F_d", moe.dense->intermediate_size, "width of the dense MLP"),
            {"mlp.dense.gate_proj", "mlp.dense.up_proj", "mlp.dense.down_proj"}, "dense_");
    step.add("dense_sum", cost::residual(d, step.sizes()));
  }
}

template <class N>
void add_feed_forward(StepBuilder<N>&, const model::NoFeedForward&) {}

}  // namespace ridgepoint::predict
