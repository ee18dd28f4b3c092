// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::model {
namespace {

std::string_view word(const Attention& attention) {
  if (!attention.window) return "attention";
  return attention.is_chunked ? "chunked_attention" : "sliding_attention";
}
std::string_view word(const LatentAttention& mla) { return mla.indexer ? "sparse_mla" : "mla"; }
std::string_view word(const Mamba1&) { return "mamba1"; }
std::string_view word(const Mamba2&) { return "mamba2"; }
std::string_view word(const GatedDeltaNet&) { return "gated_deltanet"; }
std::string_view word(const KimiDeltaAttention&) { return "kda"; }
std::string_view word(const LightningAttention&) { return "lightning_attention"; }
std::string_view word(const ShortConvolution&) { return "short_convolution"; }
std::string_view word(const RecurrentUnit&) { return "rg_lru"; }
std::string_view word(const AttentionBesideMamba&) { return "attention_and_mamba2"; }
std::string_view word(const LinearMixer&) { return "linear"; }
std::string_view word(const NoMixer&) { return "none"; }
std::string_view word(const Mlp&) { return "mlp"; }
std::string_view word(const MixtureOfExperts&) { return "moe"; }
std::string_view word(const NoFeedForward&) { return "none"; }

}  // namespace

std::string_view kind(const Mixer& mixer) {
  return std::visit([](const auto& each) { return word(each); }, mixer);
}

std::string_view kind(const FeedForward& feed_forward) {
  return std::visit([](const auto& each) { return word(each); }, feed_forward);
}

}  // namespace ridgepoint::model
