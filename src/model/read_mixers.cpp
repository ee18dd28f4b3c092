// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "model/mixers.hpp"

namespace ridgepoint::model {
namespace {

using json::Keys;
using json::Kind;

const Keys& conv_kernel_keys() {
  static const Keys keys{"conv_kernel", "mamba_d_conv", "d_conv"};
  return keys;
}
const Keys& state_keys() {
  static const Keys keys{"state_size", "ssm_state_size", "mamba_d_state", "d_state"};
  return keys;
}
const Keys& mamba_head_keys() {
  static const Keys keys{"mamba_num_heads", "mamba_n_heads", "n_mamba_heads", "num_heads"};
  return keys;
}

std::int64_t inner_width(Config& config) {
  if (config.family().name.starts_with("mamba") || config.family().name == "falcon_mamba") {
    if (const auto width = config.optional_size({"intermediate_size", "d_inner"})) return *width;
  }
  const Keys expand{"expand", "mamba_expand", "ssm_expand"};
  if (const auto width = config.optional_size("mamba_d_ssm")) return *width;
  return config.out().hidden_size * config.count_or(expand, 2);
}

std::int64_t time_step_rank(Config& config) {
  const Keys keys{"time_step_rank", "mamba_dt_rank", "dt_rank"};
  const json::Value* value = config.find(keys);
  if (value != nullptr && value->kind == Kind::number) return config.size(keys);
  constexpr std::int64_t kWidthOverRank = 16;  // "auto"
  return (config.out().hidden_size + kWidthOverRank - 1) / kWidthOverRank;
}

/// OLMo Hybrid takes from the attention what the file leaves out.
GatedDeltaNet read_olmo_delta_net(Config& config) {
  const std::int64_t heads = std::max<std::int64_t>(1, config.size(head_keys(), kMostHeads));
  GatedDeltaNet net;
  net.num_key_heads = config.count_or("linear_num_key_heads", heads);
  net.num_value_heads = config.count_or("linear_num_value_heads", heads);
  const std::int64_t width =
      3 * config.out().hidden_size / (4 * std::max<std::int64_t>(1, net.num_key_heads));
  net.key_head_dim = config.count_or("linear_key_head_dim", width);
  net.value_head_dim = config.count_or("linear_value_head_dim", 2 * net.key_head_dim);
  net.conv_kernel = std::max<std::int64_t>(1, config.count_or("linear_conv_kernel_dim", 4));
  return net;
}

GatedDeltaNet read_delta_net(Config& config) {
  return {config.size("linear_num_key_heads", kMostHeads),
          config.size("linear_num_value_heads", kMostHeads),
          config.size("linear_key_head_dim", kMostHeads),
          config.size("linear_value_head_dim", kMostHeads),
          config.size("linear_conv_kernel_dim", kMostHeads)};
}

KimiDeltaAttention read_kda(Config& config) {
  auto inner = config.nested("linear_attn_config");
  if (!inner) return {};
  return {inner->size("num_heads", kMostHeads), inner->size("head_dim", kMostHeads),
          std::max<std::int64_t>(1, inner->count_or("short_conv_kernel_size", 4)),
          inner->flag("use_full_rank_gate", false)};
}

Mixer read_linear(Config& config) {
  if (config.has("linear_attn_config")) return read_kda(config);
  if (config.family().name == "olmo_hybrid") return read_olmo_delta_net(config);
  if (config.has("linear_num_value_heads") || config.family().name.starts_with("qwen3")) {
    return read_delta_net(config);
  }
  const Attention attention = read_attention(config);
  return LightningAttention{attention.num_attention_heads, attention.head_dim};
}

/// state-spaces/mamba: the sizes are arguments of the mixer's class, with its defaults.
Mixer read_original_mamba(Config& config) {
  auto inner = config.nested("ssm_cfg");
  if (!inner) return read_mamba1(config);
  if (inner->word("layer", "Mamba1") != "Mamba2") return read_mamba1(*inner);
  Mamba2 mamba;
  mamba.head_dim = std::max<std::int64_t>(1, inner->count_or("headdim", 64));
  mamba.num_heads = inner_width(*inner) / mamba.head_dim;
  mamba.state_size = inner->count_or(state_keys(), 128);
  mamba.groups = inner->count_or("ngroups", 1);
  mamba.conv_kernel = std::max<std::int64_t>(1, inner->count_or(conv_kernel_keys(), 4));
  mamba.chunk_size = std::max<std::int64_t>(1, inner->count_or("chunk_size", 256));
  return mamba;
}

Mixer read_mamba(Config& config) {
  if (config.family().name == "mamba_ssm") return read_original_mamba(config);
  const bool has_heads = config.has({"mamba_num_heads", "mamba_n_heads", "n_mamba_heads"}) ||
                         config.has({"n_groups", "mamba_n_groups"});
  if (has_heads || config.family().name == "mamba2") return read_mamba2(config);
  return read_mamba1(config);
}

/// Reads each kind of mixer once, when the first layer asks for it.
class MixerReader {
 public:
  MixerReader(Config& config, const LayerKinds& kinds) : config_(config), kinds_(kinds) {}

  std::vector<Mixer> read() {
    if (config_.layers == 0) (void)attention();  // its faults too
    std::vector<Mixer> mixers;
    mixers.reserve(kinds_.of.size());
    for (const LayerKind kind : kinds_.of) mixers.push_back(mixer(kind));
    note_ignored_window();
    return mixers;
  }

