// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "ridgepoint/report/serving_commands.hpp"

namespace ridgepoint::app {

/// What a flag of an engine means to us.
enum class Meaning {
  option,           ///< the value of an option of ours
  on,               ///< a switch of ours
  model,            ///< what is served
  weights,          ///< a method of quantisation
  activations,      ///< torch's name of a type
  kv_cache,         ///< the engine's name of a type
  attention_dp,     ///< replicas of attention that share their experts
  memory_fraction,  ///< a share of the memory, as the engine defines it
  config_changes,   ///< a JSON object over the model's config
  speculation,      ///< a JSON object
  compilation,      ///< a JSON object, or a level
  nothing,          ///< no part of a cost
  not_counted,      ///< part of a cost that we do not count
  unknown,
};

struct FlagMeaning {
  Meaning meaning = Meaning::unknown;
  std::string_view option = {};  ///< ours
  bool takes_value = true;
  bool takes_list = false;
};

/// Of a flag without its dashes, its underscores written as dashes: "tensor-parallel-size".
FlagMeaning flag_meaning(report::Engine engine, std::string_view flag);

/// "--kv_cache_dtype" → "kv-cache-dtype"
std::string bare_flag(std::string_view word);

}  // namespace ridgepoint::app
