// SPDX-License-Identifier: Apache-2.0
#include "model/family.hpp"

#include <algorithm>
#include <array>

namespace ridgepoint::model {
namespace {

constexpr std::array kFamilies{
    Family{.name = "gemma",
           .ties_embeddings = true,
           .bias_key = "attention_bias",
           .head_dim = 256,
           .activation = "gelu_pytorch_tanh"},
    Family{.name = "gemma2",
           .window = WindowRule::alternating,
           .ties_embeddings = true,
           .bias_key = "attention_bias",
           .head_dim = 256,
           .activation = "gelu_pytorch_tanh",
           .norms_per_layer = 4},
    Family{.name = "granite", .bias_key = "attention_bias", .mlp_bias_key = "mlp_bias"},
    Family{.name = "internlm2", .bias_key = "bias"},
    Family{.name = "llama", .bias_key = "attention_bias", .mlp_bias_key = "mlp_bias"},
    Family{.name = "mistral", .window = WindowRule::every_layer},
    Family{.name = "olmo2", .bias_key = "attention_bias", .query_key_norm = QueryKeyNorm::whole},
    Family{.name = "phi3", .window = WindowRule::every_layer},
    Family{.name = "qwen2", .window = WindowRule::late_layers, .has_qkv_bias = true},
    Family{.name = "qwen3",
           .window = WindowRule::late_layers,
           .bias_key = "attention_bias",
           .query_key_norm = QueryKeyNorm::per_head,
           .head_dim = 128},
    Family{.name = "starcoder2",
           .window = WindowRule::every_layer,
           .ties_embeddings = true,
           .bias_key = "use_bias",
           .bias_by_default = true,
           .mlp_bias_key = "use_bias",
           .has_gated_mlp = false,
           .activation = "gelu_pytorch_tanh",
           .norm = {NormKind::layer, true}},
};

constexpr bool by_name(const Family& a, const Family& b) { return a.name < b.name; }
static_assert(std::is_sorted(kFamilies.begin(), kFamilies.end(), by_name));

}  // namespace

std::span<const Family> families() { return kFamilies; }

const Family* find_family(std::string_view model_type) {
  for (const Family& row : kFamilies) {
    if (row.name == model_type) return &row;
  }
  return nullptr;
}

const Family& llama_family() { return *find_family("llama"); }

std::vector<std::string> supported_families() {
  std::vector<std::string> names;
  for (const Family& row : kFamilies) names.emplace_back(row.name);
  return names;
}

}  // namespace ridgepoint::model
