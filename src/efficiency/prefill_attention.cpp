// SPDX-License-Identifier: Apache-2.0
#include "efficiency/prefill_attention.hpp"

#include <cmath>

#include "efficiency/attention_kernels.hpp"
#include "efficiency/attention_terms.hpp"
#include "efficiency/forms.hpp"
#include "efficiency/prefill_terms.hpp"

namespace ridgepoint::efficiency {

namespace {

using Which = PrefillCoefficient;
constexpr double kTileRows = kPrefillTileRows;
constexpr double kSixteenBits = 2;

double value(std::span<const double> x, Which which) { return x[static_cast<std::size_t>(which)]; }

double window_of(const AttentionShape& s) {
  constexpr double kAll = 1e9;
  return s.window > 0 ? s.window : kAll;
}

/// Of a token, by a kernel of its own that brings new keys and values to their places in the cache:
/// one block a token.
double write_seconds(std::span<const double> x, const DeviceFacts& device, double element_bytes,
                     double written) {
  constexpr double kNano = 1e-9;
  constexpr double kThreads = 512;
  constexpr double kUnits = 132;
  constexpr double kSharpness = 2;
  const double block = cycle_of(device) * value(x, Which::write_token) * kNano * kUnits /
                       device.compute_units * std::min(1.0, written / kThreads);
  const double bytes = 2 * (kSixteenBits + element_bytes) * written;
  return smooth_maximum(block, bytes / (device.bytes_per_s * value(x, Which::write_memory)),
                        kSharpness);
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

PrefillWorkTerms PrefillWorkTerms::of(std::span<const double> x, const AttentionShape& s) {
  constexpr double kKeys = 64;
  constexpr double kBothEnds = 3;
  PrefillWorkTerms terms;
  terms.window = window_of(s);
  terms.packed_group = pow(s.query_heads / s.kv_heads, value(x, Which::packing));
  terms.rows_of_tile = kTileRows / terms.packed_group;
  terms.groups = s.query_heads / terms.packed_group;
  terms.unpadded = 1 - value(x, Which::padded_rows);
  terms.more_keys = value(x, Which::padded_keys) * kKeys;
  terms.more_past = 1 + kBothEnds * value(x, Which::window_keys);
  terms.query_bytes = 2 * kSixteenBits * s.query_heads * s.head_dim;
  terms.key_bytes = kSixteenBits * s.kv_heads * s.head_dim * value(x, Which::kv_reads);
  return terms;
}

PrefillWork prefill_work(std::span<const double> x, const AttentionShape& s) {
  return PrefillWorkTerms::of(x, s).at(s.batch, s.new_tokens, s.context);
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

PrefillTerms PrefillTerms::of(std::span<const double> x, const DeviceFacts& device,
                              const PrefillRules& rules, const AttentionShape& s, double written) {
  constexpr double kFlops = 4;  // of a pair and column: multiply and add, for keys and for values
  constexpr double kNano = 1e-9;
  const double cycle = cycle_of(device);
  const double peak = peak_of(device, rules.multiplies_in_fp8);
  const double width = s.head_dim + value(x, Which::softmax);
  const double capacity = value(x, Which::kept) * device.cache_bytes;
  const double ungrouped = s.query_heads == s.kv_heads ? value(x, Which::ungrouped_tile) : 1;
  PrefillTerms terms;
  terms.work = PrefillWorkTerms::of(x, s);
  terms.start = cycle * kMicro * value(x, Which::start);
  terms.write = write_seconds(x, device, rules.element_bytes, written);
  terms.compute = kFlops * s.query_heads * width / (peak * value(x, Which::compute));
  terms.throttle = value(x, Which::throttle);
  terms.longest = kFlops * width / (peak / device.compute_units * value(x, Which::longest));
  terms.memory = 1 / (device.bytes_per_s * value(x, Which::memory));
  terms.has_cache = capacity > 0;
  terms.of_capacity = terms.has_cache ? 1 / capacity : 1;
  terms.spared = 1 - 1 / value(x, Which::cache_speed);
  terms.tile = cycle * kMicro * value(x, Which::tile) / device.compute_units *
               (1 + s.head_dim / 128 * value(x, Which::tile_dim)) * ungrouped;
  terms.merge = rules.merges ? cycle * value(x, Which::merge) * kNano * s.query_heads : 0;
  terms.group = s.query_heads / s.kv_heads;
  terms.kv_heads = s.kv_heads;
  terms.units = device.compute_units;
  terms.sharpness = value(x, Which::sharpness);
  terms.of_sharpness = 1 / value(x, Which::sharpness);
  return terms;
}

double prefill_seconds(std::span<const double> x, const DeviceFacts& device,
                       const PrefillRules& rules, const AttentionShape& s, double written) {
  return PrefillTerms::of(x, device, rules, s, written).at(s.batch, s.new_tokens, s.context);
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
