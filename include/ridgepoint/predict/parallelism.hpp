// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::predict {

/// How a model is spread over devices, in vLLM's terms.
struct Parallelism {
  std::int64_t tensor = 1;    ///< each matrix is split over so many devices
  std::int64_t pipeline = 1;  ///< stages of consecutive layers
  std::int64_t data = 1;      ///< replicas, each with requests of its own
  /// Devices that share the experts of a layer between them: 1, a divisor of `tensor`, or a
  /// multiple of it up to tensor · data (attention data-parallel, experts over all).
  std::int64_t expert = 1;
  /// Norms, residual sums and embeddings between the tensor-parallel matrices work on a share of
  /// the tokens on each of the `tensor` devices: each all-reduce becomes a reduce-scatter before
  /// them and an all-gather after them.
  bool sequence = false;

  std::int64_t devices() const { return tensor * pipeline * data; }
  friend bool operator==(const Parallelism&, const Parallelism&) = default;
};

/// Replicas whose tokens meet in the same experts; 1 where each has its own.
std::int64_t replicas_of_experts(const Parallelism& parallelism);

/// Devices that share out the tokens between tensor-parallel matrices; 1 where none do.
std::int64_t token_shares(const Parallelism& parallelism);

/// "TP 8", "TP 4 × PP 2", "DP 32 × EP 32", "TP 8, sequence-parallel"; "1 device".
std::string describe(const Parallelism& parallelism);

/// Why no engine can split the model so; each says what it could be. Empty when it can.
Diagnostics illegal_splits(const model::Architecture& architecture, const Parallelism& parallelism);

/// The tensor-parallel sizes up to `most` (1024 at the most) that divide the model, ascending; 1
/// always.
std::vector<std::int64_t> legal_tensor_sizes(const model::Architecture& architecture,
                                             std::int64_t most);

/// What one device of a stage holds, as a model of its own: its heads (key/value heads are
/// replicated when there are fewer than devices), its share of each MLP, its experts, its layers,
/// its rows of the vocabulary. hidden_size stays.
struct DeviceShare {
  model::Architecture model;
  std::int64_t stage = 0;
  bool has_embedding = true;  ///< of the first stage
  bool has_head = true;       ///< of the last stage: final norm and lm_head
};

/// One for each stage. REQUIRES: illegal_splits is empty.
std::vector<DeviceShare> device_shares(const model::Architecture& architecture,
                                       const Parallelism& parallelism);

}  // namespace ridgepoint::predict
