// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/predict/memory_fit.hpp"

namespace ridgepoint::predict {

/// Bytes of all weights that a device of this stage holds.
Count stage_weights(const DeviceShare& share, const Precision& precision);

/// What is alive at once in the largest step of `tokens` new tokens: the residual stream and the
/// inputs and outputs of the widest operator, or the logits of `sequences` and their fp32 copy.
Count stage_activations(const DeviceShare& share, const Execution& execution, std::int64_t tokens,
                        std::int64_t sequences);

/// Tokens that a sequence keeps keys and values of.
struct KeptTokens {
  std::int64_t own = 0;
  std::int64_t source = 0;  ///< of the encoder, if there is one
};

/// KV cache, index keys and state of one sequence, in whole blocks.
Count sequence_memory(const model::Architecture& share, const KeptTokens& tokens,
                      std::int64_t block_size, ByteSize element);

/// The same without the state: what a shared prefix keeps.
Count token_memory(const model::Architecture& share, const KeptTokens& tokens,
                   std::int64_t block_size, ByteSize element);

}  // namespace ridgepoint::predict
