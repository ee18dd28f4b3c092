// SPDX-License-Identifier: Apache-2.0
#include "score/served_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/text.hpp"

namespace ridgepoint::score {
namespace {

using model::Architecture;
using model::Quantization;
using Method = Quantization::Method;

/// M2.5 and M2.7 are checkpoints of M2's sizes: docs.nvidia.com/nemo/megatron-bridge, "MiniMax-M2".
constexpr std::array kModels{
    ModelAlias{"MiniMax-M2.5", "minimax-m2", "a checkpoint of MiniMax-M2's sizes"},
    ModelAlias{"MiniMax-M2.7", "minimax-m2", "a checkpoint of MiniMax-M2's sizes"},
};

struct KnownEngine {
  std::string_view begins;  ///< the framework's name, normalised
  ServedEngine served;
};
using Kind = predict::Engine::Kind;
/// The first one that fits. vLLM replays decode steps as CUDA graphs since 0.2.6, December 2023:
/// github.com/vllm-project/vllm/releases/tag/v0.2.6.
constexpr std::array kEngines{
    KnownEngine{"vllm2023",
                {{Kind::vllm, false}, "vLLM of 2023 launched each kernel: without CUDA graphs"}},
    KnownEngine{"vllm", {{Kind::vllm, true}, ""}},
    KnownEngine{"sglang", {{Kind::sglang, true}, ""}},
    KnownEngine{"trtllm", {{Kind::tensorrt_llm, true}, ""}},
    KnownEngine{"tensorrtllm", {{Kind::tensorrt_llm, true}, ""}},
    KnownEngine{"", {{Kind::vllm, true}, "engines without profiles are taken for vLLM"}},
};

bool is_stored_in(const Architecture& model, std::initializer_list<Method> methods) {
  return model.quantization &&
         std::find(methods.begin(), methods.end(), model.quantization->method) != methods.end();
}

/// As the checkpoint is; activations and cache at its own type.
ServedModel as_stored(Architecture model, std::string assumption) {
  const predict::Precision own = predict::native_precision(model);
  return {std::move(model), own, std::move(assumption)};
}

ServedModel in_sixteen_bits(Architecture model, DataType type) {
  model.quantization = std::nullopt;
  model.dtype = type;
  return as_stored(std::move(model), "");
}

ServedModel in_fp8(Architecture model) {
  if (is_stored_in(model, {Method::block_fp8, Method::tensor_fp8, Method::channel_fp8})) {
    return as_stored(std::move(model),
                     "fp8 of a checkpoint in fp8: as stored, its cache in 16 bits");
  }
  if (is_stored_in(model, {Method::mxfp4, Method::nvfp4})) {
    ServedModel out = as_stored(std::move(model),
                                "fp8 of a checkpoint in 4 bits: its weights as stored, its cache "
                                "in fp8");
    out.precision.kv_cache = DataType::fp8;
    return out;
  }
  const DataType own = model.dtype;
  return {std::move(model),
          {DataType::fp8, own, DataType::fp8},
          "fp8 of a checkpoint in 16 bits: all matrices in fp8, its cache too, as quantised "
          "checkpoints have it"};
}

/// NVIDIA's checkpoints in 4 bits leave the attention of models with experts in 16, and all have
/// scales for a cache in fp8. Source: the model cards of nvidia/MiniMax-M2.5-NVFP4,
/// nvidia/DeepSeek-R1-0528-FP4 and nvidia/Llama-3.3-70B-Instruct-FP4 on the Hugging Face hub.
ServedModel in_fp4(Architecture model) {
  if (is_stored_in(model, {Method::mxfp4, Method::nvfp4})) {
    return as_stored(std::move(model),
                     "fp4 of a checkpoint in 4 bits: as stored, its cache in 16 bits");
  }
  const DataType own = model.dtype;
  if (!has_experts(model)) {
    return {std::move(model),
            {DataType::nvfp4, own, DataType::fp8},
            "fp4 of a checkpoint without experts: all matrices in nvfp4, its cache in fp8"};
  }
  Quantization experts;
  experts.name = "nvfp4";
  experts.method = Method::nvfp4;
  experts.bits = 4;
  experts.group_size = 16;
  experts.ignored = {"*.self_attn.*"};
  model.quantization = std::move(experts);
  ServedModel out = as_stored(std::move(model),
                              "fp4 of a model with experts: experts and MLPs in nvfp4, attention "
                              "in 16 bits, its cache in fp8");
  out.precision.kv_cache = DataType::fp8;
  return out;
}

ServedModel in_int8(Architecture model) {
  const DataType own = model.dtype;
  model.quantization = std::nullopt;
  return {
      std::move(model), {DataType::int8, own, own}, "int8: all matrices, with a cache in 16 bits"};
}

/// "int4-g32": a scale and a zero point of 16 bits for each group.
ServedModel in_int4(Architecture model, std::int64_t group) {
  Quantization groups;
  groups.name = fmt::format("int4-g{}", group);
  groups.method = Method::group_integer;
  groups.bits = 4;
  groups.group_size = group;
  groups.scale_bits = 16;
  groups.zero_bits = 16;
  model.quantization = std::move(groups);
  return as_stored(std::move(model), fmt::format("int4: weights alone, with a scale and a zero "
                                                 "point of 16 bits for each {}",
                                                 group));
}

/// 32 of "int4-g32", 128 of "int4"; none where it is no such word.
std::optional<std::int64_t> int4_group(std::string_view word) {
  constexpr std::int64_t kUsual = 128;
  constexpr std::string_view kPrefix = "int4-g";
  if (word == "int4" || word == "awq" || word == "gptq" || word == "w4a16") return kUsual;
  if (!word.starts_with(kPrefix)) return std::nullopt;
  std::int64_t group = 0;
  const char* const end = word.data() + word.size();
  const auto read = std::from_chars(word.data() + kPrefix.size(), end, group);
  constexpr std::int64_t kMost = 65536;
  if (read.ec != std::errc() || read.ptr != end || group < 1 || group > kMost) return std::nullopt;
  return group;
}

std::string without_organisation(std::string_view name) {
  return std::string(name.substr(name.rfind('/') + 1));
}

}  // namespace

Result<ServedModel> served_model(Architecture architecture, std::string_view precision) {
  if (precision.empty()) {
    return as_stored(std::move(architecture),
                     "where a table does not say the precision, the checkpoint's own is taken");
  }
  if (precision == "fp16" || precision == "float16" || precision == "half") {
    return in_sixteen_bits(std::move(architecture), DataType::fp16);
  }
  if (precision == "bf16" || precision == "bfloat16") {
    return in_sixteen_bits(std::move(architecture), DataType::bf16);
  }
  if (precision == "fp8" || precision == "fp8_block") return in_fp8(std::move(architecture));
  if (precision == "fp4" || precision == "nvfp4" || precision == "mxfp4") {
    return in_fp4(std::move(architecture));
  }
  if (precision == "int8") return in_int8(std::move(architecture));
  if (const auto group = int4_group(precision)) return in_int4(std::move(architecture), *group);
  return fail("precision", fmt::format("\"{}\" is no precision that is known", shown(precision)),
              "fp16, bf16, fp8, fp4, int8, int4-g128 or nothing");
}

const ModelAlias* model_alias(std::string_view name) {
  const std::string wanted = normalized(without_organisation(name));
  const auto* at = std::find_if(kModels.begin(), kModels.end(), [&](const ModelAlias& each) {
    return normalized(each.name) == wanted;
  });
  return at == kModels.end() ? nullptr : at;
}

std::vector<std::string> catalogue_names(std::string_view name) {
  constexpr std::array<std::string_view, 10> kEndings{
      "-fp8", "-fp4", "-nvfp4", "-awq", "-gptq", "-hf", "-chat", "-instruct", "-dynamic", "-v2"};
  std::vector<std::string> all{std::string(name), without_organisation(name)};
  const auto ends = [](const std::string& text, std::string_view ending) {
    return text.size() > ending.size() &&
           normalized(text.substr(text.size() - ending.size())) == normalized(ending);
  };
  for (bool is_shorter = true; is_shorter;) {
    is_shorter = false;
    for (const std::string_view ending : kEndings) {
      if (!ends(all.back(), ending)) continue;
      all.push_back(all.back().substr(0, all.back().size() - ending.size()));
      is_shorter = true;
    }
  }
  return all;
}

ServedEngine served_engine(std::string_view framework) {
  const std::string name = normalized(framework);
  const auto* at = std::find_if(kEngines.begin(), kEngines.end(), [&](const KnownEngine& each) {
    return name.starts_with(each.begins);
  });
  return at->served;
}

}  // namespace ridgepoint::score
