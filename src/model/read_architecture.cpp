// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "model/choose_family.hpp"
#include "model/config.hpp"
#include "model/layer_kinds.hpp"
#include "model/mixers.hpp"
#include "model/overrides.hpp"
#include "model/positions.hpp"
#include "model/quantization.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::model {
namespace {

using json::Keys;
using json::Kind;
using json::Reader;
using json::Value;

const Keys& context_keys() {
  static const Keys keys{"max_position_embeddings",
                         "max_sequence_length",
                         "max_seq_len",
                         "n_positions",
                         "seq_length",
                         "model_max_length",
                         "n_ctx"};
  return keys;
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

void read_layer_count(Config& config) {
  for (const char* key : {"hybrid_override_pattern", "layers_block_type"}) {
    const Value* value = config.find(key);
    if (value == nullptr || config.has(layer_keys())) continue;
    const std::size_t listed = value->kind == Kind::list ? value->items.size() : value->text.size();
    if (listed == 0 || listed > static_cast<std::size_t>(kMostLayers)) continue;
    config.layers = static_cast<std::int64_t>(listed);
    config.assume(fmt::format("num_hidden_layers absent: {}, as many as {} has", listed, key));
    return;
  }
  config.layers = config.size(layer_keys(), kMostLayers);
}

void read_sizes(Config& config) {
  Architecture& out = config.out();
  out.hidden_size = config.size(hidden_keys());
  out.vocab_size = config.size(vocabulary_keys(), kLargestVocabulary);
  read_layer_count(config);
  out.max_position_embeddings = config.optional_size(context_keys());
  out.norm = config.family().norm;
  out.has_final_norm = config.family().has_final_norm;
  out.has_lm_head = config.family().has_lm_head;
  out.lm_head_bias = config.family().lm_head_bias;
  if (config.family().has_learned_positions) {
    const std::int64_t rows = config.size(context_keys());
    out.learned_position_rows = rows == 0 ? 0 : rows + config.family().extra_position_rows;
  }
}

void read_dtype(Config& config) {
  const Keys keys{"torch_dtype", "dtype"};
  auto text = config.reader().optional_string(keys);
  for (const std::string_view outside : {"torch_dtype", "dtype"}) {
    if (!text && is_set(config.top(), outside)) text = config.top().find(outside)->text;
  }
  if (!text || *text == "auto") {
    config.assume("torch_dtype absent: bfloat16");
  } else if (const auto type = stored_type(*text)) {
    config.out().dtype = *type;
  } else {
    config.fault(keys, fmt::format("\"{}\" is not a known type", *text),
                 "expected bfloat16, float16, float32, float64 or float8_e4m3fn");
  }
  config.out().quantization = read_quantization(config);
}

void read_embeddings(Config& config) {
  const Keys key{"tie_word_embeddings", "tie_embeddings"};
  const bool ties = config.family().ties_embeddings;
  auto tied = config.reader().optional_boolean(key);
  const Value* outside =
      &config.top() == &config.object() ? nullptr : config.top().find("tie_word_embeddings");
  if (!config.has(key) && outside != nullptr && outside->kind == Kind::boolean) {
    tied = outside->boolean;
  }
  config.out().tie_word_embeddings = tied.value_or(ties);
  if (tied || config.has(key) || !config.out().has_lm_head) return;
  config.assume(fmt::format("tie_word_embeddings absent: {}, as {} has it",
                            ties ? "tied" : "not tied", config.family().name));
}

void share_keys(Config& config, LayerRun& layer) {
  if (auto* attention = std::get_if<Attention>(&layer.mixer)) attention->has_keys = false;
  if (std::holds_alternative<LatentAttention>(layer.mixer)) {
    config.fault("num_kv_shared_layers", "layers of latent attention cannot share their cache",
                 "sharing is counted for heads of keys and values only");
  }
}

/// For each layer how many of its kind come before it: those whose cache it could read.
std::vector<std::int64_t> places_among_their_kind(const std::vector<LayerRun>& layers) {
  std::vector<std::int64_t> places;
  std::vector<std::pair<const LayerRun*, std::int64_t>> kinds;
  for (const LayerRun& layer : layers) {
    auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const auto& known) {
      return known.first->mixer == layer.mixer && known.first->stack == layer.stack;
    });
    if (kind == kinds.end()) kind = kinds.insert(kind, {&layer, 0});
    places.push_back(kind->second++);
  }
  return places;
}

