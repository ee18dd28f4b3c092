// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/core/data_type.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::model {

/// One kind of weight (or bias) tensor: how many elements, how many times in the model.
struct ParameterEntry {
  std::string name;  ///< Hugging Face's: "embed_tokens", "q_proj", "q_proj bias", "input norms"
  Count elements;    ///< of one instance
  std::int64_t instances = 1;
  std::string path = {};     ///< inside its layer: "self_attn.q_proj"; of the model without layer
  std::int64_t inputs = 0;   ///< of a linear layer's matrix, else 0
  std::int64_t outputs = 0;  ///< of a linear layer's matrix, else 0
  std::int64_t run = -1;     ///< which of the runs it belongs to; -1: none
};

/// Every weight and bias, a tied lm_head left out; layers run by run.
std::vector<ParameterEntry> parameters(const Architecture& architecture);

/// All weights and biases, exactly; an error above 2^63 − 1.
Result<std::int64_t> total_parameters(const Architecture& architecture);

/// What one token uses: the total without the E − k experts of each layer that it does not visit.
Result<std::int64_t> active_parameters(const Architecture& architecture);

/// Bytes of all weights as the checkpoint stores them, scales of quantised ones included.
Count weight_bytes(const Architecture& architecture);

/// The constant state of a sequence in recurrent layers: fp32 for the state itself, bf16 for the
/// inputs that a convolution still needs.
Count state_bytes_per_sequence(const Architecture& architecture);

/// The layers that keep the same number of tokens in their KV cache.
struct KvWindow {
  std::int64_t tokens = 0;  ///< 0: every token of the sequence
  Count bytes_per_token;    ///< over all `layers`
  std::int64_t layers = 0;
  bool of_source = false;  ///< tokens of the encoder, which cross attention keeps
};

/// By window, the unbounded one first; the encoder's tokens last. `element` is the size of one
/// cached value: {2, 1} for bf16.
std::vector<KvWindow> kv_windows(const Architecture& architecture, ByteSize element);

/// Bytes that one token adds to a sequence shorter than every window.
Count kv_bytes_per_token(const Architecture& architecture, ByteSize element);

/// The same once every window is full.
Count kv_bytes_per_token_beyond_window(const Architecture& architecture, ByteSize element);

/// What the indexers of sparse attention cache for each token, beside the KV cache.
Count index_bytes_per_token(const Architecture& architecture, ByteSize element);

/// KV cache of a sequence of `length` tokens: Σ over layers of b·min(length, window).
Count kv_bytes_per_sequence(const Architecture& architecture, std::int64_t length,
                            ByteSize element);

}  // namespace ridgepoint::model
