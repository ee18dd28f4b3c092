// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>

#include "efficiency/attention_terms.hpp"
#include "efficiency/decode_terms.hpp"
#include "efficiency/forms.hpp"

namespace ridgepoint::efficiency {
namespace {

/// The order of the coefficients below.
enum Coefficient : std::size_t {
  kStart,
  kSplit,
  kSplitPower,
  kMemory,
  kSerial,
  kSerialDim,
  kCompute,
  kBlock,
  kBlockDim,
  kSharpness,
  kKept,
  kCacheSpeed,
  kUnpacked,
  kPastWindow,
  kQueries,
  kSteepness,
  kWindowKeys,
  kUnsplit,
};

constexpr std::array kFacts{
    CoefficientFacts{"start_us", "µs", 1, 8, 60, "launches and what else is fixed"},
    CoefficientFacts{"split_us", "µs", 0.01, 1, 20,
                     "of the loop over a split context and its sum, at 1024 keys"},
    CoefficientFacts{"split_power", "", 0.25, 0.4, 1.1, "growth of it with the context"},
    CoefficientFacts{"memory", "", 0.2, 0.85, 1.2, "share of the bandwidth that is reached"},
    CoefficientFacts{"serial_us", "µs", 0.01, 20, 200,
                     "of 1024 keys in one block, at head_dim 128, where the context is not split"},
    CoefficientFacts{"serial_dim", "", 0.01, 0.9, 1.5, "growth of it with head_dim"},
    CoefficientFacts{"compute", "", 0.01, 0.3, 1.2,
                     "share of the dense peak, query rows padded to 16"},
    CoefficientFacts{"block_us", "µs", 0.01, 1, 10,
                     "fixed time of a block, for each beyond the first on a compute unit"},
    CoefficientFacts{"block_dim", "", 0.01, 0.5, 4, "growth of it with head_dim ÷ 128"},
    CoefficientFacts{"sharpness", "", 1, 2.5, 8, "of the maximum of all these; 1: sum"},
    CoefficientFacts{"kept", "", 0.02, 0.4, 1.5,
                     "share of the cache within which keys and values stay from call to call"},
    CoefficientFacts{"cache_speed", "", 1, 2, 8, "bandwidth of the cache ÷ that of memory"},
    CoefficientFacts{"unpacked", "", 0.001, 0.2, 1,
                     "exponent of the group that windows unpack; 1: a block for each query head"},
    CoefficientFacts{"past_window_us", "µs", 0.001, 0.5, 8, "once the context is past the window"},
    CoefficientFacts{"queries", "", 0.3, 1, 6, "weight of the bytes of queries and outputs"},
    CoefficientFacts{"steepness", "", 0.5, 4, 30, "of falling out of the cache"},
    CoefficientFacts{"window_keys", "128 keys", 0.001, 0.3, 2, "visited beyond the window"},
    CoefficientFacts{"unsplit", "", 0.001, 0.3, 1,
                     "share of split_us that is saved where the context is not split"}};

DecodeTerms terms_of(std::span<const double> x, const DeviceFacts& device, const Shape& any,
                     const DecodeRules& rules) {
  return DecodeTerms::of(x, device, std::get<AttentionShape>(any), rules);
}

double seconds_of_terms(const DecodeTerms& terms, const Shape& any) {
  const auto& s = std::get<AttentionShape>(any);
  return terms.at(s.batch, s.context, terms.has_cache);
}

/// As numbers, for what is done once.
std::vector<double> rules_of(const KernelTypes& types, const Shape& any) {
  const DecodeRules rules = DecodeRules::of(types, std::get<AttentionShape>(any));
  return {rules.element_bytes, rules.walked.of_few, rules.walked.of_many, rules.walked.most_few};
}

double seconds_of_rules(std::span<const double> x, const DeviceFacts& device,
                        const KernelTypes& /*types*/, const Shape& any,
                        std::span<const double> rules) {
  return seconds_of_terms(terms_of(x, device, any, {rules[0], {rules[1], rules[2], rules[3]}}),
                          any);
}

double seconds(std::span<const double> x, const DeviceFacts& device, const KernelTypes& types,
               const Shape& any) {
  const auto& s = std::get<AttentionShape>(any);
  return seconds_of_terms(terms_of(x, device, any, DecodeRules::of(types, s)), any);
}

/// 0 where each query head has keys of its own, 1 for groups of up to 16, 2 above.
double group_kind(const AttentionShape& s) {
  constexpr double kLarge = 16;
  if (s.query_heads == s.kv_heads) return 0;
  return s.query_heads / s.kv_heads > kLarge ? 2 : 1;
}

std::vector<double> features(const Shape& any) {
  const auto& s = std::get<AttentionShape>(any);
  const double kept = s.window > 0 ? std::min(s.context, s.window) : s.context;
  return {log2(kept),       log2(s.batch * s.kv_heads),
          group_feature(s), log2(s.head_dim),
          window_kind(s),   group_kind(s)};
}

/// The stream of keys and values, of which a cache may keep a share, and the arithmetic on them.
void set_stream(DecodeTerms& terms, std::span<const double> x, const DeviceFacts& device,
                const AttentionShape& s, double element_bytes) {
  constexpr double kQueryAndOutput = 4;  // 16 bits each
  const double rate = device.bytes_per_s * x[kMemory];
  const double key_bytes = 2 * s.kv_heads * s.head_dim * element_bytes;
  const double capacity = x[kKept] * device.kept_cache_bytes();
  terms.memory = key_bytes / rate;
  terms.queries = kQueryAndOutput * s.query_heads * s.head_dim * x[kQueries] / rate;
  terms.has_cache = capacity > 0;
  terms.of_capacity = terms.has_cache ? key_bytes / capacity : 1;
  terms.steepness = x[kSteepness];
  terms.spared = 1 - 1 / x[kCacheSpeed];
}

/// A block works on the query heads that share keys; windows unpack some of them.
void set_blocks(DecodeTerms& terms, std::span<const double> x, const DeviceFacts& device,
                const AttentionShape& s) {
  constexpr double kFlops = 4;
  constexpr double kRows = 16;
  constexpr double kKeys = 1024;
  const double group = s.query_heads / s.kv_heads;
  const double unpacked = s.window > 0 ? pow(group, x[kUnpacked]) : 1;
  const double blocks = s.kv_heads * unpacked;
  const double rows = larger(kRows, std::ceil(group / unpacked / kRows) * kRows);
  const double dim = s.head_dim / 128;
  const double cycle = cycle_of(device) * kMicro;
  terms.compute = kFlops * blocks * rows * s.head_dim / (device.flops_per_s * x[kCompute]);
  terms.waiting = cycle * x[kBlock] * (1 + x[kBlockDim] * dim);
  terms.of_units = blocks / device.compute_units;
  terms.serial = cycle * x[kSerial] / kKeys * pow(dim, x[kSerialDim]);
}

}  // namespace

namespace {

/// Keys and values of a token over the bandwidth, where they come from memory. What the call before
/// left in a cache may come faster.
double seconds_of_key(const DeviceFacts& device, const AttentionShape& s, double element_bytes) {
  return device.reads_cold ? 2 * s.kv_heads * s.head_dim * element_bytes / device.bytes_per_s : 0;
}

double floor_seconds(const DeviceFacts& device, const KernelTypes& types, const Shape& any) {
  const auto& s = std::get<AttentionShape>(any);
  const double keys = s.window > 0 ? std::min(s.context, s.window) : s.context;
  return seconds_of_key(device, s, cache_bytes(types)) * (s.batch * keys);
}

}  // namespace

DecodeRules DecodeRules::of(const KernelTypes& types, const AttentionShape& s) {
  return {cache_bytes(types), walked_share(attention_kernel(types.kernel), s)};
}

DecodeTerms DecodeTerms::of(std::span<const double> x, const DeviceFacts& device,
                            const AttentionShape& s, const DecodeRules& rules) {
  constexpr double kExtraKeys = 128;
  constexpr double kAll = 1e18;
  const double cycle = cycle_of(device) * kMicro;
  const bool has_window = s.window > 0;
  DecodeTerms terms;
  terms.start = cycle * x[kStart];
  terms.past = has_window ? cycle * x[kPastWindow] : 0;
  terms.window = has_window ? s.window : kAll;
  terms.most_keys = has_window ? s.window + kExtraKeys * x[kWindowKeys] : kAll;
  terms.split = cycle * x[kSplit];
  terms.split_power = x[kSplitPower];
  terms.unsplit = x[kUnsplit];
  terms.few_walked = rules.walked.of_few;
  terms.many_walked = rules.walked.of_many;
  terms.most_few = rules.walked.most_few / s.kv_heads;
  terms.floor_of_key = seconds_of_key(device, s, rules.element_bytes);
  set_stream(terms, x, device, s, rules.element_bytes);
  set_blocks(terms, x, device, s);
  terms.sharpness = x[kSharpness];
  terms.of_sharpness = 1 / x[kSharpness];
  return terms;
}

const Form& decode_attention_form() {
  static constexpr Form kForm{.kind = OperatorClass::decode_attention,
                              .coefficients = kFacts,
                              .seconds = seconds,
                              .features = features,
                              .work = rules_of,
                              .seconds_of_work = seconds_of_rules,
                              .floor = floor_seconds};
  return kForm;
}

}  // namespace ridgepoint::efficiency
