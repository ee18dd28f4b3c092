// SPDX-License-Identifier: Apache-2.0
#include "report/inputs_json.hpp"

namespace ridgepoint::report {

namespace {

/// What few models have is there only where it is true.
void mark(Json& out, const char* key, bool holds) {
  if (holds) out[key] = true;
}

const char* word(model::QueryKeyNorm norm) {
  switch (norm) {
    case model::QueryKeyNorm::none:
      break;
    case model::QueryKeyNorm::per_head:
      return "per_head";
    case model::QueryKeyNorm::whole:
      return "whole";
  }
  return "none";
}

void add_sizes(const model::Attention& attention, Json& out) {
  out["num_attention_heads"] = attention.num_attention_heads;
  out["num_key_value_heads"] = attention.num_key_value_heads;
  out["head_dim"] = attention.head_dim;
  if (attention.value_width() != attention.head_dim) out["v_head_dim"] = attention.value_width();
  out["sliding_window"] = attention.is_chunked ? 0 : attention.window.value_or(0);
  if (attention.is_chunked) out["attention_chunk_size"] = attention.window.value_or(0);
  out["attention_bias"] = attention.qkv_bias;
  out["qk_norm"] = word(attention.query_key_norm);
  out["rotary"] = attention.has_rotary;
  mark(out, "attention_sinks", attention.has_sinks);
  mark(out, "output_gate", attention.has_output_gate);
  mark(out, "keys_are_values", !attention.has_value_projection);
  mark(out, "shares_kv_cache", !attention.has_keys);
}
void add_sizes(const model::LatentAttention& mla, Json& out) {
  out["num_attention_heads"] = mla.num_attention_heads;
  out["q_lora_rank"] = mla.q_lora_rank;
  out["kv_lora_rank"] = mla.kv_lora_rank;
  out["qk_nope_head_dim"] = mla.qk_nope_head_dim;
  out["qk_rope_head_dim"] = mla.qk_rope_head_dim;
  out["v_head_dim"] = mla.v_head_dim;
  if (!mla.indexer) return;
  out["index_n_heads"] = mla.indexer->num_heads;
  out["index_head_dim"] = mla.indexer->head_dim;
  out["index_topk"] = mla.indexer->top_k;
}
void add_sizes(const model::Mamba1& mamba, Json& out) {
  out["mamba_intermediate_size"] = mamba.intermediate_size;
  out["state_size"] = mamba.state_size;
  out["conv_kernel"] = mamba.conv_kernel;
  out["time_step_rank"] = mamba.time_step_rank;
}
void add_sizes(const model::Mamba2& mamba, Json& out) {
  out["mamba_num_heads"] = mamba.num_heads;
  out["mamba_head_dim"] = mamba.head_dim;
  out["state_size"] = mamba.state_size;
  out["n_groups"] = mamba.groups;
  out["conv_kernel"] = mamba.conv_kernel;
  out["chunk_size"] = mamba.chunk_size;
}
void add_sizes(const model::AttentionBesideMamba& both, Json& out) {
  add_sizes(both.attention, out);
  add_sizes(both.mamba, out);
}
void add_sizes(const model::GatedDeltaNet& delta, Json& out) {
  out["linear_num_key_heads"] = delta.num_key_heads;
  out["linear_num_value_heads"] = delta.num_value_heads;
  out["linear_key_head_dim"] = delta.key_head_dim;
  out["linear_value_head_dim"] = delta.value_head_dim;
  out["conv_kernel"] = delta.conv_kernel;
}
void add_sizes(const model::KimiDeltaAttention& kda, Json& out) {
  out["linear_num_heads"] = kda.num_heads;
  out["linear_head_dim"] = kda.head_dim;
  out["conv_kernel"] = kda.conv_kernel;
}
void add_sizes(const model::LightningAttention& lightning, Json& out) {
  out["linear_num_heads"] = lightning.num_heads;
  out["linear_head_dim"] = lightning.head_dim;
}
void add_sizes(const model::ShortConvolution& convolution, Json& out) {
  out["conv_width"] = convolution.width;
  out["conv_kernel"] = convolution.kernel;
}
void add_sizes(const model::RecurrentUnit& unit, Json& out) {
  out["lru_width"] = unit.width;
  out["lru_blocks"] = unit.blocks;
  out["conv_kernel"] = unit.conv_kernel;
}
void add_sizes(const model::LinearMixer&, Json&) {}
void add_sizes(const model::NoMixer&, Json&) {}

void add_sizes(const model::Mlp& mlp, Json& out) {
  out["intermediate_size"] = mlp.intermediate_size;
  out["gated"] = mlp.gated;
  out["hidden_act"] = mlp.activation;
}
void add_sizes(const model::MixtureOfExperts& moe, Json& out) {
  out["num_experts"] = moe.num_experts;
  out["num_experts_per_tok"] = moe.experts_per_token;
  out["moe_intermediate_size"] = moe.expert.intermediate_size;
  out["shared_intermediate_size"] = moe.shared ? moe.shared->intermediate_size : 0;
  if (moe.dense) out["dense_intermediate_size"] = moe.dense->intermediate_size;
  if (moe.latent_size > 0) out["moe_latent_size"] = moe.latent_size;
  out["gated"] = moe.expert.gated;
  out["hidden_act"] = moe.expert.activation;
}
void add_sizes(const model::NoFeedForward&, Json&) {}

}  // namespace

Json windows_json(const std::vector<model::KvWindow>& windows) {
  Json list = Json::array();
  for (const model::KvWindow& window : windows) {
    list.push_back({{"tokens", window.tokens},
                    {"bytes_per_token", json_number(window.bytes_per_token)},
                    {"layers", window.layers}});
  }
  return list;
}

Json layer_run_json(const model::LayerRun& run) {
  Json out{{"count", run.count},
           {"stack", run.stack == model::Stack::encoder ? "encoder" : "decoder"},
           {"mixer", model::kind(run.mixer)},
           {"feed_forward", model::kind(run.feed_forward)}};
  std::visit([&](const auto& mixer) { add_sizes(mixer, out); }, run.mixer);
  std::visit([&](const auto& part) { add_sizes(part, out); }, run.feed_forward);
  mark(out, "cross_attention", run.cross_attention.has_value());
  mark(out, "parallel", run.is_parallel);
  mark(out, "norms_follow", run.norms_follow);
  if (run.weight_sets > 0) out["weight_sets"] = run.weight_sets;
  return out;
}

Json deployment_inputs(const model::Architecture& architecture, const hardware::Device& device,
                       const predict::Parallelism& split, const predict::Precision& precision) {
  Json out{{"model", architecture.name},
           {"model_origin", architecture.origin},
           {"device", device.name},
           {"device_origin", device.origin},
           {"devices", split.devices()},
           {"tensor_parallel_size", split.tensor},
           {"pipeline_parallel_size", split.pipeline},
           {"data_parallel_size", split.data},
           {"expert_parallel_size", split.expert},
           {"weights", weights_name(architecture, precision)},
           {"activations", name(precision.activations)},
           {"kv_cache_dtype", name(precision.kv_cache)}};
  if (split.sequence) out["sequence_parallel"] = true;
  return out;
}

void add_engine(Json& inputs, const predict::Engine& engine) {
  inputs["engine"] = name(engine.kind);
  inputs["enforce_eager"] = !engine.has_graphs;
}

void add_speculation(Json& inputs, const predict::SpeculativeDecoding& decoding) {
  inputs["draft"] = decoding.draft ? decoding.draft->name : "";
  inputs["num_speculative_tokens"] = decoding.proposed;
  inputs["acceptance"] = decoding.acceptance;
}

void add_resolved(Json& inputs, const model::Architecture& architecture,
                  const hardware::Device& device) {
  inputs["hidden_size"] = architecture.hidden_size;
  inputs["vocab_size"] = architecture.vocab_size;
  inputs["num_hidden_layers"] = model::num_hidden_layers(architecture);
  inputs["tie_word_embeddings"] = architecture.tie_word_embeddings;
  inputs["layer_runs"] = Json::array();
  for (const model::LayerRun& run : architecture.runs) {
    inputs["layer_runs"].push_back(layer_run_json(run));
  }
  inputs["memory_bandwidth_bytes_per_s"] = device.memory_bandwidth.value.value();
  inputs["memory_capacity_bytes"] = device.memory_capacity_bytes.value;
}

}  // namespace ridgepoint::report
