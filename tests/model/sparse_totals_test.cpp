// SPDX-License-Identifier: Apache-2.0
// Parameter totals that the hub shows of models with experts or states (the size of each
// repository's safetensors), from the facts of their configs.
#include <gtest/gtest.h>

#include <string>

#include "model/known_totals.hpp"

namespace ridgepoint::model {
namespace {

using ridgepoint::testing::expect_totals;
using ridgepoint::testing::KnownTotal;

const KnownTotal kKnown[] = {
    {"falcon-mamba-7b", 7'272'665'088,
     R"({"model_type":"falcon_mamba","hidden_size":4096,"intermediate_size":8192,
      "num_hidden_layers":64,"state_size":16,"conv_kernel":4,"time_step_rank":256,
      "expand":16,"vocab_size":65024,"use_bias":false,"use_conv_bias":true,
      "tie_word_embeddings":false})"},
    {"mamba-130m", 129'135'360,
     R"({"model_type":"mamba","hidden_size":768,"intermediate_size":1536,
      "num_hidden_layers":24,"state_size":16,"conv_kernel":4,"time_step_rank":48,
      "expand":2,"vocab_size":50280,"use_bias":false,"use_conv_bias":true})"},
    {"mamba-1.4b", 1'372'178'432,
     R"({"model_type":"mamba","hidden_size":2048,"intermediate_size":4096,
      "num_hidden_layers":48,"state_size":16,"conv_kernel":4,"time_step_rank":128,
      "expand":2,"vocab_size":50280,"use_bias":false,"use_conv_bias":true})"},
    {"mamba-130m-orig", 129'135'360,
     R"({"d_model":768,"n_layer":24,"vocab_size":50277,"ssm_cfg":{},"rms_norm":true,
      "residual_in_fp32":true,"fused_add_norm":true,"pad_vocab_size_multiple":8})"},
    {"mamba2-130m-orig", 128'989'632,
     R"({"d_model":768,"d_intermediate":0,"n_layer":24,"vocab_size":50277,
      "ssm_cfg":{"layer":"Mamba2"},"attn_layer_idx":[],"attn_cfg":{},"rms_norm":true,
      "residual_in_fp32":true,"fused_add_norm":true,"pad_vocab_size_multiple":16,
      "tie_embeddings":true})"},
    {"granite-4.0-h-tiny", 6'939'037'248,
     R"({"model_type":"granitemoehybrid","hidden_size":1536,"intermediate_size":512,
      "num_hidden_layers":40,"num_attention_heads":12,"num_key_value_heads":4,
      "vocab_size":100352,"num_local_experts":64,"num_experts_per_tok":6,
      "shared_intermediate_size":1024,"mamba_n_heads":48,"layer_types":["mamba","mamba",
      "mamba","mamba","mamba","attention","mamba","mamba","mamba","mamba","mamba","mamba",
      "mamba","mamba","mamba","attention","mamba","mamba","mamba","mamba","mamba","mamba",
      "mamba","mamba","mamba","attention","mamba","mamba","mamba","mamba","mamba","mamba",
      "mamba","mamba","mamba","attention","mamba","mamba","mamba","mamba"],
      "mamba_n_groups":1,"mamba_d_conv":4,"mamba_d_state":128,"mamba_expand":2,
      "mamba_conv_bias":true,"mamba_proj_bias":false,"mamba_chunk_size":256,
      "position_embedding_type":"nope","tie_word_embeddings":true,"mamba_d_head":64})"},
    {"granite-4.0-h-micro", 3'191'396'096,
     R"({"model_type":"granitemoehybrid","hidden_size":2048,"intermediate_size":8192,
      "num_hidden_layers":40,"num_attention_heads":32,"num_key_value_heads":8,
      "vocab_size":100352,"num_local_experts":0,"num_experts_per_tok":0,
      "shared_intermediate_size":8192,"mamba_n_heads":64,"layer_types":["mamba","mamba",
      "mamba","mamba","mamba","attention","mamba","mamba","mamba","mamba","mamba","mamba",
      "mamba","mamba","mamba","attention","mamba","mamba","mamba","mamba","mamba","mamba",
      "mamba","mamba","mamba","attention","mamba","mamba","mamba","mamba","mamba","mamba",
      "mamba","mamba","mamba","attention","mamba","mamba","mamba","mamba"],
      "mamba_n_groups":1,"mamba_d_conv":4,"mamba_d_state":128,"mamba_expand":2,
      "mamba_conv_bias":true,"mamba_proj_bias":false,"mamba_chunk_size":256,
      "position_embedding_type":"nope","tie_word_embeddings":true,"mamba_d_head":64})"},
    {"granite-4.0-micro", 3'402'836'480,
     R"({"model_type":"granitemoehybrid","hidden_size":2560,"intermediate_size":8192,
      "num_hidden_layers":40,"num_attention_heads":40,"num_key_value_heads":8,
      "vocab_size":100352,"num_local_experts":0,"num_experts_per_tok":0,
      "shared_intermediate_size":8192,"layer_types":["attention","attention","attention",
      "attention","attention","attention","attention","attention","attention","attention",
      "attention","attention","attention","attention","attention","attention","attention",
      "attention","attention","attention","attention","attention","attention","attention",
      "attention","attention","attention","attention","attention","attention","attention",
      "attention","attention","attention","attention","attention","attention","attention",
      "attention","attention"],"position_embedding_type":"rope",
      "tie_word_embeddings":true})"},
    {"minimax-text-01", 456'089'655'296,
     R"({"model_type":"minimax_text_01","attn_type_list":[0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,1,0,
      0,0,0,0,0,0,1,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,1,0,0,0,
      0,0,0,0,1,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,1],"hidden_size":6144,
      "intermediate_size":9216,"head_dim":128,"num_attention_heads":64,
      "num_key_value_heads":8,"num_hidden_layers":80,"num_local_experts":32,
      "num_experts_per_tok":2,"vocab_size":200064,"shared_intermediate_size":0,
      "postnorm":true,"shared_moe_mode":"sigmoid","tie_word_embeddings":false})"},
    {"jamba-v0.1", 51'570'323'328,
     R"({"model_type":"jamba","hidden_size":4096,"intermediate_size":14336,
      "num_hidden_layers":32,"num_attention_heads":32,"num_key_value_heads":8,
      "vocab_size":65536,"num_experts":16,"num_experts_per_tok":2,"mamba_dt_rank":256,
      "attn_layer_offset":4,"attn_layer_period":8,"expert_layer_offset":1,
      "expert_layer_period":2,"mamba_conv_bias":true,"mamba_d_conv":4,"mamba_d_state":16,
      "mamba_expand":2,"mamba_proj_bias":false})"},
    {"hunyuan-a13b", 80'393'183'232,
     R"({"model_type":"hunyuan_v1_moe","hidden_size":4096,"intermediate_size":3072,
      "num_hidden_layers":32,"num_attention_heads":32,"num_key_value_heads":8,
      "vocab_size":128167,"attention_head_dim":128,"num_experts":64,"moe_topk":[8,8,8,8,8,
      8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8],"num_shared_expert":[1,1,1,1,
      1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"use_mixed_mlp_moe":true,
      "moe_intermediate_size":[3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,
      3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,
      3072,3072,3072,3072,3072],"tie_word_embeddings":true,"use_qk_norm":true,
      "use_cla":false})"},
    {"ernie-4.5-21b-a3b", 21'825'437'888,
     R"({"model_type":"ernie4_5_moe","hidden_size":2560,"intermediate_size":12288,
      "num_hidden_layers":28,"num_attention_heads":20,"num_key_value_heads":4,
      "vocab_size":103424,"moe_num_experts":64,"moe_k":6,"moe_intermediate_size":1536,
      "moe_num_shared_experts":2,"moe_layer_start_index":1,"moe_layer_interval":1,
      "moe_use_aux_free":true,"use_bias":false,"tie_word_embeddings":true})"},
    {"lfm2-350m", 354'483'968,
     R"({"model_type":"lfm2","hidden_size":1024,"intermediate_size":6656,
      "num_hidden_layers":16,"num_attention_heads":16,"num_key_value_heads":8,
      "vocab_size":65536,"layer_types":["conv","conv","full_attention","conv","conv",
      "full_attention","conv","conv","full_attention","conv","full_attention","conv",
      "full_attention","conv","full_attention","conv"],"block_auto_adjust_ff_dim":true,
      "block_ffn_dim_multiplier":1.0,"block_multiple_of":256,"conv_L_cache":3,
      "conv_bias":false})"},
    {"lfm2-700m", 742'489'344,
     R"({"model_type":"lfm2","hidden_size":1536,"intermediate_size":10240,
      "num_hidden_layers":16,"num_attention_heads":24,"num_key_value_heads":8,
      "vocab_size":65536,"layer_types":["conv","conv","full_attention","conv","conv",
      "full_attention","conv","conv","full_attention","conv","full_attention","conv",
      "full_attention","conv","full_attention","conv"],"block_auto_adjust_ff_dim":true,
      "block_ffn_dim_multiplier":1.0,"block_multiple_of":256,"conv_L_cache":3,
      "conv_bias":false})"},
    {"nemotron-nano-9b-v2", 8'888'227'328,
     R"({"model_type":"nemotron_h","hidden_size":4480,"intermediate_size":15680,
      "num_hidden_layers":56,"num_attention_heads":40,"num_key_value_heads":8,
      "vocab_size":131072,"head_dim":128,
      "hybrid_override_pattern":"M-M-M-MM-M-M-M*-M-M-M*-M-M-M-M*-M-M-M-M*-M-MM-M-M-M-M-M-",
      "mamba_num_heads":128,"mamba_head_dim":80,"ssm_state_size":128,"n_groups":8,
      "conv_kernel":4,"expand":2,"use_bias":false,"use_conv_bias":true,"mlp_bias":false,
      "attention_bias":false,"tie_word_embeddings":false})"},
    {"deepseek-moe-16b", 16'375'728'128,
     R"({"model_type":"deepseek","hidden_size":2048,"intermediate_size":10944,
      "num_hidden_layers":28,"num_attention_heads":16,"num_key_value_heads":16,
      "vocab_size":102400,"moe_intermediate_size":1408,"n_routed_experts":64,
      "n_shared_experts":2,"num_experts_per_tok":6,"first_k_dense_replace":1,
      "moe_layer_freq":1})"},
    {"deepseek-v2", 235'741'434'880,
     R"({"model_type":"deepseek_v2","hidden_size":5120,"intermediate_size":12288,
      "num_hidden_layers":60,"num_attention_heads":128,"num_key_value_heads":128,
      "vocab_size":102400,"moe_intermediate_size":1536,"n_routed_experts":160,
      "n_shared_experts":2,"num_experts_per_tok":6,"first_k_dense_replace":1,
      "moe_layer_freq":1,"q_lora_rank":1536,"kv_lora_rank":512,"qk_nope_head_dim":128,
      "qk_rope_head_dim":64,"v_head_dim":128})"},
    {"dots1", 142'774'381'696,
     R"({"model_type":"dots1","hidden_size":4096,"intermediate_size":10944,
      "num_hidden_layers":62,"num_attention_heads":32,"num_key_value_heads":32,
      "vocab_size":152064,"moe_intermediate_size":1408,"n_routed_experts":128,
      "n_shared_experts":2,"num_experts_per_tok":6,"first_k_dense_replace":1,
      "head_dim":128,"scoring_func":"noaux_tc","tie_word_embeddings":false})"},
    {"ling-lite", 16'801'974'272,
     R"({"model_type":"bailing_moe","hidden_size":2048,"intermediate_size":5632,
      "num_hidden_layers":28,"num_attention_heads":16,"num_key_value_heads":4,
      "vocab_size":126464,"moe_intermediate_size":1408,"num_experts":64,
      "num_shared_experts":2,"num_experts_per_tok":6,"first_k_dense_replace":0,
      "norm_head":false,"norm_softmax":false,"use_bias":false,"use_qkv_bias":false,
      "head_dim":128})"},
    {"ling-mini-2.0", 16'255'643'392,
     R"({"model_type":"bailing_moe_v2","hidden_size":2048,"intermediate_size":5120,
      "num_hidden_layers":20,"num_attention_heads":16,"num_key_value_heads":4,
      "vocab_size":157184,"moe_intermediate_size":512,"num_experts":256,
      "num_shared_experts":1,"num_experts_per_tok":8,"first_k_dense_replace":1,
      "use_bias":false,"use_qkv_bias":false,"head_dim":128,"use_qk_norm":true,
      "moe_router_enable_expert_bias":true})"},
    {"recurrentgemma-2b", 2'682'862'080,
     R"({"model_type":"recurrent_gemma","hidden_size":2560,"intermediate_size":15360,
      "num_hidden_layers":26,"num_attention_heads":10,"num_key_value_heads":1,
      "head_dim":256,"lru_width":2560,"attention_window_size":2048,"conv1d_width":4,
      "block_types":["recurrent","recurrent","attention"],"vocab_size":256000,
      "attention_bias":false})"},
    {"zamba2-1.2b", 1'215'064'704,
     R"({"model_type":"zamba2","add_bias_linear":false,"adapter_rank":128,
      "hidden_size":2048,"num_hidden_layers":38,"num_attention_heads":32,
      "num_key_value_heads":32,"n_mamba_heads":64,"mamba_d_state":128,"mamba_d_conv":4,
      "mamba_expand":2,"mamba_ngroups":1,"num_mem_blocks":1,"use_shared_mlp_adapter":true,
      "use_shared_attention_adapter":true,"use_mem_rope":true,"vocab_size":32000,
      "intermediate_size":8192,"layers_block_type":["mamba","mamba","mamba","mamba",
      "mamba","hybrid","mamba","mamba","mamba","mamba","mamba","hybrid","mamba","mamba",
      "mamba","mamba","mamba","hybrid","mamba","mamba","mamba","mamba","mamba","hybrid",
      "mamba","mamba","mamba","mamba","mamba","hybrid","mamba","mamba","mamba","mamba",
      "mamba","hybrid","mamba","mamba"],"tie_word_embeddings":true})"},
    {"Falcon-H1 0.5B", 521'411'104,
     R"({"model_type":"falcon_h1","hidden_size":1024,"intermediate_size":2048,
      "num_hidden_layers":36,"num_attention_heads":8,"num_key_value_heads":2,"head_dim":64,
      "mamba_d_ssm":1536,"mamba_n_heads":24,"mamba_d_head":64,"mamba_d_state":128,
      "mamba_n_groups":1,"mamba_d_conv":4,"mamba_expand":2,"mamba_conv_bias":true,
      "mamba_proj_bias":false,"mamba_rms_norm":false,"vocab_size":32784,
      "tie_word_embeddings":false})"},
    {"Grok-2", 269'515'497'472,
     R"({"architectures":["Grok1ForCausalLM"],"model_type":"git","hidden_size":8192,
      "intermediate_size":32768,"moe_intermediate_size":16384,"num_hidden_layers":64,
      "num_attention_heads":64,"num_key_value_heads":8,"head_dim":128,"num_local_experts":8,
      "num_experts_per_tok":2,"residual_moe":true,"vocab_size":131072,
      "tie_word_embeddings":false})"},
};

