// SPDX-License-Identifier: Apache-2.0
// What a sequence keeps between steps: keys and values for each token, and constant states.
#include <algorithm>
#include <map>

#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::model {
namespace {

Count size_of(ByteSize element) { return Count(element.numerator, element.denominator); }

/// What one token leaves in the cache of one layer, and for how many tokens it stays.
struct CachedToken {
  Count elements;
  std::int64_t window = 0;
};

CachedToken cached(const Attention& attention) {
  if (!attention.has_cache || !attention.has_keys) return {};
  const Count widths = Count(attention.head_dim) + Count(attention.value_width());
  return {Count(attention.num_key_value_heads) * widths, attention.window.value_or(0)};
}
CachedToken cached(const LatentAttention& mla) {
  return {Count(mla.kv_lora_rank) + Count(mla.qk_rope_head_dim), 0};
}
CachedToken cached(const AttentionBesideMamba& both) { return cached(both.attention); }
template <class M>
CachedToken cached(const M&) {
  return {};
}

constexpr std::int64_t kStateBytes = 4;  // fp32
constexpr std::int64_t kInputBytes = 2;  // bf16

/// The inputs that a causal convolution of `kernel` tokens still needs.
Count conv_bytes(Count channels, std::int64_t kernel) {
  return kInputBytes * channels * Count(kernel - 1);
}

Count state(const Mamba1& mamba) {
  const Count inner = mamba.intermediate_size;
  return kStateBytes * inner * Count(mamba.state_size) + conv_bytes(inner, mamba.conv_kernel);
}
Count state(const Mamba2& mamba) {
  return kStateBytes * Count(mamba.intermediate_size()) * Count(mamba.state_size) +
         conv_bytes(mamba.conv_channels(), mamba.conv_kernel);
}
Count state(const GatedDeltaNet& delta) {
  return kStateBytes * Count(delta.value_width()) * Count(delta.key_head_dim) +
         conv_bytes(delta.conv_channels(), delta.conv_kernel);
}
Count state(const KimiDeltaAttention& kda) {
  return kStateBytes * Count(kda.width()) * Count(kda.head_dim) +
         conv_bytes(3 * Count(kda.width()), kda.conv_kernel);
}
Count state(const LightningAttention& lightning) {
  return kStateBytes * Count(lightning.width()) * Count(lightning.head_dim);
}
Count state(const ShortConvolution& conv) { return conv_bytes(conv.width, conv.kernel); }
Count state(const RecurrentUnit& unit) {
  return kStateBytes * Count(unit.width) + conv_bytes(unit.width, unit.conv_kernel);
}
Count state(const AttentionBesideMamba& both) { return state(both.mamba); }
template <class M>
Count state(const M&) {
  return 0;
}

}  // namespace

std::vector<KvWindow> kv_windows(const Architecture& architecture, ByteSize element) {
  std::map<std::pair<bool, std::int64_t>, KvWindow> by_window;
  const auto add = [&](const LayerRun& run, const CachedToken& token, bool of_source) {
    if (token.elements == Count(0)) return;
    KvWindow& window = by_window[{of_source, token.window}];
    window.tokens = token.window;
    window.of_source = of_source;
    window.layers += run.count;
    window.bytes_per_token += run.count * token.elements * size_of(element);
  };
  for (const LayerRun& run : architecture.runs) {
    add(run, std::visit([](const auto& mixer) { return cached(mixer); }, run.mixer), false);
    // Cross attention sees all of the encoder's tokens, whatever its layer's own window is.
    if (run.cross_attention) add(run, {cached(*run.cross_attention).elements, 0}, true);
  }
  std::vector<KvWindow> windows;
  windows.reserve(by_window.size());
  for (const auto& [key, window] : by_window) windows.push_back(window);
  return windows;
}

Count kv_bytes_per_token(const Architecture& architecture, ByteSize element) {
  Count bytes;
  for (const KvWindow& window : kv_windows(architecture, element)) bytes += window.bytes_per_token;
  return bytes;
}

Count kv_bytes_per_token_beyond_window(const Architecture& architecture, ByteSize element) {
  Count bytes;
  for (const KvWindow& window : kv_windows(architecture, element)) {
    if (window.tokens == 0) bytes += window.bytes_per_token;
  }
  return bytes;
}

Count index_bytes_per_token(const Architecture& architecture, ByteSize element) {
  Count bytes;
  for (const LayerRun& run : architecture.runs) {
    const auto* mla = std::get_if<LatentAttention>(&run.mixer);
    if (mla == nullptr || !mla->indexer) continue;
    bytes += run.count * Count(mla->indexer->head_dim) * size_of(element);
  }
  return bytes;
}

Count kv_bytes_per_sequence(const Architecture& architecture, std::int64_t length,
                            ByteSize element) {
  Count bytes;
  for (const KvWindow& window : kv_windows(architecture, element)) {
    const std::int64_t tokens = window.tokens == 0 ? length : std::min(length, window.tokens);
    bytes += tokens * window.bytes_per_token;
  }
  return bytes;
}

Count state_bytes_per_sequence(const Architecture& architecture) {
  Count bytes;
  for (const LayerRun& run : architecture.runs) {
    bytes += run.count * std::visit([](const auto& mixer) { return state(mixer); }, run.mixer);
  }
  return bytes;
}

}  // namespace ridgepoint::model
