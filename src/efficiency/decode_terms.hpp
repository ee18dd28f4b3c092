// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "efficiency/attention_kernels.hpp"
#include "efficiency/attention_terms.hpp"
#include "efficiency/inline_numbers.hpp"

namespace ridgepoint::efficiency {

/// What a decode kernel's name and types tell.
struct DecodeRules {
  double element_bytes = 2;  ///< of the cache
  WalkedShare walked;

  /// Whatever the batch and the context of the shape are.
  static DecodeRules of(const KernelTypes& types, const AttentionShape& shape);
};

/// Time of decode attention over batch and context, with all else worked out once.
struct DecodeTerms {
  double start = 0;
  double past = 0;  ///< once the context is past the window
  double window = 0;
  double most_keys = 0;
  double floor_of_key = 0;  ///< of a sequence's key: reading it from memory at the full bandwidth
  // The loop over a split context.
  double split = 0;
  double split_power = 0;
  double unsplit = 0;
  double few_walked = 0;
  double many_walked = 0;
  double most_few = 0;  ///< sequences
  // Seconds, of a sequence: of each key, of queries and outputs.
  double compute = 0;
  double memory = 0;
  double queries = 0;
  // Keys and values that stay in a cache from call to call.
  bool has_cache = false;
  double of_capacity = 0;  ///< a sequence's key ÷ what the cache keeps
  double steepness = 0;
  double spared = 0;
  // Blocks one after the other, and each along what it walks.
  double waiting = 0;
  double of_units = 0;  ///< blocks of a sequence on each compute unit
  double serial = 0;    ///< of a key
  double sharpness = 1;
  double of_sharpness = 1;

  static DecodeTerms of(std::span<const double> coefficients, const DeviceFacts& device,
                        const AttentionShape& shape, const DecodeRules& rules);

  RIDGEPOINT_INLINE double stream(double batch, double keys, bool is_cached) const {
    double moved = memory * batch * keys;
    if (is_cached) {
      constexpr double kFar = 60;
      const double beyond = steepness * log2(batch * keys * of_capacity);
      const double kept = 1 / (1 + exp2(smaller(larger(beyond, -kFar), kFar)));
      moved *= 1 - kept * spared;
    }
    return smooth_maximum(moved + queries * batch, compute * batch * keys, sharpness, of_sharpness);
  }
  RIDGEPOINT_INLINE double blocks(double batch, double keys, double walked) const {
    constexpr double kLeast = 1e-15;
    constexpr double kFree = 128;
    return smooth_maximum(waiting * larger(batch * of_units - 1, 0) + kLeast,
                          serial * walked * larger(keys - kFree, 0) + kLeast, sharpness,
                          of_sharpness);
  }
  /// `is_cached`: has_cache, known where this is compiled.
  RIDGEPOINT_INLINE double at(double batch, double context, bool is_cached) const {
    constexpr double kLog2OfKeys = 10;
    const double keys = smaller(context, most_keys);
    const double walked = batch <= most_few ? few_walked : many_walked;
    const double fixed =
        start + (context > window ? past : 0) +
        split * exp2(split_power * (log2(keys) - kLog2OfKeys)) * (1 - walked * unsplit);
    return fixed + smooth_maximum(stream(batch, keys, is_cached), blocks(batch, keys, walked),
                                  sharpness, of_sharpness);
  }
};

}  // namespace ridgepoint::efficiency
