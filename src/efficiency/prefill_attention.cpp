// SPDX-License-Identifier: Apache-2.0
#include "efficiency/prefill_attention.hpp"

#include <cmath>

#include "efficiency/attention_kernels.hpp"
#include "efficiency/attention_terms.hpp"
#include "efficiency/forms.hpp"

namespace ridgepoint::efficiency {

namespace {

using Which = PrefillCoefficient;
constexpr double kTileRows = 128;
constexpr double kSixteenBits = 2;

double of(std::span<const double> x, Which which) { return x[static_cast<std::size_t>(which)]; }

double window_of(const AttentionShape& s) {
  constexpr double kAll = 1e9;
  return s.window > 0 ? s.window : kAll;
}

/// ∫ min(position, window) from 0 to `end`.
double triangle(double end, double window) {
  const double inside = std::min(end, window);
  return inside * inside / 2 + window * std::max(0.0, end - window);
}

double compute_seconds(std::span<const double> x, double peak, const AttentionShape& s,
                       const PrefillWork& work) {
  constexpr double kFlops = 4;  // of a pair and column: multiply and add, for keys and for values
  constexpr double kLongRun = 1e-3;
  const double width = s.head_dim + of(x, Which::softmax);
  const double seconds = kFlops * s.batch * s.query_heads * work.rows * work.keys * width /
                         (peak * of(x, Which::compute));
  return seconds * (1 + of(x, Which::throttle) * seconds / (seconds + kLongRun));
}

/// The tile that meets the whole context, alone on its unit.
double longest_seconds(std::span<const double> x, double peak_of_unit, const AttentionShape& s,
                       const PrefillWork& work) {
  constexpr double kFlops = 4;
  const double rows = std::min(kTileRows, s.new_tokens * work.packed_group);
  const double keys = std::min(s.context, window_of(s) + kTileRows);
  const double width = s.head_dim + of(x, Which::softmax);
  return kFlops * rows * keys * width / (peak_of_unit * of(x, Which::longest));
}

double memory_seconds(std::span<const double> x, const DeviceFacts& device,
                      const PrefillWork& work) {
  constexpr double kSteepness = 3;
  const double kept =
      share_in_cache(work.bytes, of(x, Which::kept) * device.cache_bytes, kSteepness);
  return work.bytes / (device.bytes_per_s * of(x, Which::memory)) *
         (1 - kept * (1 - 1 / of(x, Which::cache_speed)));
}

double tile_seconds(std::span<const double> x, const DeviceFacts& device, const AttentionShape& s,
                    const PrefillWork& work) {
  const double growth = 1 + s.head_dim / 128 * of(x, Which::tile_dim);
  const double ungrouped = s.query_heads == s.kv_heads ? of(x, Which::ungrouped_tile) : 1;
  return cycle_of(device) * kMicro * of(x, Which::tile) * work.tiles / device.compute_units *
         growth * ungrouped;
}

/// New keys and values to their places in the cache, by a kernel of its own: one block a token.
double write_seconds(std::span<const double> x, const DeviceFacts& device, double tokens,
                     double element_bytes, double written) {
  constexpr double kNano = 1e-9;
  constexpr double kThreads = 512;
  constexpr double kUnits = 132;
  constexpr double kSharpness = 2;
  const double blocks = cycle_of(device) * of(x, Which::write_token) * kNano * kUnits /
                        device.compute_units * tokens * std::min(1.0, written / kThreads);
  const double bytes = 2 * (kSixteenBits + element_bytes) * written * tokens;
  return smooth_max(blocks, bytes / (device.bytes_per_s * of(x, Which::write_memory)), kSharpness);
}

/// Of a kernel that splits the context while its tiles do not fill the units: it truly takes less
/// time once they do.
double merge_seconds(std::span<const double> x, const DeviceFacts& device,
                     const AttentionShape& s) {
  constexpr double kNano = 1e-9;
  const double group = s.query_heads / s.kv_heads;
  const double tiles = s.batch * s.kv_heads * std::ceil(s.new_tokens * group / kTileRows);
  if (tiles > device.compute_units || s.context <= kTileRows) return 0;
  return cycle_of(device) * of(x, Which::merge) * kNano * s.batch * s.new_tokens * s.query_heads;
}

double seconds(std::span<const double> x, const DeviceFacts& device, const KernelTypes& types,
               const Shape& any) {
  const auto& s = std::get<AttentionShape>(any);
  return prefill_seconds(x, device, PrefillRules::of(types), s, s.kv_heads * s.head_dim);
}

std::vector<double> work(const KernelTypes& types, const Shape& /*shape*/) {
  return PrefillRules::of(types).numbers();
}

double seconds_of_work(std::span<const double> x, const DeviceFacts& device,
                       const KernelTypes& /*types*/, const Shape& any,
                       std::span<const double> numbers) {
  const auto& s = std::get<AttentionShape>(any);
  return prefill_seconds(x, device, PrefillRules::of(numbers), s, s.kv_heads * s.head_dim);
}

/// Octaves of context beyond the window.
double window_fill(const AttentionShape& s) {
  constexpr double kNone = -1;
  constexpr double kMost = 4;
  return s.window > 0 ? std::clamp(log2(s.context / s.window), kNone, kMost) : kNone;
}

std::vector<double> features(const Shape& any) {
  const auto& s = std::get<AttentionShape>(any);
  return {log2(s.new_tokens),
          log2(s.batch * s.query_heads),
          group_feature(s),
          log2(s.head_dim),
          window_kind(s),
          window_fill(s),
          log2(s.kv_heads * s.head_dim),
          log2(s.batch * s.new_tokens)};
}

}  // namespace

double causal_pairs(const AttentionShape& s) {
  const double window = window_of(s);
  return triangle(s.context, window) - triangle(s.context - s.new_tokens, window);
}

PrefillWork prefill_work(std::span<const double> x, const AttentionShape& s) {
  constexpr double kKeys = 64;
  constexpr double kBothEnds = 3;
  PrefillWork work{};
  work.packed_group = pow(s.query_heads / s.kv_heads, of(x, Which::packing));
  work.row_tiles = std::ceil(s.new_tokens * work.packed_group / kTileRows);
  work.tiles = s.batch * s.query_heads / work.packed_group * work.row_tiles;
  const double padded = work.row_tiles * kTileRows / work.packed_group;
  const double paid = of(x, Which::padded_rows);
  work.rows = (1 - paid) * s.new_tokens + paid * padded;
  const double ends = s.context > window_of(s) ? 1 + kBothEnds * of(x, Which::window_keys) : 1;
  work.keys = causal_pairs(s) / s.new_tokens + of(x, Which::padded_keys) * kKeys * ends;
  work.bytes =
      2 * kSixteenBits * s.batch * s.new_tokens * s.query_heads * s.head_dim +
      kSixteenBits * s.batch * s.kv_heads * s.head_dim * s.context * of(x, Which::kv_reads);
  return work;
}

PrefillRules PrefillRules::of(const KernelTypes& types) {
  const AttentionKernel& kernel = attention_kernel(types.kernel);
  return {kernel.multiplies_in_fp8 && has_fp8_cache(types), kernel.merges, cache_bytes(types)};
}

std::vector<double> PrefillRules::numbers() const {
  return {multiplies_in_fp8 ? 1.0 : 0.0, merges ? 1.0 : 0.0, element_bytes};
}

PrefillRules PrefillRules::of(std::span<const double> numbers) {
  return {numbers[0] != 0, numbers[1] != 0, numbers[2]};
}

double prefill_seconds(std::span<const double> x, const DeviceFacts& device,
                       const PrefillRules& rules, const AttentionShape& s, double written) {
  const double peak = peak_of(device, rules.multiplies_in_fp8);
  const PrefillWork work = prefill_work(x, s);
  const double p = of(x, Which::sharpness);
  const double compute = smooth_max(compute_seconds(x, peak, s, work),
                                    longest_seconds(x, peak / device.compute_units, s, work), p);
  const double rest =
      smooth_max(memory_seconds(x, device, work), tile_seconds(x, device, s, work), p);
  return cycle_of(device) * kMicro * of(x, Which::start) +
         write_seconds(x, device, s.batch * s.new_tokens, rules.element_bytes, written) +
         (rules.merges ? merge_seconds(x, device, s) : 0) + smooth_max(compute, rest, p);
}

const Form& prefill_attention_form() {
  static constexpr Form kForm{OperatorClass::prefill_attention,
                              kPrefillFacts,
                              seconds,
                              features,
                              nullptr,
                              work,
                              seconds_of_work};
  return kForm;
}

}  // namespace ridgepoint::efficiency
