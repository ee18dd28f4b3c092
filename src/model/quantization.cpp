// SPDX-License-Identifier: Apache-2.0
#include "model/quantization.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ridgepoint::model {
namespace {

using json::Kind;
using json::Value;
using Method = Quantization::Method;

const Value* object_at(const Value& parent, std::string_view key) {
  const Value* value = parent.find(key);
  return value != nullptr && value->kind == Kind::object ? value : nullptr;
}

std::string text_at(const Value& parent, std::string_view key) {
  const Value* value = parent.find(key);
  return value != nullptr && value->kind == Kind::string ? value->text : std::string();
}

std::int64_t number_at(const Value& parent, std::string_view key, std::int64_t fallback) {
  const Value* value = parent.find(key);
  const bool sound = value != nullptr && value->integer && *value->integer >= 0 &&
                     *value->integer <= kLargestWidth;
  return sound ? *value->integer : fallback;
}

bool flag_at(const Value& parent, std::string_view key) {
  const Value* value = parent.find(key);
  return value != nullptr && value->kind == Kind::boolean && value->boolean;
}

/// Every list of exceptions that any method has.
std::vector<std::string> ignored_by(const Value& object) {
  std::vector<std::string> patterns;
  for (const std::string_view key : {"ignore", "modules_to_not_convert", "ignored_layers",
                                     "exclude_modules", "llm_int8_skip_modules", "exclude"}) {
    const Value* list = object.find(key);
    if (list == nullptr || list->kind != Kind::list) continue;
    for (const Value& item : list->items) {
      if (item.kind == Kind::string && !item.text.empty()) patterns.push_back(item.text);
    }
  }
  return patterns;
}

constexpr std::int64_t kFp32Bits = 32;
constexpr std::int64_t kBf16Bits = 16;

/// fp8 in square blocks, by tensor, or by output channel.
void read_fp8(const Value& object, Quantization& out) {
  if (text_at(object, "activation_scheme") == "static") out.input_scale_bits = kFp32Bits;
  const Value* block = object.find("weight_block_size");
  if (block == nullptr || block->kind != Kind::list || block->items.size() != 2) {
    const bool by_channel = out.name == "fbgemm_fp8";
    out.method = by_channel ? Method::channel_fp8 : Method::tensor_fp8;
    return;
  }
  out.method = Method::block_fp8;
  out.block_rows = std::max<std::int64_t>(1, block->items[0].integer.value_or(128));
  out.block_columns = std::max<std::int64_t>(1, block->items[1].integer.value_or(128));
}

/// What a group of compressed-tensors is for: every linear layer, or tensors that patterns name.
/// Those become exceptions from the exceptions, which begin with '!'.
void read_targets(const Value& group, Quantization& out) {
  const Value* targets = group.find("targets");
  if (targets == nullptr || targets->kind != Kind::list) return;
  std::vector<std::string> named;
  for (const Value& target : targets->items) {
    if (target.text == "Linear") return;
    if (target.kind == Kind::string && !target.text.empty()) named.push_back("!" + target.text);
  }
  out.ignored.insert(out.ignored.end(), named.begin(), named.end());
}

/// 8-bit floats with scales for small groups (mxfp8) are not among the methods.
bool is_representable(const Value& weights, bool is_float, std::int64_t bits) {
  const std::string strategy = text_at(weights, "strategy");
  if (is_float) return bits == 4 || (bits == 8 && strategy != "group");
  return bits >= 2 && bits <= 8;
}

bool read_weights(const Value& group, std::string_view format, Quantization& out) {
  const Value* weights = object_at(group, "weights");
  if (weights == nullptr) return false;
  out.bits = number_at(*weights, "num_bits", 8);
  out.group_size = number_at(*weights, "group_size", 0);
  const bool is_float = text_at(*weights, "type") == "float";
  const std::string strategy = text_at(*weights, "strategy");
  if (!is_representable(*weights, is_float, out.bits)) return false;
  const bool computes_in_it = object_at(group, "input_activations") != nullptr;
  if (is_float && out.bits == 4) {
    const bool is_mx = format.starts_with("mxfp4") || out.group_size == 32;
    out.method = is_mx ? Method::mxfp4 : Method::nvfp4;
  } else if (!is_float && out.bits == 8 && strategy == "channel" && computes_in_it) {
    out.method = Method::int8;
    out.scale_bits = kBf16Bits;
  } else if (is_float && strategy == "block") {
    const Value* block = weights->find("block_structure");
    out.method = Method::block_fp8;
    out.block_rows = out.block_columns = 128;
    if (block != nullptr && block->items.size() == 2) {
      out.block_rows = std::max<std::int64_t>(1, block->items[0].integer.value_or(128));
      out.block_columns = std::max<std::int64_t>(1, block->items[1].integer.value_or(128));
    }
  } else if (is_float) {
    out.method = strategy == "tensor" ? Method::tensor_fp8 : Method::channel_fp8;
    out.scale_bits = kBf16Bits;
  } else {
    out.method = Method::group_integer;
    const Value* symmetric = weights->find("symmetric");
    const bool has_zero =
        symmetric != nullptr && symmetric->kind == Kind::boolean && !symmetric->boolean;
    out.zero_bits = has_zero ? out.bits : 0;
  }
  return true;
}

/// Scales of inputs are stored when they are fixed: whole ones in the type of the weights' scales,
/// or nvfp4's second level ("local": only the first is made as the inputs come).
std::int64_t input_scale_bits(const Value& group, const Quantization& weights) {
  const Value* inputs = object_at(group, "input_activations");
  const Value* dynamic = inputs == nullptr ? nullptr : inputs->find("dynamic");
  if (dynamic == nullptr) return 0;
  if (dynamic->text == "local") return kFp32Bits;
  const bool is_fixed = dynamic->kind == Kind::boolean && !dynamic->boolean;
  if (!is_fixed) return 0;
  return weights.scale_bits == 0 ? kFp32Bits : weights.scale_bits;
}

bool is_same(const Quantization& a, const Quantization& b) {
  return a.method == b.method && a.bits == b.bits && a.group_size == b.group_size;
}

/// All groups of compressed-tensors; the first counts where they differ, which is rare.
bool read_compressed(Config& config, const Value& object, Quantization& out) {
  const Value* groups = object_at(object, "config_groups");
  if (groups == nullptr || groups->items.empty()) return false;
  const auto format_of = [&](const Value& group) {
    const std::string own = text_at(group, "format");
    return own.empty() ? text_at(object, "format") : own;
  };
  const Value& first = groups->items.front();
  if (!read_weights(first, format_of(first), out)) return false;
  out.input_scale_bits = input_scale_bits(first, out);
  bool alike = true;
  for (const Value& group : groups->items) {
    Quantization other;
    alike = alike && read_weights(group, format_of(group), other) && is_same(out, other);
    read_targets(group, out);
  }
  if (!alike) {
    config.assume(fmt::format("{} groups of quantized weights differ: all counted as the first",
                              groups->items.size()));
  }
  return true;
}

/// AMD Quark: one kind of weights for the whole model.
bool read_quark(const Value& object, Quantization& out) {
  const Value* global = object_at(object, "global_quant_config");
  const Value* weight = global == nullptr ? nullptr : object_at(*global, "weight");
  if (weight == nullptr) return false;
  const std::string type = text_at(*weight, "dtype");
  const bool by_channel = text_at(*weight, "qscheme") == "per_channel";
  if (type == "fp4") out.method = Method::mxfp4;
  if (type.starts_with("fp8")) out.method = by_channel ? Method::channel_fp8 : Method::tensor_fp8;
  return type == "fp4" || (type.starts_with("fp8") && !text_at(*weight, "qscheme").empty());
}

bool read_modelopt(Config& config, const Value& object, Quantization& out) {
  const Value* inner = object_at(object, "quantization");
  const Value& source = inner == nullptr ? object : *inner;
  const std::string algorithm = text_at(source, "quant_algo");
  for (std::string& pattern : ignored_by(source)) out.ignored.push_back(std::move(pattern));
  if (algorithm.find("FP4") != std::string::npos) {
    out.method = Method::nvfp4;
    out.input_scale_bits = kFp32Bits;
    return true;
  }
  out.method = Method::tensor_fp8;
  if (algorithm == "FP8") {
    out.input_scale_bits = kFp32Bits;
    return true;
  }
  if (algorithm == "W4A16_AWQ" || algorithm == "W4A8_AWQ") {
    out.method = Method::group_integer;
    out.bits = 4;
    out.group_size = number_at(source, "group_size", 128);
    return true;
  }
  return read_compressed(config, object, out);
}

bool read_integer_groups(const Value& object, Quantization& out) {
  out.method = Method::group_integer;
  out.bits = number_at(object, "bits", number_at(object, "w_bit", 4));
  out.group_size = number_at(object, "group_size", number_at(object, "q_group_size", 128));
  const Value* group = object.find("group_size");
  const bool whole_rows = group != nullptr && group->integer.value_or(0) < 0;  // -1
  if (whole_rows) out.group_size = 0;
  out.zero_bits = out.bits;
  out.has_group_index = out.name == "gptq";
  out.covers_head = flag_at(object, "lm_head");
  return out.bits >= 1 && out.bits <= 16;
}

bool read_bitsandbytes(const Value& object, Quantization& out) {
  if (flag_at(object, "load_in_8bit")) {
    out.method = Method::int8;
    return true;
  }
  out.method = Method::group_integer;
  out.bits = 4;
  out.group_size = 64;
  const bool is_double = flag_at(object, "bnb_4bit_use_double_quant");
  out.scale_bits = is_double ? 8 : kFp32Bits;
  out.scales_per_scale = is_double ? 256 : 0;
  return flag_at(object, "load_in_4bit");
}

bool read_method(Config& config, const Value& object, Quantization& out) {
  out.ignored = ignored_by(object);
  if (out.name == "fp8" || out.name == "fbgemm_fp8") {
    read_fp8(object, out);
    return true;
  }
  if (out.name == "mxfp4") {
    out.method = Method::mxfp4;
    return true;
  }
  if (out.name == "compressed-tensors") return read_compressed(config, object, out);
  if (out.name.starts_with("modelopt")) return read_modelopt(config, object, out);
  if (out.name == "quark") return read_quark(object, out);
  if (out.name == "gptq" || out.name == "awq" || out.name == "auto-round") {
    return read_integer_groups(object, out);
  }
  if (out.name == "bitsandbytes") return read_bitsandbytes(object, out);
  return false;
}

/// Keys that are names of modules: false for one that stays, or bits of its own.
void read_mlx_modules(Config& config, const Value& object, Quantization& out) {
  std::size_t others = 0;
  for (std::size_t i = 0; i < object.keys.size() && i < object.items.size(); ++i) {
    const Value& value = object.items[i];
    if (value.kind == Kind::boolean && !value.boolean) add_globs(object.keys[i], out.ignored);
    if (value.kind == Kind::object && number_at(value, "bits", out.bits) != out.bits) ++others;
  }
  if (others > 0) {
    config.assume(fmt::format("{} modules are quantized to other than {} bits: counted as these",
                              others, out.bits));
  }
}

/// MLX quantises embeddings too; each group has a scale and a bias.
std::optional<Quantization> read_mlx(Config& config, const Value& object) {
  Quantization out;
  out.name = "MLX";
  const std::string mode = text_at(object, "mode");
  out.method = mode == "mxfp4"   ? Method::mxfp4
               : mode == "nvfp4" ? Method::nvfp4
                                 : Method::group_integer;
  out.bits = number_at(object, "bits", 4);
  out.group_size = number_at(object, "group_size", 64);
  out.zero_bits = 16;
  out.covers_embeddings = true;
  out.covers_head = true;
  read_mlx_modules(config, object, out);
  return out;
}

const Value* find_anywhere(Config& config, std::string_view key) {
  const Value* value = object_at(config.object(), key);
  return value == nullptr ? object_at(config.top(), key) : value;
}

}  // namespace

std::optional<Quantization> read_quantization(Config& config) {
  const Value* object = find_anywhere(config, "quantization_config");
  const Value* mlx = find_anywhere(config, "quantization");
  if (mlx != nullptr && mlx->find("bits") != nullptr) return read_mlx(config, *mlx);
  if (object == nullptr) return std::nullopt;
  Quantization out;
  out.name = text_at(*object, "quant_method");
  if (out.name.empty() && object->find("quant_algo") != nullptr) out.name = "modelopt";
  if (out.name.empty() && object->find("bits") != nullptr) return read_mlx(config, *object);
  if (!read_method(config, *object, out)) {
    config.assume(fmt::format("quantization_config ({}) not known: weights are counted as {}",
                              out.name.empty() ? "no method named" : out.name,
                              ridgepoint::name(config.out().dtype)));
    return std::nullopt;
  }
  std::vector<std::string> globs;
  for (const std::string& pattern : out.ignored) add_globs(pattern, globs);
  out.ignored = std::move(globs);
  config.assume(
      fmt::format("weights are stored as quantization_config ({}) says, what it leaves "
                  "out as {}",
                  out.name, ridgepoint::name(config.out().dtype)));
  return out;
}

}  // namespace ridgepoint::model
