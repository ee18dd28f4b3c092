// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>

#include "efficiency/attention_kernels.hpp"
#include "efficiency/attention_terms.hpp"
#include "efficiency/forms.hpp"
#include "efficiency/prefill_attention.hpp"

namespace ridgepoint::efficiency {
namespace {

constexpr double kLatent = 512;
constexpr double kPosition = 64;
constexpr double kCached = kLatent + kPosition;  // elements of a token

/// The order of the coefficients of decode, below.
enum Coefficient : std::size_t {
  kStart,
  kSplit,
  kSplitPower,
  kMemory,
  kSerial,
  kPaddedHeads,
  kCompute,
  kBlock,
  kHeadBlocks,
  kSharpness,
  kKept,
  kCacheSpeed,
  kQueries,
  kReread,
  kFill,
};

constexpr std::array kDecodeFacts{
    CoefficientFacts{"start_us", "µs", 1, 10, 60, "launches and what else is fixed"},
    CoefficientFacts{"split_us", "µs", 0.01, 1, 60,
                     "of the loop over a split context, at 1024 keys"},
    CoefficientFacts{"split_power", "", 0.25, 0.4, 1.1, "growth of it with the context"},
    CoefficientFacts{"memory", "", 0.05, 0.8, 1.2, "share of the bandwidth that is reached"},
    CoefficientFacts{"serial_us", "µs", 0.01, 1, 300,
                     "of 1024 keys in one block, where the context is not split"},
    CoefficientFacts{"padded_heads", "", 0.01, 0.3, 1,
                     "share of the padding of heads to 64 that is paid for"},
    CoefficientFacts{"compute", "", 0.005, 0.4, 1.2, "share of the dense peak that is reached"},
    CoefficientFacts{"block_us", "µs", 0.001, 1, 20,
                     "fixed time of a block, for each beyond the first on a compute unit"},
    CoefficientFacts{"head_blocks", "", 0.001, 0.1, 1, "blocks go with heads to this power"},
    CoefficientFacts{"sharpness", "", 1, 2.5, 8, "of the maximum of all these; 1: sum"},
    CoefficientFacts{"kept", "", 0.02, 0.4, 1.5,
                     "share of the cache within which latents stay from call to call"},
    CoefficientFacts{"cache_speed", "", 1, 2, 8, "bandwidth of the cache ÷ that of memory"},
    CoefficientFacts{"queries", "", 0.3, 1, 10, "weight of the bytes of queries and outputs"},
    CoefficientFacts{"reread", "", 0.01, 0.3, 1,
                     "exponent of the groups of 64 heads that read the latents again"},
    CoefficientFacts{"fill_us", "µs", 0.001, 0.3, 20, "of each doubling of the blocks"}};

constexpr double kHeadsOfTile = 64;

double decode_compute_seconds(std::span<const double> x, double peak,
                              const LatentAttentionShape& s) {
  constexpr double kColumns = kCached + kLatent;  // of a score and of its share of the output
  const double padded = std::ceil(s.query_heads / kHeadsOfTile) * kHeadsOfTile;
  const double heads = (1 - x[kPaddedHeads]) * s.query_heads + x[kPaddedHeads] * padded;
  return 2 * kColumns * s.batch * heads * s.context / (peak * x[kCompute]);
}

double decode_memory_seconds(std::span<const double> x, const DeviceFacts& device,
                             const LatentAttentionShape& s, double element_bytes) {
  constexpr double kSteepness = 6;
  const double again = pow(std::max(1.0, s.query_heads / kHeadsOfTile), x[kReread]);
  const double latents = s.batch * s.context * kCached * element_bytes * again;
  const double queries = 2 * s.batch * s.query_heads * (kCached + kLatent);
  const double kept = share_in_cache(latents, x[kKept] * device.kept_cache_bytes(), kSteepness);
  const double bytes = latents * (1 - kept * (1 - 1 / x[kCacheSpeed])) + queries * x[kQueries];
  return bytes / (device.bytes_per_s * x[kMemory]);
}

double decode_seconds(std::span<const double> x, const DeviceFacts& device,
                      const KernelTypes& types, const Shape& any) {
  const auto& s = std::get<LatentAttentionShape>(any);
  constexpr double kLeast = 1e-15;
  constexpr double kFree = 64;
  constexpr double kKeys = 1024;
  const double cycle = cycle_of(device) * kMicro;
  const double on_a_unit = s.batch * pow(s.query_heads, x[kHeadBlocks]) / device.compute_units;
  const double blocks = cycle * x[kBlock] * std::max(on_a_unit - 1, 0.0) + kLeast;
  const double serial = cycle * x[kSerial] * std::max(s.context - kFree, 0.0) / kKeys + kLeast;
  const double stream = smooth_maximum(
      decode_memory_seconds(x, device, s, cache_bytes(types)),
      decode_compute_seconds(x, peak_of(device, has_fp8_cache(types)), s), x[kSharpness]);
  const double fixed = x[kStart] + x[kSplit] * pow(s.context / kKeys, x[kSplitPower]) +
                       x[kFill] * log2(1 + on_a_unit);
  return cycle * fixed +
         smooth_maximum(stream, smooth_maximum(blocks, serial, x[kSharpness]), x[kSharpness]);
}

std::vector<double> decode_features(const Shape& any) {
  const auto& s = std::get<LatentAttentionShape>(any);
  return {log2(s.context), log2(s.query_heads), log2(s.batch)};
}

/// That of prompts' attention: the loops of some latent kernels are far from the peak.
constexpr std::array<CoefficientFacts, kPrefillCoefficients> prefill_facts() {
  auto facts = kPrefillFacts;
  facts[static_cast<std::size_t>(PrefillCoefficient::compute)].least = 0.01;
  facts[static_cast<std::size_t>(PrefillCoefficient::longest)].least = 0.005;
  return facts;
}

double prefill_seconds(std::span<const double> x, const DeviceFacts& device,
                       const KernelTypes& types, const Shape& any) {
  const auto& s = std::get<LatentAttentionShape>(any);
  constexpr double kMeanDim = 160;  // of keys' 192 and values' 128
  const AttentionShape expanded{s.batch,       s.new_tokens,  s.context,
                                s.query_heads, s.query_heads, kMeanDim};
  return efficiency::prefill_seconds(x, device, PrefillRules::of(types), expanded, kCached / 2);
}

std::vector<double> prefill_features(const Shape& any) {
  const auto& s = std::get<LatentAttentionShape>(any);
  return {log2(s.new_tokens), log2(s.query_heads), log2(s.batch * s.query_heads)};
}

}  // namespace

const Form& latent_prefill_form() {
  static constexpr std::array kFacts = prefill_facts();
  static constexpr Form kForm{OperatorClass::latent_prefill, kFacts, prefill_seconds,
                              prefill_features};
  return kForm;
}

const Form& latent_decode_form() {
  static constexpr Form kForm{OperatorClass::latent_decode, kDecodeFacts, decode_seconds,
                              decode_features};
  return kForm;
}

}  // namespace ridgepoint::efficiency