 private:
  const Mixer& mixer(LayerKind kind) {
    const auto index = static_cast<std::size_t>(kind);
    if (known_.size() <= index) known_.resize(index + 1);
    if (!known_[index]) known_[index] = make(kind);
    return *known_[index];
  }

  Mixer make(LayerKind kind) {
    switch (kind) {
      case LayerKind::full:
        return is_set(config_.object(), "kv_lora_rank") ? Mixer(read_latent_attention(config_))
                                                        : Mixer(attention());
      case LayerKind::sliding:
        return windowed();
      case LayerKind::chunked:
        return chunked();
      case LayerKind::linear:
        return read_linear(config_);
      case LayerKind::mamba:
        return read_mamba(config_);
      case LayerKind::attention_and_mamba:
        return AttentionBesideMamba{attention(), read_mamba2(config_)};
      case LayerKind::convolution:
        return ShortConvolution{config_.out().hidden_size,
                                std::max<std::int64_t>(1, config_.count_or("conv_L_cache", 3)),
                                config_.flag("conv_bias", false)};
      case LayerKind::recurrent:
        return recurrent();
      case LayerKind::only_mlp:
      case LayerKind::only_experts:
        break;
    }
    return NoMixer{};
  }

  const Attention& attention() {
    if (!attention_) attention_ = read_attention(config_);
    return *attention_;
  }

  Attention windowed() {
    if (is_set(config_.object(), "kv_lora_rank")) {
      config_.fault("sliding_window_pattern", "layers of latent attention have no window",
                    "windows are counted for heads of keys and values only");
    }
    Attention result = attention();
    if (config_.has("use_sliding_window") && !config_.flag("use_sliding_window", true)) {
      return result;
    }
    if (kinds_.needs_window) {
      result.window = config_.size(window_keys());
    } else {
      result.window = config_.optional_size(window_keys());
    }
    if (result.window == 0) result.window.reset();
    return result;
  }

  Attention chunked() {
    Attention result = attention();
    result.window = config_.size("attention_chunk_size");
    result.is_chunked = true;
    return result;
  }

  RecurrentUnit recurrent() {
    const std::int64_t width =
        config_.optional_size("lru_width").value_or(config_.out().hidden_size);
    return {width, config_.size(head_keys(), kMostHeads),
            std::max<std::int64_t>(1, config_.count_or("conv1d_width", 4))};
  }

  void note_ignored_window() {
    const bool used = kinds_.has_some(LayerKind::sliding);
    if (used || config_.family().window != WindowRule::none || config_.failed()) return;
    if (const auto window = config_.optional_size("sliding_window")) {
      config_.assume(fmt::format("sliding_window {} ignored: {} attends to every token", *window,
                                 config_.out().family));
    }
  }

  Config& config_;
  const LayerKinds& kinds_;
  std::vector<std::optional<Mixer>> known_;
  std::optional<Attention> attention_;
};

}  // namespace

Mamba1 read_mamba1(Config& config) {
  Mamba1 mamba;
  mamba.intermediate_size = inner_width(config);
  mamba.state_size = config.count_or(state_keys(), 16);
  mamba.conv_kernel = std::max<std::int64_t>(1, config.count_or(conv_kernel_keys(), 4));
  mamba.time_step_rank = time_step_rank(config);
  mamba.conv_bias = config.flag({"use_conv_bias", "mamba_conv_bias"}, true);
  mamba.projection_bias = config.flag({"use_bias", "mamba_proj_bias"}, false);
  mamba.has_inner_norms = config.family().name == "jamba";
  return mamba;
}

Mamba2 read_mamba2(Config& config) {
  Mamba2 mamba;
  mamba.num_heads = config.size(mamba_head_keys(), kMostHeads);
  Keys width{"mamba_head_dim", "mamba_d_head", "mamba_headdim", "head_dim"};
  if (config.has("n_mamba_heads")) width = {"mamba_headdim"};  // Zamba: head_dim is attention's
  const json::Value* value = config.find(width);
  const bool is_auto = value == nullptr || value->kind != Kind::number;
  mamba.head_dim = is_auto && mamba.num_heads > 0 ? inner_width(config) / mamba.num_heads
                                                  : config.size(width, kMostHeads);
  mamba.state_size = config.size_or(state_keys(), 128, "");
  mamba.groups = config.count_or({"mamba_n_groups", "n_groups", "mamba_ngroups"}, 1);
  mamba.conv_kernel = std::max<std::int64_t>(1, config.count_or(conv_kernel_keys(), 4));
  mamba.conv_bias = config.flag({"use_conv_bias", "mamba_conv_bias"}, true);
  mamba.projection_bias = config.flag({"mamba_proj_bias", "use_bias"}, false);
  mamba.has_norm = config.flag("mamba_rms_norm", config.family().name != "falcon_h1");
  mamba.chunk_size =
      std::max<std::int64_t>(1, config.count_or({"chunk_size", "mamba_chunk_size"}, 256));
  return mamba;
}

std::vector<Mixer> read_mixers(Config& config, const LayerKinds& kinds) {
  return MixerReader(config, kinds).read();
}

}  // namespace ridgepoint::model
