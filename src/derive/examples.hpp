// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/core/data_type.hpp"
#include "ridgepoint/cost/formula.hpp"
#include "ridgepoint/cost/transformer.hpp"
#include "ridgepoint/symbolic/expr.hpp"

/// The worked cases whose numbers the derivations put in.
namespace ridgepoint::derive {

/// Llama 2 13B. Source: its config.json on Hugging Face (meta-llama/Llama-2-13b-hf).
inline symbolic::Substitution llama_2_13b() {
  return {{"D", 5120}, {"F", 13824}, {"L", 40}, {"N", 40}, {"K", 40}, {"H", 128}, {"V", 32000}};
}

/// The same in numbers, with K key/value heads.
inline cost::Transformer<double> llama_2_13b_in_numbers(int kv_heads, ByteSize element_size) {
  return {.vocabulary = 32000,
          .hidden = 5120,
          .intermediate = 13824,
          .layers = 40,
          .query_heads = 40,
          .kv_heads = static_cast<double>(kv_heads),
          .head_dim = 128,
          .element_size = cost::scalar<double>(element_size)};
}

/// `values` with others put over them.
inline symbolic::Substitution with(symbolic::Substitution values,
                                   const symbolic::Substitution& others) {
  for (const auto& [name, value] : others) values.insert_or_assign(name, value);
  return values;
}

}  // namespace ridgepoint::derive