TEST(HubTotals, OfExpertsAndStatesAreReached) { expect_totals(kKnown); }

/// Gemma 4's text model; its layers are all but every `period`-th windowed, the last one is not.
std::string gemma4(int layers, int period, const std::string& more) {
  std::string types;
  for (int i = 1; i <= layers; ++i) {
    const bool is_full = i % period == 0 || i == layers;
    types += std::string(i > 1 ? "," : "") + (is_full ? "\"full" : "\"sliding") + "_attention\"";
  }
  return R"({"model_type":"gemma4","text_config":{"model_type":"gemma4_text","head_dim":256,
      "global_head_dim":512,"vocab_size":262144,"vocab_size_per_layer_input":262144,
      "tie_word_embeddings":true,"num_hidden_layers":)" +
         std::to_string(layers) + ",\"layer_types\":[" + types + "]," + more + "}}";
}

TEST(HubTotals, OfGemma4AreReached) {
  // What llama.cpp prints as n_params of the text model's GGUF file, less the 256 factors of
  // rope_freqs.weight that the conversion adds.
  const KnownTotal gemma[] = {
      {"Gemma 4 31B", 30'697'345'596 - 256,
       gemma4(60, 6, R"("hidden_size":5376,"intermediate_size":21504,"num_attention_heads":32,
          "num_key_value_heads":16,"num_global_key_value_heads":4,"attention_k_eq_v":true,
          "hidden_size_per_layer_input":0,"sliding_window":1024)")},
      {"Gemma 4 26B-A4B", 25'233'142'046 - 256,
       gemma4(30, 6, R"("hidden_size":2816,"intermediate_size":2112,"num_attention_heads":16,
          "num_key_value_heads":8,"num_global_key_value_heads":2,"attention_k_eq_v":true,
          "moe_intermediate_size":704,"num_experts":128,"top_k_experts":8,
          "enable_moe_block":true,"hidden_size_per_layer_input":0,"sliding_window":1024)")},
      {"Gemma 4 E2B", 4'647'450'147 - 256,
       gemma4(35, 5, R"("hidden_size":1536,"intermediate_size":6144,"num_attention_heads":8,
          "num_key_value_heads":1,"num_kv_shared_layers":20,"use_double_wide_mlp":true,
          "hidden_size_per_layer_input":256,"sliding_window":512)")},
      {"Gemma 4 E4B", 7'518'069'290 - 256,
       gemma4(42, 6, R"("hidden_size":2560,"intermediate_size":10240,"num_attention_heads":8,
          "num_key_value_heads":2,"num_kv_shared_layers":18,
          "hidden_size_per_layer_input":256,"sliding_window":512)")},
  };
  expect_totals(gemma);
}

// GLM-5.1's checkpoint has 753,864,139,008 values, one layer of multi-token prediction among them:
// attention and indexer as in every layer, 256 experts and a shared one of 3 · 2048 · 6144, the
// router and its correction, eh_proj of 2 · 6144² and five rows of 6144.
TEST(HubTotals, OfGlm5AreReached) {
  constexpr std::int64_t kWidth = 6144;
  constexpr std::int64_t kAttention =
      2048 * kWidth + 2048 + 16'384 * 2048 + 576 * kWidth + 512 + 28'672 * 512 + kWidth * 16'384;
  constexpr std::int64_t kIndexer = 4096 * 2048 + 128 * kWidth + 2 * 128 + 32 * kWidth;
  constexpr std::int64_t kExperts = 257LL * 3 * 2048 * kWidth + 256 * kWidth + 256;
  constexpr std::int64_t kPrediction =
      kAttention + kIndexer + kExperts + 2 * kWidth * kWidth + 5 * kWidth;
  const KnownTotal glm[] = {{"GLM-5.1", 753'864'139'008 - kPrediction,
                             R"({"model_type":"glm_moe_dsa","attention_bias":false,
      "first_k_dense_replace":3,"head_dim":64,"hidden_size":6144,"index_head_dim":128,
      "index_n_heads":32,"index_topk":2048,"intermediate_size":12288,"kv_lora_rank":512,
      "moe_intermediate_size":2048,"moe_layer_freq":1,"n_routed_experts":256,"n_shared_experts":1,
      "num_attention_heads":64,"num_experts_per_tok":8,"num_hidden_layers":78,
      "num_key_value_heads":64,"num_nextn_predict_layers":1,"q_lora_rank":2048,
      "qk_nope_head_dim":192,"qk_rope_head_dim":64,"v_head_dim":256,"vocab_size":154880,
      "topk_method":"noaux_tc","tie_word_embeddings":false})"}};
  expect_totals(glm);
}

}  // namespace
}  // namespace ridgepoint::model
