// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ridgepoint::testing {

/// A model small enough to count by hand, of the named family, with further keys behind it.
inline std::string tiny(std::string_view family, std::string_view more = "") {
  return R"({"model_type": ")" + std::string(family) +
         R"(", "hidden_size": 4, "intermediate_size": 6, "num_hidden_layers": 2,
              "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 2, "vocab_size": 10,
              "tie_word_embeddings": false, "torch_dtype": "bfloat16")" +
         std::string(more) + "}";
}

}  // namespace ridgepoint::testing
