// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "model/family.hpp"
#include "model/layer_windows.hpp"
#include "ridgepoint/core/json_reader.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::model {
namespace {

using json::Keys;
using json::Kind;
using json::Reader;
using json::Value;

// More than any real model by orders of magnitude, and small enough for products to be exact.
constexpr std::int64_t kMostLayers = std::int64_t{1} << 20;
constexpr std::int64_t kMostHeads = std::int64_t{1} << 20;
constexpr std::int64_t kLargestWidth = std::int64_t{1} << 28;
constexpr std::int64_t kLargestVocabulary = std::int64_t{1} << 32;

const Keys& context_keys() {
  static const Keys keys{
      "max_position_embeddings", "max_sequence_length", "max_seq_len", "n_positions", "seq_length",
      "model_max_length"};
  return keys;
}
const Keys& window_keys() {
  static const Keys keys{"sliding_window", "sliding_window_size"};
  return keys;
}

/// What `--set` may add to a file that does not have it.
const std::vector<std::string>& known_keys() {
  static const std::vector<std::string> keys{"attention_bias",    "head_dim",
                                             "hidden_act",        "hidden_size",
                                             "intermediate_size", "max_position_embeddings",
                                             "max_window_layers", "mlp_bias",
                                             "model_type",        "num_attention_heads",
                                             "num_hidden_layers", "num_key_value_heads",
                                             "sliding_window",    "tie_word_embeddings",
                                             "torch_dtype",       "use_sliding_window",
                                             "vocab_size"};
  return keys;
}

constexpr std::array<std::string_view, 5> kGeometry{
    "hidden_size", "intermediate_size", "num_attention_heads", "num_hidden_layers", "vocab_size"};

/// Keys of layers that are not softmax attention and a dense MLP.
struct ForeignKey {
  std::string_view key;
  std::string_view meaning;
};
constexpr std::array kForeignKeys{
    ForeignKey{"num_local_experts", "a mixture of experts"},
    ForeignKey{"num_experts", "a mixture of experts"},
    ForeignKey{"n_routed_experts", "a mixture of experts"},
    ForeignKey{"moe_num_experts", "a mixture of experts"},
    ForeignKey{"kv_lora_rank", "latent attention"},
    ForeignKey{"ssm_state_size", "state-space layers"},
    ForeignKey{"state_size", "state-space layers"},
    ForeignKey{"mamba_d_state", "state-space layers"},
    ForeignKey{"hybrid_override_pattern", "state-space layers"},
    ForeignKey{"linear_num_value_heads", "linear attention"},
    ForeignKey{"linear_attn_config", "linear attention"},
    ForeignKey{"attn_type_list", "linear attention"},
    ForeignKey{"attention_chunk_size", "chunked attention"},
    ForeignKey{"cross_attention_layers", "cross attention"},
    ForeignKey{"num_decoder_layers", "an encoder and a decoder"},
};

bool is_set(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  if (value == nullptr || value->kind == Kind::null) return false;
  const bool is_zero = value->kind == Kind::number && value->integer == 0;
  const bool is_false = value->kind == Kind::boolean && !value->boolean;
  return !is_zero && !is_false;
}

std::string joined(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string supported_text() {
  return fmt::format(
      "supported model_type values: {}; other files when they have exactly the "
      "keys of Llama",
      joined(supported_families()));
}

/// What PyTorch calls a type.
std::optional<DataType> stored_type(std::string_view text) {
  struct Spelling {
    std::string_view text;
    DataType type;
  };
  constexpr std::array kSpellings{
      Spelling{"bfloat16", DataType::bf16},    Spelling{"float16", DataType::fp16},
      Spelling{"half", DataType::fp16},        Spelling{"float32", DataType::fp32},
      Spelling{"float", DataType::fp32},       Spelling{"float64", DataType::fp64},
      Spelling{"float8_e4m3fn", DataType::fp8}};
  constexpr std::string_view kModule = "torch.";
  if (text.starts_with(kModule)) text.remove_prefix(kModule.size());
  for (const Spelling& row : kSpellings) {
    if (row.text == text) return row.type;
  }
  return data_type_from_name(text);
}

/// RMS norms and a silu gate, said by the file itself.
bool looks_like_llama(const Value& object) {
  const Value* activation = object.find("hidden_act");
  const bool silu = activation != nullptr && activation->text == "silu";
  const auto present = [&](std::string_view key) { return is_set(object, key); };
  return silu && present("rms_norm_eps") &&
         std::all_of(kGeometry.begin(), kGeometry.end(), present);
}

/// One file on its way to an Architecture.
class ArchitectureReader {
 public:
  ArchitectureReader(const Value& top, const Value& object, Reader reader, Diagnostics& faults,
                     Architecture& out)
      : top_(top), object_(object), reader_(std::move(reader)), faults_(faults), out_(out) {}

  void read() {
    read_family();
    if (family_ == nullptr) return;
    read_sizes();
    read_attention();
    read_mlp();
    read_dtype();
    read_embeddings();
    if (faults_.empty()) read_layers();
  }

 private:
  void assume(std::string sentence) { out_.assumptions.push_back(std::move(sentence)); }

  void read_family() {
    const std::string type = reader_.optional_string("model_type").value_or("");
    const Family* row = find_family(type);
    out_.family = row == nullptr ? "llama" : type;
    for (const ForeignKey& foreign : kForeignKeys) {
      if (!is_set(object_, foreign.key)) continue;
      reader_.fault(foreign.key, fmt::format("not supported yet: {}", foreign.meaning),
                    supported_text());
      return;
    }
    if (row == nullptr && !type.empty() && !looks_like_llama(object_)) {
      reader_.fault("model_type", fmt::format("\"{}\" is not supported yet", shown(type)),
                    supported_text());
      return;
    }
    family_ = row == nullptr ? &llama_family() : row;
    if (row == nullptr) {
      assume(type.empty() ? "model_type absent: read as llama"
                          : fmt::format("model_type {} unknown: read as llama, whose keys it has",
                                        shown(type)));
    }
  }

  void read_sizes() {
    out_.hidden_size = reader_.size("hidden_size", kLargestWidth).value_or(0);
    out_.vocab_size = reader_.size("vocab_size", kLargestVocabulary).value_or(0);
    layers_ = reader_.size("num_hidden_layers", kMostLayers).value_or(0);
    out_.max_position_embeddings = reader_.optional_size(context_keys());
    out_.norm = family_->norm;
  }

  void read_attention() {
    const auto heads = reader_.size("num_attention_heads", kMostHeads);
    const auto key_value_heads = reader_.optional_size("num_key_value_heads", kMostHeads);
    if (heads && !reader_.has("num_key_value_heads")) {
      assume("num_key_value_heads absent: as many as num_attention_heads (MHA)");
    }
    attention_.num_attention_heads = heads.value_or(0);
    attention_.num_key_value_heads = key_value_heads.value_or(heads.value_or(0));
    if (heads && key_value_heads && *heads % *key_value_heads != 0) {
      reader_.fault(
          "num_key_value_heads",
          fmt::format("{} key/value heads do not divide {} query heads", *key_value_heads, *heads),
          "num_attention_heads must be a multiple of num_key_value_heads");
    }
    read_head_dim(heads.value_or(0));
    attention_.query_key_norm = family_->query_key_norm;
    const bool bias = flag(family_->bias_key, family_->bias_by_default);
    attention_.qkv_bias = bias || family_->has_qkv_bias;
    attention_.output_bias = bias;
  }

  void read_head_dim(std::int64_t heads) {
    const auto explicit_width = reader_.optional_size("head_dim", kMostHeads);
    if (reader_.has("head_dim")) {
      attention_.head_dim = explicit_width.value_or(0);
    } else if (family_->head_dim != 0) {
      attention_.head_dim = family_->head_dim;
      assume(fmt::format("head_dim absent: {}, as {} has it", family_->head_dim, family_->name));
    } else if (heads > 0 && out_.hidden_size > 0) {
      attention_.head_dim = out_.hidden_size / heads;
      if (out_.hidden_size % heads == 0) {
        assume(fmt::format("head_dim absent: hidden_size / num_attention_heads = {}",
                           attention_.head_dim));
        return;
      }
      reader_.fault("num_attention_heads",
                    fmt::format("{} heads do not divide hidden_size {}", heads, out_.hidden_size),
                    "give head_dim if the heads have a width of their own");
    }
  }

  void read_mlp() {
    mlp_.intermediate_size = reader_.size("intermediate_size", kLargestWidth).value_or(0);
    mlp_.gated = family_->has_gated_mlp;
    mlp_.activation = reader_.optional_string({"hidden_act", "hidden_activation"})
                          .value_or(std::string(family_->activation));
    mlp_.has_bias = flag(family_->mlp_bias_key, family_->bias_by_default);
  }

  bool flag(std::string_view key, bool fallback) {
    if (key.empty()) return false;
    return reader_.optional_boolean({key}).value_or(fallback);
  }

  void read_dtype() {
    auto text = reader_.optional_string({"torch_dtype", "dtype"});
    for (const std::string_view outside : {"torch_dtype", "dtype"}) {
      if (!text && is_set(top_, outside)) text = top_.find(outside)->text;
    }
    if (!text || *text == "auto") {
      assume("torch_dtype absent: bfloat16");
    } else if (const auto type = stored_type(*text)) {
      out_.dtype = *type;
    } else {
      reader_.fault("torch_dtype", fmt::format("\"{}\" is not a known type", *text),
                    "expected bfloat16, float16, float32, float64 or float8_e4m3fn");
    }
    note_quantization();
  }

  void note_quantization() {
    const Value* quantization = object_.find("quantization_config");
    if (quantization == nullptr) quantization = top_.find("quantization_config");
    if (quantization == nullptr || quantization->kind != Kind::object) return;
    const Value* method = quantization->find("quant_method");
    assume(
        fmt::format("quantization_config ({}) not applied: weights are counted as {} unless "
                    "--weights says otherwise",
                    method == nullptr ? "no method named" : shown(method->text), name(out_.dtype)));
  }

  void read_embeddings() {
    const Keys key("tie_word_embeddings");
    auto tied = reader_.optional_boolean(key);
    const Value* outside = &top_ == &object_ ? nullptr : top_.find("tie_word_embeddings");
    if (!reader_.has(key) && outside != nullptr && outside->kind == Kind::boolean) {
      tied = outside->boolean;
    }
    out_.tie_word_embeddings = tied.value_or(family_->ties_embeddings);
    if (tied || reader_.has(key)) return;
    assume(fmt::format("tie_word_embeddings absent: {}, as {} has it",
                       family_->ties_embeddings ? "tied" : "not tied", family_->name));
  }

  void read_layers() {
    const auto window = reader_.optional_size(window_keys());
    const std::vector<bool> windowed = windowed_layers(*family_, layers_, reader_);
    const bool any = std::find(windowed.begin(), windowed.end(), true) != windowed.end();
    if (any && reader_.has("layer_types")) reader_.size(window_keys());
    if (!faults_.empty()) return;
    if (window && !any && family_->window == WindowRule::none) {
      assume(fmt::format("sliding_window {} ignored: {} attends to every token", *window,
                         out_.family));
    }
    for (const bool is_windowed : windowed) {
      Attention attention = attention_;
      if (is_windowed) attention.window = window;
      append(attention);
    }
  }

  void append(const Attention& attention) {
    for (LayerRun& run : out_.runs) {
      if (std::get<Attention>(run.mixer) != attention) continue;
      ++run.count;
      return;
    }
    out_.runs.push_back({1, attention, mlp_, family_->norms_per_layer});
  }

  const Value& top_;
  const Value& object_;  ///< the language model's part: the file itself or its text_config
  Reader reader_;
  Diagnostics& faults_;
  Architecture& out_;
  const Family* family_ = nullptr;
  std::int64_t layers_ = 0;
  Attention attention_;
  Mlp mlp_;
};

/// Faults in a key that an override set are the override's.
void blame(const Overrides& overrides, Diagnostics& faults) {
  for (Diagnostic& fault : faults) {
    for (const Override& change : overrides) {
      if (fault.where.ends_with("/" + change.key)) {
        fault.where = shown(fmt::format("{} {}={}", change.where, change.key, change.value));
      }
    }
  }
}

void note_overrides(const Overrides& overrides, const Value& root, Architecture& out) {
  for (const Override& change : overrides) {
    const Value* before = root.find(change.key);
    out.assumptions.push_back(
        fmt::format("{} set to {} ({})", shown(change.key), shown(change.value),
                    before == nullptr ? "the file has none"
                                      : fmt::format("the file says {}", json::describe(*before))));
  }
}

std::string display_name(const Value& root, std::string_view source_name) {
  for (const std::string_view key : {"_name_or_path", "name"}) {
    const Value* name = root.find(key);
    if (name != nullptr && name->kind == Kind::string && !name->text.empty())
      return shown(name->text);
  }
  return std::string(source_name);
}

}  // namespace

Result<Architecture> read_architecture(std::string_view text, std::string_view source_name,
                                       const Overrides& overrides) {
  Result<Value> root = json::parse(text, source_name);
  if (!root) return fail(root.error());
  if (root->kind != Kind::object) {
    return fail(std::string(source_name),
                fmt::format("expected a config.json object, got {}", json::describe(*root)),
                "give the config.json that lies beside a model's weights");
  }
  Architecture out;
  out.origin = source_name;
  out.name = display_name(*root, source_name);
  const Value* nested = root->find("text_config");
  const bool is_nested =
      nested != nullptr && nested->kind == Kind::object && root->find("hidden_size") == nullptr;
  Value& object = is_nested ? *root->find("text_config") : *root;
  note_overrides(overrides, object, out);
  Diagnostics faults = json::apply(overrides, known_keys(), object);
  if (is_nested || is_set(*root, "vision_config")) {
    out.assumptions.emplace_back("only the language model is counted, not the vision part");
  }
  const Reader reader(object, std::string(source_name), faults, is_nested ? "/text_config" : "");
  ArchitectureReader(*root, object, reader, faults, out).read();
  blame(overrides, faults);
  if (!faults.empty()) return fail(std::move(faults));
  return out;
}

}  // namespace ridgepoint::model
