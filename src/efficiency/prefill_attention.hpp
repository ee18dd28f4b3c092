// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <vector>

#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {

/// Names the coefficients of prompts' attention; their order.
enum class PrefillCoefficient : std::size_t {
  start,
  compute,
  softmax,
  padded_rows,
  padded_keys,
  tile,
  packing,
  longest,
  memory,
  kv_reads,
  kept,
  cache_speed,
  sharpness,
  throttle,
  window_keys,
  tile_dim,
  write_token,
  ungrouped_tile,
  write_memory,
  merge,
};
inline constexpr std::size_t kPrefillCoefficients = 20;

inline constexpr std::array<CoefficientFacts, kPrefillCoefficients> kPrefillFacts{{
    {"start_us", "µs", 1, 8, 40, "launches, drain and what else is fixed"},
    {"compute", "", 0.05, 0.5, 1.1, "share of the dense peak that the inner loop reaches"},
    {"softmax", "columns", 1, 40, 600, "softmax of a score, as columns of head_dim"},
    {"padded_rows", "", 0.01, 0.5, 1, "share of the padding of a tile's rows that is paid for"},
    {"padded_keys", "64 keys", 0.01, 0.5, 3, "visited beyond the causal triangle, each row"},
    {"tile_us", "µs", 0.01, 0.5, 8, "fixed time of a tile, for each on a compute unit"},
    {"packing", "", 0.01, 0.5, 1, "exponent of the group of query heads that shares a tile"},
    {"longest", "", 0.01, 0.3, 2, "share of a unit's peak that the longest tile reaches alone"},
    {"memory", "", 0.1, 0.5, 1.2, "share of the bandwidth that is reached"},
    {"kv_reads", "", 0.5, 1.5, 4,
     "times that keys or values pass through memory at 16 bits; 2: each once"},
    {"kept", "", 0.02, 0.3, 1.5, "share of the cache within which operands stay"},
    {"cache_speed", "", 1, 2, 8, "bandwidth of the cache ÷ that of memory"},
    {"sharpness", "", 1, 2.5, 8, "of the maximum of compute, memory and tiles; 1: sum"},
    {"throttle", "", 0.001, 0.05, 1, "slower by so much over many milliseconds"},
    {"window_keys", "", 0.001, 0.1, 2, "as padded_keys, at both ends of a sliding window"},
    {"tile_dim", "", 0.01, 0.3, 5, "growth of tile_us with head_dim ÷ 128"},
    {"write_token_ns", "ns", 0.1, 3, 20,
     "of a token's keys and values, written to the cache by a block of 512 threads on 132 units"},
    {"ungrouped_tile", "", 0.5, 1, 2.5, "tile_us where each query head has keys of its own"},
    {"write_memory", "", 0.1, 0.7, 1.2, "share of the bandwidth that those writes reach"},
    {"merge_ns", "ns", 0.01, 1, 10, "of each row and head whose context was split"},
}};

/// Of a prompt's attention, from the shape alone.
struct PrefillWork {
  double packed_group;  ///< query heads that share a tile
  double row_tiles;     ///< of one sequence and one group
  double tiles;
  double rows;   ///< of each query head, with the share of padding that is paid for
  double keys;   ///< that a row meets in the mean
  double bytes;  ///< queries, outputs, and keys and values as often as they are read
};

/// Causal pairs of `new_tokens` queries at the end of a context, none farther apart than the
/// window; the mean of the pairs with and without each token's own half.
double causal_pairs(const AttentionShape& shape);

PrefillWork prefill_work(std::span<const double> coefficients, const AttentionShape& shape);

/// What a kernel's name and types tell.
struct PrefillRules {
  bool multiplies_in_fp8;
  bool merges;
  double element_bytes;  ///< of the cache

  static PrefillRules of(const KernelTypes& types);
  // As what a form does once.
  std::vector<double> numbers() const;
  static PrefillRules of(std::span<const double> numbers);
};

/// Seconds of prompts that write `written` elements of keys, and as many of values, to the cache
/// for each token.
double prefill_seconds(std::span<const double> coefficients, const DeviceFacts& device,
                       const PrefillRules& rules, const AttentionShape& shape, double written);

}  // namespace ridgepoint::efficiency
