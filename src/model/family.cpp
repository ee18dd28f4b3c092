// SPDX-License-Identifier: Apache-2.0
#include "model/family.hpp"

#include <algorithm>
#include <array>

namespace ridgepoint::model {
namespace {

/// All rows, in the alphabetical order of their names.
const std::vector<const Family*>& rows() {
  static const std::vector<const Family*> sorted = [] {
    std::vector<const Family*> all;
    for (const auto group : {llama_families(), early_families(), gemma_families(),
                             expert_families(), latent_families(), recurrent_families(),
                             encoder_families(), sequence_families(), shared_families()}) {
      for (const Family& row : group) all.push_back(&row);
    }
    std::sort(all.begin(), all.end(),
              [](const Family* a, const Family* b) { return a->name < b->name; });
    return all;
  }();
  return sorted;
}

struct ClassRow {
  std::string_view class_name;
  std::string_view family;
};
/// Classes whose files carry a model_type that says something else, or none.
constexpr std::array kClasses{
    ClassRow{"LlamaForCausalLM", "llama"},
    ClassRow{"MistralForCausalLM", "mistral"},
    ClassRow{"MixtralForCausalLM", "mixtral"},
    ClassRow{"QWenLMHeadModel", "qwen"},
    ClassRow{"Qwen2ForCausalLM", "qwen2"},
    ClassRow{"Qwen3ForCausalLM", "qwen3"},
    ClassRow{"Qwen3MoeForCausalLM", "qwen3_moe"},
    ClassRow{"DeepseekV2ForCausalLM", "deepseek_v2"},
    ClassRow{"DeepseekV3ForCausalLM", "deepseek_v3"},
    ClassRow{"DeepseekV32ForCausalLM", "deepseek_v32"},
    ClassRow{"Grok1ForCausalLM", "grok-2"},
    ClassRow{"Grok1ModelForCausalLM", "grok-1"},
    ClassRow{"DeciLMForCausalLM", "nemotron-nas"},
    ClassRow{"RWForCausalLM", "falcon"},
    ClassRow{"BaichuanForCausalLM", "baichuan"},
    ClassRow{"BaiChuanForCausalLM", "baichuan"},
    ClassRow{"GPT2LMHeadModel", "gpt2"},
    ClassRow{"Gemma3ForConditionalGeneration", "gemma3_text"},
    ClassRow{"MambaForCausalLM", "mamba"},
    ClassRow{"Mamba2ForCausalLM", "mamba2"},
};

struct Uncovered {
  std::string_view model_type;
  std::string_view reason;
};
constexpr std::string_view kTimeMixing = "its time mixing is not among the mixers that are counted";
constexpr std::string_view kCompressed =
    "its cache of compressed blocks of tokens is not among the mixers that are counted";
constexpr std::string_view kTwoSteps = "its queries are projected in two steps";
constexpr std::string_view kTwoConfigs = "its encoder and decoder have configurations of their own";
constexpr std::string_view kExpertStacks = "experts inside an encoder-decoder are not covered";
constexpr std::string_view kMemoryUnits = "half of its layers share a cache by gated memory units";
/// Families whose files have the usual keys, but parts that no mixer here describes.
constexpr std::array kUncovered{
    Uncovered{"rwkv", kTimeMixing},
    Uncovered{"rwkv5", kTimeMixing},
    Uncovered{"rwkv6", kTimeMixing},
    Uncovered{"rwkv6qwen2", kTimeMixing},
    Uncovered{"rwkv7", kTimeMixing},
    Uncovered{"xlstm", "its recurrent cells are not among the mixers that are counted"},
    Uncovered{"retnet", "retention is not among the mixers that are counted"},
    Uncovered{"deepseek_v4", kCompressed},
    Uncovered{"jetmoe", "its attention heads are experts themselves"},
    Uncovered{"zamba", "its Mamba layers project each head apart"},
    Uncovered{"phi4flash", kMemoryUnits},
    Uncovered{"phi4_flash", kMemoryUnits},
    Uncovered{"switch_transformers", kExpertStacks},
    Uncovered{"nllb-moe", kExpertStacks},
    Uncovered{"longt5", "its summaries of distant blocks are not covered"},
    Uncovered{"reformer", "attention by hashing is not covered"},
    Uncovered{"xlnet", "attention in two streams is not covered"},
    Uncovered{"deberta", "the first DeBERTa projects positions in every layer"},
    Uncovered{"whisper", "an encoder of sound is not covered"},
    Uncovered{"t5gemma", kTwoConfigs},
    Uncovered{"t5gemma2", kTwoConfigs},
    Uncovered{"openelm", "each of its layers has a width of its own"},
    Uncovered{"diffllama", "its attention is a difference of two"},
    Uncovered{"doge", "its experts are single rows"},
    Uncovered{"plamo2", "its layers mix states and windows by a rule that the file does not give"},
    Uncovered{"step3_text", kTwoSteps},
    Uncovered{"step3_vl", kTwoSteps},
    Uncovered{"blt", "its models of bytes and patches are not covered"},
};

}  // namespace

std::string_view reason_uncovered(std::string_view model_type) {
  for (const Uncovered& row : kUncovered) {
    if (row.model_type == model_type) return row.reason;
  }
  return {};
}

const Family* find_family(std::string_view model_type) {
  for (const Family* row : rows()) {
    if (row->name != model_type) continue;
    return row->read_as.empty() ? row : find_family(row->read_as);
  }
  return nullptr;
}

const Family* family_of_class(std::string_view class_name) {
  for (const ClassRow& row : kClasses) {
    if (row.class_name == class_name) return find_family(row.family);
  }
  return nullptr;
}

const Family& geometry_family() {
  static const Family family{.name = "llama",
                             .window = WindowRule::every_layer,
                             .bias_key = "attention_bias",
                             .qkv_bias_key = "qkv_bias",
                             .mlp_bias_key = "mlp_bias",
                             .query_key_norm = QueryKeyNorm::per_head,
                             .query_key_norm_key = "use_qk_norm"};
  return family;
}

std::vector<std::string> supported_families() {
  std::vector<std::string> names;
  for (const Family* row : rows()) names.emplace_back(row->name);
  return names;
}

}  // namespace ridgepoint::model
