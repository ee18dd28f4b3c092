// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "ridgepoint/model/parameters.hpp"
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

/// What a device keeps of sequences, in whole blocks of the cache.
class KeptBytes {
 public:
  /// `element`: of one cached value.
  KeptBytes(const model::Architecture& share, ByteSize element);

  /// KV cache, index keys and state of one sequence.
  Count of_sequence(const KeptTokens& tokens, std::int64_t block_size) const;
  /// The same without the state: what a shared prefix keeps.
  Count of_tokens(const KeptTokens& tokens, std::int64_t block_size) const;

 private:
  std::vector<model::KvWindow> windows_;
  Count index_bytes_per_token_;
  Count state_bytes_;
};

}  // namespace ridgepoint::predict
