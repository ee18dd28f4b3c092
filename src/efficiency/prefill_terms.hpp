// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "efficiency/inline_numbers.hpp"
#include "efficiency/prefill_attention.hpp"

namespace ridgepoint::efficiency {

inline constexpr double kPrefillTileRows = 128;

/// ∫ min(position, window) from 0 to `end`.
RIDGEPOINT_INLINE double triangle(double end, double window) {
  const double inside = smaller(end, window);
  return inside * inside * 0.5 + window * larger(0, end - window);
}

/// What the attention of prompts has to do over batch, new tokens and context, with all else worked
/// out once.
struct PrefillWorkTerms {
  double window = 0;
  double packed_group = 1;
  double rows_of_tile = 0;  ///< of one query head
  double groups = 0;        ///< of query heads that share a tile
  double unpadded = 0;      ///< share of the padding that is not paid for
  double more_keys = 0;     ///< visited by each row; past the window by so much more
  double more_past = 0;
  double query_bytes = 0;  ///< of a new token
  double key_bytes = 0;    ///< of a token of the context

  static PrefillWorkTerms of(std::span<const double> coefficients, const AttentionShape& shape);

  RIDGEPOINT_INLINE PrefillWork at(double batch, double new_tokens, double context) const {
    PrefillWork work{};
    work.packed_group = packed_group;
    work.row_tiles = std::ceil(new_tokens * packed_group * (1 / kPrefillTileRows));
    work.tiles = batch * groups * work.row_tiles;
    work.rows = unpadded * new_tokens + (1 - unpadded) * (work.row_tiles * rows_of_tile);
    const double pairs = triangle(context, window) - triangle(context - new_tokens, window);
    work.keys = pairs / new_tokens + more_keys * (context > window ? more_past : 1);
    work.bytes = batch * (query_bytes * new_tokens + key_bytes * context);
    return work;
  }
};

/// Time of prompts' attention, likewise.
struct PrefillTerms {
  PrefillWorkTerms work;
  double start = 0;
  double write = 0;  ///< of a token
  double compute = 0;
  double throttle = 0;
  double longest = 0;
  double memory = 0;  ///< of a byte
  bool has_cache = false;
  double of_capacity = 0;
  double spared = 0;
  double tile = 0;
  // Splits of the context while tiles leave units idle.
  double merge = 0;
  double group = 1;
  double kv_heads = 1;
  double units = 1;
  double sharpness = 1;
  double of_sharpness = 1;

  static PrefillTerms of(std::span<const double> coefficients, const DeviceFacts& device,
                         const PrefillRules& rules, const AttentionShape& shape, double written);

  RIDGEPOINT_INLINE double at(double batch, double new_tokens, double context) const {
    constexpr double kLongRun = 1e-3;
    constexpr double kSteepness = 3;
    constexpr double kFar = 60;
    const PrefillWork all = work.at(batch, new_tokens, context);
    const double cool = compute * batch * all.rows * all.keys;
    const double warm = cool * (1 + throttle * cool / (cool + kLongRun));
    const double alone = longest * smaller(kPrefillTileRows, new_tokens * work.packed_group) *
                         smaller(context, work.window + kPrefillTileRows);
    const double beyond = kSteepness * log2(all.bytes * of_capacity);
    const double kept = 1 / (1 + exp2(smaller(larger(beyond, -kFar), kFar)));
    const double moved = memory * all.bytes * (1 - kept * (has_cache ? spared : 0));
    const double inner = smooth_maximum(warm, alone, sharpness, of_sharpness);
    const double outer = smooth_maximum(moved, tile * all.tiles, sharpness, of_sharpness);
    const double tiles = batch * kv_heads * std::ceil(new_tokens * group * (1 / kPrefillTileRows));
    const bool is_whole = (tiles > units) | (context <= kPrefillTileRows);
    const double tokens = batch * new_tokens;
    return start + write * tokens + (is_whole ? 0 : merge * tokens) +
           smooth_maximum(inner, outer, sharpness, of_sharpness);
  }
};

}  // namespace ridgepoint::efficiency