/// Layers that read the cache of an earlier one: the last few (Gemma), or all but each n-th of
/// their kind.
void share_caches(Config& config, std::vector<LayerRun>& layers) {
  const std::int64_t last = config.count_or("num_kv_shared_layers", 0);
  const bool uses_cla = config.flag("use_cla", config.has("cla_share_factor"));
  const std::int64_t factor = uses_cla ? config.count_or("cla_share_factor", 1) : 1;
  const auto count = static_cast<std::int64_t>(layers.size());
  if (last > 0 && last >= count) {
    config.fault("num_kv_shared_layers", fmt::format("{} of {} layers share a cache", last, count),
                 "the first layer at least has a cache of its own");
    return;
  }
  const std::vector<std::int64_t> places = places_among_their_kind(layers);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const bool is_late = i >= count - last;
    if (!is_late && (factor <= 1 || places[at] % factor == 0)) continue;
    share_keys(config, layers[at]);
    if (config.failed()) return;  // said once
  }
}

bool is_alike(const LayerRun& a, const LayerRun& b) {
  return a.mixer == b.mixer && a.feed_forward == b.feed_forward &&
         a.norms_per_layer == b.norms_per_layer && a.cross_attention == b.cross_attention &&
         a.stack == b.stack && a.extras == b.extras && a.is_parallel == b.is_parallel &&
         a.norms_follow == b.norms_follow && a.weight_sets == b.weight_sets;
}

/// Equal layers become one run, in the order of their first ones.
void append_runs(std::vector<LayerRun>& layers, Architecture& out) {
  std::int64_t number = 0;
  Stack stack = Stack::decoder;
  for (LayerRun& layer : layers) {
    number = layer.stack == stack ? number : 0;
    stack = layer.stack;
    auto run = std::find_if(out.runs.begin(), out.runs.end(),
                            [&](const LayerRun& each) { return is_alike(each, layer); });
    if (run == out.runs.end()) {
      layer.count = 0;
      layer.numbers.clear();
      run = out.runs.insert(run, std::move(layer));
    }
    ++run->count;
    run->numbers.push_back(number++);
  }
}

/// A file that speaks of state-space layers must say which they are.
void refuse_lost_states(Config& config, const std::vector<LayerRun>& layers) {
  const bool has_states = std::any_of(layers.begin(), layers.end(), [](const LayerRun& layer) {
    return std::holds_alternative<Mamba1>(layer.mixer) ||
           std::holds_alternative<Mamba2>(layer.mixer) ||
           std::holds_alternative<AttentionBesideMamba>(layer.mixer);
  });
  for (const char* key : {"ssm_state_size", "state_size", "mamba_d_state"}) {
    if (has_states || !is_set(config.object(), key)) continue;
    config.fault(key, "names state-space layers, but no key says which layers they are",
                 "give layer_types, hybrid_override_pattern, attn_layer_period or "
                 "attn_layer_indices");
  }
}

void read_model(Config& config) {
  read_sizes(config);
  const LayerKinds kinds = layer_kinds(config);
  const std::vector<Mixer> mixers = read_mixers(config, kinds);
  const std::vector<FeedForward> parts = read_feed_forwards(config, kinds);
  read_dtype(config);
  read_embeddings(config);
  if (config.failed()) return;
  const std::int64_t norms = kinds.single_parts ? 1 : config.family().norms_per_layer;
  std::vector<LayerRun> layers;
  for (std::size_t i = 0; i < mixers.size(); ++i) {
    layers.push_back({1, mixers[i], parts[i], norms});
    layers.back().is_parallel = config.family().is_parallel;
    layers.back().norms_follow = config.family().norms_follow;
  }
  mark_rotary(config, layers);
  share_caches(config, layers);
  if (config.family().finish != nullptr) config.family().finish(config, layers);
  refuse_lost_states(config, layers);
  if (!config.failed()) append_runs(layers, config.out());
}

std::string display_name(const Value& root, std::string_view source_name) {
  for (const std::string_view key : {"_name_or_path", "name"}) {
    const Value* name = root.find(key);
    if (name != nullptr && name->kind == Kind::string && !name->text.empty())
      return shown(name->text);
  }
  return std::string(source_name);
}

