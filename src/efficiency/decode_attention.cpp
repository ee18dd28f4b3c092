// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>

#include "efficiency/attention_kernels.hpp"
#include "efficiency/attention_terms.hpp"
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

/// What the blocks have to do.
struct Work {
  double keys;
  double blocks;
  double rows;  ///< query heads of a block
  double kv_bytes;
  double query_bytes;
};

Work work_of(std::span<const double> x, const AttentionShape& s, double element_bytes) {
  constexpr double kExtraKeys = 128;
  constexpr double kQueryAndOutput = 4;  // 16 bits each
  const double group = s.query_heads / s.kv_heads;
  const bool has_window = s.window > 0;
  Work work{};
  work.keys = has_window ? std::min(s.context, s.window + kExtraKeys * x[kWindowKeys]) : s.context;
  const double unpacked = has_window ? pow(group, x[kUnpacked]) : 1;
  work.blocks = s.batch * s.kv_heads * unpacked;
  work.rows = group / unpacked;
  work.kv_bytes = 2 * s.batch * s.kv_heads * work.keys * s.head_dim * element_bytes;
  work.query_bytes = kQueryAndOutput * s.batch * s.query_heads * s.head_dim;
  return work;
}

double compute_seconds(std::span<const double> x, const DeviceFacts& device,
                       const AttentionShape& s, const Work& work) {
  constexpr double kFlops = 4;
  constexpr double kRows = 16;
  const double rows = std::max(kRows, std::ceil(work.rows / kRows) * kRows);
  return kFlops * work.blocks * rows * work.keys * s.head_dim / (device.flops_per_s * x[kCompute]);
}

double memory_seconds(std::span<const double> x, const DeviceFacts& device, const Work& work) {
  const double kept =
      share_in_cache(work.kv_bytes, x[kKept] * device.kept_cache_bytes(), x[kSteepness]);
  const double bytes =
      work.kv_bytes * (1 - kept * (1 - 1 / x[kCacheSpeed])) + work.query_bytes * x[kQueries];
  return bytes / (device.bytes_per_s * x[kMemory]);
}

/// Blocks one after the other on their units, and each along what it walks of the context.
double block_seconds(std::span<const double> x, const DeviceFacts& device, const AttentionShape& s,
                     const Work& work, double walked) {
  constexpr double kLeast = 1e-15;
  constexpr double kFree = 128;
  constexpr double kKeys = 1024;
  const double dim = s.head_dim / 128;
  const double cycle = cycle_of(device) * kMicro;
  const double waiting = std::max(work.blocks / device.compute_units - 1, 0.0);
  const double blocks = cycle * x[kBlock] * (1 + x[kBlockDim] * dim) * waiting + kLeast;
  const double serial = cycle * walked * x[kSerial] * std::max(work.keys - kFree, 0.0) / kKeys *
                            pow(dim, x[kSerialDim]) +
                        kLeast;
  return smooth_max(blocks, serial, x[kSharpness]);
}

/// What a kernel's name and types tell: bytes of a cached element, share of the context that one
/// block walks.
std::vector<double> rules_of(const KernelTypes& types, const Shape& any) {
  const auto& s = std::get<AttentionShape>(any);
  return {cache_bytes(types), share_of_one_block(attention_kernel(types.kernel), s)};
}

double seconds_of_rules(std::span<const double> x, const DeviceFacts& device,
                        const KernelTypes& /*types*/, const Shape& any,
                        std::span<const double> rules) {
  const auto& s = std::get<AttentionShape>(any);
  constexpr double kKeys = 1024;
  const Work work = work_of(x, s, rules[0]);
  const double walked = rules[1];
  const double past = s.window > 0 && s.context > s.window ? x[kPastWindow] : 0;
  const double split =
      x[kSplit] * pow(work.keys / kKeys, x[kSplitPower]) * (1 - walked * x[kUnsplit]);
  const double stream = smooth_max(memory_seconds(x, device, work),
                                   compute_seconds(x, device, s, work), x[kSharpness]);
  return cycle_of(device) * kMicro * (x[kStart] + past + split) +
         smooth_max(stream, block_seconds(x, device, s, work, walked), x[kSharpness]);
}

double seconds(std::span<const double> x, const DeviceFacts& device, const KernelTypes& types,
               const Shape& any) {
  return seconds_of_rules(x, device, types, any, rules_of(types, any));
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

}  // namespace

const Form& decode_attention_form() {
  static constexpr Form kForm{OperatorClass::decode_attention,
                              kFacts,
                              seconds,
                              features,
                              nullptr,
                              rules_of,
                              seconds_of_rules};
  return kForm;
}

}  // namespace ridgepoint::efficiency
