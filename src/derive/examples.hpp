// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/symbolic/expr.hpp"

/// The worked cases whose numbers the derivations put in.
namespace ridgepoint::derive {

/// Llama 2 13B. Source: its config.json on Hugging Face (meta-llama/Llama-2-13b-hf).
inline symbolic::Substitution llama_2_13b() {
  return {{"D", 5120}, {"F", 13824}, {"L", 40}, {"N", 40}, {"K", 40}, {"H", 128}, {"V", 32000}};
}

/// `values` with others put over them.
inline symbolic::Substitution with(symbolic::Substitution values,
                                   const symbolic::Substitution& others) {
  for (const auto& [name, value] : others) values.insert_or_assign(name, value);
  return values;
}

}  // namespace ridgepoint::derive