/// The language model inside a multimodal file, and where it is.
std::pair<Value*, std::string> language_model(Value& root) {
  Value* at = &root;
  std::string pointer;
  constexpr int kDeepest = 3;
  for (int depth = 0; depth < kDeepest; ++depth) {
    Value* inner = nullptr;
    for (const char* key : {"text_config", "language_config", "llm_config", "thinker_config"}) {
      Value* value = at->find(key);
      // PaliGemma repeats hidden_size outside; a model that is here counts its layers here too.
      const bool is_here =
          depth == 0 && at->find("hidden_size") != nullptr &&
          std::any_of(layer_keys().spellings().begin(), layer_keys().spellings().end(),
                      [&](std::string_view name) { return is_set(*at, name); });
      if (value == nullptr || value->kind != Kind::object || is_here) continue;
      inner = value;
      pointer += std::string("/") + key;
      break;
    }
    if (inner == nullptr) break;
    at = inner;
  }
  return {at, pointer};
}

void note_uncounted_parts(const Value& root, const Value& object, bool is_nested,
                          Architecture& out) {
  if (is_nested || is_set(root, "vision_config") || is_set(root, "audio_config")) {
    out.assumptions.emplace_back("only the language model is counted, not the vision part");
  }
  for (const std::string_view key :
       {"num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_modules", "mtp_num_layers"}) {
    if (!is_set(object, key)) continue;
    out.assumptions.emplace_back("layers that predict further tokens (MTP) are not counted");
    return;
  }
}

}  // namespace

const Keys& layer_keys() {
  static const Keys keys{"num_hidden_layers", "n_layer",        "n_layers",
                         "num_layers",        "decoder_layers", "encoder_layers"};
  return keys;
}
const Keys& vocabulary_keys() {
  static const Keys keys{"vocab_size", "padded_vocab_size", "n_vocab"};
  return keys;
}
const Keys& hidden_keys() {
  static const Keys keys{"hidden_size", "n_embd", "n_embed", "d_model", "dim", "model_dim"};
  return keys;
}

namespace {

Result<Architecture> read_once(std::string_view text, std::string_view source_name,
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
  const auto [object, pointer] = language_model(*root);
  Diagnostics faults = apply_overrides(overrides, *object, out);
  note_uncounted_parts(*root, *object, !pointer.empty(), out);
  Reader reader(*object, std::string(source_name), faults, pointer);
  if (const Family* family = choose_family(*root, reader, faults, out)) {
    Config config(*root, *object, reader, faults, *family, out);
    read_model(config);
  }
  blame(overrides, faults);
  if (!faults.empty()) return fail(std::move(faults));
  return out;
}

/// Whether nothing that is counted differs.
bool count_alike(const Architecture& a, const Architecture& b) {
  const auto runs_alike = [](const LayerRun& x, const LayerRun& y) {
    return is_alike(x, y) && x.count == y.count && x.numbers == y.numbers;
  };
  return a.hidden_size == b.hidden_size && a.vocab_size == b.vocab_size &&
         a.embedding_size == b.embedding_size && a.dtype == b.dtype &&
         a.max_position_embeddings == b.max_position_embeddings &&
         a.learned_position_rows == b.learned_position_rows &&
         a.tie_word_embeddings == b.tie_word_embeddings &&
         a.quantization.has_value() == b.quantization.has_value() &&
         std::equal(a.runs.begin(), a.runs.end(), b.runs.begin(), b.runs.end(), runs_alike);
}

/// A what-if that changes nothing is said to: its key is not read, or another one overrules it.
void note_idle_overrides(std::string_view text, std::string_view source_name,
                         const Overrides& overrides, Architecture& out) {
  for (std::size_t i = 0; i < overrides.size(); ++i) {
    Overrides others = overrides;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    const auto without = read_once(text, source_name, others);
    if (without && count_alike(*without, out)) {
      out.assumptions.push_back(fmt::format("{} set to {} changes nothing of this model",
                                            shown(overrides[i].key), shown(overrides[i].value)));
    }
  }
}

}  // namespace

Result<Architecture> read_architecture(std::string_view text, std::string_view source_name,
                                       const Overrides& overrides) {
  Result<Architecture> out = read_once(text, source_name, overrides);
  if (out) note_idle_overrides(text, source_name, overrides, *out);
  return out;
}

}  // namespace ridgepoint::model
