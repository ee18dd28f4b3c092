// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <vector>

#include "app/common_options.hpp"
#include "ridgepoint/predict/memory_fit.hpp"

namespace ridgepoint::app {

// Rows that every verb about a deployment shares; the names are vLLM's.
inline constexpr Option kWeightsOption{
    "--weights", "TYPE", "what weights are stored as (default: as the config says)", ""};
inline constexpr Option kActivationsOption{"--activations", "TYPE", "likewise for activations", ""};
inline constexpr Option kKvCacheOption{"--kv-cache-dtype", "TYPE", "likewise for the KV cache", ""};

inline constexpr Option kExpertImbalanceOption{
    "--expert-imbalance", "X",
    "rows of the busiest expert over the mean: the load that experts are timed at", "1"};

inline constexpr Option kBatchedTokensOption{"--max-num-batched-tokens", "N",
                                             "new tokens of the largest step", "8192"};

inline constexpr Option kHitRateOption{"--prefix-cache-hit-rate", "X",
                                       "the share of a prompt's tokens that is found in the cache",
                                       "0"};

inline constexpr Option kProposedOption{"-k,--num-speculative-tokens", "N",
                                        "tokens proposed for each check; 0: no speculation", "0"};

/// -n and how the devices share the work.
const std::vector<Option>& parallel_options();

/// A batch of requests: -i, -o, -b, …
const std::vector<Option>& request_options();
/// -k, --acceptance and --draft; `proposed`: what -k is without words, and what it says.
std::vector<Option> speculation_options(const Option& proposed);
/// What memory is given to: --gpu-memory-utilization, --block-size, …
const std::vector<Option>& memory_limit_options();
/// These, and --shared-prefix.
const std::vector<Option>& memory_options();
/// --weights, --activations and --kv-cache-dtype.
const std::vector<Option>& precision_options();

/// Tables of options one after the other.
std::vector<Option> joined_options(std::initializer_list<std::vector<Option>> tables);

/// The data type of that name; nothing where it is "auto", or none.
std::optional<DataType> type_named(const std::string& text, std::string_view option,
                                   Faults& faults);

/// --weights, --activations and --kv-cache-dtype.
predict::Precision read_precision(const Arguments& arguments, const model::Architecture& model,
                                  Faults& faults);

/// What the parallel options say: the devices that they leave over are split by tensors.
predict::Parallelism read_parallelism(const Arguments& arguments, const model::Architecture& model,
                                      Faults& faults);

}  // namespace ridgepoint::app
