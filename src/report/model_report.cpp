// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/envelope.hpp"
#include "report/inputs_json.hpp"
#include "report/text.hpp"
#include "ridgepoint/report/catalog_report.hpp"

namespace ridgepoint::report {
namespace {

using model::Architecture;

std::string billions(std::int64_t parameters) {
  return format_number(static_cast<double>(parameters) / 1e9);
}

std::string words(const model::Mlp& mlp) {
  return fmt::format("{} MLP, {}, intermediate_size {}{}", mlp.gated ? "gated" : "plain",
                     mlp.activation, format_integer(mlp.intermediate_size),
                     mlp.has_bias ? ", with bias" : "");
}

std::string words(const model::MixtureOfExperts& moe) {
  std::string text = fmt::format("{} of {} experts, each a {}", moe.experts_per_token,
                                 moe.num_experts, words(moe.expert));
  if (moe.shared) {
    text += fmt::format("; shared: {}", format_integer(moe.shared->intermediate_size));
  }
  if (moe.dense) {
    text += fmt::format("; dense beside them: {}", format_integer(moe.dense->intermediate_size));
  }
  return text;
}

std::string words(const model::NoFeedForward&) { return "none"; }

std::string words(const model::Attention& attention) {
  return fmt::format(
      "{} query and {} key/value heads of width {}{}{}",
      format_integer(attention.num_attention_heads), format_integer(attention.num_key_value_heads),
      format_integer(attention.head_dim),
      attention.window ? fmt::format(", {} {}", attention.is_chunked ? "chunk" : "window",
                                     format_integer(*attention.window))
                       : std::string(),
      attention.qkv_bias ? ", with bias on Q, K, V" : "");
}

std::string words(const model::LatentAttention& mla) {
  return fmt::format(
      "latent attention, {} heads, latent {} + rope {}{}", format_integer(mla.num_attention_heads),
      format_integer(mla.kv_lora_rank), format_integer(mla.qk_rope_head_dim),
      mla.indexer
          ? fmt::format(", {} tokens chosen by an indexer", format_integer(mla.indexer->top_k))
          : std::string());
}

std::string words(const model::Mamba1& mamba) {
  return fmt::format("Mamba-1, {} channels with {} states each, convolution over {} tokens",
                     format_integer(mamba.intermediate_size), format_integer(mamba.state_size),
                     mamba.conv_kernel);
}

std::string words(const model::Mamba2& mamba) {
  return fmt::format(
      "Mamba-2, {} heads of {} × {} states in {} groups, convolution over {} tokens, chunks of {}",
      format_integer(mamba.num_heads), format_integer(mamba.head_dim),
      format_integer(mamba.state_size), format_integer(mamba.groups), mamba.conv_kernel,
      format_integer(mamba.chunk_size));
}

std::string words(const model::GatedDeltaNet& delta) {
  return fmt::format(
      "Gated DeltaNet, {} key heads of {} and {} value heads of {}, convolution over {} tokens",
      format_integer(delta.num_key_heads), format_integer(delta.key_head_dim),
      format_integer(delta.num_value_heads), format_integer(delta.value_head_dim),
      delta.conv_kernel);
}

std::string words(const model::KimiDeltaAttention& kda) {
  return fmt::format("Kimi Delta Attention, {} heads of {}, convolution over {} tokens",
                     format_integer(kda.num_heads), format_integer(kda.head_dim), kda.conv_kernel);
}

std::string words(const model::LightningAttention& lightning) {
  return fmt::format("lightning attention, {} heads of {}", format_integer(lightning.num_heads),
                     format_integer(lightning.head_dim));
}

std::string words(const model::ShortConvolution& convolution) {
  return fmt::format("gated convolution over {} tokens, width {}", convolution.kernel,
                     format_integer(convolution.width));
}

std::string words(const model::RecurrentUnit& unit) {
  return fmt::format("RG-LRU of width {} in {} blocks, convolution over {} tokens",
                     format_integer(unit.width), format_integer(unit.blocks), unit.conv_kernel);
}

std::string words(const model::AttentionBesideMamba& both) {
  return words(both.attention) + "; beside it " + words(both.mamba);
}

std::string words(const model::LinearMixer&) { return "one matrix"; }
std::string words(const model::NoMixer&) { return "none"; }

std::string words(const model::LayerRun& run) {
  const std::string mixer = std::visit([](const auto& each) { return words(each); }, run.mixer);
  if (!run.cross_attention) return mixer;
  return mixer + "; to the encoder: " + words(*run.cross_attention);
}

/// Name and value of every fact, for people.
std::vector<std::pair<std::string, std::string>> facts(const ModelSheet& model) {
  const Architecture& architecture = model.entry.architecture;
  std::vector<std::pair<std::string, std::string>> rows{
      {"family", architecture.family},
      {"parameters", format_integer(model.total_parameters)},
      {"active parameters", format_integer(model.active_parameters)},
      {"weights", fmt::format("{} as {}", format_bytes(model.weight_bytes.to_double()),
                              architecture.quantization ? architecture.quantization->name
                                                        : std::string(name(architecture.dtype)))},
      {"layers", format_integer(model.layers)},
      {"hidden_size", format_integer(architecture.hidden_size)},
      {"vocab_size", format_integer(architecture.vocab_size)},
      {"KV cache",
       fmt::format("{} per token", format_bytes(model.kv_bytes_per_token.to_double()))}};
  if (!(model.kv_bytes_per_token_beyond_window == model.kv_bytes_per_token)) {
    rows.emplace_back(
        "KV cache beyond windows",
        fmt::format("{} per token",
                    format_bytes(model.kv_bytes_per_token_beyond_window.to_double())));
  }
  if (!(model.state_bytes_per_sequence == Count(0))) {
    rows.emplace_back(
        "state",
        fmt::format("{} per sequence", format_bytes(model.state_bytes_per_sequence.to_double())));
  }
  if (architecture.max_position_embeddings) {
    rows.emplace_back("max_position_embeddings",
                      format_integer(*architecture.max_position_embeddings));
  }
  for (const model::LayerRun& run : architecture.runs) {
    const bool is_encoder = run.stack == model::Stack::encoder;
    const auto part = [&](std::string_view kind, const std::string& text) {
      rows.emplace_back(
          fmt::format("{} × {}{}", format_integer(run.count), is_encoder ? "encoder " : "", kind),
          text);
    };
    part(std::holds_alternative<model::Attention>(run.mixer) ? "attention" : "mixer", words(run));
    part("feed-forward",
         std::visit([](const auto& each) { return words(each); }, run.feed_forward));
  }
  rows.emplace_back("tied embeddings", architecture.tie_word_embeddings ? "yes" : "no");
  return rows;
}

Table overview(const std::vector<ModelSheet>& models) {
  Table table{{{"model", "", Align::left, 0},
               {"name", "", Align::left, 3},
               {"family", "", Align::left, 2},
               {"parameters", "10^9", Align::point, 0},
               {"layers", "", Align::right, 1},
               {"KV cache", "KiB/token", Align::point, 0}},
              {},
              {}};
  for (const ModelSheet& model : models) {
    table.rows.push_back({model.entry.name, model.entry.title, model.entry.architecture.family,
                          billions(model.total_parameters), format_integer(model.layers),
                          format_number(model.kv_bytes_per_token.to_double() / 1024)});
  }
  return table;
}

Json to_object(const ModelSheet& model) {
  const Architecture& architecture = model.entry.architecture;
  Json runs = Json::array();
  for (const model::LayerRun& run : architecture.runs) {
    Json layers = layer_run_json(run);
    layers["layer_numbers"] = run.numbers;
    runs.push_back(std::move(layers));
  }
  Json parameters = Json::array();
  for (const model::ParameterEntry& entry : model.parameters) {
    parameters.push_back({{"name", entry.name},
                          {"elements", json_number(entry.elements)},
                          {"instances", entry.instances}});
  }
  return {{"name", model.entry.name},
          {"title", model.entry.title},
          {"aliases", model.entry.aliases},
          {"source", model.entry.source},
          {"family", architecture.family},
          {"total_parameters", model.total_parameters},
          {"active_parameters", model.active_parameters},
          {"dtype", name(architecture.dtype)},
          {"quantization", architecture.quantization ? architecture.quantization->name : ""},
          {"weight_bytes", json_number(model.weight_bytes)},
          {"layers", std::move(runs)},
          {"num_hidden_layers", model.layers},
          {"hidden_size", architecture.hidden_size},
          {"vocab_size", architecture.vocab_size},
          {"max_position_embeddings", architecture.max_position_embeddings.value_or(0)},
          {"tie_word_embeddings", architecture.tie_word_embeddings},
          {"kv_bytes_per_token", json_number(model.kv_bytes_per_token)},
          {"kv_bytes_per_token_beyond_window", json_number(model.kv_bytes_per_token_beyond_window)},
          {"index_bytes_per_token",
           json_number(model::index_bytes_per_token(architecture, byte_size(DataType::bf16)))},
          {"state_bytes_per_sequence", json_number(model.state_bytes_per_sequence)},
          {"windows", windows_json(model.windows)},
          {"parameters", std::move(parameters)}};
}

std::string title_of(const ModelSheet& model) {
  const bool same = model.entry.title.empty() || model.entry.title == model.entry.name;
  return same ? model.entry.name : fmt::format("{} ({})", model.entry.title, model.entry.name);
}

}  // namespace

Result<ModelSheet> model_sheet(const catalog::ModelEntry& entry) {
  const Architecture& architecture = entry.architecture;
  const auto total = model::total_parameters(architecture);
  if (!total) return fail(total.error());
  const auto active = model::active_parameters(architecture);
  if (!active) return fail(active.error());
  constexpr ByteSize kBf16 = byte_size(DataType::bf16);
  return ModelSheet{.entry = entry,
                    .total_parameters = *total,
                    .active_parameters = *active,
                    .layers = model::num_hidden_layers(architecture),
                    .parameters = model::parameters(architecture),
                    .weight_bytes = model::weight_bytes(architecture),
                    .kv_bytes_per_token = model::kv_bytes_per_token(architecture, kBf16),
                    .kv_bytes_per_token_beyond_window =
                        model::kv_bytes_per_token_beyond_window(architecture, kBf16),
                    .windows = model::kv_windows(architecture, kBf16),
                    .state_bytes_per_sequence = model::state_bytes_per_sequence(architecture)};
}

std::vector<ModelSheet> model_sheets(const std::vector<catalog::ModelEntry>& entries) {
  std::vector<ModelSheet> sheets;
  for (const catalog::ModelEntry& entry : entries) {
    if (auto sheet = model_sheet(entry)) sheets.push_back(std::move(*sheet));
  }
  return sheets;
}

std::string to_text(const std::vector<ModelSheet>& models, const Terminal& terminal) {
  return to_text(overview(models), terminal);
}

std::string to_markdown(const std::vector<ModelSheet>& models) {
  return to_markdown(overview(models));
}

std::string to_json(const std::vector<ModelSheet>& models) {
  Json document = envelope("models", Json::object(), {});
  document["models"] = Json::array();
  for (const ModelSheet& model : models) {
    Json object = to_object(model);
    object["assumptions"] = model.entry.architecture.assumptions;
    document["models"].push_back(std::move(object));
  }
  return dump(document);
}

std::string to_csv(const std::vector<ModelSheet>& models) {
  Table table;
  for (const char* key :
       {"name", "title", "family", "total_parameters", "active_parameters", "weight_bytes",
        "layers", "hidden_size", "vocab_size", "kv_bytes_per_token",
        "kv_bytes_per_token_beyond_window", "state_bytes_per_sequence", "source"}) {
    table.columns.push_back({key, "", Align::left, 0});
  }
  for (const ModelSheet& model : models) {
    const Architecture& architecture = model.entry.architecture;
    table.rows.push_back(
        {model.entry.name, model.entry.title, architecture.family,
         fmt::format("{}", model.total_parameters), fmt::format("{}", model.active_parameters),
         exact(model.weight_bytes), fmt::format("{}", model.layers),
         fmt::format("{}", architecture.hidden_size), fmt::format("{}", architecture.vocab_size),
         exact(model.kv_bytes_per_token), exact(model.kv_bytes_per_token_beyond_window),
         exact(model.state_bytes_per_sequence), model.entry.source});
  }
  return to_csv(table);
}

std::string to_text(const ModelSheet& model, const Terminal& terminal) {
  std::string out = bold(wrapped(title_of(model), terminal), terminal) + "\n";
  Table table{{{"fact", "", Align::left, 0}, {"", "", Align::left, 0}}, {}, {}};
  for (const auto& [name, value] : facts(model)) table.rows.push_back({name, value});
  out += to_text(table, terminal) + "\n" + wrapped("Source: " + model.entry.source, terminal);
  if (!model.entry.aliases.empty()) {
    out += wrapped("Also called " + joined(model.entry.aliases) + ".", terminal);
  }
  const auto& assumptions = model.entry.architecture.assumptions;
  return assumptions.empty() ? out : out + "\n" + listed("Assumptions", assumptions, terminal);
}

std::string to_markdown(const ModelSheet& model) {
  Table table{{{"fact", "", Align::left, 0}, {"value", "", Align::left, 0}}, {}, {}};
  for (const auto& [name, value] : facts(model)) table.rows.push_back({name, value});
  table.rows.push_back({"source", model.entry.source});
  std::string out = fmt::format("# {}\n\n{}", escape_markdown(title_of(model)), to_markdown(table));
  for (const std::string& sentence : model.entry.architecture.assumptions) {
    out += fmt::format("\n- {}", escape_markdown(sentence));
  }
  return model.entry.architecture.assumptions.empty() ? out : out + "\n";
}

std::string to_json(const ModelSheet& model) {
  const Architecture& architecture = model.entry.architecture;
  Json document =
      envelope("models", {{"model", model.entry.name}, {"model_origin", architecture.origin}},
               architecture.assumptions);
  document.update(to_object(model));
  return dump(document);
}

std::string to_csv(const ModelSheet& model) { return to_csv(std::vector<ModelSheet>{model}); }

}  // namespace ridgepoint::report
