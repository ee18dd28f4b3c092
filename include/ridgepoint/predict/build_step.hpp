// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/cost/step.hpp"
#include "ridgepoint/efficiency/calibration.hpp"
#include "ridgepoint/model/architecture.hpp"
#include "ridgepoint/predict/engine.hpp"
#include "ridgepoint/predict/parallelism.hpp"
#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::predict {

/// Prefill: `context` new tokens of each sequence, no past. Decode: one new token that attends to
/// `context` tokens, itself included. Mixed: a decode with a chunk of one prompt beside it.
enum class Phase { prefill, decode, mixed };
constexpr std::string_view name(Phase phase) {
  switch (phase) {
    case Phase::prefill:
      return "prefill";
    case Phase::decode:
      return "decode";
    case Phase::mixed:
      break;
  }
  return "mixed";
}

/// What tensors are stored as and computed in.
struct Precision {
  /// Of the matrices in the layers, without scales; empty: each as the checkpoint stores it.
  std::optional<DataType> weights;
  DataType activations = DataType::bf16;
  DataType kv_cache = DataType::bf16;
};
/// Weights as stored, activations and cache at the type of what is not quantised.
Precision native_precision(const model::Architecture& architecture);

/// "fp8", "as stored: gptq"; of the matrices in the layers.
std::string weights_name(const model::Architecture& architecture, const Precision& precision);

/// How an engine runs a model.
struct Execution {
  Precision precision;
  Count expert_imbalance = 1;  ///< rows of the busiest expert ÷ mean
  Parallelism parallelism = {};
  std::optional<std::int64_t> source_tokens = {};  ///< of an encoder; empty: as many as context
  Engine engine = {};
  /// Of the device, for expected times; none: floor and bound alone.
  std::shared_ptr<const efficiency::Calibration> calibration = {};
};

/// Which phases a model has of prefill and decode: encoders have no decode step.
std::vector<Phase> phases_of(const model::Architecture& architecture);

/// One step of a model as engines run it: Q, K, V in one matmul, gate and up in one matmul, K and V
/// outputs written straight into the cache; latent attention expanded in prefill and absorbed in
/// decode. The prefill of an encoder–decoder is the encoder's pass and the projection of its output
/// to the keys and values of cross attention; its decode step is the decoder's. Layers that attend
/// to an image are passed over, as without one. Of several devices it is the step of one: its share
/// of every operator, the batch of its replica, and the collectives after them; of several stages
/// the first. REQUIRES: illegal_splits is empty; prefill or decode, of which a mixed step consists.
/// N is Count (exact), double, or Expr (the sizes as constants of the algebra).
template <class N>
cost::Step<N> build_step(const model::Architecture& architecture, const Execution& execution,
                         Phase phase);

/// A size of the model as formulas name it.
struct Letter {
  std::string symbol;  ///< "D", "F_2"
  std::int64_t value = 0;
  std::string meaning;  ///< "hidden_size"
};

/// The same steps in letters: a size that differs from the first of its kind gets an index (F_2).
struct LetteredSteps {
  std::vector<cost::Step<symbolic::Expr>> steps;  ///< one for each phase
  std::vector<Letter> letters;                    ///< in the order of their first use
};
LetteredSteps build_lettered_steps(const model::Architecture& architecture,
                                   const Execution& execution, const std::vector<Phase>& phases);

}  // namespace ridgepoint::predict
